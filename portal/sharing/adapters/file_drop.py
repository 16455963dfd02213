"""A source without an interface: its department puts files into a folder, each with a signature beside it.

A file is named by its day, ``2026-11-30.jsonl`` (or ``2026-11-30-2.csv``: the names in order, the last is the newest). The file beside it,
``2026-11-30.jsonl.hmac``, holds the HMAC-SHA256, in hex, of the file's name, a zero byte and the file's bytes, under the key of the connection:

    { printf '%s\\0' 2026-11-30.jsonl; cat 2026-11-30.jsonl; } | openssl dgst -sha256 -mac HMAC -macopt hexkey:… > 2026-11-30.jsonl.hmac

A line of JSON is a record with ``kind`` and ``number`` of whose it is; a table has those two columns, and its other columns are the record.
A file that is torn, or that nobody with the key signed, is not read; the one before it answers, and the log says so.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import structlog
from django.conf import settings

from portal.lib.strict_json import UnreadableJson, read_json
from portal.settings.connections import Connection
from portal.sharing.core.inquiry import DataSubject, Inquiry, Reply
from portal.sharing.core.replying import AWAY, NOT_FOUND, UNREADABLE, UnreadableAnswer, reply_to

log = structlog.get_logger(__name__)

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_FILES: Final = 30  # looked at, from the newest on
_NAME = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(-\d{1,3})?\.(?P<form>csv|jsonl)")


class NotRead(Exception):
    """A file that is torn, too big or signed by nobody."""


class FileDrop:
    """Answers from the newest valid file in the folder of the connection that the source's address names."""

    def ask(self, inquiry: Inquiry) -> Reply:
        """Return what the newest valid file says; without any the source is away, with invalid ones only it cannot be read."""
        started = time.monotonic()
        connection: Connection | None = settings.YIJIAN_SHARING_CONNECTIONS.get(inquiry.address)
        if connection is None or not connection.folder or not connection.key:
            return _trouble(inquiry, AWAY, "no_connection", started)
        outcome, reason = AWAY, "no_file"
        for name in _newest(Path(connection.folder)):
            try:
                found = _records(Path(connection.folder), name, connection.key_bytes, inquiry.subject)
                return _reply(inquiry, name, found)
            except (NotRead, OSError, UnreadableAnswer) as fault:
                outcome, reason = UNREADABLE, str(fault) if isinstance(fault, NotRead) else type(fault).__name__
                log.warning("drop_file_not_read", source=inquiry.source, file=name, reason=reason)
        return _trouble(inquiry, outcome, reason, started)


def signature_of(name: str, content: bytes, key: bytes) -> str:
    """Return what the file beside a file holds."""
    return hmac.new(key, name.encode() + b"\0" + content, hashlib.sha256).hexdigest()


def _newest(folder: Path) -> list[str]:
    """Return the names of the data files in a folder, the newest first."""
    try:
        names = [name for name in os.listdir(folder) if _NAME.fullmatch(name)]
    except OSError:
        return []
    # 2026-11-30.csv comes before 2026-11-30-2.csv, and that before 2026-11-30-10.csv.
    return sorted(names, key=lambda name: (name[:10], len(name.partition(".")[0]), name), reverse=True)[:MOST_FILES]


def _records(folder: Path, name: str, key: bytes, subject: DataSubject) -> list[dict[str, Any]]:
    """Return the records of `subject` in a file that is whole. Raises `NotRead`, `OSError`."""
    content = _bytes_of(folder / name, MOST_BYTES)
    told = _bytes_of(folder / f"{name}.hmac", 200).lower().split()  # openssl writes "SHA2-256(stdin)= …"
    if not told or not hmac.compare_digest(told[-1], signature_of(name, content, key).encode()):
        raise NotRead("signature")
    try:
        rows = _lines(content, subject) if name.endswith(".jsonl") else _table(content)
        return [row for row in rows if row.get("kind") == subject.kind and row.get("number") == subject.number]
    except (UnreadableJson, UnicodeDecodeError, csv.Error):
        raise NotRead("form") from None


def _bytes_of(path: Path, most: int) -> bytes:
    """Return a plain file's bytes, never what a link leads to."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise NotRead("size")
    return content


def _lines(content: bytes, subject: DataSubject) -> Iterator[dict[str, Any]]:
    """Yield the records of the lines that hold the number, without reading the others."""
    number = subject.number.encode()
    for line in content.splitlines():
        if number in line:
            record = read_json(line)
            if not isinstance(record, dict):
                raise NotRead("form")
            yield record


def _table(content: bytes) -> Iterator[dict[str, Any]]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    for row in rows:
        if None in row or None in row.values():
            raise NotRead("form")
        yield {name: value for name, value in row.items() if value != ""}


def _reply(inquiry: Inquiry, name: str, records: list[dict[str, Any]]) -> Reply:
    """Return what the one record of a subject says; two that differ say nothing."""
    if any(record != records[0] for record in records):
        raise UnreadableAnswer("twice")
    answer = {"found": bool(records), "as_of": name[:10], "record": records[0] if records else {}}
    reply = reply_to(inquiry.subject, inquiry.wanted, answer)
    return reply if records else Reply(NOT_FOUND, as_of=reply.as_of)


def _trouble(inquiry: Inquiry, outcome: str, reason: str, started: float) -> Reply:
    milliseconds = round((time.monotonic() - started) * 1000)
    log.warning("source_trouble", source=inquiry.source, outcome=outcome, reason=reason, milliseconds=milliseconds)
    return Reply(outcome)
