"""Which process is which: a pid alone says nothing, because pids are reused and the dead may linger as zombies."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process, told from a later one with the same pid by the moment it started (clock ticks since boot)."""

    pid: int
    started: int
    parent: int = field(compare=False)
    command_line: str = field(compare=False)

    def is_alive(self) -> bool:
        now = look_up(self.pid)
        return now is not None and now.started == self.started

    def send(self, number: signal.Signals) -> None:
        """Send a signal, unless the process is gone."""
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


def look_up(pid: int) -> Process | None:
    """Return the living process of this number; None when there is none or only a zombie."""
    try:
        # The name in brackets may hold spaces and brackets: count the fields after the last one.
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        command_line = (PROC / str(pid) / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    if fields[0] in {"Z", "X", "x"}:
        return None
    text = command_line.replace(b"\0", b" ").decode(errors="replace")
    return Process(pid=pid, started=int(fields[19]), parent=int(fields[1]), command_line=text)


def find_tagged(tag: str, program: str) -> list[Process]:
    """Return the living processes of `program` (the start of its name) whose command line holds `tag`, oldest first."""
    found = []
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        process = look_up(int(entry.name))
        if process is None or tag not in process.command_line:
            continue
        first = process.command_line.split(" ", 1)[0]
        if os.path.basename(first).rstrip(":").startswith(program):
            found.append(process)
    return sorted(found, key=lambda process: (process.started, process.pid))


def end_all(processes: Iterable[Process], *steps: tuple[signal.Signals, float]) -> bool:
    """Send each signal in turn, giving the processes so many seconds to go. Return whether all are gone."""
    left = list(processes)
    for number, seconds in steps:
        for process in left:
            process.send(number)
        deadline = time.monotonic() + seconds
        while left and time.monotonic() < deadline:
            reap_children()
            left = [process for process in left if process.is_alive()]
            if left:
                time.sleep(0.01)
    return not left


def reap_children() -> None:
    """Collect the children that have ended, so that none lingers as a zombie."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
