"""Whose turn it is: pure, over any graph."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matters.core.progress import DueTransition, SubItemPosition, due_transitions, ends_with
from matters.core.states import CONCLUDED, TRANSITIONS, State

QUEUE = DueTransition(TRANSITIONS["queue"])


@st.composite
def bundles(draw: st.DrawFn) -> dict[str, SubItemPosition]:
    """Sub-items in any state; each waits only for earlier ones (publishing refuses cycles)."""
    keys = [f"item{number}" for number in range(draw(st.integers(1, 8)))]
    states = st.one_of(st.just(State.WAITING), st.sampled_from(State))
    return {
        key: SubItemPosition(draw(states), draw(st.lists(st.sampled_from(keys[:place]), unique=True)) if place else [])
        for place, key in enumerate(keys)
    }


def _after(sub_items: dict[str, SubItemPosition], due: dict[str, DueTransition]) -> dict[str, SubItemPosition]:
    return {
        key: SubItemPosition(due[key].transition.target if key in due else position.state, position.after)
        for key, position in sub_items.items()
    }


def test_it_starts_what_waits_for_nothing_or_for_what_is_approved() -> None:
    parts = {
        "a": SubItemPosition(State.APPROVED),
        "b": SubItemPosition(State.WAITING, ["a"]),
        "c": SubItemPosition(State.WAITING, ["a", "b"]),
        "d": SubItemPosition(State.WAITING),
    }
    assert due_transitions(parts) == {"b": QUEUE, "d": QUEUE}


def test_a_failed_prerequisite_ends_all_that_follow_from_it() -> None:
    parts = {
        "a": SubItemPosition(State.REJECTED),
        "b": SubItemPosition(State.WAITING, ["a"]),
        "c": SubItemPosition(State.WAITING, ["b"]),
    }
    assert due_transitions(parts) == {
        "b": DueTransition(TRANSITIONS["terminate"], "a"),
        "c": DueTransition(TRANSITIONS["terminate"], "b"),
    }


def test_it_waits_for_a_prerequisite_that_is_not_there() -> None:
    assert due_transitions({"b": SubItemPosition(State.WAITING, ["lost"])}) == {}


@given(bundles())
def test_doing_it_again_moves_nothing(parts: dict[str, SubItemPosition]) -> None:
    assert due_transitions(_after(parts, due_transitions(parts))) == {}


@given(bundles())
def test_only_what_waits_is_moved(parts: dict[str, SubItemPosition]) -> None:
    assert all(parts[key].state is State.WAITING for key in due_transitions(parts))


@given(bundles())
def test_nothing_starts_before_its_prerequisites_and_nothing_ready_is_left(parts: dict[str, SubItemPosition]) -> None:
    due = due_transitions(parts)
    after = _after(parts, due)
    for key, position in parts.items():
        before = [after[need].state for need in position.after]
        if position.state is not State.WAITING:
            continue
        if any(state in CONCLUDED - {State.APPROVED} for state in before):
            assert due[key].transition.name == "terminate"
        elif all(state is State.APPROVED for state in before):
            assert due[key].transition.name == "queue"
        else:
            assert key not in due


def test_what_waits_for_the_withdrawn_ends_with_it_however_far_off() -> None:
    parts = {
        "a": SubItemPosition(State.UNDER_REVIEW),
        "b": SubItemPosition(State.WAITING, ["a"]),
        "c": SubItemPosition(State.WAITING, ["b"]),
        "d": SubItemPosition(State.QUEUED),
        "lost": SubItemPosition(State.WAITING, ["refused"]),
        "refused": SubItemPosition(State.REJECTED),
    }
    assert ends_with(parts, {"a"}) == ["b", "c"]
    assert ends_with(parts, {"b"}) == ["c"]
    assert ends_with(parts, {"a", "b", "c"}) == []
    assert ends_with(parts, {"d"}) == []


@given(bundles(), st.data())
def test_what_is_said_to_end_is_what_is_ended(parts: dict[str, SubItemPosition], data: st.DataObject) -> None:
    """Whoever is told beforehand is told of what dispatching then does."""
    parts = _after(parts, due_transitions(parts))
    key = data.draw(st.sampled_from(sorted(parts)))
    then = {**parts, key: SubItemPosition(State.WITHDRAWN, parts[key].after)}
    ended = [each for each, due in due_transitions(then).items() if due.transition is TRANSITIONS["terminate"]]
    assert sorted(ends_with(parts, {key})) == sorted(ended)
