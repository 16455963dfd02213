"""Whoever acted for an applicant, or has a mandate with them in whichever direction, decides on no case of theirs: table and database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from catalog.staff.memberships import enroll
from matters.models import Bundle, Decision, SubItem
from matters.reviewing.inspection import InspectionRefused, draw_sample
from matters.reviewing.review import accept, claim, decide, refuse_acceptance
from matters.reviewing.transitions import offered_transitions
from matters.submitting.submission import submit_bundle
from matters.wording.refusals import NotAllowed
from portal.accounts.mandates.activities import accept as accept_mandate
from portal.accounts.mandates.activities import end, offer, scope
from tests.matters.cases.test_mandates import draft_under, mandate_of
from tests.worlds.cast import logged_in
from tests.worlds.companies import Companies, build_companies
from tests.worlds.town import advance


@pytest.fixture
def world(db: None) -> Companies:
    world = build_companies()
    for role in ("reviewer", "lead", "supervisor"):
        enroll(world.zhang, world.departments["police"], role)
    return world


def dispatched(bundle: Bundle) -> SubItem:
    advance([bundle.pk])
    return SubItem.objects.for_case().get(bundle=bundle)


def begun_by_the_agent(world: Companies) -> SubItem:
    """Zhang begins it, Li files it and ends the mandate before."""
    mandate = mandate_of(world, world.li_person)
    draft = draft_under(world, mandate, "招牌")
    end(mandate.pk, by=world.li_person)
    bundle = submit_bundle(draft=draft, by=world.li)
    assert (bundle.mandate, bundle.begun_under) == (None, mandate)
    return dispatched(bundle)


def in_force(world: Companies) -> SubItem:
    """Li files it herself; Zhang may act for her."""
    mandate_of(world, world.li_person)
    return dispatched(world.submit(world.li_person, None, "招牌"))


def ended_since(world: Companies) -> SubItem:
    """As before, but the mandate was ended once the case was there."""
    mandate = mandate_of(world, world.li_person)
    part = dispatched(world.submit(world.li_person, None, "招牌"))
    end(mandate.pk, by=world.li_person)
    return part


def the_other_way(world: Companies) -> SubItem:
    """Li, who files it, may act for Zhang."""
    until = timezone.localdate() + timedelta(days=30)
    accept_mandate(world.li_person, offer(world.zhang_person, scope(None, until), agent_name=world.li_person.name)[1])
    return dispatched(world.submit(world.li_person, None, "招牌"))


@pytest.mark.parametrize("filed", [begun_by_the_agent, in_force, ended_since, the_other_way])
def test_neither_accepts_nor_decides(world: Companies, filed: Callable[[Companies], SubItem]) -> None:
    part = filed(world)
    assert not offered_transitions(world.zhang, part) & {"accept", "refuse_acceptance", "approve", "reject"}
    for step in (accept, lambda user, one: refuse_acceptance(user, one, "不合规定")):
        with pytest.raises(NotAllowed, match="代办授权或者监护关系"):
            step(world.zhang, part)
    with pytest.raises(InspectionRefused):
        draw_sample(world.zhang, world.departments["police"], "例行抽查", 1)
    # Whatever the program does.
    row: dict[str, Any] = {
        "sub_item": part,
        "outcome": "rejected",
        "reason": "不合",
        "decided_by": world.zhang,
        "decided_at": timezone.now(),
    }
    with pytest.raises(IntegrityError, match="nobody decides on what they applied for"), transaction.atomic():
        Decision.objects.create(**row)
    assert logged_in(world.wang).get(reverse("matters:case", args=[part.number])).status_code == 200
    claim(world.wang, part)
    decide(world.wang, accept(world.wang, part), "approved")


def test_who_had_a_mandate_long_before_decides(world: Companies) -> None:
    mandate = mandate_of(world, world.li_person)
    end(mandate.pk, by=world.li_person)
    part = dispatched(world.submit(world.li_person, None, "招牌"))
    claim(world.zhang, part)
    decide(world.zhang, accept(world.zhang, part), "approved")


def test_under_which_mandate_it_was_begun_stays(world: Companies) -> None:
    bundle = Bundle.objects.filter(pk=begun_by_the_agent(world).bundle_id)
    for other in (None, mandate_of(world, world.li_person)):
        with pytest.raises(IntegrityError), transaction.atomic():
            bundle.update(begun_under=other)
