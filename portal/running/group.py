"""Web, worker and beat as one: what they say is shown, what crashes is started again, everything ends together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import IO

GIVE_UP_AFTER = 5  # ends of one part before the site was ever ready
PATIENCE_SECONDS = 8.0  # for requests and tasks in hand, before the parts are killed
LOOK_EVERY_SECONDS = 0.3
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_AFTER_SECONDS = 30.0  # a part that ran this long starts again without a longer pause
COLOURS = ("36", "35", "33", "32", "34")
PR_SET_PDEATHSIG = 1

# Elsewhere than on Linux, parts outlive a group that is killed with -9.
_die_with_parent: Callable[[int, int], int] | None = getattr(ctypes.CDLL(None), "prctl", None)


@dataclass
class SitePart:
    """One program of the site, such as the web server."""

    name: str
    command: list[str]
    inherits: tuple[int, ...] = ()
    process: subprocess.Popen[str] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    failures: int = 0

    def start(self) -> IO[str]:
        """Start the program in a process group of its own, so that Ctrl-C reaches us alone; return what it prints.

        Called from the main thread only: the kernel ends the program when the thread that started it is gone.
        """
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            pass_fds=self.inherits,
            process_group=0,
            preexec_fn=_end_with_group,
        )
        assert self.process.stdout is not None
        return self.process.stdout

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ended(self) -> str:
        """Clear away what is left of a program that ended, plan the next start and say how it ended."""
        assert self.process is not None
        code = self.process.returncode
        self.send(signal.SIGKILL)
        self.process = None
        is_steady = time.monotonic() - self.started_at > STEADY_AFTER_SECONDS
        self.failures = 1 if is_steady else self.failures + 1
        pause = min(FIRST_PAUSE_SECONDS * 2 ** (self.failures - 1), LONGEST_PAUSE_SECONDS)
        self.start_again_at = time.monotonic() + pause
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return f"ended ({how}); starting again in {pause:g} s"

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program and everything it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


class Group:
    """The parts of a running site."""

    def __init__(
        self, parts: Sequence[SitePart], *, is_ready: Callable[[], bool], when_ready: Callable[[], None]
    ) -> None:
        self.parts = list(parts)
        self.is_ready = is_ready
        self.when_ready = when_ready
        self.was_ready = False
        self.signals = 0
        self.printers: list[threading.Thread] = []
        self.width = max(len(part.name) for part in parts)
        # A killed `make` cannot pass anything on: without it there is nobody left to press Ctrl-C.
        self.parent = os.getppid() if "MAKELEVEL" in os.environ else None

    def run(self) -> int:
        """Run until told to end (Ctrl-C, SIGTERM, SIGHUP). Return the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_end)
        try:
            while self.signals == 0 and self.parent in (None, os.getppid()):
                if not all(self._look_after(part) for part in self.parts):
                    return 1
                if not self.was_ready and self.is_ready():
                    self.was_ready = True
                    self.when_ready()
                time.sleep(LOOK_EVERY_SECONDS)
        finally:
            self._end()
        return 0

    def _look_after(self, part: SitePart) -> bool:
        """Start a part, also one that has ended. Return False when there is no sense in it."""
        if part.process is not None and not part.is_running:
            self._print(part, part.ended())
            if part.failures >= GIVE_UP_AFTER and not self.was_ready:
                self._print(part, "does not start: see the lines above. Everything is stopped.")
                return False
        if part.process is None and time.monotonic() >= part.start_again_at:
            self.printers.append(threading.Thread(target=self._print_all, args=[part, part.start()], daemon=True))
            self.printers[-1].start()
        return True

    def _told_to_end(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def _end(self) -> None:
        """Ask every part to end, which tells its own children, then kill what is left; a second signal does it at once."""
        print("\nStopping …", flush=True)  # noqa: T201
        for part in self.parts:
            if part.process is not None:
                part.process.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while any(part.is_running for part in self.parts) and time.monotonic() < deadline and self.signals < 2:
            time.sleep(0.05)
        for part in self.parts:
            part.send(signal.SIGKILL)
            if part.process is not None:
                part.process.wait()
        for printer in self.printers:
            printer.join(1)

    def _print_all(self, part: SitePart, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                self._print(part, line.rstrip("\n"))

    def _print(self, part: SitePart, line: str) -> None:
        prefix = f"{part.name:<{self.width}} |"
        if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
            prefix = f"\033[{COLOURS[self.parts.index(part) % len(COLOURS)]}m{prefix}\033[0m"
        sys.stdout.write(f"{prefix} {line}\n")  # in one piece: two parts may speak at once
        sys.stdout.flush()


def _end_with_group() -> None:
    if _die_with_parent is not None:
        _die_with_parent(PR_SET_PDEATHSIG, signal.SIGTERM)
