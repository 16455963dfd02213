"""What the broker may ask for. A message carries a kind, never work: the rows say what is to be done.

Nothing here is retried or acknowledged late: a message that is lost, late or doubled changes nothing.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

from portal.outbox.claiming import kinds_due, quarantine_spent
from portal.outbox.processing import kinds, work_off
from portal.outbox.worker_notifier import ring_now

log = structlog.get_logger(__name__)

# A row that nobody took for so long was not heard of: its bell was lost, or there is no broker.
UNHEARD = timedelta(seconds=2)


@shared_task(ignore_result=True)
def drain(kind: str) -> int:
    """Work off a kind for a few seconds, and ring again if more is left, so that other kinds have their turn."""
    if kind not in kinds():
        log.warning("outbox_kind_unknown", kind=kind)
        return 0
    done, more = work_off(kind)
    if more:
        ring_now(kind)
    return done


@shared_task(ignore_result=True)
def sweep() -> list[str]:
    """Set aside what was started too often, and ring for what waits unheard or whose lease ran out."""
    quarantine_spent()
    waiting = kinds_due(kinds(), UNHEARD)
    for kind in waiting:
        ring_now(kind)
    return waiting


@shared_task(ignore_result=True)
def mend() -> int:
    """Promise what should have been promised and is not: each floor's own search, named in the settings."""
    return sum(import_string(path)() for path in settings.YIJIAN_OUTBOX_MENDERS)
