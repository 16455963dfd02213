"""What is decided on the spot (即办件) is accepted and approved in one step, both or neither."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from catalog.definitions import IMMEDIATE
from matters.core.states import State
from matters.models import SubItem
from matters.reviewing import review
from matters.wording.refusals import OutputsInvalid, StateChanged
from portal.ledger.models import Event
from tests.worlds.building import publish
from tests.worlds.keeping import kept
from tests.worlds.town import CERTIFICATE_TYPES, ELEMENTS, ITEMS, MATERIALS, MATTER, POSTS, Town, advance


@pytest.fixture
def town(db: None) -> Town:
    def build() -> Town:
        items = (replace(item, handling=IMMEDIATE) if item.slug == "birth_cert" else item for item in ITEMS)
        town = Town.build(publish(MATTER, *items, elements=ELEMENTS, materials=MATERIALS), POSTS, CERTIFICATE_TYPES)
        town.submit()
        return town

    return kept("a town with an immediate item", build)


@pytest.fixture
def birth(town: Town) -> SubItem:
    return SubItem.objects.for_case().get(key="birth_cert")


def test_both_steps_are_taken_and_told(town: Town, birth: SubItem) -> None:
    decision = review.accept_and_approve(town.zhao, birth, "", {"number": "P360000001"})
    assert decision.outcome == "approved"
    told = Event.objects.filter(chain=birth.bundle_id, data__from__isnull=False).values_list("kind", flat=True)
    assert ["accepted", "approved"] == [kind for kind in told if kind in ("accepted", "approved")]


def test_neither_is_where_the_approval_is_refused(town: Town, birth: SubItem) -> None:
    with pytest.raises(OutputsInvalid):
        review.accept_and_approve(town.zhao, birth, "", {"number": "wrong"})
    assert SubItem.objects.get(pk=birth.pk).state == State.QUEUED


def test_what_has_a_limit_is_accepted_first(town: Town, birth: SubItem) -> None:
    review.accept_and_approve(town.zhao, birth, "", {"number": "P360000001"})
    advance([birth.bundle_id])
    with pytest.raises(StateChanged):
        review.accept_and_approve(town.wang, town.part(birth.bundle, "hukou"))


def test_the_page_offers_it_as_one_form(town: Town, birth: SubItem) -> None:
    client = Client()
    client.force_login(town.zhao)
    url = f"/review/cases/{birth.number}/"
    assert "受理并准予" in client.get(url).content.decode()
    assert client.post(f"{url}approve/", {"at-once": "1", "output.number": "P360000001"}).status_code == 302
    assert SubItem.objects.get(pk=birth.pk).state == State.APPROVED
