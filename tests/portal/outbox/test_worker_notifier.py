"""Waking workers: quick, after the commit, and never in anybody's way."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from statistics import median

import pytest
from django.db import transaction
from pytest_django import Settings

from portal.outbox import enqueue, worker_notifier
from portal.outbox.worker_notifier import JOIN_SECONDS, SOCKET_TIMEOUT_SECONDS, notify_workers, notify_workers_now
from tests.processes import Broker, broker_of_this_process, eventually

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def own_broker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    with broker_of_this_process(settings, monkeypatch) as running:
        yield running


def _rung(running: Broker) -> list[str]:
    messages = running.client().lrange("yijian:celery", 0, -1)
    return [json.loads(message)["headers"]["argsrepr"] for message in messages]


def _let_it_finish(running: Broker) -> None:
    """Wait until the notifier has published all it knew of: what it hears of next it publishes after that."""
    for mark in ("first mark", "second mark"):
        notify_workers_now(mark)
        eventually(lambda mark=mark: f"['{mark}']" in _rung(running))  # type: ignore[misc]


def test_it_rings_after_the_commit_and_not_before(own_broker: Broker) -> None:
    with transaction.atomic():
        enqueue("work", "a")
        _let_it_finish(own_broker)
        assert "['work']" not in _rung(own_broker)
    eventually(lambda: _rung(own_broker).count("['work']") == 1)


def test_it_does_not_ring_for_what_was_rolled_back(own_broker: Broker) -> None:
    with transaction.atomic():
        enqueue("work", "a")
        transaction.set_rollback(True)
    _let_it_finish(own_broker)
    assert "['work']" not in _rung(own_broker)


@pytest.mark.parametrize("harm", ["freeze", "stop"])
def test_a_broker_that_is_frozen_or_gone_holds_nobody_up(own_broker: Broker, harm: str) -> None:
    notify_workers("work")
    eventually(lambda: _rung(own_broker))
    getattr(own_broker, harm)()
    seconds = []
    for number in range(200):
        begun = time.perf_counter()
        notify_workers(f"work-{number % 5}")
        seconds.append(time.perf_counter() - begun)
        time.sleep(0.001)
    # Whoever waited for the socket would wait as long every time; a busy machine holds up one or the other.
    assert median(seconds) < SOCKET_TIMEOUT_SECONDS


def test_it_rings_again_once_the_broker_is_back(own_broker: Broker) -> None:
    own_broker.stop()
    notify_workers("work")
    own_broker.start()

    def heard() -> bool:
        notify_workers("work")
        return "['work']" in _rung(own_broker)

    eventually(heard)


def test_many_rings_at_once_are_few_messages(own_broker: Broker) -> None:
    begun = time.monotonic()
    for _ in range(1000):
        notify_workers("work")
    _let_it_finish(own_broker)
    joined = (time.monotonic() - begun) / JOIN_SECONDS
    assert 1 <= _rung(own_broker).count("['work']") < min(joined + 2, 1000)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_it_rings_in_a_forked_child_too(own_broker: Broker) -> None:
    notify_workers("parent")
    eventually(lambda: "['parent']" in _rung(own_broker))
    child = os.fork()
    if child == 0:
        worker_notifier._notifier.forget()
        notify_workers("child")
        signal.pause()
    try:
        eventually(lambda: "['child']" in _rung(own_broker))
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
