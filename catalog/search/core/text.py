"""Bring what people type into one form: width, case, traditional characters, controls, emoji. Pure."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).resolve().parent / "data"
# What is read of a query; a longer one is cut here, never refused.
LONGEST: Final = 160
# Characters looked at before cutting: enough for a query padded with blanks or emoji.
LONGEST_RAW: Final = 2000


def normalise(text: str, longest: int = LONGEST) -> str:
    """Return the words of a text: lower case, half width, simplified; everything else becomes one space.

    ``longest`` is in characters. Combining marks, controls, NUL, emoji and unpaired surrogates count as blanks.
    """
    folded = unicodedata.normalize("NFKC", text[:LONGEST_RAW]).lower().translate(_traditional())
    kept = "".join(char if _is_word(char) else " " for char in folded)
    return " ".join(kept.split())[:longest].strip()


def is_han(char: str) -> bool:
    """Whether a character is a Chinese one (of the planes people type)."""
    return "一" <= char <= "鿿" or "㐀" <= char <= "䶿" or "\U00020000" <= char <= "\U0003ffff"


def runs(text: str) -> list[str]:
    """Split a normalised text into runs of one kind: Chinese characters, letters, or digits."""
    found: list[str] = []
    kind = ""
    for char in text:
        this = "h" if is_han(char) else "d" if char.isdigit() else "l" if char != " " else ""
        if this and this == kind:
            found[-1] += char
        elif this:
            found.append(char)
        kind = this
    return found


def _is_word(char: str) -> bool:
    return (
        (char.isascii() and char.isalnum()) or is_han(char) or (char.isalpha() and unicodedata.category(char) == "Ll")
    )


@cache
def _traditional() -> dict[int, str]:
    _comment, written, read = (DATA / "traditional.txt").read_text("utf-8").splitlines()
    return {ord(one): other for one, other in zip(written, read, strict=True)}
