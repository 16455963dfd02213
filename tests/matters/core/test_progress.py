"""Whose turn it is: pure, over any graph."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matters.core.progress import Move, Standing, next_moves
from matters.core.states import CONCLUDED, State


@st.composite
def bundles(draw: st.DrawFn) -> dict[str, Standing]:
    """Sub-items in any state; each waits only for earlier ones (publishing refuses cycles)."""
    keys = [f"item{number}" for number in range(draw(st.integers(1, 8)))]
    states = st.one_of(st.just(State.WAITING), st.sampled_from(State))
    return {
        key: Standing(draw(states), draw(st.lists(st.sampled_from(keys[:place]), unique=True)) if place else [])
        for place, key in enumerate(keys)
    }


def _after(sub_items: dict[str, Standing], moves: dict[str, Move]) -> dict[str, Standing]:
    targets = {"queue": State.QUEUED, "terminate": State.TERMINATED}
    return {
        key: Standing(targets[moves[key].name] if key in moves else standing.state, standing.after)
        for key, standing in sub_items.items()
    }


def test_it_starts_what_waits_for_nothing_or_for_what_is_approved() -> None:
    parts = {
        "a": Standing(State.APPROVED),
        "b": Standing(State.WAITING, ["a"]),
        "c": Standing(State.WAITING, ["a", "b"]),
        "d": Standing(State.WAITING),
    }
    assert next_moves(parts) == {"b": Move("queue"), "d": Move("queue")}


def test_a_failed_prerequisite_ends_all_that_follow_from_it() -> None:
    parts = {
        "a": Standing(State.REJECTED),
        "b": Standing(State.WAITING, ["a"]),
        "c": Standing(State.WAITING, ["b"]),
    }
    assert next_moves(parts) == {"b": Move("terminate", "a"), "c": Move("terminate", "b")}


def test_it_waits_for_a_prerequisite_that_is_not_there() -> None:
    assert next_moves({"b": Standing(State.WAITING, ["lost"])}) == {}


@given(bundles())
def test_doing_it_again_moves_nothing(parts: dict[str, Standing]) -> None:
    assert next_moves(_after(parts, next_moves(parts))) == {}


@given(bundles())
def test_only_what_waits_is_moved(parts: dict[str, Standing]) -> None:
    assert all(parts[key].state is State.WAITING for key in next_moves(parts))


@given(bundles())
def test_nothing_starts_before_its_prerequisites_and_nothing_ready_is_left(parts: dict[str, Standing]) -> None:
    moves = next_moves(parts)
    after = _after(parts, moves)
    for key, standing in parts.items():
        before = [after[need].state for need in standing.after]
        if standing.state is not State.WAITING:
            continue
        if any(state in CONCLUDED - {State.APPROVED} for state in before):
            assert moves[key].name == "terminate"
        elif all(state is State.APPROVED for state in before):
            assert moves[key].name == "queue"
        else:
            assert key not in moves
