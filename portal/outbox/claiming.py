"""Claiming enqueued work: claims with a lease and a fencing number, by the database's clock alone.

A start is counted and committed before the effect. Completion happens inside the transaction that holds the
effect, and only under the lease that was given: a worker that slept through its lease changes nothing.
"""
# ruff: noqa: S608 - clauses are joined from the constants of this module; values are always parameters

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.lib.prepared import Param, PreparedStatement

log = structlog.get_logger(__name__)

# Longer than any batch takes, and short enough that a killed worker's rows move on within half a minute.
LEASE = timedelta(seconds=20)
BATCH = 50
# A row that was started so often without finishing is quarantined.
STARTS = 3
# A row that nobody took for so long is unclaimed: its wake-up was lost, or there is no broker.
UNCLAIMED_AFTER = timedelta(seconds=2)
# How long a row waits after its first, second … failed start.
BACK_OFF = (timedelta(seconds=1), timedelta(seconds=8))
# How long a row waits for what is away: twice as long each time, give or take a quarter, so that what comes back is not stormed.
POSTPONED_FOR = timedelta(seconds=5)
POSTPONED_AT_MOST = timedelta(minutes=10)
# The oldest of a kind looks so often whether it is back; once one of them is done, `resume` wakes all others within seconds.
SCOUT_EVERY = timedelta(seconds=10)
RESUMED_WITHIN = timedelta(seconds=5)

_OPEN = "done_at IS NULL AND quarantined_at IS NULL"
_FREE = "not_before <= statement_timestamp() AND (lease_until IS NULL OR lease_until <= statement_timestamp())"
_COLUMNS = "m.id, m.kind, m.subject, m.payload::text, m.lease_number, m.attempts, m.postponements"
_START = """
    UPDATE outbox_outboxmessage m
       SET attempts = m.attempts + 1, lease_number = m.lease_number + 1, lease_until = statement_timestamp() + make_interval(secs => %s)
"""


class StaleLease(Exception):
    """The lease ran out and somebody else took the row, or it is done: the effect must be rolled back."""

    code = "stale_lease"


class Postponed(Exception):
    """What the work needs is away, and the work is not to blame: it waits, and no start is counted."""

    code = "postponed"


@dataclass(frozen=True, slots=True)
class Claim:
    """A row taken for work, under one lease."""

    id: int
    kind: str
    subject: str
    payload: dict[str, Any] = field(compare=False)
    lease_number: int
    attempts: int
    postponements: int = 0


def claim_batch(kind: str, limit: int = BATCH, lease: timedelta = LEASE) -> list[Claim]:
    """Take up to ``limit`` rows that nobody has started yet, in the order they were enqueued. Cost: one statement."""
    return _take(_TAKE_NEW, kind, limit, lease)


def claim_again(kind: str, lease: timedelta = LEASE) -> Claim | None:
    """Take one row whose earlier start did not finish. Alone, so that what breaks a worker breaks no neighbour."""
    found = _take(_TAKE_STARTED, kind, 1, lease)
    return found[0] if found else None


def start_again(claim: Claim, lease: timedelta = LEASE) -> Claim | None:
    """Count another start of a claim still held and renew its lease; None when it is no longer ours to start."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_START} WHERE id = %s AND lease_number = %s AND attempts < %s AND {_OPEN} RETURNING {_COLUMNS}",
            [lease.total_seconds(), claim.id, claim.lease_number, STARTS],
        )
        found = _claims(cursor.fetchall())
    return found[0] if found else None


def complete(claims: Sequence[Claim]) -> None:
    """Mark claims done, inside the transaction that holds their effect. Raises ``StaleLease``, which rolls it back.

    Call it first: the rows stay locked until the commit, so that nobody else can take them meanwhile. One statement.
    """
    # The transaction that a test runs in is nobody's: without it a handler that opens none would pass its tests and fail at work.
    if all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise transaction.TransactionManagementError("complete() belongs inside the transaction that holds the effect")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE outbox_outboxmessage m SET done_at = statement_timestamp(), lease_until = NULL, last_error = ''
              FROM unnest(%s::bigint[], %s::integer[]) AS held (id, lease_number)
             WHERE m.id = held.id AND m.lease_number = held.lease_number AND {_OPEN}
            """,
            [[claim.id for claim in claims], [claim.lease_number for claim in claims]],
        )
        if cursor.rowcount != len(claims):
            raise StaleLease(f"{len(claims) - cursor.rowcount} of {len(claims)} leases are no longer held")


def release(claim: Claim, error: BaseException) -> None:
    """Give back a claim whose work failed: it waits a little, or is quarantined after its last start."""
    last = claim.attempts >= STARTS
    wait = BACK_OFF[min(claim.attempts, len(BACK_OFF)) - 1]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE outbox_outboxmessage
               SET lease_until = NULL, last_error = %s, not_before = statement_timestamp() + make_interval(secs => %s),
                   quarantined_at = CASE WHEN %s THEN statement_timestamp() END
             WHERE id = %s AND lease_number = %s AND {_OPEN}
            """,
            [describe(error), wait.total_seconds(), last, claim.id, claim.lease_number],
        )
        if cursor.rowcount and last:
            log.error("outbox_quarantined", kind=claim.kind, subject=claim.subject, attempts=claim.attempts)


def postpone(claims: Sequence[Claim], reason: BaseException) -> None:
    """Give back claims whose work could not be tried: they wait, longer each time, as if nobody had started them. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE outbox_outboxmessage m
               SET lease_until = NULL, last_error = %(reason)s, attempts = m.attempts - 1, postponements = m.postponements + 1,
                   postponed_since = coalesce(m.postponed_since, statement_timestamp()),
                   not_before = statement_timestamp() + make_interval(secs => (0.75 + random() / 2) * least(
                       CASE WHEN m.id <= scout.id THEN %(scout)s ELSE %(most)s END, %(first)s * 2 ^ least(m.postponements, 16)))
              FROM unnest(%(ids)s::bigint[], %(leases)s::integer[]) AS held (id, lease_number),
                   (SELECT least(min(id), %(oldest)s) AS id FROM outbox_outboxmessage
                     WHERE kind = %(kind)s AND postponements > 0 AND {_OPEN}) scout
             WHERE m.id = held.id AND m.lease_number = held.lease_number AND m.attempts > 0 AND {_OPEN}
            """,
            {
                "reason": describe(reason),
                "scout": SCOUT_EVERY.total_seconds(),
                "most": POSTPONED_AT_MOST.total_seconds(),
                "first": POSTPONED_FOR.total_seconds(),
                "kind": claims[0].kind,
                "oldest": min(claim.id for claim in claims),
                "ids": [claim.id for claim in claims],
                "leases": [claim.lease_number for claim in claims],
            },
        )


def resume(kind: str) -> int:
    """Let what waits for something that was away start within seconds, because one of its kind was done; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE outbox_outboxmessage SET not_before = statement_timestamp() + make_interval(secs => random() * %s)
             WHERE kind = %s AND postponements > 0 AND {_OPEN} AND not_before > statement_timestamp() + make_interval(secs => %s)
            """,
            [RESUMED_WITHIN.total_seconds(), kind, RESUMED_WITHIN.total_seconds()],
        )
        return int(cursor.rowcount)


def quarantine_exhausted() -> int:
    """Quarantine rows whose last start never came back (their worker died each time); return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE outbox_outboxmessage m SET quarantined_at = statement_timestamp(), lease_until = NULL,
                   last_error = CASE WHEN last_error = '' THEN 'started, never finished' ELSE last_error END
              FROM (SELECT id FROM outbox_outboxmessage
                     WHERE {_OPEN} AND attempts > 0 AND attempts >= %s
                       AND (lease_until IS NULL OR lease_until <= statement_timestamp())
                     ORDER BY id FOR UPDATE SKIP LOCKED) exhausted
             WHERE m.id = exhausted.id RETURNING m.kind, m.subject, m.attempts
            """,
            [STARTS],
        )
        exhausted = cursor.fetchall()
    for kind, subject, attempts in exhausted:
        log.error("outbox_quarantined", kind=kind, subject=subject, attempts=attempts)
    return len(exhausted)


def retry(ids: Sequence[int]) -> int:
    """Open quarantined rows for three fresh starts; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE outbox_outboxmessage
               SET quarantined_at = NULL, attempts = 0, lease_until = NULL, not_before = statement_timestamp(),
                   postponements = 0, postponed_since = NULL
             WHERE id = ANY(%s) AND quarantined_at IS NOT NULL
            """,
            [list(ids)],
        )
        return int(cursor.rowcount)


_KINDS_DUE = PreparedStatement(
    "outbox_kinds_due",
    f"""
    SELECT kind FROM unnest(%s::text[]) AS known (kind)
     WHERE EXISTS (SELECT 1 FROM outbox_outboxmessage m WHERE m.kind = known.kind AND attempts = 0 AND {_OPEN}
                      AND {_FREE} AND not_before <= statement_timestamp() - make_interval(secs => %s))
        OR EXISTS (SELECT 1 FROM outbox_outboxmessage m WHERE m.kind = known.kind AND attempts > 0
                      AND attempts < {STARTS} AND {_OPEN} AND {_FREE})
    """,
    [Param("kinds", "text[]"), Param("seconds")],
)


def kinds_due(kinds: Sequence[str], older_than: timedelta = timedelta(0)) -> list[str]:
    """Return the kinds that have a row free to take and free for longer than ``older_than``. Cost: one statement."""
    with connection.cursor() as cursor:
        _KINDS_DUE.execute(cursor, {"kinds": list(kinds), "seconds": older_than.total_seconds()})
        return [kind for (kind,) in cursor.fetchall()]


def end_forgotten_transactions(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Let the database end a worker's transaction that does nothing for as long as a lease.

    A worker that is frozen in mid work holds row locks; without this nobody could take over what it holds.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, false)", [f"{LEASE.seconds}s"])


def describe(error: BaseException) -> str:
    """Name an error and its place in one line. The database's detail lines may quote rows and are left out."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    first_line = next(iter(str(error).splitlines()), "")[:200]
    return f"{type(error).__qualname__} at {place}: {first_line}"


def _taking(label: str, condition: str) -> PreparedStatement:
    """Return what takes free rows of a kind for work: idle workers ask for them all day."""
    return PreparedStatement(
        label,
        f"""
        WITH free AS (
            SELECT id FROM outbox_outboxmessage WHERE kind = %s AND {condition} AND {_OPEN} AND {_FREE}
             ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
        )
        {_START} FROM free WHERE m.id = free.id RETURNING {_COLUMNS}
        """,
        [Param("kind"), Param("limit"), Param("seconds")],
    )


_TAKE_NEW = _taking("outbox_take", "attempts = 0")
_TAKE_STARTED = _taking("outbox_take_again", f"attempts > 0 AND attempts < {STARTS}")


def _take(statement: PreparedStatement, kind: str, limit: int, lease: timedelta) -> list[Claim]:
    with connection.cursor() as cursor:
        statement.execute(cursor, {"kind": kind, "limit": limit, "seconds": lease.total_seconds()})
        return _claims(cursor.fetchall())


def _claims(rows: Sequence[tuple[Any, ...]]) -> list[Claim]:
    claims = (
        Claim(row_id, kind, subject, json.loads(payload), lease_number, attempts, postponements)
        for row_id, kind, subject, payload, lease_number, attempts, postponements in rows
    )
    return sorted(claims, key=lambda claim: claim.id)
