"""Telling officers: each only while they hold the right for which they are told it.

The one door for messages to staff: whoever sends one says who is to hear of it and who may hear of it now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from portal.notices.inbox import send_messages
from portal.notices.models import Message


def staff_messages(
    kind: str, data: Mapping[str, Any], *, key: str, link: str, accounts: Iterable[int | None], now_may: Collection[int]
) -> list[Message]:
    """Return the messages, not sent yet, to those of ``accounts`` who are among ``now_may``, once each."""
    told = {one for one in accounts if one is not None}.intersection(now_may)
    return [Message.about(data, recipient_id=one, key=key, kind=kind, link=link) for one in sorted(told)]


def tell_staff(
    kind: str, data: Mapping[str, Any], *, key: str, link: str, accounts: Iterable[int | None], now_may: Collection[int]
) -> None:
    """Put a message into the inboxes of those of ``accounts`` who are among ``now_may`` (`memberships.who_may`). One statement."""
    send_messages(staff_messages(kind, data, key=key, link=link, accounts=accounts, now_may=now_may))
