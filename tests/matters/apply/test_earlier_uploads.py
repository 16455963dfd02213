"""Papers of earlier applications that still serve: offered, looked at, taken, given back, filed, read by who asks for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.definitions import MaterialNeed
from catalog.models import MatterVersion
from certificates.models import Certificate
from matters.cases.department_view import read_case
from matters.drafts.profile import profile_of
from matters.drafts.satisfying import offers_for
from matters.drafts.saving import plan_of, read_form, save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.handing_over.pushing import record_of
from matters.models import (
    Bundle,
    DepartmentSystem,
    Draft,
    HandedOver,
    MaterialSatisfaction,
    Scan,
    SubItem,
    SubmittedMaterial,
)
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.submitting.submission import MaterialsMissing, submit_bundle
from matters.wording.substitutes import lapsed_words
from portal.accounts.models import Organisation
from portal.accounts.organisations.activities import Evidence, register_organisation
from portal.ledger.models import AccessRecord
from portal.outbox.processing import process
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.matters.apply.test_standing_in import issue
from tests.matters.reviewing.test_correction_papers import sheet
from tests.pages import page_of
from tests.worlds.building import publish
from tests.worlds.cast import logged_in
from tests.worlds.companies import NOODLES, TRUCKS
from tests.worlds.settling import (
    ANSWERS,
    DEFINITION,
    ELEMENTS,
    INSURE,
    MATERIALS,
    REGISTER,
    VALUES,
    Case,
    build_case,
    counter_draft,
    draft_of,
    url,
)

CONSENTS = ["register.check", "insure.share"]
OWN = "applicant:marriage"
OFFERED, TAKEN = "您以前交过这份材料", "免交 · 用以前交过的"


def publish_serving(days: int | None = 180, *needs: MaterialNeed) -> MatterVersion:
    """Publish the matter with a marriage certificate, each parent's own, that serves for so many days."""
    asked = (MaterialNeed("birth_record"), *(needs or (MaterialNeed("marriage", role="applicant"),)))
    materials = [replace(each, valid_days=days) if each.code == "marriage" else each for each in MATERIALS]
    return publish(DEFINITION, replace(REGISTER, materials=asked), INSURE, elements=ELEMENTS, materials=materials)


@pytest.fixture
def case(db: None) -> Case:
    case = build_case()
    case.version = publish_serving()
    return case


def file_one(case: Case, *, paper: str = OWN, files: int = 1) -> Bundle:
    """Return an application of Li's with both papers, its registration granted."""
    draft, client = draft_of(case, **VALUES), logged_in(case.li)
    upload(client, draft, ("a.jpg", PHOTO))
    upload(client, draft, *((f"证{number}.png", sheet(str(number)).read()) for number in range(files)), material=paper)
    bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
    grant(bundle)
    return bundle


def file_for(case: Case, organisation: Organisation) -> None:
    """File one of Li's for an organisation, granted."""
    draft = start_draft(
        version=case.version,
        applicant=case.li_person,
        entered_by=case.li,
        answers=ANSWERS,
        profile=profile_of(case.li_person),
        organisation=organisation,
    )
    save_values(draft, VALUES, seen=draft.revision)
    for material in ("birth_record", OWN):
        take_upload(draft, material, SimpleUploadedFile("a.jpg", PHOTO), accept=["image/jpeg"])
    grant(submit_bundle(draft=draft, by=case.li, consents=CONSENTS))


def grant(bundle: Bundle, key: str = "register", state: str = "approved") -> None:
    SubItem.objects.filter(bundle=bundle, key=key).update(state=state, concluded_at=timezone.now())


def begin(case: Case) -> Draft:
    """Return the next application, with all but the marriage certificate."""
    draft = draft_of(case, **VALUES)
    upload(logged_in(case.li), draft, ("b.jpg", PHOTO))
    return draft


def papers(case: Case, draft: Draft) -> str:
    return page_of(logged_in(case.li).get(url(draft, "materials")))


def press(case: Case, draft: Draft, action: str, paper: str = OWN) -> str:
    sent = {"action": action, "material": paper}
    return page_of(logged_in(case.li).post(url(draft, "materials"), sent, follow=True))


def take(case: Case, draft: Draft) -> str:
    """Press the button that the page shows."""
    action = re.search(r'value="(reuse:[^"]+)"', papers(case, draft))
    assert action is not None
    return press(case, draft, action[1])


def older(bundle: Bundle, days: int) -> None:
    SubmittedMaterial.objects.filter(bundle=bundle).update(uploaded_at=timezone.now() - timedelta(days=days))


class TestOffering:
    def test_it_says_from_which_application_and_day_and_until_when(self, case: Case) -> None:
        bundle = file_one(case)
        page = papers(case, begin(case))
        today = timezone.localdate()
        part = SubItem.objects.get(bundle=bundle, key="register")
        assert OFFERED in page
        said = f"户口登记（{part.number}）准予时用的就是这一份，{today} 交，可用到 {today + timedelta(days=180)}。"
        assert said in page
        assert "还需要上传 1 项材料" in page  # nothing is spared before it is taken
        link = re.search(r'href="(/bundles/[^"]+/materials/[^"]+)"', page)
        assert link is not None
        assert logged_in(case.li).get(link[1]).status_code == 200

    def test_on_its_last_day_and_not_after(self, case: Case) -> None:
        bundle, draft = file_one(case), begin(case)
        older(bundle, 180)
        assert OFFERED in papers(case, draft)
        older(bundle, 181)
        assert OFFERED not in papers(case, draft)

    @pytest.mark.parametrize("state", ["rejected", "withdrawn"])
    def test_what_was_not_granted_is_not_offered(self, case: Case, state: str) -> None:
        grant(file_one(case), state=state)
        assert OFFERED not in papers(case, begin(case))

    def test_another_parts_grant_is_none_on_this_paper(self, case: Case) -> None:
        bundle = file_one(case)
        grant(bundle, state="rejected")
        grant(bundle, "insure")
        assert OFFERED not in papers(case, begin(case))

    @pytest.mark.parametrize("scan", [Scan.PENDING, Scan.INFECTED])
    def test_what_is_not_clean_is_not_offered(self, case: Case, scan: str) -> None:
        SubmittedMaterial.objects.filter(bundle=file_one(case)).update(scan=scan)
        assert OFFERED not in papers(case, begin(case))

    def test_a_paper_without_days_serves_nothing_else(self, case: Case) -> None:
        case.version = publish_serving(None)
        file_one(case)
        assert OFFERED not in papers(case, begin(case))

    def test_somebody_elses_is_nobodys(self, case: Case) -> None:
        bundle = file_one(case)
        Bundle.objects.filter(pk=bundle.pk).update(applicant=case.stranger.person)
        assert OFFERED not in papers(case, begin(case))

    def test_it_serves_the_client_that_it_was_handed_in_for_and_no_other(self, case: Case) -> None:
        one, other = (
            register_organisation(name=name, code=code, legal_representative=case.li_person, evidence=Evidence("demo"))
            for name, code in (NOODLES, TRUCKS)
        )

        def is_offered(client: Organisation | None) -> bool:
            draft.organisation = client
            plan, document = plan_of(draft), read_form(draft)
            return OWN in offers_for(draft, plan, plan.materials_for(document.values), document, timezone.localdate())

        draft = draft_of(case, **VALUES)
        file_for(case, one)
        assert [is_offered(each) for each in (None, one, other)] == [False, True, False]
        file_one(case)
        assert [is_offered(each) for each in (None, one, other)] == [True, True, False]

    def test_no_window_looks_at_it(self, case: Case) -> None:
        bundle, draft = file_one(case), counter_draft(case)
        Bundle.objects.filter(pk=bundle.pk).update(applicant=draft.applicant)
        assert OFFERED not in page_of(logged_in(case.sun).get(url(draft, "materials")))

    def test_a_paper_of_the_child_that_has_no_number_yet_is_about_nobody_known(self, case: Case) -> None:
        case.version = publish_serving(180, MaterialNeed("marriage", role="child"))
        file_one(case, paper="child:marriage")
        assert OFFERED not in papers(case, begin(case))

    def test_it_costs_one_statement_and_none_where_no_such_paper_is_asked(self, case: Case) -> None:
        file_one(case)
        serving = count(case, begin(case))
        case.version = publish_serving(None)
        assert serving - count(case, begin(case)) == 1


def count(case: Case, draft: Draft) -> int:
    papers(case, draft)
    with CaptureQueriesContext(connection) as statements:
        papers(case, draft)
    return len(statements)


class TestTaking:
    def test_the_latest_is_offered_and_what_was_taken_stays(self, case: Case) -> None:
        first = SubItem.objects.get(bundle=file_one(case), key="register")
        draft = begin(case)
        take(case, draft)
        second = SubItem.objects.get(bundle=file_one(case), key="register")
        assert first.number in papers(case, draft)
        other = papers(case, begin(case))
        assert (second.number in other, first.number in other) == (True, False)

    def test_it_is_taken_by_one_button_and_given_back_by_another(self, case: Case) -> None:
        file_one(case)
        draft = begin(case)
        assert TAKEN in take(case, draft)
        assert OFFERED in press(case, draft, "reuse")
        assert "还需要上传 1 项材料" in papers(case, draft)

    def test_what_the_page_did_not_offer_is_not_taken(self, case: Case) -> None:
        file_one(case)
        draft = begin(case)
        assert "以前的那一份现在不能用了，请上传。" in press(case, draft, "reuse:YJ0")
        assert "以前的那一份现在不能用了，请上传。" in press(case, draft, "reuse:YJ0", "birth_record")

    def test_it_is_filed_with_its_row_and_read_through_the_one_door(self, case: Case) -> None:
        earlier = file_one(case, files=2)
        draft = begin(case)
        take(case, draft)
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        row = MaterialSatisfaction.objects.get(bundle=bundle)
        files = SubmittedMaterial.objects.filter(bundle=earlier, material=OWN).order_by("uploaded_at")
        assert len(files) == 2
        assert (row.kind, row.material, row.earlier_files) == ("earlier_upload", OWN, [each.pk for each in files])
        assert (row.earlier_part.bundle, row.earlier_day) == (earlier, timezone.localdate())  # type: ignore[union-attr]
        part = SubItem.objects.get(bundle=bundle, key="register")
        paper = next(each for each in read_case(part).papers if each.key == OWN)
        assert TAKEN in paper.exemption
        assert TAKEN in page_of(logged_in(case.li).get(f"/bundles/{bundle.number}/"))
        row, other = HandedOver(system=DepartmentSystem(code="desk")), bundle.sub_items.get(key="insure")
        told = record_of(row, part)["papers"]
        assert [(each["files"], TAKEN in each["instead"]) for each in told if each["paper"] == OWN] == [(0, True)]
        assert OWN not in [each["paper"] for each in record_of(row, other)["papers"]]
        wang = logged_in(case.wang)
        assert "证1.png" in page_of(wang.get(f"/review/cases/{part.number}/"))
        before = AccessRecord.objects.count()
        assert wang.get(f"/review/cases/{part.number}/materials/{files[1].pk}/").status_code == 200
        line = AccessRecord.objects.latest("pk")
        assert (AccessRecord.objects.count(), line.subject) == (before + 1, bundle.pk)

    def test_a_department_that_does_not_ask_for_it_does_not_read_it(self, case: Case) -> None:
        earlier = file_one(case)
        draft = begin(case)
        take(case, draft)
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        part = SubItem.objects.get(bundle=bundle, key="insure")
        file = SubmittedMaterial.objects.get(bundle=earlier, material=OWN)
        assert logged_in(case.zhao).get(f"/review/cases/{part.number}/materials/{file.pk}/").status_code == 404

    def test_a_file_that_was_not_taken_is_read_by_nobody(self, case: Case) -> None:
        earlier = file_one(case)
        draft = begin(case)
        take(case, draft)
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        part = SubItem.objects.get(bundle=bundle, key="register")
        file = SubmittedMaterial.objects.get(bundle=earlier, material="birth_record")
        assert logged_in(case.wang).get(f"/review/cases/{part.number}/materials/{file.pk}/").status_code == 404

    def test_what_is_handed_in_after_all_goes_before_it(self, case: Case) -> None:
        file_one(case)
        draft = begin(case)
        take(case, draft)
        upload(logged_in(case.li), draft, ("new.jpg", PHOTO), material=OWN)
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        assert not MaterialSatisfaction.objects.filter(bundle=bundle).exists()

    def test_where_a_correction_asks_for_a_better_one_that_one_counts(self, case: Case) -> None:
        earlier = file_one(case)
        draft = begin(case)
        take(case, draft)
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        process("fan_out")
        part = SubItem.objects.get(bundle=bundle, key="register")
        assert part.state == "queued"
        asked = request_correction(case.wang, part, [Gap("material", OWN, "看不清")])
        new = SimpleUploadedFile("清楚.jpg", PHOTO + b"\x00" * 9, "image/jpeg")
        answer_correction(case.li, asked, {}, {OWN: [new]})
        paper = next(each for each in read_case(SubItem.objects.get(pk=part.pk)).papers if each.key == OWN)
        assert ([each.original_name for each in paper.files], paper.exemption, paper.earlier) == (["清楚.jpg"], "", [])
        assert SubmittedMaterial.objects.filter(bundle=earlier, material=OWN, replaced_at=None).exists()

    def test_it_may_be_withdrawn_as_any(self, case: Case) -> None:
        earlier = file_one(case)
        draft = begin(case)
        take(case, draft)
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        process("fan_out")
        logged_in(case.li).post(f"/bundles/{bundle.number}/withdraw/", {"confirm": "1"})
        assert set(SubItem.objects.filter(bundle=bundle).values_list("state", flat=True)) == {"withdrawn"}
        assert SubItem.objects.get(bundle=earlier, key="register").state == "approved"
        assert OFFERED in papers(case, begin(case))


def expire(case: Case, bundle: Bundle) -> None:
    older(bundle, 181)


def revoke(case: Case, bundle: Bundle) -> None:
    part = SubItem.objects.get(bundle=bundle, key="register")
    certificate = issue(case, case.li_person, decision_reference=part.number)
    Certificate.objects.filter(pk=certificate.pk).update(status=Certificate.Status.REVOKED)


def overturn(case: Case, bundle: Bundle) -> None:
    grant(bundle, state="terminated")


class TestLapsing:
    @pytest.mark.parametrize("change", [expire, revoke, overturn])
    def test_what_serves_no_more_is_told_and_not_filed(
        self, case: Case, change: Callable[[Case, Bundle], None]
    ) -> None:
        earlier = file_one(case)
        draft = begin(case)
        take(case, draft)
        change(case, earlier)
        with pytest.raises(MaterialsMissing):
            submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        page = papers(case, draft)
        assert "您选用的以前那一份现在不能再用" in page
        assert "免交" not in page

    def test_the_last_day_is_named(self) -> None:
        assert "只能用到 2026-01-31，已经过期" in lapsed_words("2026-01-31", timezone.localdate())
