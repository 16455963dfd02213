"""Identifiers of people and organisations: one door to their validators. Pure; no clock.

``normalise("resident_id", text, today)`` returns the identifier as it is kept or raises `InvalidIdentifier`; ``check`` gives
what it would raise. Standards: GB 11643, GB 32100, GB 11714; kinds of document GA/T 2000.156. The browser validators are
held to the same examples (tests/vectors/identifiers.json).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from portal.identifiers.contact_numbers import bank_card, mobile_phone, phone
from portal.identifiers.credit_codes import credit_code
from portal.identifiers.document_numbers import (
    foreign_resident_id,
    hong_kong_macao_permit,
    identity_number,
    passport,
    residence_permit,
    resident_id,
    taiwan_permit,
    tidy,
)
from portal.identifiers.invalid import InvalidIdentifier
from portal.identifiers.person_names import newborn_name, person_name

__all__ = [
    "DOCUMENTS",
    "KINDS",
    "InvalidIdentifier",
    "bank_card",
    "check",
    "check_document",
    "credit_code",
    "mobile_phone",
    "newborn_name",
    "normalise",
    "normalise_document",
    "person_name",
    "phone",
    "tidy",
]

# What a data element may name as its validator.
KINDS: dict[str, Callable[[str, date], str]] = {
    "resident_id": resident_id,
    "residence_permit": residence_permit,
    "identity_number": identity_number,
    "foreign_resident_id": foreign_resident_id,
    "hong_kong_macao_permit": hong_kong_macao_permit,
    "taiwan_permit": taiwan_permit,
    "passport": passport,
    "credit_code": lambda text, today: credit_code(text),
    "person_name": lambda text, today: person_name(text),
    "newborn_name": lambda text, today: newborn_name(text),
    "mobile_phone": lambda text, today: mobile_phone(text),
    "phone": lambda text, today: phone(text),
    "bank_card": lambda text, today: bank_card(text),
}

# Kinds of identity document (GA/T 2000.156) and the validator of their numbers.
DOCUMENTS: dict[str, str] = {
    "111": "resident_id",
    "154": "residence_permit",
    "414": "passport",
    "511": "taiwan_permit",
    "516": "hong_kong_macao_permit",
    "553": "foreign_resident_id",
}


def normalise(kind: str, text: str, today: date) -> str:
    """Return `text` as an identifier of `kind` (a key of `KINDS`) is kept. Raises `InvalidIdentifier`."""
    return KINDS[kind](text, today)


def check(kind: str, text: str, today: date) -> InvalidIdentifier | None:
    """Return what is wrong with `text` as an identifier of `kind`, or None."""
    try:
        KINDS[kind](text, today)
    except InvalidIdentifier as refusal:
        return refusal
    return None


def normalise_document(document_kind: str, number: str, today: date) -> str:
    """Return a document's number as it is kept, for a kind of document (a key of `DOCUMENTS`). Raises `InvalidIdentifier`."""
    return normalise(DOCUMENTS[document_kind], number, today)


def check_document(document_kind: str, number: str, today: date) -> InvalidIdentifier | None:
    """Return what is wrong with a document's number, or None."""
    return check(DOCUMENTS[document_kind], number, today)
