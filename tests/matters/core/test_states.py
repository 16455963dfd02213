"""The one table of transitions, tried from every state, in the table and on the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from matters.core.states import CONCLUDED, IN_QUEUE, OPEN, TRANSITIONS, Facts, State, can, replay, transitions_from
from matters.models import Bundle, ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.corrections import Gap, request_correction
from matters.reviewing.transitions import offered_transitions
from matters.reviewing.withdrawal import withdraw
from matters.wording.refusals import NotAllowed, StateChanged
from portal.accounts.models import User
from portal.ledger.models import Event
from tests.worlds.town import CHILD_NUMBER, Town

LEGAL = {
    "queue": {"waiting"},
    "accept": {"queued", "resubmitted"},
    "deem_accepted": {"queued", "resubmitted"},
    "start_review": {"accepted"},
    "request_correction": {"queued", "resubmitted", "accepted", "under_review"},
    "resubmit": {"returned"},
    "approve": {"accepted", "under_review"},
    "approve_in_part": {"accepted", "under_review"},
    "decide_by_rule": {"queued"},
    "accept_by_system": {"queued", "resubmitted"},
    "approve_by_system": {"queued", "resubmitted", "accepted", "under_review"},
    "reject_by_system": {"queued", "resubmitted", "accepted", "under_review"},
    "reject": {"accepted", "under_review"},
    "refuse_acceptance": {"queued", "resubmitted"},
    "withdraw": {"waiting", "queued", "returned", "resubmitted", "accepted", "under_review"},
    "end_unkept": {"accepted", "under_review"},
    "terminate": {"waiting"},
}


FACTS = [Facts(state, was_accepted) for state in State for was_accepted in (False, True)]


@pytest.mark.parametrize("facts", FACTS, ids=str)
@pytest.mark.parametrize("name", list(TRANSITIONS))
def test_each_transition_starts_from_its_sources_and_from_nowhere_else(name: str, facts: Facts) -> None:
    forbidden = name in ("refuse_acceptance", "decide_by_rule", "deem_accepted") and facts.was_accepted
    assert can(name, facts) is (facts.state.value in LEGAL[name] and not forbidden)


def test_some_transitions_need_a_further_right() -> None:
    def rights(name: str, facts: Facts) -> list[str]:
        return TRANSITIONS[name].rights_for(facts)

    assert rights("request_correction", Facts(State.QUEUED)) == ["accept"]
    assert rights("request_correction", Facts(State.UNDER_REVIEW)) == ["accept", "review"]
    assert rights("approve", Facts(State.ACCEPTED)) == ["decide"]
    assert rights("approve", Facts(State.ACCEPTED, grants_certificates=True)) == ["decide", "issue"]
    assert rights("withdraw", Facts(State.QUEUED)) == []


def test_every_state_is_either_open_or_concluded() -> None:
    assert set(State) == OPEN | CONCLUDED
    assert not OPEN & CONCLUDED
    assert IN_QUEUE < OPEN


def test_nothing_leaves_a_concluded_state() -> None:
    assert all(transitions_from(Facts(state)) == [] for state in CONCLUDED)


def test_every_state_can_be_reached_and_every_open_one_left() -> None:
    reached = {each.target for each in TRANSITIONS.values()} | {State.WAITING}
    assert reached == set(State)
    assert all(transitions_from(Facts(state)) for state in OPEN)


def test_each_transition_has_an_event_of_its_own() -> None:
    assert len({each.event for each in TRANSITIONS.values()}) == len(TRANSITIONS)


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


OUTPUTS = {"id_number": CHILD_NUMBER, "registered_on": "2026-11-20"}


def _approve(user: User, sub_item: SubItem) -> Any:
    return review.decide(user, sub_item, "approved", "", OUTPUTS)


ACTIVITIES: dict[str, Callable[[User, SubItem], Any]] = {
    "accept": review.accept,
    "start_review": review.start_review,
    "request_correction": lambda user, one: request_correction(
        user, one, [Gap("field", "child:person.name", "请核对")]
    ),
    "approve": _approve,
    "approve_in_part": lambda user, one: review.decide(
        user, one, "approved", "只登记户口，不立户", OUTPUTS, in_part=True
    ),
    "reject": lambda user, one: review.decide(user, one, "rejected", "不符合规定"),
    "refuse_acceptance": lambda user, one: review.refuse_acceptance(user, one, "不属于本机关"),
    "withdraw": lambda user, one: withdraw(user, one.bundle, one),
}


# Who does what in the police's part: the rights of each role there, written out, so that the table is not asked about itself.
REVIEWER = {"accept", "review", "decide", "issue"}
ROLES: dict[str, set[str]] = {
    "li": set(),  # applies
    "wang": REVIEWER,
    "zhou": REVIEWER | {"supervise"},  # leads
    "sun": {"serve", "accept"},  # at a window
    "zhao": set(),  # reviews for another department
    "stranger": set(),
}
NEEDS = {
    "accept": {"accept"},
    "start_review": {"review"},
    "request_correction": {"accept"},
    "approve": {"decide", "issue"},
    "approve_in_part": {"decide", "issue"},
    "reject": {"decide"},
    "refuse_acceptance": {"accept"},
}
# A state, and whether it was accepted before: what cannot be is not tried.
STANDINGS = [
    (state, accepted)
    for state in State
    for accepted in (False, True)
    if accepted or state not in (State.ACCEPTED, State.UNDER_REVIEW, State.APPROVED, State.REJECTED)
    if not accepted or state not in (State.WAITING, State.QUEUED, State.NOT_ACCEPTED)
]


@pytest.mark.parametrize(("state", "was_accepted"), STANDINGS)
def test_every_action_of_every_role_does_what_the_table_says(town: Town, state: State, was_accepted: bool) -> None:
    """Every state × action × role: who may gets there and the event says from where, to where and why; all others change nothing."""
    _put(town, state, was_accepted)
    bundle = Bundle.objects.get()
    for who, held in ROLES.items():
        user = getattr(town, who)
        allowed = {name for name in ACTIVITIES if _may(name, who, held, state, was_accepted)}
        offered = offered_transitions(user, town.part(bundle, "hukou"))
        assert offered == allowed - {"withdraw"}, (who, "buttons")
        for name, activity in ACTIVITIES.items():
            with transaction.atomic():
                sub_item = town.part(bundle, "hukou")
                before = Event.objects.count()
                if name in allowed:
                    activity(user, sub_item)
                    _assert_recorded(bundle, name, state)
                else:
                    with pytest.raises((NotAllowed, StateChanged)):
                        activity(user, sub_item)
                    assert Event.objects.count() == before
                reached = TRANSITIONS[name].target if name in allowed else state
                assert town.part(bundle, "hukou").state == reached, (who, name)
                transaction.set_rollback(True)


def _may(name: str, who: str, held: set[str], state: State, was_accepted: bool) -> bool:
    if state.value not in LEGAL[name] or (name == "refuse_acceptance" and was_accepted):
        return False
    if name == "withdraw":
        return who == "li"
    further = {"review"} if name == "request_correction" and state in ("accepted", "under_review") else set()
    return held >= NEEDS[name] | further


def _assert_recorded(bundle: Bundle, name: str, source: State) -> None:
    event = Event.objects.get(chain_id=bundle.pk, kind=TRANSITIONS[name].event)
    stored = {key: event.data[key] for key in ("from", "to", "reason")}
    assert stored == {
        "from": source,
        "to": TRANSITIONS[name].target,
        "reason": {
            "withdraw": "applicant",
            "request_correction": "correction",
            "approve": "decision",
            "approve_in_part": "decision",
            "reject": "decision",
            "refuse_acceptance": "decision",
        }.get(name, "officer"),
    }


def test_a_window_clerk_is_offered_what_a_clerk_may_do(town: Town) -> None:
    before = _put(town, State.QUEUED)
    assert offered_transitions(town.sun, before) == {"accept", "request_correction", "refuse_acceptance"}
    after = _put(town, State.ACCEPTED, was_accepted=True)
    assert offered_transitions(town.sun, after) == set()
    with pytest.raises(NotAllowed):
        request_correction(town.sun, after, [Gap("field", "child:person.name", "请核对")])


def _put(town: Town, state: State, was_accepted: bool = False) -> SubItem:
    """Return the police's sub-item standing in ``state``, with an open task where there must be one."""
    bundle = town.submit(dispatch=False)
    now = timezone.now()
    SubItem.objects.filter(bundle=bundle, key="hukou").update(
        state=state,
        state_since=now,
        accepted_at=now if was_accepted else None,
        concluded_at=now if state in CONCLUDED else None,
    )
    sub_item = town.part(bundle, "hukou")
    if state in IN_QUEUE:
        ReviewTask.objects.create(sub_item=sub_item, department=sub_item.department, opened_at=now)
    return sub_item
