"""Places at which children may run, shared by all processes of a host: locked files, which the kernel frees when a child ends.

A lane is one person or address: whoever sends many files at once has one of them decoded at a time.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path

LANES = 128


class Places:
    """The places of a host, ``count`` of them, kept below a folder."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.count = count

    def take(self, lane: str) -> tuple[int, ...] | None:
        """Return the locks of a free place, None while there is none. Whoever holds the descriptors holds the place."""
        number = int.from_bytes(hashlib.sha256(lane.encode()).digest()[:4], "big") % LANES
        own = self._lock(f"lane-{number}")
        if own is None:
            return None
        for place in range(self.count):
            found = self._lock(f"place-{place}")
            if found is not None:
                return own, found
        os.close(own)
        return None

    def _lock(self, name: str) -> int | None:
        path = self.folder / name
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            descriptor = os.open(path, flags, 0o600)
        except FileNotFoundError:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return None
        return descriptor
