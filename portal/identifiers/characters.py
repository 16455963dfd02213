"""Which characters may stand in a text at all: one answer for forms, decisions and what is printed from them. Pure."""

from __future__ import annotations

import re
import unicodedata

# Characters that reorder what is read: never part of an answer.
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_BREAKS = re.compile("\r\n?|[\u2028\u2029]")


def unusable(text: str) -> str:
    """Return the first character that no text may hold, empty if there is none.

    Controls but for tabs and ends of lines, halves of characters, what is no character, marks of direction. Joiners that some scripts
    need are text like any other; whether a font can draw them is asked when they are drawn.
    """
    return next((character for character in text if _is_unusable(character)), "")


def with_plain_breaks(text: str) -> str:
    """Return `text` with every way to end a line written as one, without spaces at the ends of lines or of the whole."""
    lines = _BREAKS.sub("\n", text).replace("\t", " ").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _is_unusable(character: str) -> bool:
    if character in "\n\r\t":
        return False
    category = unicodedata.category(character)
    return category in ("Cc", "Cs") or character in _DIRECTION or ord(character) & 0xFFFE == 0xFFFE
