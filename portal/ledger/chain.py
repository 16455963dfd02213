"""Writing events: each one chained by its hash to all before it.

A chain's row is the lock that orders its events. Locks are taken in the order of the ids, so that two writers of many
chains never wait for each other in a circle. Take them late in a transaction: they are held until it ends.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

from portal.ledger.core.hashing import EventRow, NewEvent, link_events
from portal.ledger.core.verification import Breach, find_breaches
from portal.ledger.models import Chain, Event
from portal.lib.prepared import Param, PreparedStatement

__all__ = [
    "ChainMissing",
    "NewEvent",
    "append_events",
    "append_events_to_many",
    "first_events",
    "open_chain",
    "open_chains",
    "verify_chain",
    "verify_chains",
]

VERIFY_BATCH = 2000
COLUMNS = [column.name for column in fields(EventRow)]

_LOCK = PreparedStatement(
    "ledger_lock",
    """
    WITH locked AS MATERIALIZED (
        SELECT id, length, head FROM ledger_chain WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE
    )
    SELECT id, length, head, clock_timestamp() FROM locked
    """,
    [Param("ids", "uuid[]")],
)

_HEADS = ("head_of", "head_length", "head")
_TYPES = (
    *("uuid[]", "int[]", "timestamptz[]", "text[]", "bigint[]", "text[]", "text[]", "jsonb[]", "bytea[]", "bytea[]"),
    *("uuid[]", "int[]", "bytea[]"),
)
_WRITE = PreparedStatement(
    "ledger_write",
    """
    WITH written AS (
        INSERT INTO ledger_event
            (chain_id, sequence, at, kind, actor_id, department, sub_item, data, previous_hash, hash)
        SELECT * FROM unnest(
            %s::uuid[], %s::int[], %s::timestamptz[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::jsonb[],
            %s::bytea[], %s::bytea[]
        )
        RETURNING id, chain_id, sequence
    ), moved AS (
        UPDATE ledger_chain SET length = heads.length, head = heads.head
        FROM unnest(%s::uuid[], %s::int[], %s::bytea[]) AS heads (id, length, head)
        WHERE ledger_chain.id = heads.id
    )
    SELECT chain_id, sequence, id FROM written
    """,
    [Param(name, type) for name, type in zip((*COLUMNS, *_HEADS), _TYPES, strict=True)],
)


class ChainMissing(LookupError):
    """Events were to be written to a chain that was never opened. ``ids``: which."""

    code = "chain_missing"

    def __init__(self, ids: Iterable[UUID]) -> None:
        self.ids = sorted(ids)
        super().__init__(", ".join(map(str, self.ids)))


def open_chain(id: UUID) -> None:
    """Begin the history of the subject `id`; nothing happens when it was begun before. One statement."""
    open_chains([id])


def open_chains(ids: Iterable[UUID]) -> None:
    """Begin the histories of many subjects. One statement."""
    Chain.objects.bulk_create([Chain(id=id) for id in ids], ignore_conflicts=True)


def append_events(chain_id: UUID, events: Iterable[NewEvent]) -> list[Event]:
    """Write `events` at the end of one chain and return them in order. Two statements, inside the caller's transaction.

    The time is the database's clock, read after the chain is locked. Raises `ChainMissing`, ValueError on data that JSON
    would not give back unchanged.
    """
    return append_events_to_many({chain_id: events}).get(chain_id, [])


def append_events_to_many(events: Mapping[UUID, Iterable[NewEvent]]) -> dict[UUID, list[Event]]:
    """Write events to many chains and return them by chain, in order. Two statements however many chains and events."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("events are written in the transaction of the fact they record")
    wanted = {chain_id: batch for chain_id, batch in ((key, list(value)) for key, value in events.items()) if batch}
    if not wanted:
        return {}
    rows: list[EventRow] = []
    with connection.cursor() as cursor:
        _LOCK.execute(cursor, {"ids": [str(chain_id) for chain_id in wanted]})
        heads = {id: (length, bytes(head), at) for id, length, head, at in cursor.fetchall()}
        if missing := wanted.keys() - heads.keys():
            raise ChainMissing(missing)
        for chain_id, batch in wanted.items():
            length, head, at = heads[chain_id]
            rows += link_events(chain_id, batch, at=at, length=length, head=head)
        ends = list({row.chain_id: row for row in rows}.values())
        new_heads: list[list[Any]] = [
            [str(row.chain_id) for row in ends],
            [row.sequence for row in ends],
            [row.hash for row in ends],
        ]
        _WRITE.execute(cursor, dict(zip((*COLUMNS, *_HEADS), (*event_columns(rows), *new_heads), strict=True)))
        ids = {(chain_id, sequence): id for chain_id, sequence, id in cursor.fetchall()}
    written: dict[UUID, list[Event]] = {chain_id: [] for chain_id in wanted}
    for row in rows:
        event = Event(id=ids[row.chain_id, row.sequence], **{name: getattr(row, name) for name in COLUMNS})
        written[row.chain_id].append(event)
    return written


def first_events(chain_id: UUID, at: datetime, events: Iterable[NewEvent]) -> list[EventRow]:
    """Return the rows that begin a new chain, hashed but not written, for a statement that writes chain and events together.

    `at` must be time-zone aware and is written as it is. The chain's row then needs ``length = len(rows)`` and
    ``head = rows[-1].hash``. Pure.
    """
    return link_events(chain_id, events, at=at)


def event_columns(rows: Sequence[EventRow]) -> list[list[Any]]:
    """Return `rows` as parallel lists, one per column, in the order (chain_id, sequence, at, kind, actor_id, department,
    sub_item, data, previous_hash, hash), ready for ``unnest(%s::uuid[], …)``; ids and data are text."""
    return [
        [str(row.chain_id) for row in rows],
        [row.sequence for row in rows],
        [row.at for row in rows],
        [row.kind for row in rows],
        [row.actor_id for row in rows],
        [row.department for row in rows],
        [row.sub_item for row in rows],
        [json.dumps(row.data, ensure_ascii=False) for row in rows],
        [row.previous_hash for row in rows],
        [row.hash for row in rows],
    ]


def verify_chain(chain_id: UUID) -> list[Breach]:
    """Return every breach of one chain, in order; empty when its history is whole. Two queries."""
    head = Chain.objects.filter(id=chain_id).values_list("length", "head").first()
    rows = list(_rows(Event.objects.filter(chain_id=chain_id).order_by("sequence")))
    if head is None:
        return [Breach(chain_id, 0, "chain_missing", {"events": len(rows)})]
    return find_breaches(chain_id, length=head[0], head=bytes(head[1]), rows=rows)


def verify_chains(ids: Iterable[UUID] | None = None) -> Iterator[Breach]:
    """Yield the breaches of the given chains, or of all, reading two queries per 2,000 chains."""
    chains = Chain.objects.order_by("id")
    if ids is not None:
        chains = chains.filter(id__in=list(ids))
    batch: list[Chain] = []
    for chain in chains.iterator(chunk_size=VERIFY_BATCH):
        batch.append(chain)
        if len(batch) == VERIFY_BATCH:
            yield from _verify_batch(batch)
            batch = []
    yield from _verify_batch(batch)


def _verify_batch(chains: list[Chain]) -> Iterator[Breach]:
    if not chains:
        return
    rows: dict[UUID, list[EventRow]] = {chain.id: [] for chain in chains}
    for row in _rows(Event.objects.filter(chain_id__in=list(rows)).order_by("chain_id", "sequence")):
        rows[row.chain_id].append(row)
    for chain in chains:
        yield from find_breaches(chain.id, length=chain.length, head=bytes(chain.head), rows=rows[chain.id])


def _rows(events: QuerySet[Event]) -> Iterator[EventRow]:
    for values in events.values(*COLUMNS).iterator():
        yield EventRow(**values | {name: bytes(values[name]) for name in ("previous_hash", "hash")})
