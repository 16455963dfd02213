"""What both servers have in common: starting, recognising, taking over and stopping one."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

import psutil

from portal.embedded.paths import EmbeddedPaths, EmbeddedServerError

START_PATIENCE_SECONDS = 170.0
GIVE_UP_AFTER = 5  # failed starts of a server that has never run
LOG_LIMIT_BYTES = 10_000_000
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class Server:
    """One server of one `VAR`."""

    name: ClassVar[str]
    program: ClassVar[str]
    stop_steps: ClassVar[tuple[tuple[signal.Signals, float], ...]]

    def __init__(self, paths: EmbeddedPaths) -> None:
        self.paths = paths
        self.socket = paths.socket(self.name)
        self.log = paths.log(self.name)
        self.is_ready = False

    def command(self) -> list[str]:
        """Prepare folders and data; return the command that starts the server. It holds the tag."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Say whether the server does its work."""
        raise NotImplementedError

    def identity(self) -> Mapping[str, object]:
        """Return who runs the server, as options of `Popen`."""
        return {}

    async def run(self) -> None:
        """Keep the server running until cancelled, then stop it. Raises `EmbeddedServerError` if it never starts."""
        failures, has_run = 0, False
        try:
            while failures < GIVE_UP_AFTER or has_run:
                main = await self._take_over_or_start()
                if await self._answers_in_time(main):
                    failures, has_run, self.is_ready = 0, True, True
                    while is_alive(main) and self.socket.exists():
                        await asyncio.sleep(0.25)
                    self.is_ready = False
                failures += 1
                await end_all([main], *self.stop_steps)
                await asyncio.sleep(min(0.1 * 2**failures, 5.0))
            end = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
            raise EmbeddedServerError(f"The embedded {self.name} does not start. The end of {self.log}:\n{end}")
        finally:
            self.is_ready = False
            await end_all(self.living(), *self.stop_steps)

    def living(self) -> list[psutil.Process]:
        """Return every process of this server, whoever started it; the oldest is the main one."""
        found = [
            process
            for process in psutil.process_iter(["name", "cmdline", "create_time"])
            if process.info["name"] == self.program
            and self.paths.tag in " ".join(process.info["cmdline"] or ())
            and is_alive(process)
        ]
        return sorted(found, key=lambda process: (process.info["create_time"], process.pid))

    async def _take_over_or_start(self) -> psutil.Process:
        earlier = self.living()
        if earlier and self.socket.exists() and self.answers():
            return earlier[0]
        # Those that lost their main process notice it within moments, except in the middle of long work.
        if not await end_all(earlier, (signal.SIGINT, 2.0), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 5.0)):
            raise EmbeddedServerError(f"Processes of an earlier {self.name} do not end: {earlier}.")
        self.socket.unlink(missing_ok=True)
        command = self.command()
        with self.log.open("ab") as log:
            if log.tell() > LOG_LIMIT_BYTES:
                log.truncate(0)
            files = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            return psutil.Popen(command, cwd="/", env=ENVIRONMENT, umask=0o077, **files, **self.identity())

    async def _answers_in_time(self, main: psutil.Process) -> bool:
        deadline = time.monotonic() + START_PATIENCE_SECONDS
        while is_alive(main) and time.monotonic() < deadline:
            if self.answers():
                return True
            await asyncio.sleep(0.01)
        return False


def wheel_file(package: str, *parts: str) -> Path:
    """Return a file of a wheel, whose code is not imported. Raises `EmbeddedServerError` where it is not there."""
    spec = find_spec(package)
    folder = next(iter((spec and spec.submodule_search_locations) or ()), "")
    path = Path(folder, *parts)
    if not folder or not path.exists():
        raise EmbeddedServerError(
            f"There is no embedded server here: {package} is not installed, or not for this machine. "
            "Install the project's requirements, or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return path


def is_alive(process: psutil.Process) -> bool:
    """Say whether a process lives: not as a zombie, and not as a later one with the same pid."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


async def end_all(processes: Iterable[psutil.Process], *steps: tuple[signal.Signals, float]) -> bool:
    """Send each signal in turn, giving the processes so many seconds to go. Return whether all are gone."""
    left = [process for process in processes if is_alive(process)]
    for number, seconds in steps:
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        deadline = time.monotonic() + seconds
        while (left := [process for process in left if is_alive(process)]) and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
    return not left
