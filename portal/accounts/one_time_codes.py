"""Codes that one person tells another, used once: twelve letters and digits that are not taken for each other."""

from __future__ import annotations

import secrets
from typing import Final

# Without letters that are taken for others.
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH: Final = 12


def make_code(length: int = LENGTH) -> str:
    """Return a new code, which is shown once and kept by nobody."""
    return "".join(secrets.choice(LETTERS) for _place in range(length))


def in_groups(code: str) -> str:
    """Return a code as it is read out: ``ABCD-EFGH-JKMN``."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def plain(typed: str) -> str:
    """Return a code as it was made from how somebody typed it."""
    return "".join(letter for letter in typed.upper() if letter in LETTERS)
