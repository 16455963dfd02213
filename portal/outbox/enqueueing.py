"""Enqueueing work: one row per kind and subject, in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from portal.outbox.worker_notifier import notify_workers


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. ``subject`` names what it is about; a kind and a subject are enqueued once.

    ``payload`` holds ids and names of facts, never personal data. ``not_before`` (aware) keeps it waiting.
    """

    kind: str
    subject: str
    payload: dict[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None


def enqueue(
    kind: str, subject: object, payload: dict[str, Any] | None = None, not_before: datetime | None = None
) -> None:
    """Enqueue one piece of work in the current transaction; saying it twice changes nothing. Cost: one statement."""
    enqueue_many([Job(kind, str(subject), payload or {}, not_before)])


def enqueue_many(jobs: Iterable[Job]) -> None:
    """Enqueue any number of pieces of work in one statement, then notify workers once per kind after the commit."""
    _write(list(jobs), "DO NOTHING")


def enqueue_again(jobs: Iterable[Job]) -> None:
    """Enqueue work that must be looked at anew: a row that is already done is opened again.

    A row that is open or quarantined stays as it is, so that a sweep cannot undo a quarantine.
    """
    _write(
        list(jobs),
        """DO UPDATE SET done_at = NULL, attempts = 0, lease_until = NULL, last_error = '',
                  postponements = 0, postponed_since = NULL, payload = EXCLUDED.payload, not_before = EXCLUDED.not_before
           WHERE old.done_at IS NOT NULL""",
    )


def _write(jobs: Sequence[Job], on_conflict: str) -> None:
    if not jobs:
        return
    # Sorted, so that two transactions that enqueue the same rows wait for each other instead of deadlocking.
    rows = sorted({(p.kind, p.subject): p for p in jobs}.values(), key=lambda p: (p.kind, p.subject))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO outbox_outboxmessage AS old
                   (kind, subject, payload, created_at, not_before, attempts, lease_number, last_error)
            SELECT kind, subject, payload, statement_timestamp(), coalesce(not_before, statement_timestamp()), 0, 0, ''
              FROM unnest(%s::text[], %s::text[], %s::jsonb[], %s::timestamptz[])
                   AS new (kind, subject, payload, not_before)
            ON CONFLICT (kind, subject) {on_conflict}
            """,  # noqa: S608 - the two clauses are written above, no value is spliced in
            [
                [p.kind for p in rows],
                [p.subject for p in rows],
                [json.dumps(p.payload) for p in rows],
                [p.not_before for p in rows],
            ],
        )
    for kind in {p.kind for p in rows if p.not_before is None}:
        notify_workers(kind)
