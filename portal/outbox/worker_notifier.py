"""Waking a worker after a commit. A bell that nobody hears is a delay, never a loss.

The request's thread only notes the kind; a background thread of this process publishes it, with short socket
timeouts and no retry, so that a broker that is down or frozen cannot hold up a page. Kinds are few and rings of
one kind that have not gone out yet are one ring, so that nothing piles up either.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

log = structlog.get_logger(__name__)

SOCKET_TIMEOUT_SECONDS = 2
# After a failed ring the broker is left alone for a moment; workers find the rows by themselves meanwhile.
REST_SECONDS = 2.0
# Rings of one kind closer together than this are joined.
JOIN_SECONDS = 0.01


def ring(kind: str) -> None:
    """Wake a worker for ``kind`` once the current transaction is committed. Never blocks, never raises."""
    transaction.on_commit(lambda: _bell.ring(kind), robust=True)


def ring_now(kind: str) -> None:
    """Wake a worker for ``kind`` at once, where no transaction is open."""
    _bell.ring(kind)


class _Bell:
    """The background publisher of this process; begins with the first ring, and anew in a forked child."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Start from nothing: after a fork the thread and the connection belong to the parent."""
        self.waiting: set[str] = set()
        self.something = threading.Condition()
        self.thread: threading.Thread | None = None

    def ring(self, kind: str) -> None:
        if not settings.REDIS_URL:
            return
        with self.something:
            self.waiting.add(kind)
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._publish_for_ever, name="doorbell", daemon=True)
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
                log.warning("doorbell_unheard", kinds=sorted(kinds), error=type(error).__name__)
                publisher.close()
                time.sleep(REST_SECONDS)


class _Publisher:
    """One kept connection to the broker."""

    def __init__(self) -> None:
        self.connection: Any = None
        self.producer: Any = None

    def publish(self, kind: str) -> None:
        from portal.celery import app

        if self.producer is None:
            self.connection = app.connection_for_write(
                connect_timeout=SOCKET_TIMEOUT_SECONDS,
                transport_options={
                    **app.conf.broker_transport_options,
                    "socket_timeout": SOCKET_TIMEOUT_SECONDS,
                    "socket_connect_timeout": SOCKET_TIMEOUT_SECONDS,
                    "max_retries": 0,
                },
            )
            self.producer = app.amqp.Producer(self.connection)
        app.send_task(
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
                log.info("doorbell_close_failed", error=type(error).__name__)


_bell = _Bell()
os.register_at_fork(after_in_child=_bell.forget)
