"""How often an engine that backtracks may come to the same place of a text by different ways. Pure.

Such an engine takes time in proportion to the ways in which a pattern reads the beginnings of a text. The ways are counted here, for all
texts at once: the pattern becomes an automaton with one state a character (Glushkov's), each arrow with the number of empty ways it stands
for, and every set of states that some text leads to is visited together with the number of ways into each. ``(a|a)*b`` doubles the ways
with every letter, ``a*a*b`` adds one, ``[A-Z]\\d{9}`` has one for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from catalog.fields.pattern_syntax import Characters, Choice, Concatenation, Node, Repetition

MOST_WAYS: Final = 16  # into the states that one text leads to
MOST_TRIES: Final = 256  # characters of the pattern compared with one of the text
MOST_STATES: Final = 1_200
MOST_STEPS: Final = 100_000  # of this search itself

Ways = dict[int, int]


class _TooMany(Exception):
    """A bound was passed: nobody vouches for the pattern."""


@dataclass(slots=True)
class _Part:
    """A part of the pattern: the ways to read nothing, the states it begins with and those it ends in."""

    nothing: int
    first: Ways
    last: Ways


@dataclass(slots=True)
class _Automaton:
    characters: list[Characters] = field(default_factory=list)
    following: list[Ways] = field(default_factory=list)

    def part(self, node: Node) -> _Part:
        """Add a node; a part that is repeated is added as many times."""
        match node:
            case Characters():
                return self._state(node)
            case Concatenation(parts):
                whole = _Part(1, {}, {})
                for each in parts:
                    whole = self._joined(whole, self.part(each))
                return whole
            case Choice(branches):
                read = [self.part(branch) for branch in branches]
                return _Part(
                    sum(each.nothing for each in read),
                    _added(*(each.first for each in read)),
                    _added(*(each.last for each in read)),
                )
            case Repetition():
                return self._repeated(node)

    def _state(self, characters: Characters) -> _Part:
        if len(self.characters) >= MOST_STATES:
            raise _TooMany
        self.characters.append(characters)
        self.following.append({})
        number = len(self.characters) - 1
        return _Part(0, {number: 1}, {number: 1})

    def _joined(self, one: _Part, other: _Part) -> _Part:
        self._follow(one.last, other.first)
        return _Part(
            one.nothing * other.nothing,
            _added(one.first, _times(other.first, one.nothing)),
            _added(other.last, _times(one.last, other.nothing)),
        )

    def _follow(self, ends: Ways, beginnings: Ways) -> None:
        for end, ways in ends.items():
            arrows = self.following[end]
            for beginning, more in beginnings.items():
                arrows[beginning] = arrows.get(beginning, 0) + ways * more

    def _repeated(self, node: Repetition) -> _Part:
        if node.most == 0:
            return _Part(1, {}, {})
        # Inside out, as engines read it: x{1,3} is x(x(x)?)?.
        optional = (node.most - node.least) if node.most is not None else 1
        whole = _Part(1, {}, {})
        for number in range(optional):
            copy = self.part(node.part)
            if node.most is None:
                self._follow(copy.last, copy.first)
            if copy.nothing and (node.most != 1 or number):
                raise _TooMany  # repeating what may be nothing: engines differ, and ways multiply
            whole = self._joined(copy, whole)
            whole.nothing += 1
        for _number in range(node.least):
            copy = self.part(node.part)
            if copy.nothing and node.most != 1:
                raise _TooMany
            whole = self._joined(copy, whole)
        return whole


def backtracks_little(pattern: Node) -> bool:
    """Whether every text has at most ``MOST_WAYS`` ways at each of its places, ``MOST_TRIES`` comparisons each."""
    automaton = _Automaton()
    try:
        whole = automaton.part(pattern)
        if whole.nothing > MOST_WAYS:
            return False
        _visit(whole.first, automaton)
    except _TooMany:
        return False
    return True


def _visit(first: Ways, automaton: _Automaton) -> None:
    """Follow every text from the beginning. Raises ``_TooMany``."""
    letters = _letters(automaton.characters)
    tries = _bounded(first)
    seen: set[frozenset[tuple[int, int]]] = set()
    waiting = [tries]
    steps = 0
    while waiting:
        tries = waiting.pop()
        by_letter: dict[int, Ways] = {}
        for state, ways in tries.items():
            for letter in letters[automaton.characters[state]]:
                by_letter.setdefault(letter, {})[state] = ways
                steps += 1
        for reached in {frozenset(ways.items()) for ways in by_letter.values()} - seen:
            seen.add(reached)
            if sum(ways for _state, ways in reached) > MOST_WAYS:
                raise _TooMany
            waiting.append(_bounded(_added(*(_times(automaton.following[state], ways) for state, ways in reached))))
            steps += 1
        if steps > MOST_STEPS:
            raise _TooMany


def _bounded(tries: Ways) -> Ways:
    if sum(tries.values()) > MOST_TRIES:
        raise _TooMany
    return tries


def _letters(characters: list[Characters]) -> dict[Characters, tuple[int, ...]]:
    """Return for each set of characters its letters: intervals of code points that no set divides."""
    kinds = dict.fromkeys(characters)
    borders = sorted({border for kind in kinds for low, high in kind.ranges for border in (low, high + 1)})
    signatures: dict[tuple[bool, ...], int] = {}
    for border in borders:
        signature = tuple(any(low <= border <= high for low, high in kind.ranges) for kind in kinds)
        signatures.setdefault(signature, border)
    return {
        kind: tuple(letter for signature, letter in signatures.items() if signature[place])
        for place, kind in enumerate(kinds)
    }


def _added(*all_ways: Mapping[int, int]) -> Ways:
    if len(all_ways) == 2 and not all_ways[1]:
        return dict(all_ways[0])
    total: Ways = {}
    for ways in all_ways:
        for state, number in ways.items():
            total[state] = total.get(state, 0) + number
    return total


def _times(ways: Mapping[int, int], factor: int) -> Ways:
    return {state: number * factor for state, number in ways.items()} if factor else {}
