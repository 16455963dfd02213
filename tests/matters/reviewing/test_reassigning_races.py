"""Two at once over who holds a case: one of them has it in the end, and the other is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.staff.memberships import enroll
from matters.models import OfficerAbsence, ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.bulk import start_bulk_action
from matters.reviewing.reassigning import claim_next, reassign
from matters.reviewing.standing_in import move_held_of_absent, record_absence
from matters.wording.refusals import Refusal
from portal.accounts.models import User
from portal.ledger.models import Event
from portal.outbox.processing import process
from tests.matters.reviewing.test_review_races import (
    ROUNDS,
    accepted,
    check_one_history,
    claim,
    committed_town,
    one_wins,
    race,
    reject,
)
from tests.worlds.town import Town

__all__ = ["committed_town"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def held(town: Town, user: User) -> SubItem:
    hukou = accepted(town)
    review.claim(user, hukou)
    return hukou


def hand_over(town: Town, by: User, sub_item: SubItem, to: User) -> Callable[[], Any]:
    mine = town.part(sub_item.bundle, sub_item.key)
    return lambda: reassign(by, mine, to)


def holder(sub_item: SubItem) -> User | None:
    return ReviewTask.objects.filter(sub_item=sub_item).order_by("pk").last().claimed_by  # type: ignore[union-attr]


def test_of_two_hand_overs_the_later_rests_on_the_earlier_or_is_told(committed_town: Town) -> None:
    town = committed_town
    for _round in range(ROUNDS):
        hukou = held(town, town.wang)
        results = race(
            hand_over(town, town.wang, hukou, town.zhang),  # the holder's own
            hand_over(town, town.zhou, hukou, town.zhou),  # their lead's
        )
        events = Event.objects.filter(chain_id=hukou.bundle_id, sub_item="hukou", kind="reassigned").order_by(
            "sequence"
        )
        assert len(events) == sum(not isinstance(one, Refusal) for one in results) >= 1
        givers = [event.data["holder"] for event in events]
        assert givers == [town.wang.pk, *(event.data["given_to"] for event in events)][: len(givers)]
        last = events.last()
        assert last is not None
        assert holder(hukou).pk == last.data["given_to"]  # type: ignore[union-attr]
        assert all(one.sentence for one in results if isinstance(one, Refusal))
        check_one_history(hukou)


def test_a_hand_over_and_a_decision_agree(committed_town: Town) -> None:
    town = committed_town
    for _round in range(ROUNDS):
        hukou = held(town, town.wang)
        one_wins(race(hand_over(town, town.wang, hukou, town.zhang), reject(town, town.wang, hukou)))
        check_one_history(hukou)


def test_a_hand_over_and_a_colleagues_claim_leave_one_holder(committed_town: Town) -> None:
    town = committed_town
    for _round in range(ROUNDS):
        hukou = accepted(town)
        results = race(hand_over(town, town.zhou, hukou, town.wang), claim(town, town.zhang, hukou))
        refused = [isinstance(one, Refusal) for one in results]
        # The lead may take from whoever was first what they have just claimed: then both are legal, one after the other.
        assert refused in ([False, True], [True, False], [False, False])
        assert holder(hukou) == (town.zhang if refused[0] else town.wang)
        check_one_history(hukou)


def test_an_absence_and_a_claim_leave_it_with_the_stand_in_or_with_nobody(committed_town: Town) -> None:
    town, today = committed_town, timezone.localdate()
    police = town.departments["police"]
    for _round in range(ROUNDS):
        hukou = accepted(town)
        away = (town.wang, town.wang, police, town.zhang, today, today + timedelta(days=1))
        claimed, recorded = race(claim(town, town.wang, hukou), lambda away=away: record_absence(*away))  # type: ignore[misc]
        assert isinstance(recorded, OfficerAbsence)
        move_held_of_absent()  # what the worker does every few seconds
        assert holder(hukou) == (None if isinstance(claimed, Refusal) else town.zhang)
        check_one_history(hukou)
        recorded.delete()


def test_two_absences_of_each_other_leave_one(committed_town: Town) -> None:
    town, today = committed_town, timezone.localdate()
    police = town.departments["police"]
    for _round in range(ROUNDS):
        one_wins(
            race(
                lambda: record_absence(town.wang, town.wang, police, town.zhang, today, today),
                lambda: record_absence(town.zhang, town.zhang, police, town.wang, today, today),
            )
        )
        assert OfficerAbsence.objects.count() == 1
        OfficerAbsence.objects.all().delete()


def test_the_next_of_a_list_is_given_once(committed_town: Town) -> None:
    town = committed_town
    cases = {accepted(town).pk for _case in range(3)}
    police = town.departments["police"]
    users = (town.wang, town.zhang, town.zhou)
    results = race(*(lambda user=user: claim_next(user, police, filter="review", sort="left") for user in users))  # type: ignore[misc]
    assert {one.pk for one in results} == cases


def test_a_bulk_action_and_a_single_one_agree_line_by_line(committed_town: Town) -> None:
    town = committed_town
    for _round in range(ROUNDS):
        parts = [town.part(town.submit(), "birth_cert") for _case in range(2)]
        enroll(town.wang, town.departments["health"], "reviewer")
        action = start_bulk_action(town.zhao, town.departments["health"], "accept", [part.number for part in parts])
        mine = town.part(parts[0].bundle, "birth_cert")
        worked, single = race(lambda: process("bulk"), lambda mine=mine: review.accept(town.wang, mine))  # type: ignore[misc]
        while process("bulk")[0]:
            pass
        assert worked is not None
        first, second = (action.lines.get(sub_item=part) for part in parts)
        assert second.outcome == "done"
        assert (first.outcome == "refused") is not isinstance(single, Refusal)
        assert first.outcome == "done" or first.sentence
        for part in parts:
            check_one_history(part)
