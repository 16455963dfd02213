"""A result that founds an organisation enters it when it is granted, and whoever applied acts for it only where they represent it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.urls import reverse

from catalog.definitions import (
    DepartmentDefinition,
    ElementDefinition,
    ItemDefinition,
    LineDefinition,
    MatterDefinition,
    MatterItemDefinition,
    OutputDefinition,
    ResultDefinition,
    RoleDefinition,
    SectionDefinition,
)
from catalog.models import CertificateType
from certificates.models import Certificate
from matters.cases.department_view import plan_of
from matters.drafts.profile import profile_of
from matters.drafts.saving import save_values, start_draft
from matters.models import Decision, SubItem
from matters.reviewing.issuing_results import issue_results
from matters.reviewing.review import accept, claim, decide
from matters.submitting.submission import submit_bundle
from matters.wording.refusals import OutputsInvalid
from portal.accounts.models import Handler, Organisation, OrganisationCheck
from portal.accounts.organisations.activities import Evidence, OrganisationConflict, invite, join, register_organisation
from portal.accounts.people import register_person
from portal.notices.models import Message
from tests.pages import page_of
from tests.worlds.building import FaceData, World, publish
from tests.worlds.cast import LI, STRANGER, logged_in
from tests.worlds.keeping import kept
from tests.worlds.town import advance

NAME, CODE, OTHER_CODE = "清风面馆有限公司", "91360102MA9999013M", "91360981MA990001X6"
ELEMENTS = (
    ElementDefinition("person.name", "姓名", "person_name"),
    ElementDefinition("person.id_number", "证件号码", "id_number"),
    ElementDefinition("company.name", "名称", "organisation_name"),
    ElementDefinition("company.credit_code", "统一社会信用代码", "credit_code"),
)
LICENCE = ResultDefinition(
    "licence",
    {"name": "field:company:company.name", "code": "output:code"},
    name="营业执照",
    holder="company",
    founds="founder",
)
FOUNDING = ItemDefinition(
    slug="founding",
    name="设立登记",
    department="police",
    lines=(
        LineDefinition("MC", "company", "company.name", "名称", section="company", order=1),
        LineDefinition("XM", "founder", "person.name", "姓名", section="company", order=2),
        LineDefinition("HM", "founder", "person.id_number", "证件号码", section="company", order=3),
    ),
    outputs=(OutputDefinition("code", "统一社会信用代码", "credit_code", feeds="company:company.credit_code"),),
    results=(LICENCE,),
    promised_limit_days=3,
)
MATTER = MatterDefinition(
    slug="founding-a-company",
    name="开办企业",
    lead_department="police",
    roles=(RoleDefinition("company", "企业"), RoleDefinition("founder", "法定代表人", is_applicant=True)),
    items=(MatterItemDefinition("founding"),),
    sections=(SectionDefinition("company", "企业"),),
    departments=(DepartmentDefinition("police", "市公安局", "公安"),),
)


@dataclass
class Founders(World):
    """Wang decides on companies to be."""

    def file(self, representative: Any = LI) -> SubItem:
        """Let Li apply for a company that somebody is to represent."""
        draft = start_draft(
            version=self.version,
            applicant=self.li_person,
            entered_by=self.li,
            answers={},
            profile=profile_of(self.li_person),
        )
        typed = {
            "company:company.name": NAME,
            "founder:person.name": representative.name,
            "founder:person.id_number": representative.number,
        }
        save_values(draft, typed, seen=draft.revision)
        bundle = submit_bundle(draft=draft, by=self.li)
        advance([bundle.pk])
        part: SubItem = bundle.sub_items.get()
        claim(self.wang, part)
        return accept(self.wang, part)

    def grant(self, part: SubItem, code: str = CODE) -> Decision:
        """Approve with a credit code."""
        return decide(self.wang, part, "approved", "", {"code": code})


@pytest.fixture
def founders(db: None) -> Founders:
    return kept("founders", _build)


def _build() -> Founders:
    version = publish(MATTER, FOUNDING, elements=ELEMENTS, materials=())
    face = FaceData("licence", "营业执照", "police", ("name", "code"))
    base = Founders.build(version, {"wang": (("police", "reviewer"),)}, (face,))
    CertificateType.objects.update(subject="organisation")
    return base


def test_who_applied_and_represents_it_acts_for_it_at_once(founders: Founders) -> None:
    part = founders.file()
    assert not Organisation.objects.exists()
    founders.grant(part)
    company = Organisation.objects.get()
    assert (company.name, company.credit_code, company.legal_representative) == (NAME, CODE, founders.li_person)
    assert Handler.objects.in_force().get().person == founders.li_person
    check = OrganisationCheck.objects.get()
    assert (check.source, check.reference) == ("founded", part.number)
    assert Certificate.objects.get().holder_name == NAME


def test_who_applied_for_another_does_not_act_for_it(founders: Founders) -> None:
    founders.grant(founders.file(STRANGER))
    company = Organisation.objects.get()
    assert company.legal_representative is None
    assert not Handler.objects.exists()
    stranger = founders.stranger.person
    register_organisation(name=NAME, code=CODE, legal_representative=stranger, evidence=Evidence("demo"))
    assert Handler.objects.in_force().get().person == stranger


def test_what_nobody_represents_yet_is_claimed_by_whom_the_form_names_alone(founders: Founders) -> None:
    """Whoever stands at a window with a licence does not get it, nor the applicant; who is named does, once proved, by one press."""
    founders.grant(founders.file(STRANGER))
    company, page = Organisation.objects.get(), reverse("accounts:organisations")
    for person in (founders.li_person, None):
        with pytest.raises(OrganisationConflict, match="other_representative"):
            register_organisation(
                name=NAME, code=CODE, legal_representative=person, evidence=Evidence("counter", officer=founders.wang)
            )
    li, stranger = logged_in(founders.li), logged_in(founders.stranger)
    assert "认领" not in page_of(li.get(page))
    assert "没有认领" in page_of(li.post(page, {"claim": str(company.pk)}, follow=True))
    assert not Handler.objects.exists()
    assert f"认领“{NAME}”" in page_of(stranger.get(page))
    assert "由您管理了" in page_of(stranger.post(page, {"claim": str(company.pk)}, follow=True))
    assert Handler.objects.in_force().get().person == founders.stranger.person
    assert "没有认领" in page_of(stranger.post(page, {"claim": str(company.pk)}, follow=True))  # once


def test_who_is_named_is_seated_at_a_window_too(founders: Founders) -> None:
    founders.grant(founders.file(STRANGER))
    seen = Evidence("counter", officer=founders.wang)
    register_organisation(name=NAME, code=CODE, legal_representative=founders.stranger.person, evidence=seen)
    assert Handler.objects.in_force().get().person == founders.stranger.person


@pytest.mark.parametrize(("name", "number"), [("李明辉", LI.number), (LI.name, STRANGER.number)])
def test_it_must_be_this_person_by_name_and_document(founders: Founders, name: str, number: str) -> None:
    founders.grant(founders.file(replace(LI, name=name, number=number)))
    assert not Handler.objects.exists()


def test_issuing_twice_founds_it_once(founders: Founders) -> None:
    decision = founders.grant(founders.file())
    issue_results(decision, plan_of(decision.sub_item.bundle).item(decision.sub_item.key), {})
    assert OrganisationCheck.objects.count() == Organisation.objects.count() == Handler.objects.count() == 1


def test_a_code_that_is_anothers_is_refused_beside_the_field(founders: Founders) -> None:
    """A slip of the office's hand gives nobody somebody else's company; nothing is decided."""
    stranger = founders.stranger.person
    theirs = register_organisation(
        name="长路运输有限公司", code=OTHER_CODE, legal_representative=stranger, evidence=Evidence("demo")
    )
    part = founders.file()
    with pytest.raises(OutputsInvalid) as refused:
        founders.grant(part, OTHER_CODE)
    assert set(refused.value.problems) == {"code"}
    theirs.refresh_from_db()
    assert (theirs.name, theirs.legal_representative) == ("长路运输有限公司", stranger)
    assert not Certificate.objects.exists()
    assert founders.grant(SubItem.objects.get(pk=part.pk)).outcome == "approved"


def test_the_founder_hears_of_it_switches_to_it_and_finds_its_licence_there(founders: Founders) -> None:
    part = founders.file()
    browser = logged_in(founders.li)
    assert NAME not in page_of(browser.get("/certificates/"))
    founders.grant(part)
    company, licence = Organisation.objects.get(), Certificate.objects.get()
    told = Message.objects.get(recipient=founders.li, kind="organisation_founded")
    assert NAME in page_of(browser.get("/accounts/notices/"))
    assert NAME in page_of(browser.get(told.link))
    assert str(company.pk) in page_of(browser.get("/"))  # the switch on every page
    browser.post(reverse("accounts:act_for"), {"principal": str(company.pk)})
    assert str(licence.pk) in page_of(browser.get("/certificates/"))
    assert licence.serial in page_of(browser.get(licence.get_absolute_url()))
    colleague = register_person(
        name="张经办", document_kind="111", number="360102199003079991", user=founders.zhang, method="demo"
    )
    join(colleague, invite(Handler.objects.get(), for_whom=colleague.name)[1])
    other = logged_in(founders.zhang)
    other.post(reverse("accounts:act_for"), {"principal": str(company.pk)})
    assert str(licence.pk) in page_of(other.get("/certificates/"))  # it is the company's, not its founder's alone
