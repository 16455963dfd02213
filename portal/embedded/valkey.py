"""The embedded Valkey: the bell of the outbox, on a private socket, with its log kept on disk."""

from __future__ import annotations

import signal
import socket
import subprocess
import time

from portal.embedded.binaries import valkey_program
from portal.embedded.places import Place
from portal.embedded.processes import Process, end_all, find_tagged, look_up

PARAMETERS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "set-proc-title": "no",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "aof-load-truncated": "yes",
    "save": "",
    "maxmemory-policy": "noeviction",
    "tcp-keepalive": "60",
}


class Valkey:
    """Starts, recognises and stops the Valkey of one place."""

    program = "valkey-server"
    stop_steps = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))

    def __init__(self, place: Place) -> None:
        self.place = place
        self.executable = valkey_program()
        self.data = place.data

    def running(self) -> Process | None:
        if not self.data.exists():
            return None
        return next(iter(self._all()), None)

    def clean(self) -> None:
        """Make way for a start."""
        end_all(self._all(), (signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))
        self.place.socket.unlink(missing_ok=True)

    def start(self) -> Process | None:
        import os

        self.place.prepare_socket_folder(os.getuid())
        self.data.mkdir(mode=0o700, exist_ok=True)
        parameters = PARAMETERS | {"dir": str(self.data), "unixsocket": str(self.place.socket)}
        options = [part for name, value in parameters.items() for part in (f"--{name}", value)]
        child = subprocess.Popen(  # noqa: S603
            [str(self.executable), *options],
            cwd=self.data,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            umask=0o077,
        )
        return look_up(child.pid)

    def answers(self) -> bool:
        """Say whether commands are served (not while the log is being read)."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.settimeout(5)
                client.connect(str(self.place.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def after_failures(self, count: int) -> None:
        """Set aside a log that cannot be read: the bell may be lost, what is promised stands in PostgreSQL."""
        if count == 3 and self.data.exists():
            self.data.rename(self.data.with_name(f"data.unreadable-{time.time_ns()}"))

    def erase(self) -> None:
        """Nothing lies outside the place."""

    def _all(self) -> list[Process]:
        return find_tagged(self.place.tag, self.program)
