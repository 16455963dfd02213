"""What the law wants the applicant themselves for is filed by no agent: each step says so with the way to go, and the principal goes on herself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from catalog.definitions import MaterialDefinition
from catalog.linting.items import own_facts
from matters.submitting.submission import submit_bundle
from matters.wording.refusals import OnlyInPerson
from tests.matters.cases.test_mandates import draft_under, mandate_of, zhang_for
from tests.pages import page_of
from tests.worlds.building import publish
from tests.worlds.companies import ELEMENTS, PERMIT, SIGNBOARD, build_companies

SAID = "招牌许可只能由本人办理，不能代办"


def test_no_agent_files_it_and_the_principal_goes_on_with_what_was_typed(db: None) -> None:
    world = build_companies()
    personal = replace(PERMIT, in_person_only=True)
    world.version = publish(SIGNBOARD, personal, elements=ELEMENTS, materials=(MaterialDefinition("photo", "照片"),))
    mandate = mandate_of(world, world.li_person)
    draft = draft_under(world, mandate, "金丝雀")
    for step in ("form", "materials", "check"):
        assert SAID in page_of(zhang_for(world, mandate).get(reverse(f"matters:{step}", args=[draft.pk])))
    with pytest.raises(OnlyInPerson):
        submit_bundle(draft=draft, by=world.zhang)
    draft.refresh_from_db()
    assert draft.submitted_at is None
    own = page_of(world.client(world.li).get(reverse("matters:check", args=[draft.pk])))
    assert SAID not in own
    assert "金丝雀" in own
    assert submit_bundle(draft=draft, by=world.li).mandate is None


def test_an_item_for_the_applicant_alone_must_ask_who_they_are() -> None:
    found = [each.code for each in own_facts(replace(PERMIT, in_person_only=True))]
    assert "in_person_unproved" in found
    assert "in_person_unproved" not in [
        each.code for each in own_facts(replace(PERMIT, in_person_only=True, identity_level=1))
    ]
