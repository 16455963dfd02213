"""Patterns a department may demand, and who may run them.

The server runs them with RE2, whose time grows with the length of the text and with nothing else; what RE2 does not take, in the subset of
``catalog.fields.pattern_syntax``, is refused where it is written. A browser tries one way after another and may take for ever over
a pattern that is harmless here: it is given only what ``may_run_in_a_browser`` vouches for, and leaves the rest to the server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

import re2

from catalog.fields.backtracking import backtracks_little
from catalog.fields.pattern_syntax import NotInSubset, parse

MAX_LENGTH: Final = 200
MEMORY: Final = 1 << 20  # what RE2 may use for one pattern, in bytes

_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_DASHES: Final = re.compile("[‐-―−]+")
_LABEL: Final = re.compile("^(?:[\u4e00-\u9fff]{1,12}[::]|[Nn][Oo][.:]?)")
_OPTIONS = re2.Options()
_OPTIONS.max_mem = MEMORY
_OPTIONS.never_capture = True
_OPTIONS.log_errors = False


def check_pattern(pattern: object) -> str:
    """Return why a pattern is not taken (``not_text``, ``too_long``, ``syntax``, ``too_costly``), or an empty string."""
    if not isinstance(pattern, str) or not pattern:
        return "not_text"
    if len(pattern) > MAX_LENGTH:
        return "too_long"
    try:
        parse(pattern)
    except NotInSubset:
        return "syntax"
    return "" if _compiled(pattern) else "too_costly"


def compile_pattern(pattern: str) -> Callable[[str], bool]:
    """Return a function that says whether a whole text matches.

    For patterns that passed ``check_pattern``. Any other, in a version published by an older rule, demands nothing: it is refused the
    next time its matter is published.
    """
    compiled = None if check_pattern(pattern) else _compiled(pattern)
    if compiled is None:
        return lambda text: True

    def matches(text: str) -> bool:
        try:
            return compiled.fullmatch(text) is not None
        except UnicodeEncodeError:  # half a character: no text
            return False

    return matches


def as_demanded(text: str, patterns: Sequence[str]) -> str:
    """Return ``text`` as the patterns ask for it, where only width, blanks, the case of letters, dashes or its label stand between.

    Else it is returned as it is. ``matchesPattern`` of ``static/js/validators.js`` is its twin.
    """
    matchers = [_matcher(pattern) for pattern in patterns]
    together = _DASHES.sub("-", "".join(text.translate(_WIDE).split()))
    bare = _LABEL.sub("", together)
    ways = (text, together, together.upper(), bare, bare.upper(), bare.replace("-", ""), bare.replace("-", "").upper())
    return next((each for each in ways if all(matches(each) for matches in matchers)), text)


@lru_cache(maxsize=1000)
def _matcher(pattern: str) -> Callable[[str], bool]:
    return compile_pattern(pattern)


@lru_cache(maxsize=1000)
def may_run_in_a_browser(pattern: str) -> bool:
    """Whether a browser, which backtracks, answers any text about as fast as RE2 does. Proved, not tried."""
    return not check_pattern(pattern) and r"\-" not in _outside_classes(pattern) and backtracks_little(parse(pattern))


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> Any:
    try:
        return re2.compile(pattern, _OPTIONS)
    except re2.error:
        return None


def _outside_classes(pattern: str) -> str:
    """Return the pattern without its classes; a browser takes ``\\-`` within one only."""
    kept, inside, at = [], False, 0
    while at < len(pattern):
        span = 2 if pattern[at] == "\\" else 1
        piece = pattern[at : at + span]
        if piece in ("[", "]"):
            inside = piece == "["
        elif not inside:
            kept.append(piece)
        at += span
    return "".join(kept)
