"""The parts of a running site: each a process group of its own, started, watched and ended together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_AFTER_SECONDS = 30.0  # a part that ran this long starts again without a pause

# Elsewhere than on Linux, parts outlive a supervisor that is killed with -9.
_die_with_parent: Callable[[int, int], int] | None = getattr(ctypes.CDLL(None), "prctl", None)


@dataclass
class Part:
    """One program of the site, such as the web server."""

    name: str
    command: list[str]
    inherits: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float | None = None
    failures: int = 0
    _rest: bytes = field(default=b"", repr=False)

    def start(self) -> None:
        """Start the program in a group of its own, so that Ctrl-C reaches the supervisor alone.

        Called from the main thread only: the kernel ends the program when the thread that started it is gone.
        """
        self.start_again_at = None
        self.started_at = time.monotonic()
        self._rest = b""
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            pass_fds=self.inherits,
            process_group=0,
            preexec_fn=_end_with_supervisor,
        )
        os.set_blocking(self.output, False)

    @property
    def output(self) -> int:
        """The descriptor on which the program's lines arrive."""
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout.fileno()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def lines(self) -> Iterator[str]:
        """Yield the complete lines that have arrived; after the end also an unfinished one."""
        while True:
            try:
                chunk = os.read(self.output, 65536)
            except BlockingIOError:
                return
            if not chunk:
                if self._rest:
                    yield self._rest.decode(errors="replace")
                self._rest = b""
                return
            *whole, self._rest = (self._rest + chunk).split(b"\n")
            for line in whole:
                yield line.decode(errors="replace")

    def ended(self) -> str:
        """Clear away what is left of a program that ended, plan the next start and say how it ended."""
        assert self.process is not None
        code = self.process.returncode
        self.send(signal.SIGKILL)
        if self.process.stdout is not None:
            self.process.stdout.close()
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

    def ask_to_end(self) -> None:
        """Ask the program itself, which tells its own children."""
        if self.is_running and self.process is not None:
            self.process.send_signal(signal.SIGTERM)


def _end_with_supervisor() -> None:
    if _die_with_parent is not None:
        _die_with_parent(PR_SET_PDEATHSIG, signal.SIGTERM)
