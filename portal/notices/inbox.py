"""Telling people things, once, in their own inbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from portal.notices.models import Message


def send_message(
    recipient_user_id: int, key: str, kind: str, data: Mapping[str, Any] | None = None, link: str = ""
) -> None:
    """Put a message into a person's inbox, at most once per `key`. One statement.

    `key` names the fact, `kind` is a key of ``portal.notices.wording.KINDS`` and `data` what its sentence needs; `link` is
    a path on this site.
    """
    send_messages([Message.about(data or {}, recipient_id=recipient_user_id, key=key, kind=kind, link=link)])


def send_messages(messages: Iterable[Message]) -> None:
    """Put many messages into their inboxes, each at most once per recipient and key. One statement."""
    Message.objects.bulk_create(messages, ignore_conflicts=True)


def withdraw_messages(user: Any) -> int:
    """Take all messages out of an account's inbox; return how many. They speak of somebody whom it turned out not to be."""
    return Message.objects.filter(recipient_id=user.pk).delete()[0]


def messages_of(user: Any, before: int | None = None) -> QuerySet[Message]:
    """Return what a person was told for whom they act now, newest first; `before` is the id to go on from."""
    found = _told(user).order_by("-id")
    return found.filter(id__lt=before) if before is not None else found


def unread_count(user: Any) -> int:
    """Return how many messages a person has not seen; 0 for nobody. One query."""
    return _told(user).filter(read_at__isnull=True).count() if user.pk is not None else 0


def mark_all_read(user: Any) -> int:
    """Note that a person has seen all their messages; return how many were new. One statement."""
    return _told(user).filter(read_at__isnull=True).update(read_at=timezone.now())


def _told(user: Any) -> QuerySet[Message]:
    """Return what somebody was told for whom they act now: for themselves, for an organisation, or for another person under a mandate.

    Whoever handles some matters only reads what they were told as that: before, they may have handled others.
    """
    acting_as, acting_under = getattr(user, "acting_as", None), getattr(user, "acting_under", None)
    told_as = acting_as.organisation_id if acting_as else acting_under.pk if acting_under else None
    found = Message.objects.filter(recipient_id=user.pk, principal=told_as)
    limited = acting_as or getattr(user, "acting_via", None)
    return found if limited is None or limited.matters is None else found.filter(created_at__gte=limited.began_at)
