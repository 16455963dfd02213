"""A source that is asked over HTTP with JSON: mutual TLS where it is set up, every request signed (RFC 9421), nothing waited for in vain."""

from __future__ import annotations

import json
import secrets
import time
from typing import Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from portal.lib.message_signatures import OutgoingRequest, sign
from portal.lib.strict_json import UnreadableJson, read_json
from portal.settings.connections import Connection
from portal.sharing.adapters import breaker
from portal.sharing.adapters.exchange import AnswerTooLong, HttpAnswer, NoAnswer, send
from portal.sharing.core.inquiry import Inquiry, Reply
from portal.sharing.core.replying import AWAY, REFUSED, UNREADABLE, UnreadableAnswer, reply_to

log = structlog.get_logger(__name__)

WHOLE_SECONDS: Final = 3.0
PASSING: Final = frozenset({502, 503, 504})  # said by proxies and by systems that are just starting
PAUSE_SECONDS: Final = (0.05, 0.25)  # before the one retry


class HttpJson:
    """Asks ``POST`` at the connection that the source's address names (``SHARING_CONNECTIONS``)."""

    def ask(self, inquiry: Inquiry) -> Reply:
        """Return the source's answer; whatever goes wrong is a reply too, with a line in the log that names nobody."""
        started = time.monotonic()
        connection: Connection | None = settings.YIJIAN_SHARING_CONNECTIONS.get(inquiry.address)
        if connection is None or not connection.url:
            return _trouble(inquiry, AWAY, "no_connection", started)
        if not breaker.lets_through(inquiry.source):
            return _trouble(inquiry, AWAY, "paused", started)
        try:
            answer = exchange_signed(connection, _question(inquiry), started + WHOLE_SECONDS)
        except NoAnswer as why:
            breaker.failed(inquiry.source)
            return _trouble(inquiry, AWAY, str(why), started)
        except AnswerTooLong:
            breaker.failed(inquiry.source)
            return _trouble(inquiry, UNREADABLE, "too_much", started)
        return _judged(inquiry, answer, started)


def _question(inquiry: Inquiry) -> bytes:
    subject = inquiry.subject
    question = {
        "fetch": inquiry.fetch,
        **(
            {"grant": inquiry.reference, "ground": inquiry.ground} if inquiry.ground else {"consent": inquiry.reference}
        ),
        "purpose": inquiry.purpose,
        "items": list(inquiry.items),
        "subject": {"kind": subject.kind, "number": subject.number, "name": subject.name},
        "wanted": [each.asked for each in inquiry.wanted],
    }
    return json.dumps(question, ensure_ascii=False, separators=(",", ":")).encode()


def exchange_signed(connection: Connection, question: bytes, deadline: float) -> HttpAnswer:
    """Send the question, a second time after a moment where the first met nobody. Raises `NoAnswer`, `AnswerTooLong`."""
    try:
        answer = send(connection, _signed(connection, question), deadline)
        if answer.status not in PASSING:
            return answer
    except NoAnswer as why:
        if str(why) == "too_slow":
            raise
    pause = secrets.SystemRandom().uniform(*PAUSE_SECONDS)
    if time.monotonic() + pause < deadline:
        time.sleep(pause)
    answer = send(connection, _signed(connection, question), deadline)
    if answer.status >= 500:
        raise NoAnswer(f"status_{answer.status}")
    return answer


def _signed(connection: Connection, question: bytes) -> OutgoingRequest:
    headers = {
        "host": urlsplit(connection.url).netloc,
        "accept": "application/json",
        "accept-encoding": "identity",
        "connection": "close",
        "content-length": str(len(question)),
        "content-type": "application/json",
        "user-agent": "yijian",
    }
    message = OutgoingRequest("POST", connection.url, headers, question)
    if connection.key:
        sign(message, connection.key_bytes)
    return message


def _judged(inquiry: Inquiry, answer: HttpAnswer, started: float) -> Reply:
    """Return what an answer comes to. An answer that is none counts as a failure; a no, and a record that does not fit, do not."""
    if answer.status >= 500 or answer.status == 429:
        breaker.failed(inquiry.source)
        return _trouble(inquiry, AWAY, f"status_{answer.status}", started)
    if 400 <= answer.status < 500 and answer.status != 404:
        breaker.succeeded(inquiry.source)
        return _trouble(inquiry, REFUSED, f"status_{answer.status}", started)
    try:
        # 404 says that there is no record only in the agreed words: a proxy's says that there is no such place.
        if answer.status not in (200, 404) or answer.content_type != "application/json":
            raise UnreadableJson(f"status_{answer.status}")
        told = read_json(answer.body)
    except UnreadableJson:
        breaker.failed(inquiry.source)
        return _trouble(inquiry, UNREADABLE, f"status_{answer.status}_no_json", started)
    breaker.succeeded(inquiry.source)
    try:
        reply = reply_to(inquiry.subject, inquiry.wanted, told)
    except UnreadableAnswer as part:
        return _trouble(inquiry, UNREADABLE, str(part), started)
    if answer.status == 404 and reply.outcome != "not_found":
        return _trouble(inquiry, UNREADABLE, "status_404", started)
    return reply


def _trouble(inquiry: Inquiry, outcome: str, reason: str, started: float) -> Reply:
    milliseconds = round((time.monotonic() - started) * 1000)
    log.warning("source_trouble", source=inquiry.source, outcome=outcome, reason=reason, milliseconds=milliseconds)
    return Reply(outcome)
