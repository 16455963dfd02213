"""Places at which children may run, and the line in front of them, shared by all processes of a host.

Whoever waits or runs has a ticket: a locked file, which the kernel unlocks when the last process that holds it ends, however that ended. Its
name says its turn. A lane is one person or address: of its files one runs at a time, and while somebody waits who has nothing else here, a
further file of another lane does not start.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# States of a ticket, the first character of its name. Who is slow runs on without a place of his own.
WAITING, RUNNING, SLOW = "w", "r", "s"
NANO = 1_000_000_000
ENDING = "ticket"


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """Who goes first: whose first file it is, then who has cost less lately, then who came first."""

    further: int
    spent: int
    arrived: int
    until: int
    lane: str

    def name(self, state: str) -> str:
        """Return the name of a ticket for this turn."""
        return f"{state}.{self.further}.{self.spent}.{self.arrived}.{self.until}.{self.lane}.{ENDING}"


@dataclass(slots=True)
class Ticket:
    """A ticket of this process, or of a child that was given its descriptor."""

    turn: Turn
    path: Path
    descriptor: int


class Places:
    """The places of a host, ``count`` of them and as many again for who is slow, kept below a folder."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.count = count

    def line_up(self, lane: str, seconds: float, spent: int = 0) -> Ticket:
        """Join the line for so many seconds. ``spent``: what the lane has cost lately, in any measure."""
        key = hashlib.sha256(lane.encode()).hexdigest()[:20]
        with self._alone():
            before = sum(turn.lane == key for state in (WAITING, RUNNING, SLOW) for turn in self._turns(state))
            now = time.monotonic_ns()
            turn = Turn(before, spent, now, now + round(seconds * NANO), key)
            path = self.folder / turn.name(WAITING)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return Ticket(turn, path, descriptor)

    def start(self, ticket: Ticket) -> bool:
        """Give the ticket a place when it is its turn and one is free; return whether it was. Whoever holds the descriptor holds the place."""
        with self._alone():
            running = self._turns(RUNNING)
            lanes = {turn.lane for turn in (*running, *self._turns(SLOW))}
            if len(running) >= self.count or ticket.turn.lane in lanes:
                return False
            now = time.monotonic_ns()
            for turn in sorted(self._listed(WAITING)):
                if turn == ticket.turn:
                    break
                if turn.until > now and turn.lane not in lanes and self._is_held(turn, WAITING):
                    return False
            self._rename(ticket, RUNNING)
            return True

    def leave(self, ticket: Ticket) -> None:
        """Let others have the place of who is slow, as long as not too many are."""
        with self._alone():
            if len(self._turns(SLOW)) < self.count:
                self._rename(ticket, SLOW)

    def forget(self, ticket: Ticket) -> None:
        """Take a ticket away that nobody needs any more."""
        ticket.path.unlink(missing_ok=True)

    def _rename(self, ticket: Ticket, state: str) -> None:
        named = self.folder / ticket.turn.name(state)
        with contextlib.suppress(FileNotFoundError):
            ticket.path.rename(named)
            ticket.path = named

    def _turns(self, state: str) -> list[Turn]:
        """Return the turns of one state that somebody still holds."""
        return [turn for turn in self._listed(state) if self._is_held(turn, state)]

    def _listed(self, state: str) -> list[Turn]:
        names = [name.split(".") for name in os.listdir(self.folder) if name.startswith(state + ".")]
        return [
            Turn(int(name[1]), int(name[2]), int(name[3]), int(name[4]), name[5])
            for name in names
            if len(name) == 7 and name[6] == ENDING
        ]

    def _is_held(self, turn: Turn, state: str) -> bool:
        path = self.folder / turn.name(state)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        else:
            path.unlink(missing_ok=True)
            return False
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the line still: for microseconds, and never beyond the end of this process."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            descriptor = os.open(self.folder / "line", flags, 0o600)
        except FileNotFoundError:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.folder / "line", flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
