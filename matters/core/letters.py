"""Official documents (文书) as values: their numbers in administrative form, and their words as they are frozen.

Which event gives which document stands here. Pure: no Django, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.lib.documents import Document, Passage


class LetterKind(StrEnum):
    """What an official document says. Its title is given by ``matters.wording.letters``."""

    RECEIPT = "receipt"
    ACCEPTANCE = "acceptance"
    ACCEPTANCE_REFUSED = "acceptance_refused"
    CORRECTION = "correction"
    EXTENSION = "extension"
    DEFERRAL = "deferral"
    COMMITMENT = "commitment"
    GRANT = "grant"
    GRANT_IN_PART = "grant_in_part"
    REFUSAL = "refusal"
    DELIVERY = "delivery"


# The ledger event that each rests on. What is told of a case otherwise (a withdrawal, say) needs no document of the authority.
KIND_OF_EVENT: Mapping[str, LetterKind] = {
    "submitted": LetterKind.RECEIPT,
    "accepted": LetterKind.ACCEPTANCE,
    "deemed_accepted": LetterKind.ACCEPTANCE,
    "accepted_by_system": LetterKind.ACCEPTANCE,
    "acceptance_refused": LetterKind.ACCEPTANCE_REFUSED,
    "correction_requested": LetterKind.CORRECTION,
    "notice_sent": LetterKind.CORRECTION,  # what several departments ask: one document, that of each part then has none
    "extended": LetterKind.EXTENSION,
    "papers_deferred": LetterKind.DEFERRAL,
    "commitments_taken": LetterKind.COMMITMENT,
    "approved": LetterKind.GRANT,
    "approved_in_part": LetterKind.GRANT_IN_PART,
    "decided_by_rule": LetterKind.GRANT,
    "approved_by_system": LetterKind.GRANT,
    "rejected": LetterKind.REFUSAL,
    "rejected_by_system": LetterKind.REFUSAL,
    "document_delivered": LetterKind.DELIVERY,
}
# The word of a series in a number: 公安受〔2026〕12号.
SERIES: Mapping[LetterKind, str] = {
    LetterKind.RECEIPT: "收",
    LetterKind.ACCEPTANCE: "受",
    LetterKind.ACCEPTANCE_REFUSED: "不受",
    LetterKind.CORRECTION: "补",
    LetterKind.EXTENSION: "延",
    LetterKind.DEFERRAL: "容缺",
    LetterKind.COMMITMENT: "告诺",
    LetterKind.GRANT: "准",
    LetterKind.GRANT_IN_PART: "部准",
    LetterKind.REFUSAL: "不准",
    LetterKind.DELIVERY: "达",
}
# Whose opening is the proof that it was delivered: from that day terms for remedies run.
DECISIONS = frozenset({LetterKind.ACCEPTANCE_REFUSED, LetterKind.GRANT, LetterKind.GRANT_IN_PART, LetterKind.REFUSAL})


def document_number(office: str, kind: LetterKind, year: int, serial: int) -> str:
    """Return a number in administrative form: the office's short name, the series, the year in brackets, the serial without zeros."""
    return f"{office}{SERIES[kind]}〔{year}〕{serial}号"


@dataclass(frozen=True, slots=True)
class Letter:
    """An official document in words: what is frozen, what the digest is of, and what page and PDF show.

    ``written_on``: the day in words. ``mark``: letters nobody can guess, so that the digest gives away nothing of what it says.
    """

    title: str
    number: str
    issuer: str
    addressee: str
    parts: tuple[Passage, ...]
    written_on: str
    mark: str = ""

    @property
    def document(self) -> Document:
        """The same words as a plain document: head, body, signature."""
        head = Passage(paragraphs=(self.issuer, self.number))
        body = Passage(paragraphs=(f"{self.addressee}：",)) if self.addressee else Passage()
        closing = Passage(paragraphs=(self.issuer, self.written_on))
        return Document(self.title, (head, body, *self.parts, closing), self.mark)

    def to_json(self) -> dict[str, Any]:
        """Return the letter as plain JSON; `from_json` gives it back unchanged."""
        parts = [{"heading": p.heading, "paragraphs": p.paragraphs, "facts": p.facts} for p in self.parts]
        plain = {name: getattr(self, name) for name in ("title", "number", "issuer", "addressee", "written_on", "mark")}
        return {**plain, "parts": parts}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Letter:
        """Return a letter that was kept as JSON."""
        parts = tuple(
            Passage(p["heading"], tuple(p["paragraphs"]), tuple((label, value) for label, value in p["facts"]))
            for p in stored["parts"]
        )
        return cls(**{**stored, "parts": parts})
