"""Ask for a file to be decoded in a limited process, and wait for the answer."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import structlog
from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from portal.sandbox.limits import Limits

log = structlog.get_logger(__name__)

PROJECT = Path(__file__).resolve().parents[2]
# Of the threads of this process, those that wait for one lane; and those beyond the queue that wait to hear that somebody gives way.
PER_LANE = 2
ASKING = 2
# What the helper sees of the environment: where programs and libraries are, never a key.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")

# A child takes its memory anew and gives it back soon: in large pages that costs a photo a tenth less. Unknown elsewhere than in glibc.
MEMORY_IN_LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


class SandboxBusy(Exception):
    """Too many files are being decoded just now, or the machine has no time for this one. ``seconds``: what it has cost all the same."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        super().__init__()


class SandboxFailed(Exception):
    """The file took more than it may, or brought its process down. ``seconds``: what it may have cost."""

    def __init__(self, reason: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a task said, the file it wrote (at its start), and the processor seconds it took."""

    said: dict[str, Any]
    file: IO[bytes]
    seconds: float


def run(
    task: str, source: IO[bytes], lane: str, limits: Limits | None = None, *, spent: int = 0, **params: Any
) -> Decoded:
    """Have ``task`` (``module:function``, called with the file, an empty file and ``params``) done by a limited process.

    ``source`` is a real file; ``lane`` names whose it is, ``spent`` what it has cost lately: who has cost less goes first. Raises
    ``SandboxBusy``, ``SandboxFailed``.
    """
    limits = limits or Limits()
    room = settings.YIJIAN_SANDBOX_WAITING
    message = {"task": task, "lane": lane, "spent": spent, "room": room, "limits": asdict(limits), "params": params}
    with _place(lane):
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the caller's, as the outcome
        try:
            said = _ask(message, source.fileno(), target.fileno(), limits.queue + limits.clock + 5)
        except BaseException:
            target.close()
            raise
    match said.pop("sandbox", ""):
        case "":
            target.seek(0)
            return Decoded(said, target, float(said.pop("seconds", 0.0)))
        case "busy" | "late":
            target.close()
            raise SandboxBusy(float(said.get("seconds", 0.0)))
        case reason:
            target.close()
            raise SandboxFailed(said.get("error", reason), float(said.get("seconds", limits.processor)))


def real_file(content: bytes | UploadedFile) -> IO[bytes]:
    """Return what was handed in as a real file, which another process can read; to be closed by the caller."""
    if isinstance(content, TemporaryUploadedFile):
        return open(content.temporary_file_path(), "rb")
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        for part in content.chunks() if isinstance(content, UploadedFile) else [content]:
            file.write(part)
        file.flush()
    except BaseException:
        file.close()
        raise
    return file


def warm_up() -> None:
    """Start the helper, so that the first file does not wait for it."""
    _helper.start()


@contextlib.contextmanager
def _place(lane: str) -> Iterator[None]:
    """Hold one of the few threads that may wait; the others are for pages."""
    with _lock:
        if _waiting.total() >= settings.YIJIAN_SANDBOX_WAITING + ASKING or _waiting[lane] >= PER_LANE:
            raise SandboxBusy
        _waiting[lane] += 1
    try:
        yield
    finally:
        with _lock:
            _waiting[lane] -= 1
            if not _waiting[lane]:
                del _waiting[lane]


def _ask(message: dict[str, Any], source: int, target: int, seconds: float) -> dict[str, Any]:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            _helper.send(message, (theirs.fileno(), source, target))
        ours.settimeout(seconds)
        answer = bytearray()
        with contextlib.suppress(TimeoutError, ConnectionError):
            while not answer.endswith(b"\n"):
                part = ours.recv(65536)
                if not part:
                    break
                answer += part
    if not answer.endswith(b"\n"):
        return {"sandbox": "killed"}
    said: dict[str, Any] = json.loads(bytes(answer))
    return said


class _Helper:
    """The one helper of this process, started when it is first needed and again when it is gone."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.control: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.lock:
            self._running()

    def send(self, message: dict[str, Any], descriptors: tuple[int, ...]) -> None:
        body = json.dumps(message).encode()
        head = len(body).to_bytes(4, "big")
        with self.lock:
            try:
                self._send(head, body, descriptors)
            except OSError:
                self._end()
                self._send(head, body, descriptors)

    def _send(self, head: bytes, body: bytes, descriptors: tuple[int, ...]) -> None:
        control = self._running()
        socket.send_fds(control, [head], list(descriptors))
        control.sendall(body)

    def _running(self) -> socket.socket:
        if self.control is not None and self.process is not None and self.process.poll() is None:
            return self.control
        self._end()
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "portal.sandbox.helper", str(theirs.fileno())]
        command += [str(settings.YIJIAN_SANDBOX_DIR), str(settings.YIJIAN_SANDBOX_PLACES)]
        command += settings.YIJIAN_SANDBOX_WARM
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own module
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd=PROJECT,
                env=MEMORY_IN_LARGE_PAGES | {name: os.environ[name] for name in PASSED_ON if name in os.environ},
                pass_fds=[theirs.fileno()],
                process_group=0,
            )
        self.control = ours
        log.debug("sandbox_helper_started", process=self.process.pid)
        return ours

    def _end(self) -> None:
        if self.control is not None:
            self.control.close()
            self.control = None
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            self.process = None

    def end(self) -> None:
        """End the helper with this process."""
        with self.lock:
            self._end()

    def forget(self) -> None:
        """In a forked child: leave the parent's helper to the parent."""
        self.lock = threading.Lock()
        if self.control is not None:
            self.control.close()
            self.control = None
        if self.process is not None:
            self.process.returncode = 0  # not this process's child: nothing to wait for
            self.process = None


_lock = threading.Lock()
_waiting: Counter[str] = Counter()
_helper = _Helper()
atexit.register(_helper.end)


def _in_forked_child() -> None:
    global _lock
    _lock = threading.Lock()
    _waiting.clear()
    _helper.forget()


os.register_at_fork(after_in_child=_in_forked_child)
