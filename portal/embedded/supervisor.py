"""The supervisor of the embedded servers of one `VAR`: `python -m portal.embedded.supervisor VAR`.

A user connects and sends the names of the servers it needs; the answer is `ready`, or why not. The servers run for as
long as a user is connected and some seconds more, so that the next command finds them. A user that says `leave` is let
go at once when others stay, and the last one when the servers have stopped.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import signal
import socket
import sys
import time
from pathlib import Path

from portal.embedded.paths import POSTGRES, EmbeddedPaths, EmbeddedServerError
from portal.embedded.servers import Postgres, Server, Valkey

GRACE_SECONDS = 3.0
SERVERS: dict[str, type[Server]] = {server.name: server for server in (Postgres, Valkey)}


class Supervisor:
    """Keeps the servers running that were asked for."""

    def __init__(self, paths: EmbeddedPaths) -> None:
        self.paths = paths
        self.running: dict[str, tuple[Server, asyncio.Task[None]]] = {}
        self.users = 0
        self.used_at = time.monotonic()
        self.last_to_leave: asyncio.StreamWriter | None = None
        self.told_to_end = asyncio.Event()

    async def run(self, listener: socket.socket) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self.told_to_end.set)
        listening = await asyncio.start_unix_server(self._serve, sock=listener)
        while not self._is_over():
            await asyncio.sleep(0.1)
        # Whoever comes from now on starts another supervisor, which waits for our end.
        self.paths.supervisor_socket.unlink(missing_ok=True)
        listening.close()
        tasks = [task for _server, task in self.running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        shutil.rmtree(self.paths.sockets, ignore_errors=True)
        if self.paths.temporary_mark.exists():
            data = self.paths.data(POSTGRES)
            if data.is_symlink():
                shutil.rmtree(data.readlink().parent, ignore_errors=True)
            shutil.rmtree(self.paths.var, ignore_errors=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.users += 1
        word = b""
        try:
            for name in (await reader.readline()).decode().split():
                await self._wait_for(name)
            writer.write(b"ready\n")
            word = await reader.readline()
        except (EmbeddedServerError, OSError) as error:
            writer.write(str(error).encode())
        self.users -= 1
        self.used_at = time.monotonic()
        if word and not self.users:
            self.last_to_leave = writer
        else:
            writer.close()

    async def _wait_for(self, name: str) -> None:
        """Return once the server answers. Raises `EmbeddedServerError`; who asks next has it tried anew."""
        if name not in self.running or self.running[name][1].done():
            server = SERVERS[name](self.paths)
            self.running[name] = server, asyncio.create_task(server.run())
        server, task = self.running[name]
        while not server.is_ready:
            if task.done():
                task.result()
            await asyncio.sleep(0.01)

    def _is_over(self) -> bool:
        is_idle = not self.users and (self.last_to_leave or time.monotonic() > self.used_at + GRACE_SECONDS)
        is_removed = not self.paths.lock.exists() or not self.paths.supervisor_socket.exists()
        return bool(self.told_to_end.is_set() or is_idle or is_removed)


def main() -> None:
    """Become the one supervisor of this `VAR`; whoever started us waits until we listen."""
    paths = EmbeddedPaths(Path(sys.argv[1]))
    os.umask(0o077)
    signal.alarm(60)  # ends a process that waits in vain for an earlier supervisor to stop
    with paths.lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        signal.alarm(0)
        paths.prepare()
        paths.supervisor_socket.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(paths.supervisor_socket))
        paths.supervisor_socket.chmod(0o600)
        listener.listen(128)
        if os.fork():
            os._exit(0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        asyncio.run(Supervisor(paths).run(listener))


if __name__ == "__main__":
    main()
