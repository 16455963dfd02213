"""What certificates say is filled in for whom they name, while they are in standing, with the certificate it stands on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import CertificateType
from certificates.activities.issuing import HolderFacts
from certificates.models import Certificate
from matters.cases.department_view import read_case
from matters.cases.sealed_form import open_bundle_form
from matters.core.draft_document import CERTIFICATE
from matters.drafts.profile import profile_of
from matters.drafts.saving import read_form, save_answers, save_values, start_draft
from matters.models import Draft, SubItem
from matters.submitting.submission import DraftChanged, SubmissionInvalid, submit_bundle
from matters.views.apply_inquiries import up_to_date_form
from matters.wording.refusals import IdentityNotProved
from portal.accounts.models import Level, Person
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.matters.apply.test_prefill import ADDRESS, CONSENTS, ROLES, TYPED, UNMARRIED, field_of, form
from tests.matters.apply.test_standing_in import issue
from tests.worlds.building import publish
from tests.worlds.cast import STRANGER, logged_in
from tests.worlds.companies import NOODLES, TRUCKS, build_companies
from tests.worlds.settling import DEFINITION, ELEMENTS, INSURE, MATERIALS, POSTS, REGISTER, Case, draft_of

STREET, OWN = "西湖区登记路 1 号", "东湖区手填路 2 号"
MOVED = "household:moved_on"


@pytest.fixture
def case(db: None) -> Case:
    definition = replace(DEFINITION, slug="prefilled", roles=ROLES)
    return Case.build(publish(definition, REGISTER, INSURE, elements=ELEMENTS, materials=MATERIALS), POSTS)


def kind_of_book(case: Case, slug: str = "household_book") -> CertificateType:
    """Return a type of certificate whose lines are facts of the dictionary."""
    police = case.departments["police"]
    face = [
        {"code": "name", "label": "姓名"},
        {"code": "address", "label": "住址", "element": "address"},
        {"code": "moved_on", "label": "迁入", "element": "moved_on"},
    ]
    code = f"{police.credit_code}{CertificateType.objects.count() + 20:03d}"
    defaults = {"code": code, "name": "户口簿", "department": police, "face": face}
    return CertificateType.objects.get_or_create(slug=slug, defaults=defaults)[0]


def book(case: Case, *holders: HolderFacts, address: str = STREET, **changes: Any) -> Certificate:
    """Issue a household's book, Li's unless it is said whose."""
    given = {"certificate_type": kind_of_book(case), "face": {"address": address, "moved_on": "2021年5月6日"}}
    return issue(case, case.li_person, *holders, **{**given, **changes})


def begin(case: Case, **typed: Any) -> Draft:
    draft = draft_of(case, answers=UNMARRIED, **typed)
    upload(logged_in(case.li), draft, ("a.jpg", PHOTO))
    draft.refresh_from_db()
    return draft


def values(draft: Draft) -> dict[str, Any]:
    return read_form(Draft.objects.get(pk=draft.pk)).values


class TestOfAPerson:
    def test_it_stands_with_the_certificates_number_and_day(self, case: Case) -> None:
        certificate = book(case)
        draft = begin(case)
        assert values(draft)[ADDRESS] == STREET
        assert values(draft)[MOVED] == "2021-05-06"
        field = field_of(form(case, draft))
        assert f"电子证照“户口簿” · {certificate.serial} · {timezone.localdate().isoformat()}" in field

    def test_what_is_changed_keeps_both(self, case: Case) -> None:
        certificate = book(case)
        draft = begin(case, **{**TYPED, ADDRESS: OWN, MOVED: "2021-05-06"})
        told = f"电子证照“户口簿” · {certificate.serial} · {timezone.localdate().isoformat()}上写的是“{STREET}”"
        assert f"{told}，您改过。审核人员会看到两个。" in field_of(form(case, draft))
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        part = SubItem.objects.get(bundle=bundle, key="register")
        row = next(row for section in read_case(part).sections for row in section.rows if row.key == ADDRESS)
        assert (row.text, row.told) == (OWN, f"{told}，申请人改过")

    def test_what_is_overturned_goes_from_the_form(self, case: Case) -> None:
        book(case)
        draft = begin(case, **{key: value for key, value in TYPED.items() if key != MOVED})
        Certificate.objects.update(status=Certificate.Status.REVOKED)
        with pytest.raises(DraftChanged):
            submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        assert STREET not in form(case, draft)
        assert ADDRESS not in values(draft)

    @pytest.mark.parametrize("why", ["over", "somebody else's", "not proved", "not a fact", "not as asked"])
    def test_nothing_else_is_filled_in(self, case: Case, why: str) -> None:
        if why == "over":
            book(case, expires_on=timezone.localdate() - timedelta(days=1))
        elif why == "somebody else's":  # applied for by her, about another person
            book(case, HolderFacts(STRANGER.name, "111", STRANGER.number))
        elif why == "not a fact":
            book(case, face={"name": STREET})
        else:
            book(case, address="x" * 2000 if why == "not as asked" else STREET)
        if why == "not proved":
            Person.objects.filter(pk=case.li_person.pk).update(level=Level.CLAIMED)
            case.li_person.refresh_from_db()
        assert ADDRESS not in values(begin(case))

    def test_of_two_that_differ_none_is_chosen(self, case: Case) -> None:
        book(case)
        book(case, certificate_type=kind_of_book(case, "another_book"), address=OWN)
        draft = begin(case)
        assert ADDRESS not in values(draft)
        assert values(draft)[MOVED] == "2021-05-06"

    def test_the_latest_of_one_kind_counts(self, case: Case) -> None:
        book(case, issued_at=timezone.now() - timedelta(days=400))
        book(case, address=OWN)
        assert values(begin(case))[ADDRESS] == OWN


class TestOfAnOrganisation:
    def test_its_own_are_read_for_whoever_acts_for_it_and_no_others(self, db: None) -> None:
        companies = build_companies()
        kind = CertificateType.objects.get(slug="sign_permit")
        kind.face = [{**line, "element": "sign.text"} if line["code"] == "text" else line for line in kind.face]
        kind.save(update_fields=["face"])
        for name, code in (NOODLES, TRUCKS):
            holder = HolderFacts(name, "credit_code", code)
            given = {"certificate_type": kind, "holder_kind": "organisation", "face": {"text": f"{name}的招牌"}}
            issue(companies, companies.li_person, holder, **given)  # type: ignore[arg-type]
        for person, organisation in (
            (companies.li_person, companies.noodles),
            (companies.zhang_person, companies.noodles),
            (companies.li_person, companies.trucks),
        ):
            draft = start_draft(
                version=companies.version,
                applicant=person,
                entered_by=person.user,
                answers={},
                profile=profile_of(person),
                organisation=organisation,
            )
            assert values(draft)["company:sign.text"] == f"{organisation.name}的招牌"
        own = companies.draft(companies.li_person, None, "金丝雀")  # in her own name, with the company's number typed
        assert not [fact for fact in read_form(own).known.values() if fact["source"] == CERTIFICATE]


STEPS = st.sampled_from(
    ["issue", "issue", "issue one that is over", "revoke", "type", "clear", "unprove", "prove", "look"]
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(STEPS, min_size=2, max_size=8))
def test_no_value_without_its_certificate(case: Case, steps: list[str]) -> None:
    with transaction.atomic():
        draft = begin(case, **{key: value for key, value in TYPED.items() if key != ADDRESS})
        for step in [*steps, "look"]:
            _do(step, case, draft)
            draft = Draft.objects.select_related("applicant", "matter_version__matter").get(pk=draft.pk)
            document, _lines, _answers = up_to_date_form(draft)
            for key, fact in document.known.items():
                if fact["source"] != CERTIFICATE:
                    continue
                certificate = Certificate.objects.get(pk=fact["certificate"])
                assert certificate.verdict(timezone.localdate()) == "valid"
                assert draft.applicant.is_proved
                assert (certificate.serial, key, fact["value"]) == (fact["serial"], ADDRESS, STREET)
            assert document.values.get(ADDRESS) in (None, OWN) or document.is_known(ADDRESS)
        try:
            bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        except (SubmissionInvalid, DraftChanged, IdentityNotProved):
            pass
        else:
            filed = open_bundle_form(bundle)
            assert filed.values[ADDRESS] == OWN or filed.known[ADDRESS]["certificate"]
        transaction.set_rollback(True)


def _do(step: str, case: Case, draft: Draft) -> None:
    if step == "issue":
        book(case)
    elif step == "revoke":
        Certificate.objects.update(status=Certificate.Status.REVOKED)
    elif step == "issue one that is over":
        book(case, expires_on=timezone.localdate() - timedelta(days=1), address=OWN)
    elif step in ("type", "clear"):
        save_values(draft, {ADDRESS: OWN if step == "type" else None}, seen=draft.revision)
    elif step in ("unprove", "prove"):
        Person.objects.filter(pk=case.li_person.pk).update(level=Level.CLAIMED if step == "unprove" else Level.CHANNEL)
    else:
        save_answers(draft, UNMARRIED, profile_of(case.li_person))
