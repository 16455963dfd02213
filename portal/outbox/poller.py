"""Working without a broker: a thread of each worker's main process looks for rows that nobody was woken for.

It takes part by the same claims as everybody else. With the broker down, flushed, or never there, work arrives a
few seconds later and nothing else changes.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import structlog
from celery.signals import worker_init
from django.db import close_old_connections, connection
from django.db.backends.signals import connection_created

from portal.outbox.claiming import UNCLAIMED_AFTER, end_forgotten_transactions, kinds_due, quarantine_exhausted
from portal.outbox.processing import enqueue_missing, give_back_lost, kinds, process

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 1.0
# Looking for work that was never enqueued reads whole tables: seldom.
RECONCILE_EVERY_SECONDS = 300.0

# Held during a round, so that the main process does not fork a pool child in the middle of a query.
_round = threading.RLock()


@worker_init.connect
def work_without_a_broker(**_: Any) -> None:
    """Start the poller in a worker's main process, and have the database end transactions that a worker forgot."""
    connection_created.connect(end_forgotten_transactions)
    start_poller()


def start_poller() -> threading.Thread:
    """Start the thread; it ends with the process."""
    os.register_at_fork(before=_round.acquire, after_in_parent=_round.release, after_in_child=_round.release)
    thread = threading.Thread(target=_poll_for_ever, name="outbox-poller", daemon=True)
    thread.start()
    return thread


def poll_once(*, with_reconciling: bool = False) -> int:
    """Process every kind that has unclaimed rows; return how many rows were finished."""
    give_back_lost()
    quarantine_exhausted()
    if with_reconciling:
        enqueue_missing()
    done = 0
    for kind in kinds_due(kinds(), UNCLAIMED_AFTER):
        done += process(kind, budget=1.0)[0]
    return done


def _poll_for_ever() -> None:
    reconciled = time.monotonic() - RECONCILE_EVERY_SECONDS
    while True:
        due = time.monotonic() - reconciled >= RECONCILE_EVERY_SECONDS
        with _round:
            try:
                close_old_connections()
                done = poll_once(with_reconciling=due)
                if due:
                    reconciled = time.monotonic()
                if done:
                    log.info("outbox_polled", done=done)
            except Exception as error:
                log.warning("outbox_poll_failed", error=type(error).__name__, exc_info=error)
                connection.close()
        time.sleep(PAUSE_SECONDS)
