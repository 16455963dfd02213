"""Entering by a platform's word: whose account it opens, and when it opens none."""

from __future__ import annotations

import secrets

from allauth.mfa.utils import is_mfa_enabled
from django.db import IntegrityError, transaction

from portal.accounts.identity.word import PlatformWord
from portal.accounts.models import IdentityCheck, Person, User
from portal.accounts.people import PersonConflict, find_person, is_same_name, note_word, prove_own
from portal.accounts.second_factor import FACTORS

METHOD = IdentityCheck.Method.PLATFORM


class EntryRefused(Exception):
    """The word opens no account. ``code``: ``name_differs``, ``closed``, ``works_here``, or one of `PersonConflict`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def account_of(word: PlatformWord) -> User | None:
    """Return the account that a platform's word opens, and keep the word; None where the person has none yet.

    What accounts claim of themselves is not looked at. Raises `EntryRefused`.
    """
    known = find_person(word.document_kind, word.number)
    if known is None:
        return None
    if not is_same_name(known.name, word.name):
        raise EntryRefused("name_differs")
    if known.user is None:
        return None
    _refuse_who_may_not(known.user)
    note_word(known, METHOD, word.reference)
    return known.user


def open_account(word: PlatformWord) -> User:
    """Open an account for whoever a platform vouches for, without a password; a person known already is that account's. Raises `EntryRefused`."""
    if (user := account_of(word)) is not None:
        return user
    try:
        with transaction.atomic():
            user = User.objects.create_user(f"p{secrets.token_hex(6)}", name=word.name)
            person = prove_own(user, **word.document(), method=METHOD, reference=word.reference)
            if word.phone and not person.phone:
                person.phone = word.phone
                person.save(update_fields=["phone", "phone_index"])
    except (PersonConflict, IntegrityError):  # somebody was quicker
        if (user := account_of(word)) is None:
            raise EntryRefused("already_registered") from None
    return user


def prove_account_by(word: PlatformWord, user: User) -> Person:
    """Prove the account that is logged in by a platform's word. Raises `EntryRefused`."""
    try:
        return prove_own(user, **word.document(), method=METHOD, reference=word.reference)
    except PersonConflict as conflict:
        raise EntryRefused(conflict.code) from None


def _refuse_who_may_not(user: User) -> None:
    """Refuse an account that is switched off, and one that works here without a second factor of its own: this door asks for no password."""
    if not user.is_active:
        raise EntryRefused("closed")
    works_here = user.is_staff or user.is_superuser or user.groups.exists()
    if works_here and not is_mfa_enabled(user, FACTORS):
        raise EntryRefused("works_here")
