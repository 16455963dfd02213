"""Tasks for the sandbox, good and bad."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import IO, Any


def copy(source: IO[bytes], target: IO[bytes]) -> dict[str, Any]:
    """Write the file as it is."""
    target.write(source.read())
    return {"process": os.getpid(), "group": os.getpgid(0)}


def hold(source: IO[bytes], target: IO[bytes], beside: str, until: str) -> dict[str, Any]:
    """Say that it runs by a file, and wait until another one appears."""
    Path(beside, f"runs-{os.getpid()}").touch()
    while not Path(until).exists():
        time.sleep(0.01)
    return {}


def see(source: IO[bytes], target: IO[bytes]) -> dict[str, Any]:
    """Say what of the process that asked can be seen."""
    return {"environment": dict(os.environ), "descriptors": len(os.listdir("/proc/self/fd"))}


def take_memory(source: IO[bytes], target: IO[bytes], megabytes: int) -> dict[str, Any]:
    """Take memory and use it."""
    return {"length": len(bytearray(megabytes * 1024 * 1024))}


def compute(source: IO[bytes], target: IO[bytes]) -> dict[str, Any]:
    """Compute for ever."""
    while True:
        pass


def fork_and_wait(source: IO[bytes], target: IO[bytes], beside: str) -> dict[str, Any]:
    """Start a process that would outlive this one, and wait for ever."""
    child = os.fork()
    if child:
        Path(beside, f"child-{child}").touch()
    while True:
        time.sleep(1)


def ring(source: IO[bytes], target: IO[bytes]) -> dict[str, Any]:
    """Let the own clock ring before the helper looks at its own."""
    signal.raise_signal(signal.SIGALRM)
    return {}


def write(source: IO[bytes], target: IO[bytes], megabytes: int) -> dict[str, Any]:
    """Write much."""
    for _each in range(megabytes):
        target.write(bytes(1024 * 1024))
    return {}
