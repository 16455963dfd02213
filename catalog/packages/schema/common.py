"""What the files of a package have in common: how codes are written, and how a fact names its sources."""

from __future__ import annotations

from catalog.models import Confidence
from catalog.packages.format.specs import Dictionary, Field, Many, Table, Text

SLUG = r"[a-z][a-z0-9_]{0,59}"
ELEMENT = r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+"
FIELD_KEY = r"[a-z][a-z0-9_]*(#[0-9]+)?:[a-z][a-z0-9_]*(\.[a-z0-9_]+)+"
OWN_CODE = r"[A-Za-z][A-Za-z0-9_]{0,59}"


def records(unique: str | tuple[str, ...] | None = None, required: bool = False, /, **fields: Field) -> Field:
    """Return the key of a list of records with these fields. ``unique``: as of `Many`."""
    return Field(Many(Table(fields), unique=unique), required)


SLUG_TEXT = Text(60, SLUG)
NAME = Text(120)
SENTENCE = Text(300)
SOURCED = {
    "sources": Field(Many(Text(40), unique="")),
    "confidence": Field(Text(choices=Confidence.values), default=Confidence.GENERAL.value),
}
FACTS = Field(Dictionary(Table({**SOURCED, "note": Field(Text(300))}), SLUG))
OPTIONS = Field(Dictionary(Text(80), r"[A-Za-z0-9_.\-]{1,40}"))
FAQS = records("question", question=Field(Text(200), True), answer=Field(Text(2000), True), **SOURCED)
