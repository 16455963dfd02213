"""Whole numbers in text that somebody sent: a key, a page, a count of days."""

from __future__ import annotations

LONGEST = 18  # digits: what a bigint of the database always holds


def whole_number(text: str, digits: int = LONGEST) -> int | None:
    """Return the number that ``text`` is, of at most so many digits 0 to 9 and nothing else; None for anything else.

    ``str.isdigit`` alone also takes ``²``, which is no number to ``int``, and thousands of digits, which ``int`` refuses.
    """
    return int(text) if 0 < len(text) <= digits and text.isascii() and text.isdigit() else None
