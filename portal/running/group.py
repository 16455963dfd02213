"""The supervisor: shows what the parts say, starts again what crashes, ends everything together."""

from __future__ import annotations

import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

from portal.running.parts import Part

GIVE_UP_AFTER = 5  # ends of one part before the site was ever ready
PATIENCE_SECONDS = 8.0  # for requests and tasks in hand, before the parts are killed
LOOK_EVERY_SECONDS = 0.3
COLOURS = ("36", "35", "33", "32", "34")


class Group:
    """Web, worker and beat as one."""

    def __init__(self, parts: Sequence[Part], *, is_ready: Callable[[], bool], when_ready: Callable[[], None]) -> None:
        self.parts = list(parts)
        self.is_ready = is_ready
        self.when_ready = when_ready
        self.was_ready = False
        self.look_again_at = 0.0
        self.signals = 0
        self.selector = selectors.DefaultSelector()
        self.is_coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self.width = max(len(part.name) for part in parts)
        self.parent = os.getppid() if "MAKELEVEL" in os.environ else None

    def run(self) -> int:
        """Run until told to end (Ctrl-C, SIGTERM, SIGHUP). Return the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_end)
        code = 0
        try:
            for part in self.parts:
                self._start(part)
            while not self._is_over():
                self._show(0.2)
                code = self._look_after_parts()
                if code:
                    break
                self._look_whether_ready()
        finally:
            self._end()
        return code

    def _look_whether_ready(self) -> None:
        if self.was_ready or time.monotonic() < self.look_again_at:
            return
        if self.is_ready():
            self.was_ready = True
            self.when_ready()
        self.look_again_at = time.monotonic() + LOOK_EVERY_SECONDS

    def _start(self, part: Part) -> None:
        part.start()
        self.selector.register(part.output, selectors.EVENT_READ, part)

    def _look_after_parts(self) -> int:
        """Start again what has ended. Return an exit code other than 0 when there is no sense in it."""
        for part in self.parts:
            if part.start_again_at is not None and time.monotonic() >= part.start_again_at:
                self._start(part)
            elif part.process is not None and not part.is_running:
                self._print_lines(part)
                self.selector.unregister(part.output)
                self._print(part, part.ended())
                if part.failures >= GIVE_UP_AFTER and not self.was_ready:
                    self._print(part, "does not start: see the lines above. Everything is stopped.")
                    return 1
        return 0

    def _is_over(self) -> bool:
        # A killed `make` cannot pass anything on: without it there is nobody left to press Ctrl-C.
        return self.signals > 0 or (self.parent is not None and os.getppid() != self.parent)

    def _told_to_end(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def _end(self) -> None:
        """End every part and everything they started; a second signal does it at once."""
        print("\nStopping …", flush=True)  # noqa: T201
        for part in self.parts:
            part.ask_to_end()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while any(part.is_running for part in self.parts) and time.monotonic() < deadline and self.signals < 2:
            self._show(0.1)
        for part in self.parts:
            part.send(signal.SIGKILL)
            if part.process is not None:
                part.process.wait()
                self._print_lines(part)

    def _show(self, seconds: float) -> None:
        """Print what arrives within this time."""
        if not self.selector.get_map():
            time.sleep(seconds)
            return
        for key, _ in self.selector.select(seconds):
            part: Part = key.data
            self._print_lines(part)
            if part.process is not None and not part.is_running:
                return  # its closed pipe is readable for ever: let it be looked after

    def _print_lines(self, part: Part) -> None:
        for line in part.lines():
            self._print(part, line)

    def _print(self, part: Part, line: str) -> None:
        prefix = f"{part.name:<{self.width}} |"
        if self.is_coloured:
            prefix = f"\033[{COLOURS[self.parts.index(part) % len(COLOURS)]}m{prefix}\033[0m"
        print(f"{prefix} {line}", flush=True)  # noqa: T201
