"""Working without a broker: a thread of each worker's main process looks for rows that nobody was woken for.

It takes part by the same claims as everybody else. With the broker down, flushed, or never there, work arrives a
few seconds later and nothing else changes.
"""

from __future__ import annotations

import os
import threading
import time

import structlog
from django.db import close_old_connections, connection

from portal.outbox.claiming import kinds_due, quarantine_spent
from portal.outbox.processing import kinds, work_off
from portal.outbox.tasks import UNHEARD, mend

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 1.0
# Looking for promises that were never written reads whole tables: seldom.
MEND_EVERY_SECONDS = 300.0

# Held during a round, so that the main process does not fork a pool child in the middle of a query.
_round = threading.RLock()


def start_poller() -> threading.Thread:
    """Start the thread; it ends with the process."""
    os.register_at_fork(before=_round.acquire, after_in_parent=_round.release, after_in_child=_round.release)
    thread = threading.Thread(target=_poll_for_ever, name="outbox-poller", daemon=True)
    thread.start()
    return thread


def poll_once(*, with_mending: bool = False) -> int:
    """Work off every kind that has unheard rows; return how many rows were finished."""
    quarantine_spent()
    if with_mending:
        mend()
    done = 0
    for kind in kinds_due(kinds(), UNHEARD):
        finished, _more = work_off(kind, budget=1.0)
        done += finished
    return done


def _poll_for_ever() -> None:
    mended = time.monotonic() - MEND_EVERY_SECONDS
    while True:
        due = time.monotonic() - mended >= MEND_EVERY_SECONDS
        with _round:
            try:
                close_old_connections()
                done = poll_once(with_mending=due)
                if due:
                    mended = time.monotonic()
                if done:
                    log.info("outbox_polled", done=done)
            except Exception as error:
                log.warning("outbox_poll_failed", error=type(error).__name__, exc_info=error)
                connection.close()
        time.sleep(PAUSE_SECONDS)
