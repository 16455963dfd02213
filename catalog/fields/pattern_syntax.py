"""The syntax of patterns: a subset of regular expressions that means the same to RE2, to Python and to every browser. Pure.

Literal characters, ``\\d`` (0-9) and escaped punctuation, ``.``, classes ``[…]``, groups ``(…)`` and ``(?:…)``, alternatives ``|``, and the
quantifiers ``? * + {n} {n,} {n,m}``. No look-around, no back references, no flags, no anchors: a pattern always covers the whole value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MOST_REPEATS: Final = 1000
_LAST = 0x10FFFF
_QUANTIFIER = re.compile(r"\{([0-9]{1,4})(?:(,)([0-9]{0,4}))?\}")
_CLASS = re.compile(r"\[\^?(?:\\[\\\]^.*+?(){}|/$-]|\\d|[^\\\[\]])+\]")
_ESCAPE = re.compile(r"\\[\\.*+?(){}\[\]|^$/-]|\\d")
_ONE_OF_A_CLASS = re.compile(r"\\d|\\.|[^\\]", re.DOTALL)
_DIGITS = ((ord("0"), ord("9")),)
_ANY = ((0, 9), (11, _LAST))


class NotInSubset(ValueError):
    """The text is no pattern of the subset."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character out of these ranges of code points."""

    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Concatenation:
    """Parts one after another."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    branches: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repetition:
    """A part so many times; without ``most`` as often as it likes."""

    part: Node
    least: int
    most: int | None


Node = Characters | Concatenation | Choice | Repetition


def parse(pattern: str) -> Node:
    """Return what a pattern says. Raises ``NotInSubset``."""
    stack: list[list[list[Node]]] = [[[]]]  # open groups, of each its branches, of each its parts
    is_atom, at = False, 0  # whether a quantifier may follow
    while at < len(pattern):
        character = pattern[at]
        branch = stack[-1][-1]
        if character == "(":
            if pattern.startswith("(?", at) and not pattern.startswith("(?:", at):
                raise NotInSubset(pattern)
            stack.append([[]])
            at, is_atom = at + (3 if pattern.startswith("(?:", at) else 1), False
        elif character == ")":
            if len(stack) == 1:
                raise NotInSubset(pattern)
            group = _choice(stack.pop())
            stack[-1][-1].append(group)
            at, is_atom = at + 1, True
        elif character == "|":
            stack[-1].append([])
            at, is_atom = at + 1, False
        elif character in "?*+{":
            if not is_atom:
                raise NotInSubset(pattern)
            at, least, most = _quantifier(pattern, at)
            branch[-1] = Repetition(branch[-1], least, most)
            is_atom = False
        else:
            at, one = _characters(pattern, at)
            branch.append(one)
            is_atom = True
    if len(stack) > 1:
        raise NotInSubset(pattern)
    return _choice(stack[0])


def _choice(branches: list[list[Node]]) -> Node:
    whole: list[Node] = [Concatenation(tuple(parts)) for parts in branches]
    return whole[0] if len(whole) == 1 else Choice(tuple(whole))


def _quantifier(pattern: str, at: int) -> tuple[int, int, int | None]:
    """Return where it ends, the least and the most."""
    if pattern[at] != "{":
        return at + 1, 1 if pattern[at] == "+" else 0, 1 if pattern[at] == "?" else None
    match = _QUANTIFIER.match(pattern, at)
    if match is None:
        raise NotInSubset(pattern)
    numbers = [each for each in (match[1], match[3]) if each]
    # RE2 reads {02} as five letters, a browser as a number.
    if any(number != str(int(number)) for number in numbers):
        raise NotInSubset(pattern)
    least = int(match[1])
    most = least if match[2] is None else int(match[3]) if match[3] else None
    if (most is not None and most < least) or max(least, most or 0) > MOST_REPEATS:
        raise NotInSubset(pattern)
    return match.end(), least, most


def _characters(pattern: str, at: int) -> tuple[int, Characters]:
    character = pattern[at]
    if character in "^$]}" or "\ud800" <= character <= "\udfff":
        raise NotInSubset(pattern)
    if character == "[":
        match = _CLASS.match(pattern, at)
        if match is None:
            raise NotInSubset(pattern)
        return match.end(), _class(match[0], pattern)
    if character == "\\":
        match = _ESCAPE.match(pattern, at)
        if match is None:
            raise NotInSubset(pattern)
        return match.end(), Characters(_DIGITS if match[0] == r"\d" else _single(match[0][1]))
    return at + 1, Characters(_ANY if character == "." else _single(character))


def _single(character: str) -> tuple[tuple[int, int], ...]:
    return ((ord(character), ord(character)),)


def _class(text: str, pattern: str) -> Characters:
    negated = text.startswith("[^")
    members = [match[0] for match in _ONE_OF_A_CLASS.finditer(text, 2 if negated else 1, len(text) - 1)]
    ranges: list[tuple[int, int]] = []
    while members:
        first = members.pop(0)
        if len(members) > 1 and members[0] == "-":
            if r"\d" in (first, members[1]):
                raise NotInSubset(pattern)  # Python, RE2 and browsers disagree about [\d-x]
            members.pop(0)
            low, high = ord(first[-1]), ord(members.pop(0)[-1])
            if high < low:
                raise NotInSubset(pattern)
            ranges.append((low, high))
        else:
            ranges += _DIGITS if first == r"\d" else _single(first[-1])
    if any(0xD800 <= end <= 0xDFFF for each in ranges for end in each):
        raise NotInSubset(pattern)
    return Characters(_all_but(ranges) if negated else tuple(ranges))


def _all_but(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    left, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            left.append((start, low - 1))
        start = max(start, high + 1)
    return (*left, *([(start, _LAST)] if start <= _LAST else []))
