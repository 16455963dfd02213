"""The states of a sub-item and the one table of transitions.

Buttons, guards, the API and the tests read this table; nothing else decides what may follow what.
Pure: no Django model, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a sub-item stands. The Chinese label is given by ``matters.wording.states``."""

    WAITING = "waiting"  # a prerequisite is not decided yet
    QUEUED = "queued"  # in the department's queue, not accepted
    RETURNED = "returned"  # the applicant must correct
    RESUBMITTED = "resubmitted"  # corrected, in the queue again
    ACCEPTED = "accepted"  # the clock runs
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


OPEN = frozenset({State.WAITING, State.QUEUED, State.RETURNED, State.RESUBMITTED, State.ACCEPTED, State.UNDER_REVIEW})
CONCLUDED = frozenset({State.APPROVED, State.REJECTED, State.WITHDRAWN, State.TERMINATED})
# States in which a review task stands open in the department's queue.
IN_QUEUE = frozenset({State.QUEUED, State.RESUBMITTED, State.ACCEPTED, State.UNDER_REVIEW})


@dataclass(frozen=True, slots=True)
class Transition:
    """One legal move.

    ``event`` is the kind of the one ledger event it writes. ``right`` is the grant on the
    department that a person needs; empty for the system or the applicant.
    """

    name: str
    sources: frozenset[State]
    target: State
    event: str
    right: str = ""


def _move(name: str, sources: set[State] | frozenset[State], target: State, event: str, right: str = "") -> Transition:
    return Transition(name, frozenset(sources), target, event, right)


TRANSITIONS: dict[str, Transition] = {
    move.name: move
    for move in (
        _move("queue", {State.WAITING}, State.QUEUED, "queued"),
        _move("accept", {State.QUEUED, State.RESUBMITTED}, State.ACCEPTED, "accepted", "accept"),
        _move("start_review", {State.ACCEPTED}, State.UNDER_REVIEW, "review_started", "review"),
        _move("request_correction", IN_QUEUE, State.RETURNED, "correction_requested", "accept"),
        _move("resubmit", {State.RETURNED}, State.RESUBMITTED, "resubmitted"),
        _move("approve", {State.ACCEPTED, State.UNDER_REVIEW}, State.APPROVED, "approved", "decide"),
        _move("reject", {State.ACCEPTED, State.UNDER_REVIEW}, State.REJECTED, "rejected", "decide"),
        _move("refuse_acceptance", {State.QUEUED, State.RESUBMITTED}, State.REJECTED, "acceptance_refused", "accept"),
        _move("withdraw", OPEN, State.WITHDRAWN, "withdrawn"),
        _move("terminate", {State.WAITING, State.RETURNED}, State.TERMINATED, "terminated"),
    )
}

# Ledger events that are facts about a bundle or its sub-items without moving a state.
OTHER_EVENTS = frozenset({"submitted", "restored", "claimed", "handed_back", "certificate_issued", "concluded"})


def can(name: str, state: State | str) -> bool:
    """Return whether the transition may start from ``state``: the same predicate for a button and its guard."""
    return State(state) in TRANSITIONS[name].sources


def moves_from(state: State | str) -> list[Transition]:
    """Return the legal moves from ``state``, in the order of the table."""
    return [move for move in TRANSITIONS.values() if State(state) in move.sources]


def replay(events: Iterable[str], start: State = State.WAITING) -> State:
    """Return the state that the event kinds of one sub-item lead to, in their order.

    Kinds of ``OTHER_EVENTS`` move nothing. Raises ``ValueError`` naming the first event
    that was not possible where it stands.
    """
    state = start
    for event in events:
        if event in OTHER_EVENTS:
            continue
        for move in TRANSITIONS.values():
            if move.event == event and state in move.sources:
                state = move.target
                break
        else:
            raise ValueError(f"{event} is not possible in state {state.value}")
    return state
