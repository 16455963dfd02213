"""The helper: forks a limited child for every file, one at each place of the host, and kills what takes too long.

Run as ``python -m portal.sandbox.helper <descriptor> <folder> <places> <module> …``. It holds no secret and no connection; it imports the decoding
libraries once, so that a fork takes milliseconds. It ends, with all its children, when the process that asked is gone, however that ended.

A message is four bytes of length, then JSON, with three descriptors: where the answer goes, the file, and an empty file for the outcome.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.sandbox.limits import Limits, apply
from portal.sandbox.places import Places, Ticket

HEAD = 4
DESCRIPTORS = 3
# How often a place is tried that another helper's child holds.
LOOK_EVERY = 0.02
# An ordinary photo is done before; what takes longer gets what others leave, and later leaves its place to them.
YIELD_AFTER = 0.5
LEAVE_AFTER = 2.0
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38

_prctl: Callable[..., int] | None = getattr(ctypes.CDLL(None), "prctl", None)


@dataclass
class WaitingFile:
    """A file that waits, and what is to be done with it."""

    reply: socket.socket
    source: int
    target: int
    task: str
    limits: Limits
    params: dict[str, Any]
    ticket: Ticket

    @property
    def is_over(self) -> bool:
        """Whether it has waited for as long as it may."""
        return time.monotonic_ns() > self.ticket.turn.until

    def close(self) -> None:
        self.reply.close()
        os.close(self.ticket.descriptor)
        os.close(self.source)
        os.close(self.target)


@dataclass
class Child:
    """A child at work: who waits for it, its place, when it is killed, and whether it was."""

    reply: socket.socket
    ticket: Ticket
    yields_at: float
    leaves_at: float
    until: float
    is_late: bool = False

    @property
    def next_look(self) -> float:
        """When something is to be done about it."""
        return min(self.yields_at, self.leaves_at, self.until)


def answer(reply: socket.socket, said: dict[str, Any]) -> None:
    """Send an answer to whoever waits, if anybody still does."""
    with contextlib.suppress(OSError):
        reply.sendall(json.dumps(said).encode() + b"\n")


class Helper:
    """Takes jobs from one process and runs them where there is a place."""

    def __init__(self, control: socket.socket, places: Places) -> None:
        self.control = control
        self.places = places
        self.waiting: list[WaitingFile] = []
        self.running: dict[int, Child] = {}

    def serve(self) -> None:
        """Work until the process that asked is gone."""
        for told in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(told, signal.SIG_IGN)  # the end is told by the control's end alone
        self.woken, wake = os.pipe()
        for end in (self.woken, wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            while self._turn():
                pass
        finally:
            for number in self.running:
                _kill(number)

    def _turn(self) -> bool:
        """Wait for something to happen and deal with it; return whether to go on."""
        looked_at: list[Any] = [self.control, self.woken, *(job.reply for job in self.waiting)]
        ready, _, _ = select.select(looked_at, [], [], self._pause())
        if self.woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self.woken, 4096)
        if self.control in ready and not self._receive():
            return False
        for job in [job for job in self.waiting if job.reply in ready]:
            self._drop(job)  # nobody waits for it any more
        self._reap()
        self._start()
        return True

    def _pause(self) -> float | None:
        if self.waiting:
            return LOOK_EVERY
        if self.running:
            return max(0.0, min(child.next_look for child in self.running.values()) - time.monotonic())
        return None

    def _receive(self) -> bool:
        try:
            head, descriptors, _flags, _address = socket.recv_fds(self.control, HEAD, DESCRIPTORS)
        except ConnectionError:
            return False
        if len(head) < HEAD or len(descriptors) < DESCRIPTORS:
            return False
        body = bytearray()
        while len(body) < int.from_bytes(head, "big"):
            part = self.control.recv(int.from_bytes(head, "big") - len(body))
            if not part:
                return False
            body += part
        said = json.loads(bytes(body))
        reply, source, target = descriptors
        limits = Limits(**said.pop("limits"))
        importlib.import_module(said["task"].partition(":")[0])  # once, for all the children to come
        ticket = self.places.line_up(said.pop("lane"), limits.queue, said.pop("spent"))
        room = said.pop("room")
        self.waiting.append(
            WaitingFile(socket.socket(fileno=reply), source, target, limits=limits, ticket=ticket, **said)
        )
        if len(self.waiting) + len(self.running) > room:
            self._refuse(max(self.waiting, key=lambda job: job.ticket.turn))
        return True

    def _drop(self, job: WaitingFile) -> None:
        self.waiting.remove(job)
        self.places.forget(job.ticket)
        job.close()

    def _refuse(self, job: WaitingFile) -> None:
        answer(job.reply, {"sandbox": "busy"})
        self._drop(job)

    def _start(self) -> None:
        for job in sorted(self.waiting, key=lambda job: job.ticket.turn):
            if self.places.start(job.ticket):
                self.waiting.remove(job)
                self._fork(job)
            elif job.is_over:
                self._refuse(job)

    def _fork(self, job: WaitingFile) -> None:
        helper = os.getpid()
        child = os.fork()
        if child == 0:
            _work(job, helper)
        with contextlib.suppress(OSError):
            os.setpgid(child, child)  # here as well: it may have to be killed before it came to it
        now = time.monotonic()
        self.running[child] = Child(
            job.reply.dup(), job.ticket, now + YIELD_AFTER, now + LEAVE_AFTER, now + job.limits.clock
        )
        job.close()

    def _reap(self) -> None:
        for number, child in self.running.items():
            if time.monotonic() > child.yields_at:
                child.yields_at = child.until
                _yield(number)
            if time.monotonic() > child.leaves_at:
                child.leaves_at = child.until
                self.places.leave(child.ticket)
            if time.monotonic() > child.until:
                child.is_late = True
                _kill(number)
        while self.running:
            number, status, used = os.wait4(-1, os.WNOHANG)
            if number == 0:
                return
            _kill(number)  # what it may have started
            ended = self.running.pop(number)
            self.places.forget(ended.ticket)
            with ended.reply as reply:
                if status:
                    # Its own clock may ring before this process comes to look, on a machine with much to do.
                    is_late = ended.is_late or os.waitstatus_to_exitcode(status) == -signal.SIGALRM
                    code = "late" if is_late else "killed"
                    answer(reply, {"sandbox": code, "seconds": used.ru_utime + used.ru_stime})


def _yield(child: int) -> None:
    """Let pages and ordinary files go first from now on."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PGRP, child, 10)


def _kill(child: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


def _work(job: WaitingFile, helper: int) -> None:
    """Do one job within its limits, answer, and end. Runs in the child alone and never returns."""
    code = 1
    try:
        _leave_helper(job, helper)
        apply(job.limits)
        gc.disable()  # it ends soon
        module, _, name = job.task.partition(":")
        task: Callable[..., dict[str, Any]] = getattr(importlib.import_module(module), name)
        with os.fdopen(job.source, "rb") as source, os.fdopen(job.target, "wb") as target:
            source.seek(0)
            try:
                said = task(source, target, **job.params)
            except Exception as error:
                said = {"sandbox": "failed", "error": type(error).__name__}
        answer(job.reply, said | {"seconds": time.process_time()})
        code = 0
    finally:
        os._exit(code)


def _leave_helper(job: WaitingFile, helper: int) -> None:
    """Become a process of its own, with nothing open but the files of its job."""
    os.setpgid(0, 0)
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        _prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != helper:
        os._exit(1)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, job.limits.clock)  # also where no helper is left to look at the clock
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    kept = sorted({0, 1, 2, job.reply.fileno(), job.source, job.target, job.ticket.descriptor})
    for low, high in zip(kept, [*kept[1:], 256], strict=True):
        os.closerange(low + 1, high)


def main() -> None:
    """Serve the process at the other end of the descriptor."""
    descriptor, folder, count, *warm = sys.argv[1:]
    for module in warm:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # what is loaded stays shared with the children
    Helper(socket.socket(fileno=int(descriptor)), Places(Path(folder), int(count))).serve()


if __name__ == "__main__":
    main()
