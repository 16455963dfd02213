"""What a decoding process may take, who waits for whom, and that nothing of it outlives the process that asked."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import psutil
import pytest

from portal.sandbox import running
from portal.sandbox.limits import Limits
from portal.sandbox.running import SandboxBusy, SandboxFailed, run
from tests.processes import ROOT, eventually

TASKS = "tests.portal.sandbox.tasks:"


@pytest.fixture
def file() -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as kept:
        kept.write(b"what was handed in")
        kept.flush()
        yield kept


@pytest.fixture(autouse=True)
def own_helper() -> Iterator[None]:
    """Let tests set the number of places: the helper reads it when it starts."""
    running._helper.end()
    yield
    running._helper.end()


def is_gone(process: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(process).status() == psutil.STATUS_ZOMBIE
    return True


class TestOneFile:
    def test_comes_back_from_another_process_in_a_group_of_its_own(self, file: IO[bytes]) -> None:
        outcome = run(f"{TASKS}copy", file, "li")
        with outcome.file as written:
            assert written.read() == b"what was handed in"
        assert outcome.said["process"] == outcome.said["group"] != os.getpid()
        assert outcome.seconds < 5

    def test_sees_no_secret_and_nothing_that_is_open(self, file: IO[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SECRET_KEY", "seen")
        monkeypatch.setenv("DATABASE_URL", "postgres://yijian:seen@db/yijian")
        outcome = run(f"{TASKS}see", file, "li")
        outcome.file.close()
        assert "seen" not in str(outcome.said["environment"])
        assert outcome.said["descriptors"] <= 10

    @pytest.mark.parametrize(
        ("task", "params", "limits"),
        [
            pytest.param("take_memory", {"megabytes": 2000}, Limits(), id="memory"),
            pytest.param("compute", {}, Limits(processor=1, clock=300.0), id="processor"),
            pytest.param("write", {"megabytes": 30}, Limits(written=2**24), id="written"),
        ],
    )
    def test_ends_alone_when_it_takes_too_much(
        self, file: IO[bytes], task: str, params: dict[str, int], limits: Limits
    ) -> None:
        with pytest.raises(SandboxFailed):
            run(f"{TASKS}{task}", file, "li", limits, **params)
        run(f"{TASKS}copy", file, "li").file.close()  # the helper lives

    def test_that_stands_still_is_killed_with_all_it_started(self, file: IO[bytes], tmp_path: Path) -> None:
        clock, started = 0.5, list[int]()
        while not started:  # a busy machine may not come so far as to start anything: then it is given more time
            with pytest.raises(SandboxBusy):
                run(f"{TASKS}fork_and_wait", file, "li", Limits(clock=clock), beside=str(tmp_path))
            started = [int(path.name.removeprefix("child-")) for path in tmp_path.glob("child-*")]
            clock *= 4
        eventually(lambda: all(map(is_gone, started)))

    def test_whose_own_clock_rings_before_the_helper_looks_is_late_as_well(self, file: IO[bytes]) -> None:
        with pytest.raises(SandboxBusy):
            run(f"{TASKS}ring", file, "li")

    def test_is_decoded_although_the_helper_was_killed_meanwhile(self, file: IO[bytes]) -> None:
        run(f"{TASKS}copy", file, "li").file.close()
        assert running._helper.process is not None
        running._helper.process.kill()
        running._helper.process.wait()
        run(f"{TASKS}copy", file, "li").file.close()


class TestManyFiles:
    def test_never_run_at_more_places_than_there_are(
        self, file: IO[bytes], tmp_path: Path, settings: pytest.FixtureRequest
    ) -> None:
        settings.YIJIAN_SANDBOX_PLACES = 2  # type: ignore[attr-defined]
        settings.YIJIAN_SANDBOX_WAITING = 6  # type: ignore[attr-defined]
        go = tmp_path / "go"
        with ThreadPoolExecutor(5) as pool:
            held = [
                pool.submit(
                    run,
                    f"{TASKS}hold",
                    file,
                    f"person-{n}",
                    Limits(clock=120, queue=120),
                    beside=str(tmp_path),
                    until=str(go),
                )
                for n in range(5)
            ]
            eventually(lambda: len(list(tmp_path.glob("runs-*"))) == 2)
            with pytest.raises(SandboxBusy):  # the queue has an end, and whoever is in it waits no longer than said
                run(f"{TASKS}copy", file, "somebody else", Limits(queue=0.1))
            assert len(list(tmp_path.glob("runs-*"))) == 2
            go.touch()
            for one in held:
                one.result().file.close()
        assert len(list(tmp_path.glob("runs-*"))) == 5

    def test_of_one_person_run_one_after_the_other_and_leave_room(
        self, file: IO[bytes], tmp_path: Path, settings: pytest.FixtureRequest
    ) -> None:
        settings.YIJIAN_SANDBOX_PLACES = 2  # type: ignore[attr-defined]
        go = tmp_path / "go"
        with ThreadPoolExecutor(2) as pool:
            held = [
                pool.submit(
                    run,
                    f"{TASKS}hold",
                    file,
                    "attacker",
                    Limits(clock=120, queue=120),
                    beside=str(tmp_path),
                    until=str(go),
                )
                for _n in range(2)
            ]
            eventually(lambda: running._waiting["attacker"] == 2)
            eventually(lambda: list(tmp_path.glob("runs-*")))
            with pytest.raises(SandboxBusy):
                run(f"{TASKS}copy", file, "attacker")
            run(f"{TASKS}copy", file, "li").file.close()
            assert len(list(tmp_path.glob("runs-*"))) == 1
            go.touch()
            for one in held:
                one.result().file.close()


ASKER = """
import sys, tempfile, threading, django
django.setup()
from portal.sandbox import running
from portal.sandbox.limits import Limits
with tempfile.TemporaryFile() as file:
    limits = Limits(clock=600, processor=600)
    work = lambda: running.run("tests.portal.sandbox.tasks:hold", file, "li", limits, beside=sys.argv[1], until=sys.argv[1] + "/never")
    threading.Thread(target=work, daemon=True).start()
    while running._helper.process is None: pass
    print(running._helper.process.pid, flush=True)
    sys.stdin.read()
"""


def test_nothing_is_left_of_a_web_worker_that_is_killed(tmp_path: Path) -> None:
    asker = subprocess.Popen(
        [sys.executable, "-c", ASKER, tmp_path],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert asker.stdout is not None
    assert asker.stdin is not None
    with asker.stdin, asker.stdout:
        helper = int(asker.stdout.readline())
        eventually(lambda: list(tmp_path.glob("runs-*")))
        (child,) = (int(path.name.removeprefix("runs-")) for path in tmp_path.glob("runs-*"))
        asker.send_signal(signal.SIGKILL)
        asker.wait()
    eventually(lambda: is_gone(helper) and is_gone(child))


def test_a_child_does_not_outlive_its_helper(file: IO[bytes], tmp_path: Path) -> None:
    def ask() -> None:
        with contextlib.suppress(SandboxFailed):
            run(f"{TASKS}hold", file, "li", Limits(clock=600), beside=str(tmp_path), until=str(tmp_path / "never"))

    asking = threading.Thread(target=ask)
    asking.start()
    eventually(lambda: list(tmp_path.glob("runs-*")))
    (child,) = (int(path.name.removeprefix("runs-")) for path in tmp_path.glob("runs-*"))
    assert running._helper.process is not None
    running._helper.process.kill()
    asking.join()
    eventually(lambda: is_gone(child))


def test_it_wants_a_real_file() -> None:
    with pytest.raises(io.UnsupportedOperation):
        run(f"{TASKS}copy", io.BytesIO(b"x"), "li")
