"""The states of a sub-item and the one table of transitions.

Buttons, guards, the API and the tests read this table; nothing else decides what may follow what.
Pure: no Django model, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a sub-item stands. The Chinese label is given by ``matters.wording``."""

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
    """One legal move. ``right`` is the grant on the department that a person needs; empty for the system or the applicant."""

    name: str
    sources: frozenset[State]
    target: State
    right: str = ""


def _move(name: str, sources: set[State], target: State, right: str = "") -> Transition:
    return Transition(name, frozenset(sources), target, right)


TRANSITIONS: dict[str, Transition] = {
    move.name: move
    for move in (
        _move("queue", {State.WAITING}, State.QUEUED),
        _move("accept", {State.QUEUED, State.RESUBMITTED}, State.ACCEPTED, "accept"),
        _move("start_review", {State.ACCEPTED}, State.UNDER_REVIEW, "review"),
        _move("request_correction", {State.QUEUED, State.RESUBMITTED, State.ACCEPTED, State.UNDER_REVIEW}, State.RETURNED, "review"),
        _move("resubmit", {State.RETURNED}, State.RESUBMITTED),
        _move("approve", {State.ACCEPTED, State.UNDER_REVIEW}, State.APPROVED, "decide"),
        _move("reject", {State.ACCEPTED, State.UNDER_REVIEW}, State.REJECTED, "decide"),
        _move("refuse_acceptance", {State.QUEUED, State.RESUBMITTED}, State.REJECTED, "accept"),
        _move("withdraw", {State.WAITING, State.QUEUED, State.RETURNED, State.RESUBMITTED, State.ACCEPTED, State.UNDER_REVIEW}, State.WITHDRAWN),
        _move("terminate", {State.WAITING, State.RETURNED}, State.TERMINATED),
    )
}


def can(name: str, state: State | str) -> bool:
    """Return whether the transition may start from ``state``: the same predicate for a button and its guard."""
    return State(state) in TRANSITIONS[name].sources
