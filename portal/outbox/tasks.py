"""What the broker may ask for. A wake-up carries a kind, never work: the rows say what is to be done.

Nothing here is retried or acknowledged late: a message that is lost, late or doubled changes nothing.
"""

from __future__ import annotations

import structlog
from celery import shared_task

from portal.outbox.claiming import UNCLAIMED_AFTER, kinds_due, quarantine_exhausted
from portal.outbox.processing import enqueue_missing, kinds, process
from portal.outbox.worker_notifier import notify_workers_now

log = structlog.get_logger(__name__)


@shared_task(ignore_result=True)
def drain(kind: str) -> int:
    """Process a kind for a few seconds, and notify again if more is left, so that other kinds have their turn."""
    if kind not in kinds():
        log.warning("outbox_kind_unknown", kind=kind)
        return 0
    done, more = process(kind)
    if more:
        notify_workers_now(kind)
    return done


@shared_task(ignore_result=True)
def sweep() -> list[str]:
    """Quarantine what was started too often, and notify of what is unclaimed or whose lease ran out."""
    quarantine_exhausted()
    waiting = kinds_due(kinds(), UNCLAIMED_AFTER)
    for kind in waiting:
        notify_workers_now(kind)
    return waiting


@shared_task(ignore_result=True)
def reconcile() -> int:
    """Enqueue what was never enqueued; return how many rows that made."""
    return enqueue_missing()
