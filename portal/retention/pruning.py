"""Doing away with what has outlived its term: in small transactions, begun anew where it was broken off, counted by class."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from portal.outbox.claiming import Claim, complete
from portal.outbox.enqueueing import enqueue
from portal.retention.holds import wait_for_holds
from portal.retention.models import PruningRun
from portal.retention.schedule import Kept, classes

log = structlog.get_logger(__name__)

KIND = "prune"
BATCH = 100
# So many batches a start of the job, well within its lease; what is left is another job.
BATCHES = 10


def ripe_counts(now: datetime | None = None) -> dict[str, int]:
    """Return how many rows of each class a pruning would do away with now; writes nothing."""
    now = now or timezone.now()
    return {each.key: each.ripe(now).count() for each in classes()}


def prune_batch(kept: Kept, now: datetime, size: int = BATCH) -> int:
    """Do away with up to `size` rows of a class whose term is over, in one transaction; return how many.

    Rows that somebody works on meanwhile are left for the next time; who places a hold waits for the end of it.
    """
    with transaction.atomic():
        wait_for_holds()
        rows = list(kept.ripe(now).select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:size])
        if rows and kept.destroy is not None:
            kept.destroy(rows)
            _count(now, kept.key, len(rows))
    return len(rows)


def prune(*, now: datetime | None = None, batches: int | None = None) -> bool:
    """Prune class by class, at most `batches` batches; return whether something is left. Broken off, it is simply begun again."""
    now = now or timezone.now()
    done = 0
    _begin(now)
    for kept in classes():
        while True:
            if batches is not None and done >= batches:
                return True
            gone = prune_batch(kept, now)
            done += bool(gone)
            if gone < BATCH:
                break
    run = PruningRun.objects.get(day=timezone.localdate(now))
    run.ended_at = timezone.now()
    run.save(update_fields=["ended_at"])
    log.info("pruned", **run.counts)
    return False


def prune_job(claims: Sequence[Claim]) -> None:
    """Handle ``prune``: the subject is a day, and which of its jobs it is. Safe to run any number of times. Raises ``StaleLease``."""
    for claim in claims:
        is_more = prune(batches=BATCHES)
        day, _sign, part = claim.subject.partition("#")
        with transaction.atomic():
            complete([claim])
            if is_more:
                enqueue(KIND, f"{day}#{int(part or 1) + 1}")


def prune_daily() -> int:
    """Enqueue the day's pruning once; for the reconciler, which beat and every worker run. At most two statements."""
    today = timezone.localdate()
    if PruningRun.objects.filter(day=today).exists():
        return 0
    with transaction.atomic():
        enqueue(KIND, today.isoformat())
    return 0


def _begin(now: datetime) -> None:
    PruningRun.objects.get_or_create(day=timezone.localdate(now), defaults={"started_at": timezone.now()})


def _count(now: datetime, key: str, count: int) -> None:
    run = PruningRun.objects.select_for_update().get(day=timezone.localdate(now))
    run.counts[key] = run.counts.get(key, 0) + count
    run.ended_at = None
    run.save(update_fields=["counts", "ended_at"])
