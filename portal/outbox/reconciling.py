"""Finding what was missed: rows nobody was woken for, rows whose workers died, and work that was never enqueued."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.module_loading import import_string

# A row that nobody took for so long is unclaimed: its wake-up was lost, or there is no broker.
UNCLAIMED_AFTER = timedelta(seconds=2)


def reconcile() -> int:
    """Enqueue what should have been enqueued and was not: each floor's own search, named in the settings."""
    return sum(import_string(path)() for path in settings.YIJIAN_OUTBOX_RECONCILERS)
