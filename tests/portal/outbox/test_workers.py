"""Real workers: what is enqueued arrives once, whatever is killed, flushed or missing."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from portal.outbox import Job, enqueue, enqueue_many
from portal.outbox.claiming import Claim, complete
from portal.outbox.models import OutboxMessage
from tests.portal.outbox.handlers import effects, work
from tests.processes import eventually, worker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NOBODY = "unix:///nonexistent/broker?db=0"
SLOW = {"work": "tests.portal.outbox.test_workers.slow_work"}
DEADLY = {"work": "tests.portal.outbox.test_workers.deadly_work"}


def slow_work(claims: Sequence[Claim]) -> None:
    """Take long enough to be killed in the middle, the first time."""
    with transaction.atomic():
        complete(claims)
        for claim in claims:
            OutboxMessage.objects.create(
                kind="effect", subject=claim.subject, not_before=timezone.now(), done_at=timezone.now()
            )
        if claims[0].attempts == 1:
            Path(os.environ["YIJIAN_TEST_SIGN"]).touch()
            time.sleep(600)


def deadly_work(claims: Sequence[Claim]) -> None:
    """End the interpreter on a poisonous row."""
    if any(claim.subject == "poison" for claim in claims):
        os.abort()
    work(claims)


def test_it_arrives_with_no_broker_at_all(tmp_path: Path) -> None:
    enqueue_many([Job("work", str(number)) for number in range(60)])
    with worker(NOBODY, tmp_path / "log", {"work": "tests.portal.outbox.handlers.work"}):
        eventually(lambda: len(effects()) == 60)
        enqueue("work", "later")
        eventually(lambda: "later" in effects())


def test_a_worker_killed_in_mid_work_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign = tmp_path / "begun"
    monkeypatch.setenv("YIJIAN_TEST_SIGN", str(sign))
    enqueue_many([Job("work", str(number)) for number in range(20)])
    with worker(NOBODY, tmp_path / "log", SLOW) as first:
        eventually(sign.exists)
        first.kill()
    assert effects() == set()
    assert OutboxMessage.objects.filter(kind="work", attempts=1, done_at=None).count() == 20
    OutboxMessage.objects.update(lease_until=timezone.now())  # twenty seconds later
    with worker(NOBODY, tmp_path / "log", SLOW):
        eventually(lambda: len(effects()) == 20)
    assert not OutboxMessage.objects.filter(kind="work", done_at=None).exists()


def test_a_row_that_kills_its_workers_is_set_aside_and_its_neighbours_are_done(tmp_path: Path) -> None:
    enqueue_many([Job("work", subject) for subject in ("a", "poison", "b")])
    set_aside = OutboxMessage.objects.filter(quarantined_at__isnull=False)
    for _start in range(4):
        with worker(NOBODY, tmp_path / "log", DEADLY, concurrency=1) as running:
            eventually(lambda running=running: running.process.poll() is not None or set_aside.exists())  # type: ignore[misc]
        OutboxMessage.objects.filter(done_at=None, quarantined_at=None).update(lease_until=timezone.now())
    assert [(row.subject, row.attempts) for row in set_aside] == [("poison", 3)]
    assert effects() == {"a", "b"}
