"""Real workers dispatch what was submitted: all of it, once, whatever is killed, flushed or missing."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from matters.dispatching.fanout import dispatch_sub_items
from matters.integrity import check_integrity
from matters.models import ReviewTask, SubItem
from portal.ledger.models import Event
from portal.outbox.claiming import UNCLAIMED_AFTER, Claim
from portal.outbox.models import OutboxMessage
from tests.processes import Broker, broker_of_this_process, eventually, worker
from tests.worlds.town import Town, build_town

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NOBODY = "unix:///nonexistent/broker?db=0"
HANDLERS = {
    "fan_out": "matters.dispatching.fanout.dispatch_sub_items",
    "notify": "matters.dispatching.notifying.deliver_notices",
}
INTERRUPTED = {**HANDLERS, "fan_out": "tests.matters.dispatching.test_dispatch_by_workers.dispatch_and_wait"}


def dispatch_and_wait(claims: Sequence[Claim]) -> None:
    """Dispatch, and stand still before the commit when these rows are started for the first time."""
    with transaction.atomic():
        dispatch_sub_items(claims)
        if claims[0].attempts == 1:
            Path(os.environ["YIJIAN_TEST_SIGN"]).touch()
            time.sleep(600)


@pytest.fixture
def town() -> Town:
    return build_town()


@pytest.fixture
def own_broker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    with broker_of_this_process(settings, monkeypatch) as running:
        yield running


def _queued() -> int:
    return SubItem.objects.filter(state="queued").count()


def _everything_arrived_once(bundles: int) -> None:
    # The day of pruning is enqueued as well; nobody here does it.
    eventually(lambda: not OutboxMessage.objects.filter(done_at=None, kind__in=HANDLERS).exists())
    assert _queued() == bundles
    assert ReviewTask.objects.count() == bundles
    assert Event.objects.filter(kind="queued").count() == bundles
    assert SubItem.objects.count() == 3 * bundles
    assert [breach.sentence for breach in check_integrity(with_files=False).breaches] == []


def test_a_worker_killed_in_mid_dispatch_leaves_nothing_undone_and_nothing_double(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = tmp_path / "begun"
    monkeypatch.setenv("YIJIAN_TEST_SIGN", str(sign))
    for _ in range(4):
        town.submit(dispatch=False)
    with worker(NOBODY, tmp_path / "log", INTERRUPTED) as first:
        eventually(sign.exists)
        first.kill()
    assert _queued() == 0
    assert not ReviewTask.objects.exists()
    OutboxMessage.objects.filter(done_at=None).update(lease_until=timezone.now())  # twenty seconds later
    with worker(NOBODY, tmp_path / "log", INTERRUPTED):
        eventually(lambda: _queued() == 4)
        _everything_arrived_once(4)


def test_a_flushed_broker_loses_nothing(town: Town, tmp_path: Path, own_broker: Broker) -> None:
    for _ in range(3):
        town.submit(dispatch=False)
    eventually(lambda: own_broker.client().llen("yijian:celery"))
    own_broker.client().flushall()
    with worker(own_broker.url, tmp_path / "log", HANDLERS):
        eventually(lambda: _queued() == 3)
        _everything_arrived_once(3)
        own_broker.client().flushall()
        town.submit(dispatch=False)
        eventually(lambda: _queued() == 4)
        _everything_arrived_once(4)


def test_with_a_broker_it_arrives_within_a_moment(town: Town, tmp_path: Path, own_broker: Broker) -> None:
    with worker(own_broker.url, tmp_path / "log", HANDLERS):
        for number in range(1, 20):
            begun = time.monotonic()
            town.submit(dispatch=False)
            eventually(lambda count=number: _queued() == count)  # type: ignore[misc]
            if time.monotonic() - begun < UNCLAIMED_AFTER.total_seconds():
                break  # the poller leaves what is younger to those who are woken
        else:
            pytest.fail("nobody was woken")


def test_with_no_broker_at_all_it_arrives_a_little_later(town: Town, tmp_path: Path) -> None:
    with worker(NOBODY, tmp_path / "log", HANDLERS):
        town.submit(dispatch=False)
        eventually(lambda: _queued() == 1)
        _everything_arrived_once(1)
