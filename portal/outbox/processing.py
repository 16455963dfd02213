"""Processing what is enqueued: in batches, and one by one where a batch or an earlier start failed."""

from __future__ import annotations

import time
from collections import deque
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
    resume,
    start_again,
)
from portal.outbox.faults import is_of_environment, may_be_of_one

log = structlog.get_logger(__name__)

Handler = Callable[[Sequence[Claim]], None]
# How long one call goes on taking new work; what it holds then is finished.
BUDGET_SECONDS = 3.0

# Claims that could not be given back because the database was away, with why; `give_back_lost` does it when it is there again.
_lost: deque[tuple[Sequence[Claim], Exception]] = deque(maxlen=100)


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
    give_back_lost()
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
    except Postponed as reason:
        _wait(claims, reason)
        return 0
    except Exception as error:
        if not connection.is_usable():
            # Nothing can be written down now: this process does it once the database is back.
            connection.close()
            _lost.append((claims, error))
            raise
        if is_of_environment(error) and (len(claims) == 1 or not may_be_of_one(error)):
            _wait(claims, error)
            return 0
        if len(claims) == 1:
            _give_back(claims[0], error)
            return 0
        log.warning("outbox_batch_failed", kind=claims[0].kind, claims=len(claims), error=type(error).__name__)
    else:
        if any(claim.postponements for claim in claims):
            log.info("outbox_resumed", kind=claims[0].kind, claims=resume(claims[0].kind))
        return len(claims)
    fresh_starts = (start_again(claim) for claim in claims)
    return sum(run([claim]) for claim in fresh_starts if claim is not None)


def give_back_lost() -> None:
    """Give back what this process held when its database went away: whoever took it over meanwhile keeps it."""
    while _lost:
        claims, error = _lost.popleft()
        try:
            _wait(claims, error)
        except Exception:
            _lost.appendleft((claims, error))
            raise


def _wait(claims: Sequence[Claim], reason: Exception) -> None:
    postpone(claims, reason)
    log.warning("outbox_postponed", kind=claims[0].kind, claims=len(claims), reason=str(reason))


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
