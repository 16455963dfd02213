"""What may start and what must end, given where a bundle's sub-items stand.

Pure: positions in, transitions out. A sub-item starts when everything it waits for is approved; it ends with the first
prerequisite that is concluded otherwise, because its result can no longer come.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from matters.core.states import CONCLUDED, TRANSITIONS, State, Transition


class SubItemPosition(NamedTuple):
    """The state of one sub-item, and the keys of those it waits for."""

    state: State
    after: Sequence[str] = ()


class DueTransition(NamedTuple):
    """``queue`` or ``terminate``, and because of which prerequisite that failed."""

    transition: Transition
    because: str = ""


def due_transitions(sub_items: Mapping[str, SubItemPosition]) -> dict[str, DueTransition]:
    """Return the transitions of one bundle's waiting sub-items, by key, until nothing more follows from anything.

    A prerequisite that is not there (yet) keeps its sub-item waiting.
    """
    states = {key: position.state for key, position in sub_items.items()}
    found: dict[str, DueTransition] = {}
    changed = True
    while changed:
        changed = False
        for key, position in sub_items.items():
            if states[key] is State.WAITING and (due := _due_transition(position.after, states)) is not None:
                found[key] = due
                states[key] = due.transition.target
                changed = True
    return found


def ends_with(sub_items: Mapping[str, SubItemPosition], withdrawn: Collection[str]) -> list[str]:
    """Return the keys of what cannot go on once these are withdrawn, and could until then."""
    gone = {
        key: position._replace(state=State.WITHDRAWN) if key in withdrawn else position
        for key, position in sub_items.items()
    }
    already = {*withdrawn, *_ending(sub_items)}
    return [key for key in _ending(gone) if key not in already]


def _ending(sub_items: Mapping[str, SubItemPosition]) -> list[str]:
    due = due_transitions(sub_items)
    return [key for key in sub_items if key in due and due[key].transition is TRANSITIONS["terminate"]]


def _due_transition(after: Sequence[str], states: Mapping[str, State]) -> DueTransition | None:
    for key in after:
        if states.get(key) in CONCLUDED - {State.APPROVED}:
            return DueTransition(TRANSITIONS["terminate"], because=key)
    if all(states.get(key) is State.APPROVED for key in after):
        return DueTransition(TRANSITIONS["queue"])
    return None
