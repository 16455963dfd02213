"""Locks that the kernel releases when their holder dies, however it dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path


def open_lock(path: Path) -> int:
    """Open a lock file, creating it. The caller closes it, which releases the lock."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(fd: int, *, shared: bool = False) -> bool:
    """Take the lock if nobody is in the way."""
    try:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def take_lock(fd: int, *, shared: bool = False) -> None:
    """Take the lock, waiting as long as somebody is in the way."""
    fcntl.flock(fd, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)


def release_lock(fd: int) -> None:
    fcntl.flock(fd, fcntl.LOCK_UN)


def lock_within(fd: int, seconds: float) -> bool:
    """Take the lock alone, trying again for a while."""
    deadline = time.monotonic() + seconds
    while not try_lock(fd):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def is_locked(path: Path) -> bool:
    """Say whether somebody holds the lock alone at this moment."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not try_lock(fd, shared=True)
    finally:
        os.close(fd)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock alone for the length of a block."""
    fd = open_lock(path)
    try:
        take_lock(fd)
        yield
    finally:
        os.close(fd)
