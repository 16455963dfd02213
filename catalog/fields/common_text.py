"""Whether any text meets several patterns at once, within a least and a most number of characters. Pure.

Every pattern becomes an automaton with one state a character (Glushkov's), and all are walked together, one character after another: the
sets of states that texts of 0, 1, 2 … characters can lead to. Nothing is made deterministic, so the work grows with the product of
the patterns' sizes and no faster. Only a certain no counts: past ``MOST_STATES`` or ``MOST_STEPS`` nothing is claimed.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from catalog.fields.pattern_syntax import Characters, Choice, Concatenation, Node, Repetition, parse

MOST_STATES: Final = 4_000  # of one pattern
MOST_STEPS: Final = 200_000  # of one walk

Ranges = tuple[tuple[int, int], ...]


class _OutOfBounds(Exception):
    """A bound was passed: nothing is decided."""


@dataclass(slots=True)
class _Piece:
    """A part of a pattern: whether it may be nothing, the states it begins with and those it ends in."""

    nothing: bool
    first: frozenset[int]
    last: frozenset[int]


_NOTHING: Final = _Piece(True, frozenset(), frozenset())


@dataclass(slots=True)
class _Positions:
    characters: list[Ranges] = field(default_factory=list)
    following: list[set[int]] = field(default_factory=list)

    def part(self, node: Node) -> _Piece:
        match node:
            case Characters(ranges):
                if len(self.characters) >= MOST_STATES:
                    raise _OutOfBounds
                self.characters.append(ranges)
                self.following.append(set())
                state = frozenset({len(self.characters) - 1})
                return _Piece(False, state, state)
            case Concatenation(parts):
                whole = _NOTHING
                for each in parts:
                    whole = self._joined(whole, self.part(each))
                return whole
            case Choice(branches):
                read = [self.part(branch) for branch in branches]
                return _Piece(
                    any(each.nothing for each in read),
                    frozenset().union(*(each.first for each in read)),
                    frozenset().union(*(each.last for each in read)),
                )
            case Repetition():
                return self._repeated(node)

    def _joined(self, one: _Piece, other: _Piece) -> _Piece:
        for end in one.last:
            self.following[end] |= other.first
        return _Piece(
            one.nothing and other.nothing,
            one.first | other.first if one.nothing else one.first,
            one.last | other.last if other.nothing else other.last,
        )

    def _repeated(self, node: Repetition) -> _Piece:
        whole = _NOTHING
        for _number in range(node.least):
            whole = self._joined(whole, self.part(node.part))
        for _number in range((node.most - node.least) if node.most is not None else 1):
            copy = self.part(node.part)
            if node.most is None:
                for end in copy.last:
                    self.following[end] |= copy.first
            copy.nothing = True
            whole = self._joined(whole, copy)
        return whole


def some_text_meets(patterns: Sequence[str], least: int = 0, most: int | None = None) -> bool:
    """Return False only when it is certain that no text of ``least`` to ``most`` characters meets all patterns.

    For patterns of the subset. Half a character (a surrogate) is no text.
    """
    try:
        return _walk(patterns, least, most)
    except _OutOfBounds:
        return True


def _walk(patterns: Sequence[str], least: int, most: int | None) -> bool:
    if most is not None and least > most:
        return False
    automata, wholes = [], []
    for pattern in patterns:
        automaton = _Positions()
        wholes.append(automaton.part(parse(pattern)))
        automata.append(automaton)
    if least == 0 and all(whole.nothing for whole in wholes):
        return True
    reached = frozenset(itertools.product(*(whole.first for whole in wholes)))
    seen: set[frozenset[tuple[int, ...]]] = set()
    steps, length = 0, 0
    while reached and (most is None or length < most):
        length += 1
        alive = [
            states for states in reached if _overlap([a.characters[s] for a, s in zip(automata, states, strict=True)])
        ]
        steps += len(reached)
        if length >= least:
            if any(all(state in whole.last for state, whole in zip(states, wholes, strict=True)) for states in alive):
                return True
            if reached in seen:
                return False  # longer texts lead to the same places again
            seen.add(reached)
        following: set[tuple[int, ...]] = set()
        for states in alive:
            ways = [automaton.following[state] for automaton, state in zip(automata, states, strict=True)]
            for next_states in itertools.product(*ways):
                following.add(next_states)
                steps += 1
                if steps > MOST_STEPS:
                    raise _OutOfBounds
        reached = frozenset(following)
    return False


def _overlap(all_ranges: Sequence[Ranges]) -> bool:
    """Return whether one character is in all of the sets."""
    common: list[tuple[int, int]] = [(0, 0xD7FF), (0xE000, 0x10FFFF)]
    for ranges in all_ranges:
        common = [
            (max(low, other_low), min(high, other_high))
            for low, high in common
            for other_low, other_high in ranges
            if max(low, other_low) <= min(high, other_high)
        ]
    return bool(common)
