"""Fan-out by real workers: rows claimed in batches, against one task per sub-item."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from matters.models import ReviewTask, SubItem
from matters.submitting.submission import submit_bundle
from portal.celery import app
from portal.outbox.models import OutboxMessage
from portal.outbox.worker_notifier import notify_workers_now
from tests.bench.figures import Figure, in_turns, say, tell
from tests.bench.naive import dispatch_one
from tests.processes import ROOT
from tests.worlds.measured import Town


def measure(town: Town, *, rounds: int, count: int) -> None:
    figure = Figure("fan_out", "bundles/s")
    say(f"fan-out: {rounds} rounds of {count} bundles in batches and {count // 20} with a task per sub-item")
    OutboxMessage.objects.filter(done_at=None).update(done_at="2026-01-01T00:00:00Z")
    app.control.purge()
    worker = _worker()
    try:
        _batches(town, figure, 50)
        _tasks(town, figure, 10)
        figure.rates.clear()
        in_turns(rounds, lambda: _batches(town, figure, count), lambda: _tasks(town, figure, count // 20))
    finally:
        worker.terminate()
        worker.wait(timeout=30)
    figure.notes |= {"workers": 2, "sub_items": len(town.plan.items)}
    tell(figure.line("batches", "task_per_sub_item"))


def _batches(town: Town, figure: Figure, count: int) -> None:
    _submit(town, count)
    waiting = OutboxMessage.objects.filter(kind="fan_out", done_at=None)
    waiting.update(not_before=timezone.now())
    begun = time.perf_counter()
    for _worker in range(2):
        notify_workers_now("fan_out")
        time.sleep(0.02)
    _until(lambda: not waiting.exists())
    figure.take("batches", count / (time.perf_counter() - begun))


def _tasks(town: Town, figure: Figure, count: int) -> None:
    bundles = _submit(town, count)
    OutboxMessage.objects.filter(kind="fan_out", done_at=None).update(done_at="2026-01-01T00:00:00Z")
    parts = list(SubItem.objects.filter(bundle_id__in=bundles).values_list("pk", flat=True))
    first = SubItem.objects.filter(bundle_id__in=bundles, after=[]).count()
    queued = ReviewTask.objects.filter(sub_item__bundle_id__in=bundles)
    begun = time.perf_counter()
    for part in parts:
        dispatch_one.delay(str(part))
    _until(lambda: queued.count() == first)
    figure.take("task_per_sub_item", count / (time.perf_counter() - begun))


def _submit(town: Town, count: int) -> list[uuid.UUID]:
    """Submit bundles at once and let their dispatch wait until it is asked for."""
    drafts = town.drafts(count)
    with transaction.atomic():
        bundles = [submit_bundle(draft=draft, by=town.user).pk for draft in drafts]
        OutboxMessage.objects.filter(kind="fan_out", done_at=None).update(
            not_before=timezone.now() + timedelta(hours=1)
        )
    time.sleep(0.5)  # the bells of these commits have been heard
    return bundles


def _until(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the worker did not finish"
        time.sleep(0.005)


def _worker() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "ignore", "-m", "celery", "--app", "portal.celery", "--quiet", "worker"]
    command += ["--include", "tests.bench.naive", "--concurrency", "2", "--loglevel", "ERROR"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"CELERY_SKIP_CHECKS": "true"}, start_new_session=True)
