"""Waking workers after a commit. A wake-up that is lost is a delay, never a loss.

The request's thread only notes the kind; a background thread of this process publishes it, with short socket
timeouts and no retry, so that a broker that is down or frozen cannot hold up a page. Kinds are few and wake-ups of
one kind that have not gone out yet are one, so that nothing piles up either.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction

log = structlog.get_logger(__name__)

SOCKET_TIMEOUT_SECONDS = 2
# After a failed wake-up the broker is left alone for a moment; workers find the rows by themselves meanwhile.
REST_SECONDS = 2.0
# Wake-ups of one kind closer together than this are joined.
JOIN_SECONDS = 0.01


def notify_workers(kind: str) -> None:
    """Wake a worker for ``kind`` once the current transaction is committed. Never blocks, never raises."""
    transaction.on_commit(lambda: _notifier.notify(kind), robust=True)


def notify_workers_now(kind: str) -> None:
    """Wake a worker for ``kind`` at once, where no transaction is open."""
    _notifier.notify(kind)


class _Notifier:
    """The background publisher of this process; begins with the first wake-up, and anew in a forked child."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Start from nothing: after a fork the thread and the connection belong to the parent."""
        self.waiting: set[str] = set()
        self.something = threading.Condition()
        self.thread: threading.Thread | None = None

    def notify(self, kind: str) -> None:
        if not settings.REDIS_URL:
            return
        with self.something:
            self.waiting.add(kind)
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._publish_for_ever, name="worker-notifier", daemon=True)
                self.thread.start()
            self.something.notify()

    def _publish_for_ever(self) -> None:
        publisher = _Publisher()
        while True:
            with self.something:
                while not self.waiting:
                    self.something.wait()
                kinds, self.waiting = self.waiting, set()
            try:
                for kind in kinds:
                    publisher.publish(kind)
                time.sleep(JOIN_SECONDS)
            except Exception as error:
                log.warning("worker_notification_failed", kinds=sorted(kinds), error=type(error).__name__)
                publisher.close()
                time.sleep(REST_SECONDS)


class _Publisher:
    """One kept connection to the broker."""

    def __init__(self) -> None:
        self.connection: Any = None
        self.producer: Any = None

    def publish(self, kind: str) -> None:
        if self.producer is None:
            self.connection = current_app.connection_for_write(
                connect_timeout=SOCKET_TIMEOUT_SECONDS,
                transport_options={
                    **current_app.conf.broker_transport_options,
                    "socket_timeout": SOCKET_TIMEOUT_SECONDS,
                    "socket_connect_timeout": SOCKET_TIMEOUT_SECONDS,
                    "max_retries": 0,
                },
            )
            self.producer = current_app.amqp.Producer(self.connection)
        current_app.send_task(
            "portal.outbox.tasks.drain",
            args=[kind],
            producer=self.producer,
            retry=False,
            ignore_result=True,
            expires=60,
        )

    def close(self) -> None:
        connection, self.connection, self.producer = self.connection, None, None
        if connection is not None:
            try:
                connection.release()
            except Exception as error:
                log.info("worker_notifier_close_failed", error=type(error).__name__)


_notifier = _Notifier()
os.register_at_fork(after_in_child=_notifier.forget)
