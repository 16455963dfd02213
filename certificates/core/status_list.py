"""The status list: how every certificate of a list stands, as one short text that anybody can keep and read without a network (pure).

It is the signed token of the IETF's Token Status List (draft-ietf-oauth-status-list): a JWT of type ``statuslist+jwt`` whose ``lst`` is a
row of four-bit numbers, packed by zlib. A certificate's place in it is random and stands in its file; a list says nothing about
whose place is whose, and asking for one tells nobody which certificate is being checked.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

# How many places a list has, and how many of them are given out: so few that a random one is nearly always free.
PLACES: Final = 2**20
GIVEN_OUT: Final = 2**17
BITS: Final = 4
LIFE_HOURS: Final = 24
# How soon a published change is to be seen, in seconds.
FRESH_SECONDS: Final = 60
TYPE: Final = "statuslist+jwt"
# Longer than a list in which every place says something else.
LONGEST_TOKEN: Final = 2 * 1024 * 1024
_BYTES: Final = PLACES * BITS // 8

# 0 and 2 are the draft's; from 11 on a list says by itself what is meant.
CODES: Final[Mapping[str, int]] = {
    "valid": 0,
    "suspended": 2,
    "revoked": 11,
    "rescinded": 12,
    "recalled": 13,
    "deregistered": 14,
    "superseded": 15,
}
_WORDS: Final = {code: word for word, code in CODES.items()}


class StatusListUnreadable(ValueError):
    """It is no status list of ours. ``code``: ``shape``, ``type``, ``algorithm``, ``subject``, ``life``, ``too_long`` or ``packed``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class StatusSpot:
    """Where a certificate's status is to be read, as its file says: the list's address and the place in it."""

    address: str
    place: int


@dataclass(frozen=True, slots=True)
class StatusesRead:
    """A list that was read: its address, when it was signed, until when it counts (UTC), and the places."""

    address: str
    signed_at: datetime
    expires_at: datetime
    places: bytes

    def status_at(self, place: int) -> str:
        """Return how the certificate at ``place`` stands; ``unknown`` for a number that no word has. Raises `IndexError` outside the list."""
        if not 0 <= place < PLACES:
            raise IndexError(place)
        code = self.places[place // 2] >> (4 * (place % 2)) & 0xF
        return _WORDS.get(code, "unknown")


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart, not verified yet: what was signed, the signature, how, by whom, and the list it carries."""

    signed: bytes
    signature: bytes
    algorithm: str
    chain: tuple[bytes, ...]
    list: StatusesRead


def pack(statuses: Iterable[tuple[int, str]]) -> str:
    """Return the places of a list, packed, in base64url: the given ones as told, every other valid."""
    places = bytearray(_BYTES)
    for place, status in statuses:
        places[place // 2] |= CODES[status] << (4 * (place % 2))
    return encode(zlib.compress(bytes(places), 9))


def signing_input(
    *, address: str, statuses: Iterable[tuple[int, str]], signed_at: datetime, algorithm: str, chain: list[bytes]
) -> bytes:
    """Return the bytes to be signed. ``chain``: the signer's certificates, DER, its own first; ``signed_at``: aware."""
    moment = int(signed_at.timestamp())
    head = {"alg": algorithm, "typ": TYPE, "x5c": [base64.b64encode(one).decode() for one in chain]}
    claims = {
        "sub": address,
        "iat": moment,
        "exp": moment + LIFE_HOURS * 3600,
        "ttl": FRESH_SECONDS,
        "status_list": {"bits": BITS, "lst": pack(statuses)},
    }
    return b".".join(encode(json.dumps(part, separators=(",", ":")).encode()).encode() for part in (head, claims))


def take_apart(token: str) -> Token:
    """Return what stands in a token; whoever calls verifies the signature. Raises `StatusListUnreadable`, and nothing else."""
    if len(token) > LONGEST_TOKEN:
        raise StatusListUnreadable("too_long")
    parts = token.split(".")
    if len(parts) != 3 or not token.isascii():
        raise StatusListUnreadable("shape")
    head, claims = _object(parts[0]), _object(parts[1])
    if head.get("typ") != TYPE:
        raise StatusListUnreadable("type")
    if head.get("alg") not in {"ES256", "RS256"} or "crit" in head:
        raise StatusListUnreadable("algorithm")
    try:
        chain = tuple(base64.b64decode(one, validate=True) for one in head["x5c"])
        packed = claims["status_list"]
        address, signed, expires, bits = claims["sub"], claims["iat"], claims["exp"], packed["bits"]
        if not (isinstance(address, str) and type(signed) is type(expires) is int and bits == BITS and chain):
            raise StatusListUnreadable("shape")
        moments = datetime.fromtimestamp(signed, UTC), datetime.fromtimestamp(expires, UTC)
        found = StatusesRead(address, *moments, _unpacked(decode(packed["lst"])))
    except (KeyError, TypeError, AttributeError, OverflowError, OSError, ValueError) as error:
        if isinstance(error, StatusListUnreadable):
            raise
        raise StatusListUnreadable("shape") from error
    if not 0 < expires - signed <= LIFE_HOURS * 3600:
        raise StatusListUnreadable("life")
    return Token(f"{parts[0]}.{parts[1]}".encode(), decode(parts[2]), head["alg"], chain, found)


def encode(data: bytes) -> str:
    """Return base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return what `encode` was given; one text for one value. Raises `StatusListUnreadable`."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise StatusListUnreadable("shape") from error
    if encode(data) != text:
        raise StatusListUnreadable("shape")
    return data


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(decode(part))
    except (ValueError, RecursionError) as error:
        raise StatusListUnreadable("shape") from error
    if not isinstance(found, dict):
        raise StatusListUnreadable("shape")
    return found


def _unpacked(packed: bytes) -> bytes:
    """Return exactly one list's bytes; what unpacks to more is not unpacked further."""
    reader = zlib.decompressobj()
    try:
        places = reader.decompress(packed, _BYTES + 1)
    except zlib.error as error:
        raise StatusListUnreadable("packed") from error
    if len(places) != _BYTES or not reader.eof or reader.unused_data:
        raise StatusListUnreadable("packed")
    return places
