"""Holding a server: for as long as a process (or a child it forked) holds it, the server is kept running.

A holder shares a lock on `users.lock`, which the kernel releases when the process dies, however it dies. A thread
of the holder waits for the guardian's lock: it gets it only when the guardian has been killed, and starts another.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from portal.embedded.errors import EmbeddedServerError
from portal.embedded.locks import close_lock, is_locked, lock_within, locked, open_lock, release_lock, take_lock
from portal.embedded.places import Place

PATIENCE_SECONDS = 180.0  # recovery after a crash may take a while; a first start takes less than a second
PROJECT = Path(__file__).resolve().parents[2]

logger = logging.getLogger(__name__)

_guard = threading.RLock()
_held: dict[Place, int] = {}
_watching: set[tuple[int, Place]] = set()


def hold() -> None:
    """Hold the servers that the settings leave to us (`YIJIAN_EMBEDDED_SERVERS`) until this process ends.

    Returns when they answer; costs a few system calls when they do already. Raises `EmbeddedServerError`.
    """
    from django.conf import settings

    hold_servers(*(Place(settings.VAR_DIR, server) for server in settings.YIJIAN_EMBEDDED_SERVERS))


def hold_servers(*places: Place) -> None:
    """Hold these servers until this process ends; start those that are down, at the same time."""
    with _guard:
        for place in places:
            _share(place)
            _start_guardian_if_none(place)
    for place in places:
        _wait_until_ready(place)
        _watch(place)


def let_go() -> None:
    """Stop holding everything (the process goes on without servers)."""
    with _guard:
        while _held:
            close_lock(_held.popitem()[1])


def stop_if_unused() -> None:
    """Let go, and return when the servers have stopped, or at once when others go on using them."""
    places = list(_held)
    let_go()
    for place in places:
        place.hurry_mark.touch()
    deadline = time.monotonic() + 30
    while places and time.monotonic() < deadline:
        # The guardian removes the mark when it stops and when it finds other users: in that case the server is ready.
        places = [
            place
            for place in places
            if is_locked(place.guardian_lock) and (place.hurry_mark.exists() or not place.ready_mark.exists())
        ]
        time.sleep(0.02)


def _share(place: Place) -> None:
    if place in _held:
        return
    place.prepare()
    fd = open_lock(place.users_lock, for_children=True)
    take_lock(fd, shared=True)  # waits while a guardian is stopping the server
    _held[place] = fd


def _start_guardian_if_none(place: Place) -> None:
    if is_locked(place.guardian_lock):
        return
    with locked(place.start_lock):
        fd = open_lock(place.guardian_lock)
        try:
            # Others look with a shared lock for an instant: try for a moment before believing in a guardian.
            if not lock_within(fd, 0.5):
                return
            place.ready_mark.unlink(missing_ok=True)
            place.failure_note.unlink(missing_ok=True)
            _spawn(place, fd)
        finally:
            close_lock(fd)  # the guardian has its own copy


def _spawn(place: Place, lock: int) -> None:
    """Start the guardian, which inherits its lock already taken, so that there is never a moment with two."""
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    with place.log.open("ab") as log:
        subprocess.run(  # noqa: S603
            [sys.executable, "-s", "-m", "portal.embedded.supervisor", str(place.var), place.server, str(lock)],
            check=True,
            cwd="/",
            env=environment | {"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock],
            start_new_session=True,
        )


def _wait_until_ready(place: Place) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        if is_locked(place.guardian_lock):
            if place.ready_mark.exists():
                return
        elif not place.failure_note.exists():
            with _guard:
                _start_guardian_if_none(place)
        if place.failure_note.exists():
            raise EmbeddedServerError(place.failure_note.read_text())
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"The embedded {place.server} did not start in time; see {place.log}.")
        time.sleep(0.005)


def _watch(place: Place) -> None:
    key = (os.getpid(), place)
    with _guard:
        if key in _watching:
            return
        _watching.add(key)
    threading.Thread(target=_replace_dead_guardians, args=[place], name=f"watch-{place.server}", daemon=True).start()


def _replace_dead_guardians(place: Place) -> None:
    while place in _held:
        try:
            fd = open_lock(place.guardian_lock)
            try:
                take_lock(fd, shared=True)
                release_lock(fd)
            finally:
                close_lock(fd)
            if place in _held:
                with _guard:
                    _start_guardian_if_none(place)
                _wait_until_ready(place)
        except (EmbeddedServerError, OSError, subprocess.SubprocessError):
            logger.exception("embedded_server_lost", extra={"server": place.server})
            time.sleep(5)
    _watching.discard((os.getpid(), place))


def _after_fork() -> None:
    """A child inherits what is held, but neither the threads nor a guard that one of them had taken."""
    global _guard
    _guard = threading.RLock()
    _watching.clear()


os.register_at_fork(after_in_child=_after_fork)
