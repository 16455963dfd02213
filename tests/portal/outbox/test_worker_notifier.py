"""Waking workers: quick, after the commit, and never in anybody's way."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import Settings

from portal.celery import app
from portal.outbox import enqueue
from portal.outbox.worker_notifier import _Notifier, notify_workers
from portal.settings.environment import broker_url
from tests.processes import Broker, broker, eventually

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def own_broker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    with broker() as running:
        settings.REDIS_URL = running.url
        monkeypatch.setattr(app.conf, "broker_url", broker_url(running.url))
        monkeypatch.setattr("portal.outbox.worker_notifier._notifier", _Notifier())
        yield running


def _rung(running: Broker) -> list[str]:
    messages = running.client().lrange("yijian:celery", 0, -1)
    return [json.loads(message)["headers"]["argsrepr"] for message in messages]


def test_it_rings_after_the_commit_and_not_before(own_broker: Broker) -> None:
    with transaction.atomic():
        enqueue("work", "a")
        time.sleep(0.3)
        assert "['work']" not in _rung(own_broker)  # the notifier may still be telling of other kinds, from before
    eventually(lambda: _rung(own_broker).count("['work']") == 1)


def test_it_does_not_ring_for_what_was_rolled_back(own_broker: Broker) -> None:
    with transaction.atomic():
        enqueue("work", "a")
        transaction.set_rollback(True)
    time.sleep(0.3)
    assert "['work']" not in _rung(own_broker)


@pytest.mark.parametrize("harm", ["freeze", "stop"])
def test_a_broker_that_is_frozen_or_gone_holds_nobody_up(own_broker: Broker, harm: str) -> None:
    notify_workers("work")
    eventually(lambda: _rung(own_broker))
    getattr(own_broker, harm)()
    slowest = 0.0
    for number in range(200):
        begun = time.perf_counter()
        notify_workers(f"work-{number % 5}")
        slowest = max(slowest, time.perf_counter() - begun)
        time.sleep(0.001)
    assert slowest < 0.05


def test_it_rings_again_once_the_broker_is_back(own_broker: Broker) -> None:
    own_broker.stop()
    notify_workers("work")
    own_broker.start()

    def heard() -> bool:
        notify_workers("work")
        time.sleep(0.2)
        return "['work']" in _rung(own_broker)

    eventually(heard)


def test_many_rings_at_once_are_few_messages(own_broker: Broker) -> None:
    for _ in range(1000):
        notify_workers("work")
    eventually(lambda: _rung(own_broker))
    time.sleep(0.3)
    assert len(_rung(own_broker)) < 100


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_it_rings_in_a_forked_child_too(own_broker: Broker) -> None:
    notify_workers("parent")
    eventually(lambda: "['parent']" in _rung(own_broker))  # wake-ups of earlier tests may still come in
    child = os.fork()
    if child == 0:
        from portal.outbox import worker_notifier

        worker_notifier._notifier.forget()
        notify_workers("child")
        signal.pause()
    try:
        eventually(lambda: "['child']" in _rung(own_broker))
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
