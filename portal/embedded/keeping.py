"""Keeping the servers running for as long as this process, or a child it forked, lives.

A user of the servers keeps a connection to the supervisor open, which the kernel closes when the process dies, however
it dies. The supervisor answers once the servers do. A thread of the user waits for the connection to end: it does when
the supervisor was killed, and the thread starts another.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from portal.embedded.paths import EmbeddedPaths, EmbeddedServerError

PATIENCE_SECONDS = 180.0  # recovery after a crash may take a while; a first start takes less than two seconds
PROJECT = Path(__file__).resolve().parents[2]

logger = logging.getLogger(__name__)

# A forked child has its parent's connections too, and so keeps the servers as well.
_kept: dict[tuple[int, Path, frozenset[str]], socket.socket] = {}


def keep_running() -> None:
    """Keep the servers that the settings leave to us (`YIJIAN_EMBEDDED_SERVERS`) running until this process ends.

    Returns when they answer; costs a few system calls when they do already. Raises `EmbeddedServerError`.
    """
    from django.conf import settings

    keep_servers_running(settings.VAR_DIR, settings.YIJIAN_EMBEDDED_SERVERS)


def keep_servers_running(var: Path, servers: Iterable[str]) -> None:
    """Keep these servers of `var` running until this process ends."""
    names = frozenset(servers)
    if not names:
        return
    key = (os.getpid(), var, names)
    connection = _connect(EmbeddedPaths(var), names)
    if _kept.setdefault(key, connection) is not connection:
        connection.close()
        return
    threading.Thread(target=_replace_killed_supervisors, args=[key], name="embedded-servers", daemon=True).start()


def release() -> None:
    """Use the servers no longer; return when they have stopped, or at once when others go on using them."""
    for key in [key for key in _kept if key[0] == os.getpid()]:
        with _kept.pop(key) as connection, contextlib.suppress(OSError):
            connection.sendall(b"leave\n")
            connection.settimeout(40)
            connection.recv(1)


def _connect(paths: EmbeddedPaths, names: frozenset[str]) -> socket.socket:
    """Return a connection to the supervisor, started if there is none, once these servers answer."""
    paths.prepare()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := deadline - time.monotonic()) > 0:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(left)
        with contextlib.suppress(OSError):  # the supervisor has just gone, or time is over
            _reach_supervisor(paths, connection)
            connection.sendall(" ".join(sorted(names)).encode() + b"\n")
            answer = connection.recv(65536)  # it is written in one piece
            if answer == b"ready\n":
                connection.settimeout(None)
                return connection
            if answer:
                raise EmbeddedServerError(answer.decode(errors="replace"))
        connection.close()
        time.sleep(0.02)
    raise EmbeddedServerError(f"The embedded servers did not start in time; see {paths.folder}/*.log.")


def _reach_supervisor(paths: EmbeddedPaths, connection: socket.socket) -> None:
    address = str(paths.supervisor_socket)
    if connection.connect_ex(address) == 0:
        return
    # `lockf` and not `flock`: a worker that is forked meanwhile must not take the lock with it.
    with paths.start_lock.open("w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        if connection.connect_ex(address) != 0:
            _start_supervisor(paths)
            connection.connect(address)


def _start_supervisor(paths: EmbeddedPaths) -> None:
    """Start a supervisor; return when it listens."""
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    with paths.log("supervisor").open("ab") as log:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-s", "-m", "portal.embedded.supervisor", str(paths.var)],
            check=False,
            cwd="/",
            env=environment | {"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    if done.returncode != 0:
        raise EmbeddedServerError(f"The supervisor of the embedded servers does not start; see {log.name}.")


def _replace_killed_supervisors(key: tuple[int, Path, frozenset[str]]) -> None:
    while connection := _kept.get(key):
        with contextlib.suppress(OSError):
            connection.recv(1)
        if key not in _kept:
            return  # released
        try:
            _kept[key] = _connect(EmbeddedPaths(key[1]), key[2])
            connection.close()
        except (EmbeddedServerError, OSError):
            logger.exception("embedded_servers_lost")
            time.sleep(5)
