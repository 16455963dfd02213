"""A worker that is frozen in mid work for longer than its lease: another takes over, and the sleeper changes nothing."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from matters.integrity import check_integrity
from matters.models import ReviewTask, SubItem
from portal.ledger.models import Event
from portal.outbox.claiming import LEASE
from portal.outbox.models import OutboxMessage
from tests.matters.dispatching.test_dispatch_by_workers import INTERRUPTED, NOBODY
from tests.processes import eventually, worker
from tests.worlds.town import build_town

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_another_worker_takes_over_and_the_sleeper_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = tmp_path / "begun"
    monkeypatch.setenv("YIJIAN_TEST_SIGN", str(sign))
    town = build_town()
    for _ in range(3):
        town.submit(dispatch=False)
    with worker(NOBODY, tmp_path / "log", INTERRUPTED) as sleeper:
        eventually(sign.exists)
        sleeper.signal(signal.SIGSTOP)
        with worker(NOBODY, tmp_path / "log", INTERRUPTED):
            eventually(
                lambda: not OutboxMessage.objects.filter(done_at=None).exclude(kind="prune").exists(),
                seconds=2 * LEASE.total_seconds() + 15,
            )
            sleeper.signal(signal.SIGCONT)
            eventually(lambda: "outbox" in (tmp_path / "log").read_text(errors="replace"))
    assert SubItem.objects.filter(state="queued").count() == 3
    assert ReviewTask.objects.count() == 3
    assert Event.objects.filter(kind="queued").count() == 3
    assert check_integrity(with_files=False).breaches == []
