"""The hash of an event: SHA-256 over a canonical, length-prefixed encoding. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

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
    hash: bytes = b""

    def recomputed(self, *, sequence: int | None = None, previous_hash: bytes | None = None) -> bytes:
        """Return the 32 bytes that bind what the row says to all before it, at another place in the chain if one is given.

        `at` is time-zone aware; every field is length-prefixed.
        """
        if self.at.tzinfo is None:
            raise ValueError("an event's time must be time-zone aware")
        parts = (
            _FORMAT,
            self.chain_id.bytes,
            (self.sequence if sequence is None else sequence).to_bytes(8, "big"),
            self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode(),
            self.kind.encode(),
            b"" if self.actor_id is None else str(self.actor_id).encode(),
            self.department.encode(),
            self.sub_item.encode(),
            canonical_json(self.data),
            self.previous_hash if previous_hash is None else previous_hash,
        )
        prefixed = (piece for part in parts for piece in (len(part).to_bytes(8, "big"), part))
        return hashlib.sha256(b"".join(prefixed)).digest()


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
        row = EventRow(
            chain_id,
            sequence,
            at,
            event.kind,
            event.actor_id,
            event.department,
            event.sub_item,
            event.data,
            previous_hash=rows[-1].hash if rows else head,
        )
        rows.append(replace(row, hash=row.recomputed()))
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
