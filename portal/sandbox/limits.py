"""What one child may take."""

from __future__ import annotations

import contextlib
import resource
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of address space, seconds of processor and of the clock, bytes written, seconds in the queue."""

    memory: int = 768 * 1024 * 1024
    processor: int = 10
    clock: float = 20.0
    written: int = 80 * 1024 * 1024
    queue: float = 8.0


def apply(limits: Limits) -> None:
    """Limit the process that calls, for good. Where a system knows a limit only in part (macOS: address space), the others hold."""
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.processor),
        (resource.RLIMIT_FSIZE, limits.written),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))
