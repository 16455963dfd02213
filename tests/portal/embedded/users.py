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
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg2

from portal.embedded.paths import DATABASE, POSTGRES, EmbeddedPaths
from portal.embedded.servers import Postgres, Server, Valkey, is_alive

PROJECT = Path(__file__).resolve().parents[3]

HOLD = """
import os, sys
from pathlib import Path
from portal.embedded.keeping import keep_servers_running, release

keep_servers_running(Path(sys.argv[1]), [sys.argv[2]])
for _ in range(int(sys.argv[3])):
    if os.fork() == 0:
        sys.stdin.read()
        os._exit(0)
print("held", flush=True)
sys.stdin.read()
release()
"""


@dataclass(frozen=True)
class Place:
    """One server of one `VAR`."""

    paths: EmbeddedPaths
    server: str

    @property
    def data(self) -> Path:
        return self.paths.data(self.server)

    @property
    def socket(self) -> Path:
        return self.paths.socket(self.server)


_started: list[subprocess.Popen[str]] = []


class Holder:
    """A process that holds one server until told to leave."""

    def __init__(self, place: Place, *, children: int = 0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", HOLD, str(place.paths.var), place.server, str(children)],
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
        self.process.communicate(timeout=180)

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
    place = Place(EmbeddedPaths(var), server)
    try:
        yield place
    finally:
        while _started:  # a holder that a failed test left would start another supervisor
            holder = _started.pop()
            holder.kill()
            holder.communicate()
        kill(*supervisors(place), *servers(place))
        if place.data.is_symlink():
            shutil.rmtree(Path(os.readlink(place.data)).parent, ignore_errors=True)
        shutil.rmtree(place.paths.sockets, ignore_errors=True)
        shutil.rmtree(var, ignore_errors=True)


def kill(*processes: psutil.Process) -> None:
    """kill -9 each, and wait until all are gone."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    eventually(lambda: not any(map(is_alive, processes)))


def servers(place: Place) -> list[psutil.Process]:
    kind: type[Server] = Postgres if place.server == POSTGRES else Valkey
    found = [
        process
        for process in psutil.process_iter(["name", "cmdline", "ppid"])
        if process.info["name"] == kind.program and place.paths.tag in " ".join(process.info["cmdline"] or ())
    ]
    return [process for process in found if is_alive(process)]


def main_server(place: Place) -> psutil.Process:
    """Return the one process that was started as the server: the others are its children, which come and go."""
    found = {process.pid: process for process in servers(place)}
    main = [process for process in found.values() if process.info["ppid"] not in found]
    assert len(main) == 1, main
    return main[0]


def supervisors(place: Place) -> list[psutil.Process]:
    words = ["-m", "portal.embedded.supervisor", str(place.paths.var)]
    found = [process for process in psutil.process_iter(["cmdline"]) if (process.info["cmdline"] or [])[-3:] == words]
    return [process for process in found if is_alive(process)]


def supervisor(place: Place) -> psutil.Process:
    """Return the one supervisor; a moment after its start there is also the process that forked it."""
    seen: list[psutil.Process] = []

    def is_alone() -> bool:
        """Whether the same single process is there twice: the one that forked the supervisor is gone by then."""
        before = seen[:]
        seen[:] = supervisors(place)
        return len(seen) == 1 and before == seen

    eventually(is_alone)
    return seen[0]


def eventually(condition: Callable[[], bool], seconds: float = 180) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def statement(place: Place, sql: str) -> str:
    """Run one statement on the embedded PostgreSQL; return the first value, if there is one, as text."""
    connection = psycopg2.connect(host=str(place.socket.parent), user=DATABASE, dbname=DATABASE, connect_timeout=60)
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
