"""The one table of transitions, tried from every state, in the table and on the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from matters.core.states import CONCLUDED, IN_QUEUE, OPEN, TRANSITIONS, State, can, moves_from, replay
from matters.models import ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.corrections import Gap, request_correction
from matters.reviewing.withdrawal import withdraw
from matters.wording.refusals import Refusal, StateChanged
from tests.worlds.town import CHILD_NUMBER, Town

LEGAL = {
    "queue": {"waiting"},
    "accept": {"queued", "resubmitted"},
    "start_review": {"accepted"},
    "request_correction": {"queued", "resubmitted", "accepted", "under_review"},
    "resubmit": {"returned"},
    "approve": {"accepted", "under_review"},
    "reject": {"accepted", "under_review"},
    "refuse_acceptance": {"queued", "resubmitted"},
    "withdraw": {"waiting", "queued", "returned", "resubmitted", "accepted", "under_review"},
    "terminate": {"waiting", "returned"},
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("name", list(TRANSITIONS))
def test_each_move_starts_from_its_sources_and_from_nowhere_else(name: str, state: State) -> None:
    assert can(name, state) is (state.value in LEGAL[name])


def test_every_state_is_either_open_or_concluded() -> None:
    assert set(State) == OPEN | CONCLUDED
    assert not OPEN & CONCLUDED
    assert IN_QUEUE < OPEN


def test_nothing_leaves_a_concluded_state() -> None:
    assert all(moves_from(state) == [] for state in CONCLUDED)


def test_every_state_can_be_reached_and_every_open_one_left() -> None:
    reached = {move.target for move in TRANSITIONS.values()} | {State.WAITING}
    assert reached == set(State)
    assert all(moves_from(state) for state in OPEN)


def test_each_move_has_an_event_of_its_own() -> None:
    assert len({move.event for move in TRANSITIONS.values()}) == len(TRANSITIONS)


def test_events_replay_to_the_state_they_led_to() -> None:
    story = [
        "submitted",
        "queued",
        "claimed",
        "correction_requested",
        "resubmitted",
        "accepted",
        "approved",
        "concluded",
    ]
    assert replay(story) == State.APPROVED


def test_replaying_an_impossible_event_names_it() -> None:
    with pytest.raises(ValueError, match="approved is not possible in state queued"):
        replay(["queued", "approved"])


def _approve(town: Town, sub_item: SubItem) -> Any:
    return review.decide(
        town.wang, sub_item, "approved", "", {"id_number": CHILD_NUMBER, "registered_on": "2026-11-20"}
    )


ACTIVITIES: dict[str, Callable[[Town, SubItem], Any]] = {
    "accept": lambda town, one: review.accept(town.wang, one),
    "start_review": lambda town, one: review.start_review(town.wang, one),
    "request_correction": lambda town, one: request_correction(
        town.wang, one, [Gap("field", "child:person.name", "请核对")]
    ),
    "approve": _approve,
    "reject": lambda town, one: review.decide(town.wang, one, "rejected", "不符合规定"),
    "refuse_acceptance": lambda town, one: review.refuse_acceptance(town.wang, one, "不属于本机关"),
    "withdraw": lambda town, one: withdraw(town.li, one.bundle, one),
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("name", list(ACTIVITIES))
def test_an_activity_does_what_the_table_allows_and_refuses_the_rest(town: Town, name: str, state: State) -> None:
    sub_item = _put(town, state)
    if can(name, state):
        ACTIVITIES[name](town, sub_item)
        assert town.part(sub_item.bundle, "hukou").state == TRANSITIONS[name].target
    else:
        with pytest.raises(StateChanged) as refused:
            ACTIVITIES[name](town, sub_item)
        assert isinstance(refused.value, Refusal)
        assert town.part(sub_item.bundle, "hukou").state == state


def _put(town: Town, state: State) -> SubItem:
    """Return the police's sub-item standing in ``state``, with an open task where there must be one."""
    bundle = town.submit(dispatch=False)
    now = timezone.now()
    SubItem.objects.filter(bundle=bundle, key="hukou").update(
        state=state, state_since=now, concluded_at=now if state in CONCLUDED else None
    )
    sub_item = town.part(bundle, "hukou")
    if state in IN_QUEUE:
        ReviewTask.objects.create(sub_item=sub_item, department=sub_item.department, opened_at=now)
    return sub_item
