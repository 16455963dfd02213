"""What reads what people type takes time in proportion to it: fifty kilobytes of the worst there is, of one process's own time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from catalog.fields.numbers import plain_number
from catalog.fields.types import _PARSERS, half_width, parse
from catalog.search.core.text import normalise
from catalog.search.misses import without_person
from certificates.core.identifier import parse_identifier, tidy_typed
from matters.core.numbering import is_number
from matters.form_page.posted import compose_moment, split_moment
from portal.identifiers import masking
from portal.identifiers import normalising as identifiers
from portal.identifiers.document_numbers import tidy
from portal.lib import logs

LENGTH = 50_000
# What is linear takes some 20 ms, a square of the length (2,500 million steps) a second at the very least.
SECONDS = 0.8
UNITS = (
    " ", "a", "0", "1", "-", "·", ".", "一", " ·", "· ", "-·", " -", "a ", "一 ", ".一", "一.", "1-", "A1", "+86", "86", "00", "a@",
    "a.", "@", "（", "，", "\t", "\n", "１", "字路", "\u0316\u0301", "e\u0301", "\u200d", "\ufeff", "2026-", "T", ":", "X",
)  # fmt: skip

DAY = date(2026, 11, 20)
READERS: dict[str, Callable[[str], Any]] = {
    **{f"identifier {kind}": lambda text, kind=kind: identifiers.check(kind, text, DAY) for kind in identifiers.KINDS},  # type: ignore[misc]
    **{
        f"document {kind}": lambda text, kind=kind: identifiers.check_document(kind, text, DAY)
        for kind in identifiers.DOCUMENTS
    },  # type: ignore[misc]
    **{f"field {kind}": lambda text, kind=kind: parse(kind, text) for kind in _PARSERS},  # type: ignore[misc]
    "mobile phone": identifiers.mobile_phone,
    "tidy": tidy,
    "half width": half_width,
    "mask a name": masking.mask_name,
    "mask a phone": masking.mask_phone,
    "mask a document": masking.mask_document,
    "number of a bundle": is_number,
    "number of a certificate": parse_identifier,
    "search": normalise,
    "a search that found nothing": lambda text: without_person(text, frozenset()),
    "log line": logs.mask_text,
    "number": plain_number,
    "certificate's number": tidy_typed,
    "date in boxes": lambda text: (compose_moment({"year": text, "month": text}), split_moment(text)),
}


@pytest.mark.parametrize("name", READERS)
def test_it_is_linear(name: str) -> None:
    slow = {}
    for unit in UNITS:
        text = unit * (LENGTH // len(unit)) + "!"
        started = time.process_time()
        try:
            READERS[name](text)
        except (ValueError, identifiers.InvalidIdentifier):
            pass
        except Exception as refused:
            if type(refused).__name__ not in ("Refused", "IdentifierInvalid"):
                raise
        taken = time.process_time() - started
        if taken > SECONDS:
            slow[unit] = round(taken, 1)
    assert slow == {}
