"""What may start and what must end, given where a bundle's sub-items stand.

Pure: rows in, moves out. A sub-item starts when everything it waits for is approved; it ends with the first
prerequisite that is concluded otherwise, because its result can no longer come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matters.core.states import CONCLUDED, State


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one sub-item stands, and the keys of those it waits for."""

    state: State
    after: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """``name``: ``queue`` or ``terminate`` of the table of transitions. ``because``: the prerequisite that failed."""

    name: str
    because: str = ""


def next_moves(sub_items: Mapping[str, Standing]) -> dict[str, Move]:
    """Return the moves of one bundle's waiting sub-items, by key, until nothing more follows from anything.

    A prerequisite that is not there (yet) keeps its sub-item waiting.
    """
    states = {key: standing.state for key, standing in sub_items.items()}
    moves: dict[str, Move] = {}
    changed = True
    while changed:
        changed = False
        for key, standing in sub_items.items():
            if states[key] is not State.WAITING:
                continue
            move = _move_of(standing, states)
            if move is not None:
                moves[key] = move
                states[key] = State.QUEUED if move.name == "queue" else State.TERMINATED
                changed = True
    return moves


def _move_of(standing: Standing, states: Mapping[str, State]) -> Move | None:
    for key in standing.after:
        if states.get(key) in CONCLUDED - {State.APPROVED}:
            return Move("terminate", because=key)
    if all(states.get(key) is State.APPROVED for key in standing.after):
        return Move("queue")
    return None
