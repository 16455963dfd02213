"""Requests between systems, signed with a shared key: HTTP Message Signatures (RFC 9421, ``hmac-sha256``) over method, host, path and body.

The body is covered by its digest (RFC 9530, ``Content-Digest``); the moment, a minute's term and a number used once are signed too.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
    algorithms,
)

KEY_ID: Final = "yijian"
TAG: Final = "yijian-sharing"
COVERED: Final = ("@method", "@authority", "@path", "content-type")
TERM: Final = timedelta(seconds=60)


class BadSignature(Exception):
    """Nobody with the key sent this, or not now."""


@dataclass(slots=True)
class OutgoingRequest:
    """A request as it is signed: its absolute address, its headers, and all of its body."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = field(repr=False)


def sign(message: OutgoingRequest, key: bytes) -> None:
    """Add ``Content-Digest``, ``Signature-Input`` and ``Signature`` to a message's headers."""
    keys = MappingKeyResolver(private_keys={KEY_ID: key}, public_keys={})
    now = datetime.now(UTC)
    HTTPMessageSigner(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=keys).sign(
        message,
        key_id=KEY_ID,
        created=now,
        expires=now + TERM,
        nonce=secrets.token_urlsafe(16),
        tag=TAG,
        covered_component_ids=COVERED,
        body=message.body,
    )


def verify(message: OutgoingRequest, key: bytes) -> str:
    """Return the number used once of a message that was signed with `key` in the last minute. Raises `BadSignature`.

    Whether the number was seen before is for the receiver to remember, for as long as `TERM`.
    """
    keys = MappingKeyResolver(private_keys={}, public_keys={KEY_ID: key})
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=keys)
    try:
        results = verifier.verify(
            message, max_age=TERM, expect_tag=TAG, require_components=(*COVERED, "content-digest"), body=message.body
        )
    except HTTPMessageSignaturesException as fault:
        raise BadSignature(str(fault)) from None
    nonce = results[0].nonce if len(results) == 1 else None
    if not nonce:
        raise BadSignature("nothing says that it was sent once")
    return nonce


def as_headers(pairs: Mapping[str, str]) -> dict[str, str]:
    """Return headers as a message holds them, by their names in small letters."""
    return {name.lower(): value for name, value in pairs.items()}
