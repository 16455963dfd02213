"""Locks that the kernel releases when their holder dies, however it dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

_private: set[int] = set()


def open_lock(path: Path, *, for_children: bool = False) -> int:
    """Open a lock file, creating it; `close_lock` releases what was taken.

    A forked child shares the lock: wanted for `for_children`, and else closed in the child at once. A worker of
    Celery, forked while a thread waited for the guardian's lock, would keep that lock long after the thread let go.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if not for_children:
        _private.add(fd)
    return fd


def close_lock(fd: int) -> None:
    """Close our descriptor of the lock; it is released unless a child has inherited it."""
    _private.discard(fd)
    os.close(fd)


def _close_in_child() -> None:
    while _private:
        with contextlib.suppress(OSError):
            os.close(_private.pop())


os.register_at_fork(after_in_child=_close_in_child)


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
    if not path.exists():
        return False
    fd = open_lock(path)
    try:
        if not try_lock(fd, shared=True):
            return True
        release_lock(fd)
        return False
    finally:
        close_lock(fd)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock alone for the length of a block."""
    fd = open_lock(path)
    try:
        take_lock(fd)
        yield
    finally:
        release_lock(fd)
        close_lock(fd)
