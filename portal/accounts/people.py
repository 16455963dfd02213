"""Registering natural persons and finding them again by their identity document."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.models import Person, User
from portal.identifiers.normalising import mobile_phone, normalise_document, person_name
from portal.lib.uuid7 import uuid7
from portal.lib.vault import blind_index, seal, unseal


class PersonConflict(Exception):
    """The document is registered already, under another name or for another account. ``code``: ``name_differs`` or ``already_registered``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def register_person(*, name: str, document_kind: str, number: str, phone: str = "", user: User | None = None) -> Person:
    """Return the person with this document, registering them when they are new. At most three statements.

    A person who is known already is returned as they are when the name is the same and `user`, if given, is theirs.
    Raises `InvalidIdentifier` for a number, name or phone that cannot be right, `PersonConflict` otherwise.
    """
    name = person_name(name)
    number = normalise_document(document_kind, number, timezone.localdate())
    phone = mobile_phone(phone) if phone else ""
    if (known := find_person(document_kind, number)) is not None:
        return _same_person(known, name, user)
    id = uuid7()
    try:
        with transaction.atomic():
            return Person.objects.create(
                id=id,
                user=user,
                name=name,
                document_kind=document_kind,
                document_sealed=seal(number, _document_context(id)),
                document_index=_document_index(document_kind, number),
                phone=phone,
            )
    except IntegrityError:
        if (known := find_person(document_kind, number)) is None:
            raise PersonConflict("already_registered") from None  # the account belongs to somebody else
        return _same_person(known, name, user)


def find_person(document_kind: str, number: str) -> Person | None:
    """Return the person registered with this document, or None. One query, by blind index."""
    return Person.objects.filter(
        document_kind=document_kind, document_index=_document_index(document_kind, number)
    ).first()


def person_of(user: object) -> Person | None:
    """Return the person an account belongs to, or None (staff without one, or nobody logged in). One query."""
    pk = getattr(user, "pk", None)
    return Person.objects.filter(user_id=pk).first() if pk is not None else None


def document_number(person: Person) -> str:
    """Return the number of the person's identity document, in clear. Show it masked, or record who reads it."""
    number: str = unseal(person.document_sealed, _document_context(person.id))
    return number


def _same_person(known: Person, name: str, user: User | None) -> Person:
    if unicodedata.normalize("NFC", known.name) != unicodedata.normalize("NFC", name):
        raise PersonConflict("name_differs")
    if user is not None and known.user_id != user.pk:
        raise PersonConflict("already_registered")
    return known


def _document_context(id: UUID) -> str:
    return f"person.document:{id}"


def _document_index(kind: str, number: str) -> bytes:
    return blind_index(f"document:{kind}", number)
