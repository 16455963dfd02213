"""Processes that hold an embedded server, and places for servers that leave nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from portal.embedded.places import DATABASE, DATABASE_USER, POSTGRES, VALKEY, Place
from portal.embedded.processes import Process, end_all, find_tagged, look_up

PROJECT = Path(__file__).resolve().parents[3]

HOLD = """
import os, sys
from pathlib import Path
from portal.embedded.holding import hold_servers, stop_if_unused
from portal.embedded.places import Place

place = Place(Path(sys.argv[1]), sys.argv[2])
hold_servers(place)
for _ in range(int(sys.argv[3])):
    if os.fork() == 0:
        sys.stdin.read()
        os._exit(0)
print("held", flush=True)
sys.stdin.read()
stop_if_unused()
"""


_started: list[subprocess.Popen[str]] = []


class Holder:
    """A process that holds one server until told to leave."""

    def __init__(self, place: Place, *, children: int = 0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", HOLD, str(place.var), place.server, str(children)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        _started.append(self.process)

    def wait(self) -> Holder:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "held\n", self.process.communicate()[1]
        return self

    def leave(self) -> None:
        """Let go, and return when the server has stopped (if nobody else holds it)."""
        self.process.communicate(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def end_parent_only(self) -> None:
        """Kill the process but not the children it forked."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def temporary_place(server: str, *, below: Path | None = None) -> Iterator[Place]:
    """A place whose servers are killed and whose files are removed at the end."""
    var = Path(tempfile.mkdtemp(prefix="yj-embedded-", dir=below)).resolve()
    var.chmod(0o711)
    place = Place(var, server)
    try:
        yield place
    finally:
        while _started:  # a holder that a failed test left would start another guardian
            holder = _started.pop()
            holder.kill()
            holder.communicate()
        end_all(guardians(place), (signal.SIGKILL, 5))
        end_all(servers(place), (signal.SIGKILL, 5))
        if place.data.is_symlink():
            shutil.rmtree(Path(os.readlink(place.data)).parent, ignore_errors=True)
        shutil.rmtree(place.socket_folder, ignore_errors=True)
        shutil.rmtree(var, ignore_errors=True)


def servers(place: Place) -> list[Process]:
    return find_tagged(place.tag, "postgres" if place.server == POSTGRES else "valkey-server")


def main_server(place: Place) -> Process:
    """Return the one process that was started as the server."""
    found = [process for process in servers(place) if place.server == VALKEY or " -D " in process.command_line]
    assert len(found) == 1, found
    return found[0]


def guardians(place: Place) -> list[Process]:
    words = f"portal.embedded.supervisor {place.var} {place.server} "
    entries = [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    found = [process for name in entries if (process := look_up(int(name))) is not None]
    return [process for process in found if words in process.command_line]


def guardian(place: Place) -> Process:
    """Return the one guardian; a moment after its start there is also the process that forked it."""
    seen: list[Process] = []

    def is_alone() -> bool:
        """Whether the same single process is there twice: the one that forked the guardian is gone by then."""
        before = seen[:]
        seen[:] = guardians(place)
        return len(seen) == 1 and [each.pid for each in before] == [seen[0].pid]

    eventually(is_alone)
    return seen[0]


def eventually(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def statement(place: Place, sql: str) -> str:
    """Run one statement on the embedded PostgreSQL; return the first value, if there is one, as text."""
    connection = psycopg2.connect(
        host=str(place.socket_folder), user=DATABASE_USER, dbname=DATABASE, connect_timeout=10
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return str(cursor.fetchone()[0]) if cursor.description else ""  # type: ignore[index]
    finally:
        connection.close()


def answers(place: Place, sql: str, expected: str) -> bool:
    """Say whether a statement gives this value by now."""
    try:
        return statement(place, sql) == expected
    except psycopg2.OperationalError:
        return False
