"""What the worker and the signer say to each other through the socket: one line of JSON each way. Pure.

Asked: ``[[certificate's id, SHA-256 of its sealed face, SHA-256 of the file to be sealed], …]``, digests in hex.
Answered: ``[["sealed", the CMS signature in base64] | ["refused", code], …]``, in the same order.

Or asked: ``{"status_list": its number}``, answered ``{"status_list": the signed list}``.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

# A batch of certificates asks some 10 kB; the answer is ten times that. A status list is some 10 kB.
LONGEST_LINE = 2 * 1024 * 1024
MOST_AT_ONCE = 200


class Unreadable(ValueError):
    """The other side says what cannot be meant."""


@dataclass(frozen=True, slots=True)
class SealRequest:
    """Seal the file with this digest, made from this frozen face, as the file of this certificate."""

    certificate: UUID
    face_sha256: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class SealAnswer:
    """``signature``: the CMS in DER; empty where it is refused, with the code of why."""

    signature: bytes = b""
    refused: str = ""


def write_requests(requests: Sequence[SealRequest]) -> bytes:
    """Return the line that asks for `requests`."""
    return _line([[str(one.certificate), one.face_sha256.hex(), one.digest.hex()] for one in requests])


def read_requests(line: bytes) -> list[SealRequest]:
    """Return what a line asks for. Raises `Unreadable`."""
    found = _parsed(line)
    if len(found) > MOST_AT_ONCE:
        raise Unreadable("too many at once")
    try:
        requests = [SealRequest(UUID(id), bytes.fromhex(face), bytes.fromhex(digest)) for id, face, digest in found]
    except (ValueError, TypeError, AttributeError) as error:
        raise Unreadable("no requests") from error
    if any(len(one.digest) != 32 or len(one.face_sha256) != 32 for one in requests):
        raise Unreadable("no SHA-256")
    return requests


def write_answers(answers: Sequence[SealAnswer]) -> bytes:
    """Return the line that answers."""
    return _line(
        [
            ["refused", one.refused] if one.refused else ["sealed", base64.b64encode(one.signature).decode()]
            for one in answers
        ]
    )


def read_answers(line: bytes, wanted: int) -> list[SealAnswer]:
    """Return what a line answers to `wanted` requests. Raises `Unreadable`."""
    try:
        answers = [
            SealAnswer(base64.b64decode(value, validate=True)) if kind == "sealed" else SealAnswer(refused=str(value))
            for kind, value in _parsed(line)
        ]
    except (binascii.Error, ValueError, TypeError) as error:
        raise Unreadable("no answers") from error
    if len(answers) != wanted:
        raise Unreadable("not as many answers as requests")
    return answers


def write_list(value: int | str) -> bytes:
    """Return the line that asks for a status list by its number, or answers with it."""
    return _line({"status_list": value})


def read_list_number(line: bytes) -> int | None:
    """Return the number of the status list that a line asks for; None where it asks for seals. Raises `Unreadable`."""
    found = _value(line)
    if not isinstance(found, dict):
        return None
    number = found.get("status_list")
    if type(number) is not int or not 0 <= number < 2**31 or len(found) != 1:
        raise Unreadable("no status list")
    return number


def read_list(line: bytes) -> str:
    """Return the signed list that a line answers with. Raises `Unreadable`."""
    found = _value(line)
    if not isinstance(found, dict) or not isinstance(found.get("status_list"), str):
        raise Unreadable("no status list")
    return str(found["status_list"])


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _value(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Unreadable("no JSON") from error


def _parsed(line: bytes) -> list[list[str]]:
    found = _value(line)
    if not isinstance(found, list):
        raise Unreadable("no list")
    return found
