"""Registering natural persons and finding them again by their identity document.

Who is *the* person with a document is only said of those whose identity was proved. What an account says of itself is a claim: as many
accounts may claim one document as like to, none of them is found by it, and the person whose it is registers as if they were not there.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.accounts.handing_over import PersonConflict, hand_over, merge_into, take_back
from portal.accounts.models import DocumentKind, IdentityCheck, Level, Person, User
from portal.identifiers.document_numbers import resident_facts
from portal.identifiers.normalising import mobile_phone, normalise_document, person_name
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.lib.sealed_text import BlindIndexField
from portal.lib.uuid7 import uuid7
from portal.lib.vault import blind_index, seal, unseal

# Who was seen in person. Every other way is a platform's or a channel's word.
_IN_PERSON = {IdentityCheck.Method.COUNTER, IdentityCheck.Method.DEMO, IdentityCheck.Method.EARLIER}


def register_person(
    *,
    name: str,
    document_kind: str,
    number: str,
    phone: str = "",
    user: User | None = None,
    method: str,
    officer: User | None = None,
    **told: Any,
) -> Person:
    """Return the proved person with this document, registering them when they are new. At most four statements.

    `method` (`IdentityCheck.Method`), `officer` and `told` (``seen``, ``signed``) say who saw that the person is who they say. A person who is known already is returned
    as they are when the name is the same and `user`, if given, is theirs; that an officer saw their document now is a row of its own.
    What accounts claim of themselves is not looked at.
    Raises `InvalidIdentifier` for a number, name or phone that cannot be right, `PersonConflict` otherwise.
    """
    number = normalise_document(document_kind, number, timezone.localdate())
    person = _new_person(name, document_kind, number, phone, user)
    if (known := find_person(document_kind, number)) is not None:
        same = _same_person(known, person.name, user)
        if officer is not None:
            _write_check(same, method, officer, **told)
        return same
    person.level = worth(method)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            _write_check(person, method, officer, **told)
            return person
    except IntegrityError:
        if (known := find_person(document_kind, number)) is None:
            raise PersonConflict("already_registered") from None  # the account belongs to somebody else
        return _same_person(known, person.name, user)


def told_phone(person: Person, phone: str) -> bool:
    """Keep the telephone number that a person said at a window; return whether theirs is that one now.

    The number of somebody with an account is their own to change. Raises `InvalidIdentifier` for one that cannot be right.
    """
    phone = mobile_phone(phone)
    if phone == person.phone:
        return True
    if person.user_id is not None and person.phone:
        return False
    person.phone = phone
    person.save(update_fields=["phone", "phone_index"])
    return True


def claim_person(*, name: str, document_kind: str, number: str, phone: str = "", user: User) -> Person:
    """Keep who an account says it belongs to (level 0), whoever else says or is the same. One statement.

    Raises `InvalidIdentifier` for a number, name or phone that cannot be right, `IntegrityError` when the account has a person already.
    """
    number = normalise_document(document_kind, number, timezone.localdate())
    person = _new_person(name, document_kind, number, phone, user)
    person.save(force_insert=True)
    return person


def worth(method: str) -> Level:
    """Return the level that a way of proving leads to."""
    return Level.COUNTER if method in _IN_PERSON else Level.CHANNEL


def prove(person: Person, method: str, officer: User | None = None, **told: Any) -> None:
    """Raise what an account says of itself to a proved person; a level never sinks. Three statements.

    `told`: what else the row says (``reference``, ``seen``, ``signed``). Raises `PersonConflict` when somebody else is the proved person with
    this document.
    """
    try:
        with transaction.atomic():
            _write_check(person, method, officer, **told)
            person.level = max(person.level, worth(method))
            person.save(update_fields=["level"])
    except IntegrityError:
        raise PersonConflict("already_registered") from None


def prove_account(
    *, username: str, name: str, document_kind: str, number: str, officer: User, seen: str = "", signed: bool = False
) -> Person:
    """Prove at a window whose account this is, and return the person; what a window did for them before is the account's from now on.

    Raises `PersonConflict`: ``no_account`` where no account of that name waits to be proved, ``differs`` where it says to be somebody else
    than the document, ``has_account`` where the person of the document has another one.
    """
    with transaction.atomic():
        claim = (
            Person.objects.select_for_update(of=("self",))
            .filter(user__username__iexact=username, level=Level.CLAIMED)
            .first()
        )
        if claim is None:
            raise PersonConflict("no_account")
        return _prove_claim(
            claim, name, document_kind, number, IdentityCheck.Method.COUNTER, officer=officer, seen=seen, signed=signed
        )


def merge_account(
    *, username: str, name: str, document_kind: str, number: str, officer: User, seen: str = "", signed: bool = False
) -> Person:
    """Merge at a window an account that only says whose it is into the account of the person of the document, and return the person.

    Raises `PersonConflict`: ``no_account`` where no account of that name waits to be proved, or the person has none to merge it into; ``differs``.
    """
    with transaction.atomic():
        locked = Person.objects.select_for_update(of=("self",)).select_related("user")
        claim = locked.filter(user__username__iexact=username, level=Level.CLAIMED).first()
        known = find_person(document_kind, number)
        if claim is None or known is None or known.user_id is None:
            raise PersonConflict("no_account")
        same = same_document(claim, document_kind, number) and is_same_name(claim.name, name)
        if not same or not is_same_name(known.name, name):
            raise PersonConflict("differs")
        merge_into(claim, known, officer)
        _write_check(known, IdentityCheck.Method.COUNTER, officer, seen=seen, signed=signed)
        return known


def prove_own(user: User, *, name: str, document_kind: str, number: str, method: str, reference: str = "") -> Person:
    """Prove whose account this is by the word of a platform or a channel, and return the person. A level never sinks.

    An account that says nothing of itself yet becomes the person's; other accounts that only say to have the number lose it, as at a
    window. Raises `PersonConflict`: ``differs`` where the account says to be somebody else, and those of `prove_account`.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update(of=("self",)).filter(user=user).first()
        if person is None:
            person = _attach(user, name, document_kind, number, method, reference)
            _take_back(person)
            return person
        if not person.is_proved:
            person = _prove_claim(person, name, document_kind, number, method, reference=reference)
            _take_back(person)
            return person
        if not same_document(person, document_kind, number) or not is_same_name(person.name, name):
            raise PersonConflict("differs")
        note_word(person, method, reference)
        return person


def note_word(person: Person, method: str, reference: str) -> None:
    """Keep once that a platform or a channel said of a proved person who they are; what others only said then goes. Two statements, else four."""
    field = IdentityCheck._meta.get_field("reference_index")
    assert isinstance(field, BlindIndexField)
    index = field.index_of(reference)
    if not person.checks.filter(method=method, reference_index=index).exists():
        _write_check(person, method, None, reference=reference)
        _take_back(person)


def _take_back(person: Person) -> None:
    """Take the number back from accounts that only say to have it, and write who lost it."""
    with transaction.atomic():
        for account in take_back(person):
            record_security_event(SecurityEvent.Kind.IDENTITY_LOST, None, user=account)


def _attach(user: User, name: str, document_kind: str, number: str, method: str, reference: str) -> Person:
    """Give an account without an entry the person of a document, known or new."""
    known = find_person(document_kind, number)
    if known is None:
        person = claim_person(name=name, document_kind=document_kind, number=number, user=user)
        prove(person, method, reference=reference)
        return person
    if known.user_id is not None:
        raise PersonConflict("has_account")
    if not is_same_name(known.name, name):
        raise PersonConflict("differs")
    known.user = user
    known.save(update_fields=["user"])
    note_word(known, method, reference)
    return known


def _prove_claim(
    claim: Person, name: str, document_kind: str, number: str, method: str, officer: User | None = None, **told: Any
) -> Person:
    """Prove what a locked account says of itself, or hand the account to the person of the document who had none."""
    if not same_document(claim, document_kind, number) or not is_same_name(claim.name, name):
        raise PersonConflict("differs")
    known = find_person(document_kind, number)
    if known is None:
        prove(claim, method, officer, **told)
        return claim
    if known.user_id is not None:
        raise PersonConflict("has_account")
    if not is_same_name(known.name, name):
        raise PersonConflict("differs")
    hand_over(claim, known, officer)
    _write_check(known, method, officer, **told)
    return known


def find_person(document_kind: str, number: str) -> Person | None:
    """Return the proved person with this document, or None. One query, by blind index."""
    return Person.objects.filter(
        document_kind=document_kind, document_index=_document_index(document_kind, number), level__gt=Level.CLAIMED
    ).first()


def everybody_with(number: str) -> QuerySet[Person]:
    """Return all who say or are proved to have a document of this number, of whichever kind."""
    indexes = [_document_index(kind, number) for kind in DocumentKind.values]
    return Person.objects.filter(document_index__in=indexes)


def is_proved_enough(person: Person, level: int) -> bool:
    """Say whether it is as sure who somebody is as `level` demands. Asks the database only where the row at hand says no: it may have risen."""
    if person.level >= level:
        return True
    person.refresh_from_db(fields=["level"])
    return person.level >= level


def document_index_of(document_kind: str, number: str) -> bytes:
    """Return what a person with this document is found by. Raises `InvalidIdentifier`."""
    return _document_index(document_kind, number)


def same_document(person: Person, document_kind: str, number: str) -> bool:
    """Say whether a person has, or claims, this very document."""
    return (person.document_kind, bytes(person.document_index)) == (
        document_kind,
        _document_index(document_kind, number),
    )


def open_at_window(
    *, username: str, name: str, document_kind: str, number: str, officer: User, seen: str = "", signed: bool = False
) -> Person:
    """Open an account at a window for whoever stands there, known or new, also without a telephone, and return its person.

    The account has no password: its owner chooses one with a one-time link. Raises `InvalidIdentifier`, or `PersonConflict`: ``taken`` where
    the account's name is, ``has_account``, ``name_differs``.
    """
    person = register_person(
        name=name, document_kind=document_kind, number=number, method=IdentityCheck.Method.COUNTER, officer=officer,
        seen=seen, signed=signed,
    )  # fmt: skip
    if person.user_id is not None:
        raise PersonConflict("has_account")
    try:
        with transaction.atomic():
            person.user = User.objects.create_user(username, name=person.name)
    except IntegrityError:
        raise PersonConflict("taken") from None
    person.save(update_fields=["user"])
    return person


def person_of(user: object) -> Person | None:
    """Return the person an account belongs to, or None (staff without one, or nobody logged in). One query."""
    pk = getattr(user, "pk", None)
    return Person.objects.filter(user_id=pk).first() if pk is not None else None


def document_number(person: Person) -> str:
    """Return the number of the person's identity document, in clear. Show it masked, or record who reads it."""
    number: str = unseal(person.document_sealed, _document_context(person.id))
    return number


def birth_date(person: Person) -> date | None:
    """Return when somebody was born, where the number of their document says it."""
    if person.document_kind not in (DocumentKind.RESIDENT_ID, DocumentKind.RESIDENCE_PERMIT):
        return None
    return resident_facts(document_number(person)).birth_date


def is_same_name(one: str, other: str) -> bool:
    """Say whether two spellings are one name."""
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def _same_person(known: Person, name: str, user: User | None) -> Person:
    if not is_same_name(known.name, name):
        raise PersonConflict("name_differs")
    if user is not None and known.user_id != user.pk:
        raise PersonConflict("already_registered")
    return known


def _new_person(name: str, document_kind: str, number: str, phone: str, user: User | None) -> Person:
    id = uuid7()
    return Person(
        id=id,
        user=user,
        name=person_name(name),
        document_kind=document_kind,
        document_sealed=seal(number, _document_context(id)),
        document_index=_document_index(document_kind, number),
        phone=mobile_phone(phone) if phone else "",
    )


def _write_check(person: Person, method: str, officer: User | None, **told: Any) -> None:
    IdentityCheck.objects.create(
        person=person, method=method, level=worth(method), document_kind=person.document_kind, officer=officer, **told
    )


def _document_context(id: UUID) -> str:
    return f"person.document:{id}"


def _document_index(kind: str, number: str) -> bytes:
    return blind_index(f"document:{kind}", number)
