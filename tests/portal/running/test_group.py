"""The parts of the site live and die together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from portal.running.group import SitePart
from portal.running.tables import table
from tests.processes import PATIENCE_SECONDS

PROJECT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.slow

SUPERVISE = """
import sys
from pathlib import Path
import portal.running.group
from portal.running.group import Group, SitePart

portal.running.group.PATIENCE_SECONDS = 3600
folder = Path(sys.argv[1])
child = '''
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_DFL)
grandchild = subprocess.Popen(["/bin/sleep", "600"])
open(sys.argv[1] + "/" + sys.argv[2], "a").write(f"{os.getpid()} {grandchild.pid}\\\\n")
print("hello", flush=True)
time.sleep(600)
'''
names = ("web", "worker")
parts = [SitePart(name, [sys.executable, "-c", child, str(folder), name]) for name in names]
group = Group(
    parts,
    is_ready=lambda: all((folder / name).exists() for name in names),
    when_ready=lambda: print("Ready", flush=True),
)
sys.exit(group.run())
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, str(tmp_path)],
        cwd=PROJECT,
        env={name: value for name, value in os.environ.items() if name != "MAKELEVEL"},
        stdout=subprocess.PIPE,
        text=True,
    )
    read_until(process, "Ready")
    return process


def read_until(process: subprocess.Popen[str], words: str) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if words in line:
            return lines
    raise AssertionError(f"{words!r} was not said: {lines}")


def pids(folder: Path) -> list[int]:
    """Return the latest pids of both parts and of what they started."""
    return [int(pid) for name in ("web", "worker") for pid in (folder / name).read_text().splitlines()[-1].split()]


def are_gone(numbers: list[int]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(lives(pid) for pid in numbers) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(lives(pid) for pid in numbers)


def lives(pid: int) -> bool:
    """Say whether there is such a process, and not only a zombie."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(supervisor: subprocess.Popen[str], tmp_path: Path, number: signal.Signals) -> None:
    supervisor.send_signal(number)
    supervisor.communicate(timeout=PATIENCE_SECONDS)  # shorter than what the group would wait before it kills
    assert supervisor.returncode == 0
    assert are_gone(pids(tmp_path))


def test_the_parts_do_not_outlive_a_killed_supervisor(supervisor: subprocess.Popen[str], tmp_path: Path) -> None:
    parts = pids(tmp_path)[::2]
    supervisor.kill()
    supervisor.communicate()
    assert are_gone(parts)
    for pid in pids(tmp_path):
        if lives(pid):
            os.kill(pid, signal.SIGKILL)


def test_a_crash_is_shown_and_the_part_started_again(supervisor: subprocess.Popen[str], tmp_path: Path) -> None:
    old = pids(tmp_path)
    os.kill(old[0], signal.SIGKILL)
    lines = read_until(supervisor, "web    | hello")
    assert any("web    | ended (killed by SIGKILL); starting again in 0.5 s" in line for line in lines)
    assert are_gone(old[:2])
    assert pids(tmp_path)[2:] == old[2:]
    supervisor.terminate()
    supervisor.communicate()


def test_it_gives_up_on_a_part_that_never_starts() -> None:
    code = """
import sys
from portal.running import group
from portal.running.group import Group, SitePart
group.FIRST_PAUSE_SECONDS = group.LOOK_EVERY_SECONDS = 0.01
sys.exit(Group([SitePart("web", ["/bin/false"])], is_ready=lambda: False, when_ready=lambda: None).run())
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "web | does not start" in done.stdout


def test_lines_arrive_whole_and_the_last_one_even_unfinished() -> None:
    part = SitePart("p", ["/bin/sh", "-c", "printf 'one\\ntwo 二\\nthree'"])
    with part.start() as lines:
        assert list(lines) == ["one\n", "two 二\n", "three"]
    assert part.process is not None
    part.process.wait()


def test_tables_align_chinese() -> None:
    assert table(("Role", "Name"), [("申请人", "li"), ("clerk", "sun")]).splitlines() == [
        "Role    Name",
        "──────  ────",
        "申请人  li",
        "clerk   sun",
    ]
