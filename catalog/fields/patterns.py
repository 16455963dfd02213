"""Patterns a department may demand: a subset of regular expressions that Python and the browser read alike and that cannot run away.

Allowed: literal characters, ``\\d`` (0-9) and escaped punctuation, ``.``, classes ``[…]``, groups ``(…)`` and ``(?:…)``, alternatives ``|``, and the
quantifiers ``? * + {n} {n,} {n,m}``. Not allowed: look-around, back references, flags, anchors (a pattern always covers the
whole value), quantified groups that themselves repeat, and repetitions whose product passes ``MAX_WORK``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

MAX_LENGTH: Final = 200
MAX_WORK: Final = 20_000  # product of how many ways each repetition may match
UNBOUNDED: Final = 100  # what * and + count for
_QUANTIFIER = re.compile(r"\{([0-9]{1,4})(,([0-9]{0,4}))?\}")
_CLASS = re.compile(r"\[\^?(?:\\[\\\]^.*+?(){}|/$-]|\\d|[^\\\[\]])+\]")
_ESCAPE = re.compile(r"\\[\\.*+?(){}\[\]|^$/-]|\\d")


def check_pattern(pattern: object) -> str:
    """Return why a pattern is not in the subset (``not_text``, ``too_long``, ``syntax``, ``too_costly``), or an empty string."""
    if not isinstance(pattern, str) or not pattern:
        return "not_text"
    if len(pattern) > MAX_LENGTH:
        return "too_long"
    trouble = _scan(pattern)
    if trouble:
        return trouble
    try:
        re.compile(_python(pattern))
    except (re.error, OverflowError):
        return "syntax"
    return ""


def compile_pattern(pattern: str) -> Callable[[str], bool]:
    """Return a function that says whether a whole text matches. For patterns that passed ``check_pattern``."""
    compiled = re.compile(_python(pattern))
    return lambda text: compiled.fullmatch(text) is not None


def _python(pattern: str) -> str:
    # A browser's \d is 0-9 only.
    return re.sub(
        r"(\\\\)|\\d",
        lambda found: found[1] or "0-9" if _in_class(pattern, found.start()) else found[1] or "[0-9]",
        pattern,
    )


def _in_class(pattern: str, place: int) -> bool:
    inside, at = False, 0
    while at < place:
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] == "[" and not inside:
            inside = True
        elif pattern[at] == "]" and inside:
            inside = False
        at += 1
    return inside


def _scan(pattern: str) -> str:
    """Walk the pattern once. A group's ``repeats`` says whether anything inside it repeats."""
    work, at = 1, 0
    groups: list[bool] = []  # open groups: does anything inside repeat?
    atom: bool | None = None  # the atom just read: None if there is none, else whether it repeats inside
    while at < len(pattern):
        character = pattern[at]
        if character in "^$" or (pattern.startswith("(?", at) and not pattern.startswith("(?:", at)):
            return "syntax"
        if character == "(":
            groups.append(False)
            at, atom = at + (3 if pattern.startswith("(?:", at) else 1), None
        elif character == ")":
            if not groups:
                return "syntax"
            inside = groups.pop()
            if groups:
                groups[-1] = groups[-1] or inside
            at, atom = at + 1, inside
        elif character == "|":
            at, atom = at + 1, None
        elif character in "?*+{":
            span, ways = _quantifier(pattern, at)
            if not span or atom is None:
                return "syntax"
            if atom and ways > 1:
                return "too_costly"
            work *= ways
            if work > MAX_WORK:
                return "too_costly"
            if groups:
                groups[-1] = groups[-1] or ways > 1
            at, atom = at + span, None
        else:
            found = {"[": _CLASS, "\\": _ESCAPE}.get(character)
            if found is None:
                if character in "]}":
                    return "syntax"
                at, atom = at + 1, False
                continue
            match = found.match(pattern, at)
            if match is None:
                return "syntax"
            at, atom = match.end(), False
    return "syntax" if groups else ""


def _quantifier(pattern: str, at: int) -> tuple[int, int]:
    """Return how long the quantifier is (0: none) and in how many ways it may match."""
    if pattern[at] != "{":
        return 1, 2 if pattern[at] == "?" else UNBOUNDED
    match = _QUANTIFIER.match(pattern, at)
    if match is None:
        return 0, 0
    least = int(match[1])
    if not match[2]:
        return match.end() - at, 1 if least <= UNBOUNDED else MAX_WORK + 1
    most = int(match[3]) if match[3] else least + UNBOUNDED
    if most < least or most > 1000:
        return 0, 0
    return match.end() - at, most - least + 1
