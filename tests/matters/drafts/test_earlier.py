"""What an earlier application was decided on is known to the next one of the same person: their child has a name and a number by now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from catalog.definitions import MatterItemDefinition
from matters.drafts.saving import read_form
from matters.models import Bundle, Draft, SubItem
from matters.submitting.submission import submit_bundle
from portal.front.demo.people import with_check_digit
from portal.outbox.processing import process
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.pages import page_of
from tests.worlds.building import publish
from tests.worlds.cast import logged_in
from tests.worlds.reading import reading
from tests.worlds.settling import DEFINITION, ELEMENTS, INSURE, MATERIALS, POSTS, REGISTER, VALUES, Case, draft_of, url

ANSWERS = {"relation": "parent", "children": 1, "married": "no", "follows": "mother"}
NUMBER = with_check_digit("36010320260301002")
CONSENTS = ["register.check", "insure.share"]
ROLES = tuple(
    replace(role, kin="child", kin_of="applicant")
    if role.key == "child"
    else replace(role, kin="own", kin_of="applicant")
    if role.key == "household"
    else role
    for role in DEFINITION.roles
)


@pytest.fixture
def case(db: None) -> Case:
    version = publish(
        replace(DEFINITION, slug="again", roles=ROLES), REGISTER, INSURE, elements=ELEMENTS, materials=MATERIALS
    )
    return Case.build(version, POSTS)


def file(case: Case, **more: Any) -> Bundle:
    draft = draft_of(case, answers=ANSWERS, **{**VALUES, **more})
    upload(logged_in(case.li), draft, ("a.jpg", PHOTO))
    draft.refresh_from_db()
    bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
    process("fan_out")
    return bundle


def approve(case: Case, bundle: Bundle, number: str = NUMBER) -> SubItem:
    part = SubItem.objects.get(bundle=bundle, key="register")
    wang = logged_in(case.wang)
    wang.post(f"/review/cases/{part.number}/accept/", reading(part))
    wang.post(f"/review/cases/{part.number}/approve/", {"output.number": number, **reading(part)})
    part.refresh_from_db()
    assert part.state == "approved"
    return part


def next_draft(case: Case) -> Draft:
    """Return a new draft of a matter that asks for the child's number."""
    definition = replace(DEFINITION, slug="school", roles=ROLES, items=(MatterItemDefinition("insure", per="child"),))
    case.version = publish(definition, INSURE, elements=ELEMENTS, materials=MATERIALS)
    return draft_of(case, answers=ANSWERS)


def next_form(case: Case) -> dict[str, Any]:
    return read_form(next_draft(case)).known


def test_a_registered_child_is_known_to_the_next_application(case: Case) -> None:
    part = approve(case, file(case))
    draft = next_draft(case)
    known = read_form(draft).known
    assert known["child:person.id_number"]["value"] == NUMBER
    assert known["child:person.name"]["value"] == VALUES["child:person.name"]
    assert known["child:person.name"]["sub_item"] == part.number
    field = page_of(logged_in(case.li).get(url(draft, "form"))).partition('data-key="child:person.name"')[2]
    assert f"户口登记 · {timezone.localdate(part.decision.decided_at)}" in field.partition("<details")[0]


def test_what_nobody_decided_on_yet_is_not(case: Case) -> None:
    file(case)
    assert not [key for key in next_form(case) if key.startswith("child:")]


def test_of_two_children_none_is_chosen(case: Case) -> None:
    approve(case, file(case))
    approve(case, file(case, **{"child:person.name": "李大满"}), with_check_digit("36010320260301004"))
    assert not [key for key in next_form(case) if key.startswith("child:")]


def test_the_next_child_is_another(case: Case) -> None:
    approve(case, file(case))
    assert not [key for key in read_form(draft_of(case, answers=ANSWERS)).known if key.startswith("child:")]


def test_somebody_elses_child_is_not_known(case: Case) -> None:
    approve(case, file(case))
    Bundle.objects.update(applicant=case.stranger.person)
    assert not [key for key in next_form(case) if key.startswith("child:")]
