"""Naming what is wrong with a chain of events. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from portal.ledger.core.hashing import GENESIS, EventRow


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing wrong with a chain, at one event (`sequence`; 0 means the chain's own row).

    ``code`` is one of: ``content_altered`` (what the event says was changed), ``hash_altered`` (its own hash was),
    ``link_altered`` (its link to the event before was), ``rewritten`` (several of these at once), ``moved`` (the event
    stood at ``belongs_at``), ``missing`` (the events from ``sequence`` to ``until`` were removed), ``truncated`` (the same
    at the end), ``inserted`` (the chain never recorded it), ``head_differs`` (the last event and the chain's row disagree),
    ``length_altered`` (the chain's row counts other events than it commits to), ``chain_missing`` (the chain has no row).
    """

    chain_id: UUID
    sequence: int
    code: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the breach as JSON."""
        return {"chain": str(self.chain_id), "sequence": self.sequence, "code": self.code, **self.detail}


def find_breaches(chain_id: UUID, *, length: int, head: bytes, rows: Sequence[EventRow]) -> list[Breach]:
    """Return every breach of one chain, in order of sequence; empty exactly when the chain is whole.

    `rows` are all its events, sorted by sequence; `length` and `head` are what the chain's own row records. Each event is
    judged by its content, its hash, and the links of its neighbours. A history rewritten from some event to the end
    together with the chain's row agrees with itself: that only shows against a checkpoint kept outside the database.
    """
    breaches: list[Breach] = []
    last = rows[-1] if rows else None
    if last is not None and last.sequence != length and last.hash == head:
        breaches.append(Breach(chain_id, 0, "length_altered", {"recorded": length, "found": last.sequence}))
        length = last.sequence
    hashes = [_recomputed(row) for row in rows]
    expected = 1
    for position, row in enumerate(rows):
        if expected < row.sequence <= length:
            breaches.append(Breach(chain_id, expected, "missing", {"until": row.sequence - 1}))
        code, detail = _judge(position, rows, hashes, length, head)
        if code:
            breaches.append(Breach(chain_id, row.sequence, code, detail))
        expected = max(expected, row.sequence + 1)
    if expected <= length:
        breaches.append(Breach(chain_id, expected, "truncated", {"until": length}))
    elif not rows and head != GENESIS:
        breaches.append(Breach(chain_id, 0, "head_differs"))
    return breaches


def _judge(
    position: int, rows: Sequence[EventRow], hashes: Sequence[bytes], length: int, head: bytes
) -> tuple[str, dict[str, Any]]:
    """Return what is wrong with one event, or an empty code.

    Where two neighbours disagree, the one that does not agree with itself is at fault; if both do, the earlier one was
    rewritten, for the later one still commits to what it was.
    """
    row, computed = rows[position], hashes[position]
    before = rows[position - 1] if position else None
    after = rows[position + 1] if position + 1 < len(rows) else None
    next_to = after is not None and after.sequence == row.sequence + 1
    vouched = after.previous_hash if after is not None and next_to else head if row.sequence == length else None
    if computed != row.hash:
        if (belongs_at := _other_place(row, max(length, rows[-1].sequence))) is not None:
            return "moved", {"belongs_at": belongs_at}
        if row.sequence > length:
            return "inserted", {}
        previous = (
            GENESIS if row.sequence == 1 else before.hash if before and before.sequence == row.sequence - 1 else None
        )
        if previous is not None and _recomputed(row, previous_hash=previous) == row.hash:
            return "link_altered", {}
        if vouched == computed:
            return "hash_altered", {}
        return ("content_altered" if vouched in (None, row.hash) else "rewritten"), {}
    if not 1 <= row.sequence <= length or (before is not None and before.sequence == row.sequence):
        return "inserted", {}
    if row.sequence == 1 and row.previous_hash != GENESIS:
        return "rewritten", {}
    if vouched is None or vouched == row.hash:
        return "", {}
    if after is None or not next_to:
        return "head_differs", {}
    if hashes[position + 1] == after.hash:
        return "rewritten", {}
    return ("inserted" if _other_place(after, length) == row.sequence else ""), {}


def _other_place(row: EventRow, length: int) -> int | None:
    """Return the place in the chain at which the event, as it is, agrees with its hash."""
    places = (place for place in range(1, length + 1) if place != row.sequence)
    return next((place for place in places if _recomputed(row, sequence=place) == row.hash), None)


def _recomputed(row: EventRow, *, sequence: int | None = None, previous_hash: bytes | None = None) -> bytes:
    try:
        return row.recomputed(sequence=sequence, previous_hash=previous_hash)
    except ValueError:  # content that no event could have been written with
        return b""
