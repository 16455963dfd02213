"""Documents that people agree to: their words as values, one text of each, and its digest.

The text is what is kept and what the digest is of; page and PDF show the same words. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document: paragraphs, then facts (label, value), under a heading if it has one."""

    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document in words. ``mark``: letters that nobody can guess, so that its digest gives away nothing of what it says."""

    title: str
    parts: tuple[Passage, ...]
    mark: str = ""

    @property
    def text(self) -> str:
        """The whole document as plain text: what is kept word for word."""
        lines = [self.title]
        for part in self.parts:
            lines += ["", *([part.heading] if part.heading else []), *part.paragraphs]
            lines += [f"{label}：{value}" for label, value in part.facts]
        if self.mark:
            lines += ["", self.mark]
        return "\n".join(lines) + "\n"

    @property
    def digest(self) -> str:
        """The SHA-256 of the text in UTF-8, in hexadecimal digits."""
        return digest_of(self.text)

    def to_json(self) -> dict[str, Any]:
        """Return the document as plain JSON; `from_json` gives it back unchanged."""
        parts = [{"heading": p.heading, "paragraphs": p.paragraphs, "facts": p.facts} for p in self.parts]
        return {"title": self.title, "mark": self.mark, "parts": parts}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Document:
        """Return a document that was kept as JSON."""
        parts = tuple(
            Passage(p["heading"], tuple(p["paragraphs"]), tuple((label, value) for label, value in p["facts"]))
            for p in stored["parts"]
        )
        return cls(stored["title"], parts, stored["mark"])


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
