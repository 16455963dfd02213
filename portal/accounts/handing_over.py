"""Handing an account to the person it is proved to belong to, and taking a number back from accounts that only said to have it."""

from __future__ import annotations

from django.conf import settings
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.accounts.models import Level, Person, PersonMerge, User
from portal.ledger.chain import NewEvent, append_events, open_chain
from portal.notices.inbox import withdraw_messages
from portal.notices.models import Message


class PersonConflict(Exception):
    """The document is registered already, under another name or for another account. ``code``: ``name_differs``, ``already_registered``, or one
    of `portal.accounts.people.prove_account`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def hand_over(claim: Person, known: Person, officer: User | None = None) -> None:
    """Give the account of a locked claim, with what it did, to the proved person of the same document who had none.

    Upper floors move what they keep (``YIJIAN_PERSON_MERGERS``: functions of both persons) or refuse with `PersonConflict` ``has_cases``: what
    was issued follows only where an officer saw the person, whose row it then is (`PersonMerge`).
    """
    user, phone = claim.user, claim.phone  # read before it goes: what is sealed opens for its own row alone
    if officer is not None:
        _write_merge(claim, known, officer)
    for dotted in settings.YIJIAN_PERSON_MERGERS:
        import_string(dotted)(claim, known)
    try:
        claim.delete()
    except ProtectedError:
        leave(claim)
    known.user, known.phone = user, phone or known.phone
    known.save(update_fields=["user", "phone", "phone_index"])


def merge_into(claim: Person, known: Person, officer: User) -> None:
    """Let what a locked claim's account did follow the proved person of the same document, who has another account; the one is closed.

    Its messages follow too; nobody can log in to it any more, and the row says whose it was.
    """
    account = claim.user
    if account is None or known.user is None:
        raise PersonConflict("no_account")
    _write_merge(claim, known, officer, closed=account)
    for dotted in settings.YIJIAN_PERSON_MERGERS:
        import_string(dotted)(claim, known)
    leave(claim)
    told = Message.objects.filter(recipient=known.user).values("key")
    Message.objects.filter(recipient=account).exclude(key__in=told).update(recipient=known.user)
    account.is_active, account.changed_by = False, officer
    account.set_unusable_password()
    account.save()


def _write_merge(claim: Person, known: Person, officer: User, closed: User | None = None) -> None:
    merge = PersonMerge.objects.create(kept=known, merged=claim, officer=officer, closed=closed)
    open_chain(merge.pk)
    facts = {"kept": str(known.pk), "merged": str(claim.pk)}
    append_events(merge.pk, [NewEvent("person_merged", actor_id=officer.pk, data=facts)])


def take_back(person: Person) -> list[User]:
    """Take a proved person's number back from every account that only says to have it; return those accounts.

    They lose sight of all they did in that person's name: applications, papers, certificates, messages.
    """
    claims = Person.objects.select_for_update(of=("self",)).filter(
        document_kind=person.document_kind,
        document_index=bytes(person.document_index),
        level=Level.CLAIMED,
        user__isnull=False,
    )
    lost = []
    for claim in claims.exclude(pk=person.pk).select_related("user"):
        if claim.user is not None:
            lost.append(claim.user)
            withdraw_messages(claim.user)
        leave(claim)
    return lost


def leave(claim: Person) -> None:
    """Part a claim from its account: what was done under it stays on record, and nobody sees it as their own."""
    claim.left_by, claim.user, claim.left_at = claim.user, None, timezone.now()
    claim.save(update_fields=["user", "left_by", "left_at"])
