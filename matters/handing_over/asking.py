"""One signed request to a department's system, within its time, and what it says of the system's health."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone

from matters.models import DepartmentSystem
from portal.lib.strict_json import UnreadableJson, read_json
from portal.settings.connections import Connection
from portal.sharing.adapters import breaker
from portal.sharing.adapters.exchange import AnswerTooLong, NoAnswer
from portal.sharing.adapters.http_json import WHOLE_SECONDS, exchange_signed

log = structlog.get_logger(__name__)


class SystemAway(Exception):
    """The system was not reached, paused, or said nothing that can be read. The text is a word for the log."""


def ask_system(system: DepartmentSystem, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Post `body` to a path of the system and return what it answers. Raises `SystemAway`.

    Signed as inquiries are (RFC 9421), repeated once after a moment that varies, and left in peace for a while after failures in a row.
    """
    connection: Connection | None = settings.YIJIAN_SHARING_CONNECTIONS.get(system.address)
    name = f"system:{system.code}"
    if connection is None or not connection.url or not connection.key:
        raise SystemAway("no_connection")
    if not breaker.lets_through(name):
        raise SystemAway("paused")
    sent = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        answer = exchange_signed(
            replace(connection, url=f"{connection.url}/{path}"), sent, time.monotonic() + WHOLE_SECONDS
        )
        if answer.status != 200:
            raise NoAnswer(f"status_{answer.status}")
        told = read_json(answer.body)
        if not isinstance(told, dict):
            raise UnreadableJson("no_object")
    except (NoAnswer, AnswerTooLong, UnreadableJson) as trouble:
        breaker.failed(name)
        DepartmentSystem.objects.filter(pk=system.pk).update(failed_at=timezone.now())
        log.warning("department_system_away", system=system.code, path=path, reason=str(trouble))
        raise SystemAway(str(trouble)) from None
    breaker.succeeded(name)
    DepartmentSystem.objects.filter(pk=system.pk).update(answered_at=timezone.now())
    return told
