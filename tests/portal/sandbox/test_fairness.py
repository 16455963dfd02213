"""Two persons who hand in all the time do not keep a third from being served: with real threads, helpers and processes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django import Settings as SettingsWrapper

from portal.sandbox import running
from portal.sandbox.limits import Limits
from portal.sandbox.running import Decoded, SandboxBusy, run
from tests.processes import ROOT, eventually

TASKS = "tests.portal.sandbox.tasks:"
LONG = Limits(clock=300, queue=300)


class Hall:
    """People who hand in files that are held until told to end."""

    def __init__(self, folder: Path, pool: ThreadPoolExecutor) -> None:
        self.folder = folder
        self.pool = pool
        self.file = tempfile.TemporaryFile()  # noqa: SIM115
        self.handed_in: list[Future[Decoded]] = []

    def hand_in(self, person: str, name: str) -> Future[Decoded]:
        beside = self.folder / name
        beside.mkdir()
        until = str(beside / "end")
        self.handed_in.append(
            self.pool.submit(run, f"{TASKS}hold", self.file, person, LONG, beside=str(beside), until=until)
        )
        return self.handed_in[-1]

    def runs(self, name: str) -> bool:
        return any((self.folder / name).glob("runs-*"))

    def end(self, name: str) -> None:
        (self.folder / name / "end").touch()


@pytest.fixture
def hall(tmp_path: Path, settings: SettingsWrapper) -> Iterator[Hall]:
    settings.YIJIAN_SANDBOX_PLACES = 2
    settings.YIJIAN_SANDBOX_WAITING = 4
    settings.YIJIAN_SANDBOX_WARM = []
    running._helper.end()
    with ThreadPoolExecutor(8) as pool:
        hall = Hall(tmp_path, pool)
        yield hall
        for folder in tmp_path.iterdir():
            (folder / "end").touch()
    for one in hall.handed_in:
        if one.exception() is None:
            one.result().file.close()
    hall.file.close()
    running._helper.end()


def test_who_has_none_is_served_before_a_further_file_and_a_full_queue_makes_room(hall: Hall) -> None:
    for name in ("a1", "b1"):
        hall.hand_in(name[0], name)
    eventually(lambda: hall.runs("a1") and hall.runs("b1"))
    further = {name: hall.hand_in(name[0], name) for name in ("a2", "b2")}
    eventually(lambda: running._waiting == {"a": 2, "b": 2})
    neighbour = hall.hand_in("ouyang", "photo")
    eventually(lambda: any(one.done() for one in further.values()))
    refused = [name for name, one in further.items() if one.done()]
    assert len(refused) == 1
    assert isinstance(further[refused[0]].exception(), SandboxBusy)
    (kept,) = {"a2", "b2"} - set(refused)
    hall.end(f"{kept[0]}1")  # the further file could start now as well
    eventually(lambda: hall.runs("photo"))
    assert not hall.runs(kept)
    hall.end("photo")
    assert neighbour.result()
    eventually(lambda: hall.runs(kept))


def test_who_is_slow_does_not_hold_up_who_comes(hall: Hall) -> None:
    """Two files that take long, at both places: a third person's starts beside them after a while."""
    held = [hall.hand_in(person, person) for person in ("a", "b")]
    eventually(lambda: hall.runs("a") and hall.runs("b"))
    run(f"{TASKS}copy", hall.file, "ouyang", LONG).file.close()
    assert not any(one.done() for one in held)


OTHER = """
import sys, tempfile, threading
from django.conf import settings
from portal.sandbox import running
from portal.sandbox.limits import Limits
settings.configure(
    YIJIAN_SANDBOX_PLACES=1, YIJIAN_SANDBOX_WAITING=4, YIJIAN_SANDBOX_WARM=[], YIJIAN_SANDBOX_DIR=sys.argv[2]
)
limits = Limits(clock=600, queue=600)
file = tempfile.TemporaryFile()
def work(name):
    until = f"{sys.argv[1]}/{name}/end"
    running.run("tests.portal.sandbox.tasks:hold", file, "attacker", limits, beside=f"{sys.argv[1]}/{name}", until=until)
for name in ("first", "further"):
    threading.Thread(target=work, args=[name], daemon=True).start()
sys.stdin.read()
"""


def test_it_is_fair_across_the_web_processes_of_a_host(hall: Hall, tmp_path: Path, settings: SettingsWrapper) -> None:
    settings.YIJIAN_SANDBOX_PLACES = 1
    settings.YIJIAN_SANDBOX_DIR = tmp_path / "places"
    for name in ("first", "further"):
        (tmp_path / name).mkdir()
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER, tmp_path, settings.YIJIAN_SANDBOX_DIR],
        cwd=ROOT,
        stdin=subprocess.PIPE,
    )
    assert other.stdin is not None
    with other.stdin:
        eventually(lambda: len(list((tmp_path / "places").glob("[wrs].*"))) == 2)
        eventually(lambda: hall.runs("first") or hall.runs("further"))
        runs, waits = ("first", "further") if hall.runs("first") else ("further", "first")
        neighbour = hall.hand_in("ouyang", "photo")
        eventually(lambda: hall.runs("photo"))  # beside who is slow, or after: before the other one in any case
        assert not hall.runs(waits)
        hall.end(runs)
        hall.end("photo")
        assert neighbour.result()
        eventually(lambda: hall.runs(waits))
    other.kill()
    other.wait()
