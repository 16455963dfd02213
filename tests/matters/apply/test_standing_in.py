"""What stands in for a paper without anybody being asked: a certificate of one's own library, or a commitment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from catalog.definitions import Exemption, MaterialNeed
from catalog.models import CertificateType
from certificates.activities.issuing import HolderFacts, issue_certificate
from certificates.activities.status import change_status
from certificates.models import Certificate
from matters.cases.department_view import read_case
from matters.models import Draft, MaterialSatisfaction, SubItem
from matters.submitting.submission import MaterialsMissing, submit_bundle
from portal.accounts.models import Person
from portal.ledger.models import AccessRecord
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.pages import page_of
from tests.worlds.cast import CHEN, LI, STRANGER, logged_in, person_of
from tests.worlds.settling import INSURE, REGISTER, VALUES, Case, build_case, draft_of, publish_settling, url
from tests.worlds.town import advance

CONSENTS = ["register.check", "insure.share"]
WAYS = (Exemption("certificate", "marriage_booklet"), Exemption("commitment"))


@pytest.fixture
def case(db: None) -> Case:
    case = build_case()
    materials = (MaterialNeed("birth_record"), MaterialNeed("marriage", exemptions=WAYS))
    case.version = publish_settling(replace(REGISTER, materials=materials), INSURE)
    return case


@pytest.fixture
def draft(case: Case) -> Draft:
    """Everything is there but the marriage certificate."""
    draft = draft_of(case, **VALUES)
    upload(logged_in(case.li), draft, ("a.jpg", PHOTO))
    return draft


def issue(case: Case, applicant: Person, *holders: HolderFacts, **changes: Any) -> Certificate:
    police = case.departments["police"]
    kind, _new = CertificateType.objects.get_or_create(
        slug="marriage_booklet",
        defaults={
            "code": f"{police.credit_code}009",
            "name": "结婚证",
            "department": police,
            "face": [{"code": "names", "label": "姓名"}],
        },
    )
    given: dict[str, Any] = {
        "certificate_type": kind,
        "applicant": applicant,
        "holders": holders or (HolderFacts(LI.name, "111", LI.number),),
        "face": {"names": LI.name},
        "expires_on": None,
        "issuer": police,
        "decision_reference": f"2020-{Certificate.objects.count()}",
        "issued_at": timezone.now(),
        "issued_by": None,
    }
    with transaction.atomic():
        return issue_certificate(**{**given, **changes})


def papers_page(case: Case, draft: Draft) -> str:
    return page_of(logged_in(case.li).get(url(draft, "materials")))


class TestOwnCertificates:
    def test_a_valid_one_is_named_and_written_down(self, case: Case, draft: Draft) -> None:
        certificate = issue(case, case.li_person)
        assert f"免交 · 已有电子证照：结婚证 {certificate.serial}" in papers_page(case, draft)
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        row = MaterialSatisfaction.objects.get(bundle=bundle)
        assert (row.kind, row.certificate, row.material) == ("certificate", certificate, "marriage")
        paper = next(
            each
            for each in read_case(SubItem.objects.get(bundle=bundle, key="register")).papers
            if each.key == "marriage"
        )
        assert certificate.serial in paper.exemption
        assert not paper.is_missing

    def test_each_look_at_it_is_recorded_where_its_holder_reads_it(self, case: Case, draft: Draft) -> None:
        certificate = issue(case, case.li_person)
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        advance([bundle.pk])
        part = SubItem.objects.get(bundle=bundle, key="register")
        address = f"/review/cases/{part.number}/certificates/{certificate.pk}/"
        assert address in page_of(logged_in(case.wang).get(f"/review/cases/{part.number}/"))
        page = page_of(logged_in(case.wang).get(address))
        assert certificate.serial in page
        assert LI.name in page
        used = AccessRecord.objects.get(subject=certificate.pk, purpose="certificate_used")
        assert (used.reader, used.department, used.note) == (case.wang, "police", part.number)
        read = page_of(logged_in(case.li).get("/accounts/readings/"))
        assert "办理申请时调用证照，代替纸质材料" in read
        assert part.number in read
        other = SubItem.objects.get(bundle=bundle, key="insure").number
        assert logged_in(case.zhao).get(f"/review/cases/{other}/certificates/{certificate.pk}/").status_code == 404
        assert logged_in(case.wang).get(address.replace(str(certificate.pk), str(bundle.pk))).status_code == 404

    def test_the_ways_are_told_apart_and_counted(self, case: Case, draft: Draft) -> None:
        issue(case, case.li_person)
        assert "电子证照 1 份" in papers_page(case, draft)
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        advance([bundle.pk])
        number = SubItem.objects.get(bundle=bundle, key="register").number
        assert "免交：电子证照 1 份" in page_of(logged_in(case.wang).get(f"/review/cases/{number}/"))
        spared = page_of(logged_in(case.li).get(f"/bundles/{bundle.number}/")).partition("没有交的材料")[2]
        assert "电子证照</span>" in spared

    def test_one_that_was_given_for_another_applicant_names_its_holder(self, case: Case, draft: Draft) -> None:
        issue(case, person_of(CHEN))  # somebody else applied for it; it is hers all the same
        assert "免交 · 已有电子证照" in papers_page(case, draft)

    def test_an_empty_library_spares_nothing(self, case: Case, draft: Draft) -> None:
        assert "免交" not in papers_page(case, draft)
        with pytest.raises(MaterialsMissing):
            submit_bundle(draft=draft, by=case.li, consents=CONSENTS)

    def test_somebody_elses_spares_nothing(self, case: Case, draft: Draft) -> None:
        stranger = HolderFacts(STRANGER.name, "111", STRANGER.number)
        issue(case, case.stranger.person, stranger)
        issue(case, case.li_person, stranger)  # applied for by her, and about another person
        assert "免交" not in papers_page(case, draft)

    def test_one_that_is_over_spares_nothing(self, case: Case, draft: Draft) -> None:
        issue(case, case.li_person, expires_on=timezone.localdate() - timedelta(days=1))
        assert "免交" not in papers_page(case, draft)

    def test_one_that_ends_before_submission_spares_nothing(self, case: Case, draft: Draft) -> None:
        certificate = issue(case, case.li_person)
        assert "免交" in papers_page(case, draft)
        change_status(certificate, Certificate.Status.REVOKED, "查实有误", case.wang)
        with pytest.raises(MaterialsMissing):
            submit_bundle(draft=draft, by=case.li, consents=CONSENTS)


class TestCommitments:
    def commit(self, case: Case, draft: Draft, action: str = "commit", **more: str) -> str:
        sent = {"action": action, "material": "marriage", **more}
        return page_of(logged_in(case.li).post(url(draft, "materials"), sent, follow=True))

    def test_its_words_are_shown_ticked_and_kept(self, case: Case, draft: Draft) -> None:
        words = "我承诺：“结婚证”所证明的情况属实，我符合办理条件；"
        assert words in papers_page(case, draft)
        assert "免交 · 已作出告知承诺" in self.commit(case, draft, agreed="1")
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        row = MaterialSatisfaction.objects.get(bundle=bundle)
        assert row.kind == "commitment"
        assert row.text.startswith(words)
        papers = read_case(SubItem.objects.get(bundle=bundle, key="register")).papers
        assert next(each for each in papers if each.key == "marriage").text == row.text

    def test_without_the_tick_nothing_is_committed_to(self, case: Case, draft: Draft) -> None:
        page = self.commit(case, draft)
        assert "请先勾选承诺，再确认。" in page
        assert "免交" not in page

    def test_it_is_taken_back(self, case: Case, draft: Draft) -> None:
        self.commit(case, draft, agreed="1")
        assert "免交" not in self.commit(case, draft, "uncommit")

    def test_a_paper_that_takes_none_is_not_committed_to(self, case: Case, draft: Draft) -> None:
        sent = {"action": "commit", "material": "birth_record", "agreed": "1"}
        page = page_of(logged_in(case.li).post(url(draft, "materials"), sent, follow=True))
        assert "这项材料现在不能用承诺代替。" in page
