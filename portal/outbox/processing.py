"""Processing what is enqueued: in batches, and one by one where a batch or an earlier start failed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import structlog
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from portal.outbox.claiming import (
    BATCH,
    Claim,
    Postponed,
    StaleLease,
    claim_again,
    claim_batch,
    postpone,
    release,
    start_again,
)

log = structlog.get_logger(__name__)

Handler = Callable[[Sequence[Claim]], None]
# How long one call goes on taking new work; what it holds then is finished.
BUDGET_SECONDS = 3.0


def handler_of(kind: str) -> Handler:
    """Return the function that does this kind of work: effect and ``complete()`` in one transaction."""
    found: Handler = import_string(settings.YIJIAN_OUTBOX_HANDLERS[kind])
    return found


def kinds() -> list[str]:
    """Return the kinds of work that have a handler."""
    return list(settings.YIJIAN_OUTBOX_HANDLERS)


def enqueue_missing() -> int:
    """Enqueue what should have been enqueued and was not: each floor's own search, named in the settings."""
    return sum(import_string(path)() for path in settings.YIJIAN_OUTBOX_RECONCILERS)


def process(kind: str, budget: float = BUDGET_SECONDS) -> tuple[int, bool]:
    """Take and do work of a kind until none is free or ``budget`` seconds have passed.

    Returns how many rows were finished, and whether some may be left. Rows that nobody has started are taken in
    batches; between two batches one row with a failed start has its turn, alone.
    """
    limit = settings.YIJIAN_OUTBOX_BATCH.get(kind, BATCH)
    end = time.monotonic() + budget
    done = 0
    while time.monotonic() < end:
        batch = claim_batch(kind, limit)
        done += run(batch)
        again = claim_again(kind)
        if again is not None:
            done += run([again])
        if not batch and again is None:
            return done, False
    return done, True


def run(claims: Sequence[Claim]) -> int:
    """Do the work of these claims; return how many were finished. A failing batch is repeated one by one."""
    if not claims:
        return 0
    handle = handler_of(claims[0].kind)
    try:
        handle(claims)
        return len(claims)
    except Postponed as reason:
        log.warning("outbox_postponed", kind=claims[0].kind, claims=len(claims), reason=str(reason))
        postpone(claims, reason)
        return 0
    except Exception as error:
        if not connection.is_usable():
            # Nothing can be written down now; the leases run out and another start follows.
            connection.close()
            raise
        if len(claims) == 1:
            _give_back(claims[0], error)
            return 0
        log.warning("outbox_batch_failed", kind=claims[0].kind, claims=len(claims), error=type(error).__name__)
    fresh_starts = (start_again(claim) for claim in claims)
    return sum(run([claim]) for claim in fresh_starts if claim is not None)


def _give_back(claim: Claim, error: Exception) -> None:
    if isinstance(error, StaleLease):
        log.info("outbox_lease_stale", kind=claim.kind, subject=claim.subject, lease=claim.lease_number)
        return
    log.warning(
        "outbox_start_failed",
        kind=claim.kind,
        subject=claim.subject,
        attempts=claim.attempts,
        error=type(error).__name__,
        exc_info=error,
    )
    release(claim, error)
