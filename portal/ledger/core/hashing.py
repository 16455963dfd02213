"""The hash of an event: SHA-256 over a canonical, length-prefixed encoding. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

__all__ = ["GENESIS", "EventRow", "NewEvent", "canonical_json", "hash_event", "link_events"]

GENESIS = bytes(32)
_FORMAT = b"yijian.event.1"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact to be written. `data` holds JSON without fractions, so that it comes back from the database as it went in."""

    kind: str
    actor_id: int | None = None
    department: str = ""
    sub_item: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One row of the event table, complete with its place in the chain."""

    chain_id: UUID
    sequence: int
    at: datetime
    kind: str
    actor_id: int | None
    department: str
    sub_item: str
    data: Mapping[str, Any]
    previous_hash: bytes
    hash: bytes

    def recomputed(self, *, sequence: int | None = None, previous_hash: bytes | None = None) -> bytes:
        """Return the hash of what the row says, at another place in the chain if one is given."""
        return hash_event(
            chain_id=self.chain_id,
            sequence=self.sequence if sequence is None else sequence,
            at=self.at,
            kind=self.kind,
            actor_id=self.actor_id,
            department=self.department,
            sub_item=self.sub_item,
            data=self.data,
            previous_hash=self.previous_hash if previous_hash is None else previous_hash,
        )


def hash_event(
    *,
    chain_id: UUID,
    sequence: int,
    at: datetime,
    kind: str,
    actor_id: int | None,
    department: str,
    sub_item: str,
    data: Mapping[str, Any],
    previous_hash: bytes,
) -> bytes:
    """Return the 32 bytes that bind an event to all before it. `at` is time-zone aware; every field is length-prefixed."""
    if at.tzinfo is None:
        raise ValueError("an event's time must be time-zone aware")
    parts = (
        _FORMAT,
        chain_id.bytes,
        sequence.to_bytes(8, "big"),
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode(),
        kind.encode(),
        b"" if actor_id is None else str(actor_id).encode(),
        department.encode(),
        sub_item.encode(),
        canonical_json(data),
        previous_hash,
    )
    return hashlib.sha256(b"".join(piece for part in parts for piece in (len(part).to_bytes(8, "big"), part))).digest()


def canonical_json(data: Any) -> bytes:
    """Return the one spelling of a JSON value: keys sorted, no white space, UTF-8. Raises ValueError for what a JSON column would not give back."""
    _require_exact(data)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def link_events(
    chain_id: UUID, events: Iterable[NewEvent], *, at: datetime, length: int = 0, head: bytes = GENESIS
) -> list[EventRow]:
    """Return `events` as rows that continue a chain of `length` events ending in `head`. Raises ValueError on data that cannot be hashed."""
    rows: list[EventRow] = []
    for sequence, event in enumerate(events, start=length + 1):
        previous = rows[-1].hash if rows else head
        digest = hash_event(
            chain_id=chain_id,
            sequence=sequence,
            at=at,
            kind=event.kind,
            actor_id=event.actor_id,
            department=event.department,
            sub_item=event.sub_item,
            data=event.data,
            previous_hash=previous,
        )
        rows.append(
            EventRow(
                chain_id,
                sequence,
                at,
                event.kind,
                event.actor_id,
                event.department,
                event.sub_item,
                event.data,
                previous,
                digest,
            )
        )
    return rows


def _require_exact(value: Any) -> None:
    if value is None or isinstance(value, bool | int):
        return
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("an event's data may not hold a NUL character")
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise ValueError("an event's data may only have text keys")
            _require_exact(key)
            _require_exact(item)
        return
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        for item in value:
            _require_exact(item)
        return
    raise ValueError(f"an event's data may not hold a {type(value).__name__}")
