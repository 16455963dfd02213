"""What an identity platform says of a person, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from portal.accounts.models import DocumentKind
from portal.identifiers.normalising import InvalidIdentifier, mobile_phone, normalise_document, person_name

LONGEST = 255


class UnreadableWord(Exception):
    """The platform does not say who this is: something is missing, or cannot be right."""


@dataclass(frozen=True, slots=True)
class PlatformWord:
    """Who a platform says that somebody is. ``reference``: its issuer and what it calls the person there."""

    reference: str
    name: str
    document_kind: str
    number: str
    phone: str = ""

    def document(self) -> dict[str, str]:
        """Return name and document, as what registers and proves people takes them."""
        return {"name": self.name, "document_kind": self.document_kind, "number": self.number}


def read_word(issuer: str, claims: Mapping[str, Any], names: Mapping[str, str]) -> PlatformWord:
    """Read a platform's claims. ``names``: what we read → what the platform calls it.

    A document without its kind is a resident identity card; a telephone number that cannot be right is left out. Nothing is taken from an
    e-mail address. Raises `UnreadableWord`.
    """
    subject = _text(claims, "sub")
    kind = _text(claims, names["document_kind"]) or DocumentKind.RESIDENT_ID
    if not subject or kind not in DocumentKind.values:
        raise UnreadableWord
    try:
        name = person_name(_text(claims, names["name"]))
        number = normalise_document(kind, _text(claims, names["number"]), timezone.localdate())
    except InvalidIdentifier:
        raise UnreadableWord from None
    try:
        phone = mobile_phone(_text(claims, names["phone"]))
    except InvalidIdentifier:
        phone = ""
    return PlatformWord(f"{issuer} {subject}", name, kind, number, phone)


def _text(claims: Mapping[str, Any], name: str) -> str:
    told = claims.get(name, "")
    return told.strip() if isinstance(told, str) and len(told) <= LONGEST else ""
