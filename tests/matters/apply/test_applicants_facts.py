"""Mother or father: who applies is an answer, and the account's facts stand where that answer puts them."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.definitions import (
    DepartmentDefinition,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MatterDefinition,
    MatterItemDefinition,
    RoleDefinition,
    SectionDefinition,
)
from matters.drafts.profile import profile_of
from matters.drafts.saving import read_form, save_values, start_draft
from matters.models import Draft
from tests.pages import page_of
from tests.worlds.building import publish
from tests.worlds.cast import LI, logged_in
from tests.worlds.settling import ELEMENTS, POSTS, Case, url

PARENTS = ("mother", "father")
BIRTH = ItemDefinition(
    slug="birth",
    name="出生登记",
    department="police",
    lines=tuple(
        LineDefinition(f"{role}-{element}", role, element, section="parents", order=order)
        for role in PARENTS
        for order, element in enumerate(("person.name", "person.id_kind", "person.id_number", "person.phone"), start=1)
    ),
    promised_limit_days=1,
)
MATTER = MatterDefinition(
    slug="parents",
    name="父母",
    lead_department="police",
    roles=tuple(
        RoleDefinition(role, role, is_applicant={"==": [{"var": "answers.relation"}, role]}) for role in PARENTS
    ),
    questions=(
        GuideQuestion("relation", "您是孩子的", options=(GuideOption("mother", "母亲"), GuideOption("father", "父亲"))),
    ),
    items=(MatterItemDefinition("birth"),),
    sections=(SectionDefinition("parents", "父母"),),
    departments=(DepartmentDefinition("police", "市公安局", "公安"),),
)


@pytest.fixture
def case(db: None) -> Case:
    return Case.build(publish(MATTER, BIRTH, elements=ELEMENTS, materials=()), {"wang": POSTS["wang"]})


@pytest.fixture
def draft(case: Case) -> Draft:
    return start_draft(
        version=case.version,
        applicant=case.li_person,
        entered_by=case.li,
        answers={"relation": "mother"},
        profile=profile_of(case.li_person),
    )


def values_of(draft: Draft) -> dict[str, Any]:
    return read_form(Draft.objects.get(pk=draft.pk)).values


def field_of(page: str, key: str) -> str:
    """Return the HTML of one field."""
    return page.partition(f'data-key="{key}"')[2].partition("<details")[0]


def test_a_changed_applicant_takes_their_facts_along(case: Case, draft: Draft) -> None:
    client = logged_in(case.li)
    assert "已为您填好" in field_of(page_of(client.get(url(draft, "form"))), "mother:person.name")
    client.post(url(draft, "situation"), {"relation": "father"})
    page = page_of(client.get(url(draft, "form")))
    for element in ("person.name", "person.id_number", "person.phone"):
        mothers = field_of(page, f"mother:{element}")
        assert '<div class="control">' in mothers
        assert "已为您填好" not in mothers
        assert '<div class="control" hidden>' in field_of(page, f"father:{element}")
    assert values_of(draft)["father:person.name"] == LI.name
    assert not any(key.startswith("mother:") for key in values_of(draft))


def test_what_was_typed_stays_with_whom_it_was_typed_for(case: Case, draft: Draft) -> None:
    save_values(draft, {"mother:person.phone": "13900139000", "father:person.name": "王雷"}, seen=draft.revision)
    client = logged_in(case.li)
    client.post(url(draft, "situation"), {"relation": "father"})
    page = page_of(client.get(url(draft, "form")))
    assert 'value="13900139000"' in field_of(page, "mother:person.phone")
    assert 'value="王雷"' in field_of(page, "father:person.name")
    assert '<div class="control">' in field_of(page, "father:person.name")


def test_an_older_window_does_not_bring_them_back(case: Case, draft: Draft) -> None:
    client = logged_in(case.li)
    before = {"revision": draft.revision, "mother:person.name": LI.name, "mother:person.phone": "13800138000"}
    client.post(url(draft, "situation"), {"relation": "father"})
    client.post(url(draft, "form"), {**before, "action": "save"})
    assert not any(key.startswith("mother:") for key in values_of(draft))


def test_a_draft_that_kept_them_shows_them_to_be_corrected(case: Case, draft: Draft) -> None:
    """A draft of before may hold what nobody withdrew: it is in sight, and can be changed."""
    Draft.objects.filter(pk=draft.pk).update(answers={"relation": "father"})
    page = page_of(logged_in(case.li).get(url(draft, "form")))
    mothers = field_of(page, "mother:person.name")
    assert '<div class="control">' in mothers
    assert f'value="{LI.name}"' in mothers
