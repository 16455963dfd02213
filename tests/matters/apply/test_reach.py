"""Whose records an applicant may have asked: their own, and papers of those whom a row calls their kin. A number that was typed opens nothing.

A stranger's name and number, typed as the other parent's, once showed where she lives and when her child was born.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_django import Settings as SettingsWrapper

from catalog.definitions import Exemption, LineDefinition, MaterialNeed, RoleDefinition
from catalog.models import Department
from matters.drafts.saving import read_form
from matters.models import Draft
from portal.outbox.processing import process
from portal.sharing.models import Fetch, Provision, SharingConsent
from tests.pages import page_of
from tests.worlds.building import publish
from tests.worlds.cast import CHEN, LI, STRANGER, logged_in
from tests.worlds.settling import (
    ANSWERS,
    DEFINITION,
    ELEMENTS,
    INSURE,
    MATERIALS,
    POSTS,
    REGISTER,
    VALUES,
    Case,
    draft_of,
    posted,
    url,
)
from tests.worlds.sources import ADAPTERS, Listed, grant, open_source, supply

PARTNER = tuple(
    LineDefinition(code, "partner", element, label, section="applicant", order=20 + order, required=False)
    for order, (code, element, label) in enumerate(
        (
            ("PXM", "person.name", "配偶姓名"),
            ("PZJ", "person.id_number", "配偶号码"),
            ("PDH", "person.phone", "配偶电话"),
        )
    )
)
CARD = MaterialNeed("photo", role="partner", exemptions=(Exemption("shared_data", "police"),))
ITEM = replace(REGISTER, lines=REGISTER.lines + PARTNER, materials=(*REGISTER.materials, CARD))
NAME, NUMBER, PHONE = "partner:person.name", "partner:person.id_number", "partner:person.phone"
PEOPLE = {
    each.number: {"name": each.name, "phone": f"1390013900{place}", "photo": f"照{place}"}
    for place, each in enumerate((LI, CHEN, STRANGER))
}


@pytest.fixture
def case(db: None, settings: SettingsWrapper) -> Iterator[Case]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    Listed.records = {number: dict(record) for number, record in PEOPLE.items()}
    Listed.records[LI.number] |= {"marriage": "J1", "spouse.name": CHEN.name, "spouse.number": CHEN.number}
    roles = (*DEFINITION.roles, RoleDefinition("partner", "配偶", kin="spouse", kin_of="applicant"))
    version = publish(
        replace(DEFINITION, slug="reach", roles=roles), ITEM, INSURE, elements=ELEMENTS, materials=MATERIALS
    )
    case = Case.build(version, POSTS)
    supply(case.departments["police"], {"person.phone": "phone"}, ("register",), name="人口登记")
    open_source(case.departments["police"], "photo", items=("register",))
    civil, _new = Department.objects.get_or_create(code="civil", defaults={"name": "市民政局"})
    kin = {"spouse.person.name": "spouse.name", "spouse.person.id_number": "spouse.number"}
    source = supply(civil, kin, ("register",), name="婚姻登记")
    paper = Provision.objects.create(source=source, kind=Provision.Kind.MATERIAL, code="marriage", path="marriage")
    grant(paper, "register")
    yield case
    Listed.forget()


def drafted(case: Case, **typed: str) -> Draft:
    return draft_of(case, answers=ANSWERS, **{**VALUES, **typed})


def agree(case: Case, draft: Draft) -> str:
    for _round in range(2):  # what became known in the first is asked about in the second
        draft.refresh_from_db()
        logged_in(case.li).post(url(draft, "form"), posted(draft, {}, action="agree-all"))
        process("fetch")
    return page_of(logged_in(case.li).get(url(draft, "form")))


def asked_about() -> set[str]:
    return {inquiry.subject.number for inquiry in Listed.asked}


def test_nobody_is_asked_about_a_stranger_whose_number_was_typed(case: Case) -> None:
    draft = drafted(case, **{NAME: STRANGER.name, NUMBER: STRANGER.number})
    page = agree(case, draft)
    assert asked_about() == {LI.number}
    assert PEOPLE[STRANGER.number]["phone"] not in page
    assert PHONE not in read_form(draft).values
    assert not Fetch.objects.filter(asked__contains=["material:photo"]).exists()


def test_of_kin_a_paper_is_asked_and_nothing_told(case: Case) -> None:
    draft = drafted(case)
    agree(case, draft)
    values = read_form(draft).values
    assert (values[NAME], values[NUMBER]) == (CHEN.name, CHEN.number)
    assert PHONE not in values
    about = {
        wanted.asked for inquiry in Listed.asked if inquiry.subject.number == CHEN.number for wanted in inquiry.wanted
    }
    assert about == {"material:photo"}


def test_of_kin_no_paper_is_asked_once_another_is_named(case: Case) -> None:
    draft = drafted(case)
    agree(case, draft)
    Listed.asked.clear()
    draft.refresh_from_db()
    logged_in(case.li).post(url(draft, "form"), posted(draft, {NUMBER: STRANGER.number}, action="agree-all"))
    process("fetch")
    assert STRANGER.number not in asked_about()


def spared(case: Case, draft: Draft) -> bool:
    """Whether the certificate of marriage is met by what the register of marriages says."""
    page = page_of(logged_in(case.li).get(url(draft, "materials")))
    return "免交 · 市民政局查到" in page


def test_ones_own_marriage_is_no_proof_of_one_to_somebody_else(case: Case) -> None:
    draft = drafted(case)
    agree(case, draft)
    assert spared(case, draft)
    draft.refresh_from_db()
    logged_in(case.li).post(url(draft, "form"), posted(draft, {NUMBER: STRANGER.number}, action="save"))
    assert not spared(case, draft)


def test_nor_where_somebody_else_was_named_before_it_was_asked(case: Case) -> None:
    draft = drafted(case, **{NAME: STRANGER.name, NUMBER: STRANGER.number})
    agree(case, draft)
    assert not spared(case, draft)


def test_only_words_that_were_read_are_agreed_to(case: Case) -> None:
    draft = drafted(case)
    page = page_of(logged_in(case.li).get(url(draft, "form")))
    words = re.findall(r'name="words" value="([^"]+)"', page)
    assert words
    stale = [each[:-1] + ("0" if each[-1] != "0" else "1") for each in words]
    sent = posted(draft, {}, action="agree-all") | {"words": [*stale[:1], *words[1:]]}
    said = page_of(logged_in(case.li).post(url(draft, "form"), sent, follow=True))
    assert "请再看一遍，再同意" in said
    assert len(SharingConsent.objects.all()) == len(words) - 1
