"""Applications keep coming in while workers, pool children, the broker and database connections are killed at random.

Everything submitted must arrive, once. ``CHAOS_SEED`` repeats a run, ``CHAOS_ROUNDS`` makes it longer; what was done is
written to ``var/chaos-report.json``.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from matters.integrity import check_integrity
from matters.models import ReviewTask, SubItem
from portal.ledger.models import Event
from portal.outbox.claiming import LEASE, retry
from portal.outbox.models import OutboxMessage
from tests.processes import ROOT, Broker, Worker, broker_of_this_process, eventually
from tests.worlds.town import Town, build_town

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SEED = int(os.environ.get("CHAOS_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "15"))
HANDLERS = {
    "fan_out": "matters.dispatching.fanout.dispatch_sub_items",
    "notify": "matters.dispatching.notifying.deliver_notices",
}


class Storm:
    """The parts of a running site, and the harm that may come to them."""

    def __init__(self, running: Broker, log: Path) -> None:
        self.broker = running
        self.log = log
        self.worker = self._start()
        self.done: Counter[str] = Counter()

    def strike(self, dice: random.Random) -> None:
        """Do one of the harms."""
        harm = dice.choice(
            [self.kill_worker, self.kill_child, self.flush_broker, self.restart_broker, self.cut_connections, self.stop]
        )
        self.done[harm.__name__] += 1
        harm()

    def kill_worker(self) -> None:
        self.worker.kill()
        self.worker = self._start()

    def stop(self) -> None:
        """End the worker politely, as a deployment does."""
        self.worker.process.send_signal(signal.SIGTERM)
        try:
            self.worker.process.wait(timeout=30)
        finally:
            self.worker.kill()
        self.worker = self._start()

    def kill_child(self) -> None:
        main = self.worker.process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        if children:
            os.kill(int(children[-1]), signal.SIGKILL)

    def flush_broker(self) -> None:
        self.broker.client().flushall()

    def restart_broker(self) -> None:
        self.broker.stop()
        time.sleep(1)
        self.broker.start()

    def cut_connections(self) -> None:
        """End every other connection to this database in the middle of whatever it does."""
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
            )

    def _start(self) -> Worker:
        return Worker(self.broker.url, HANDLERS, self.log)


@pytest.fixture
def storm(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storm]:
    with broker_of_this_process(settings, monkeypatch) as running:
        raging = Storm(running, tmp_path / "log")
        try:
            yield raging
        finally:
            raging.worker.kill()


def test_everything_submitted_arrives_once_whatever_is_killed(storm: Storm) -> None:
    town, dice, begun = build_town(), random.Random(SEED), time.monotonic()
    bundles = 0
    for _round in range(ROUNDS):
        for _bundle in range(dice.randrange(1, 6)):
            town.submit(dispatch=False)
            bundles += 1
        time.sleep(dice.random() * 4)
        storm.strike(dice)
    calm = time.monotonic()
    set_aside = _let_it_finish(town)
    report = {
        "seed": SEED,
        "rounds": ROUNDS,
        "bundles": bundles,
        "harm": dict(storm.done),
        "set_aside_and_retried": set_aside,
        "seconds": round(time.monotonic() - begun, 1),
        "seconds_to_calm": round(time.monotonic() - calm, 1),
        "queued": SubItem.objects.filter(state="queued").count(),
        "breaches": [breach.as_dict() for breach in check_integrity(with_files=False).breaches],
    }
    (ROOT / "var").mkdir(exist_ok=True)
    (ROOT / "var" / "chaos-report.json").write_text(json.dumps(report, ensure_ascii=False, indent=2))
    assert report["breaches"] == [], report
    assert SubItem.objects.filter(state="queued").count() == bundles, report
    assert ReviewTask.objects.count() == bundles, report
    assert Event.objects.filter(kind="queued").count() == bundles, report
    assert SubItem.objects.count() == 3 * bundles, report


def _let_it_finish(town: Town) -> int:
    """Wait until nothing is open; rows that were killed three times are started anew, as an officer would."""
    started_anew = 0

    def finished() -> bool:
        nonlocal started_anew
        started_anew += retry(
            list(OutboxMessage.objects.filter(quarantined_at__isnull=False).values_list("pk", flat=True))
        )
        return not OutboxMessage.objects.filter(done_at=None).exclude(kind="prune").exists()

    wait: Callable[[], object] = finished
    eventually(wait, seconds=LEASE.total_seconds() * 3 + 30)
    return started_anew
