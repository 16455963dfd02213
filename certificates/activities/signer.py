"""The signer: the one process that can read the seal's key. It believes nobody about an approval but looks it up itself.

It listens on a Unix socket, asks who is at the other end, and seals only what belongs to a committed certificate that stands, has
no file yet, whose frozen face is the one that was drawn, and whose decision was granted by the department that issues it; or to a
committed official document of the floor above, which says itself (``YIJIAN_SEALABLE``) whether that one rests on what happened; and
status lists, which it reads from the database itself. What it seals, it says in the log. It needs no data key: faces and words stay sealed to it.
"""

from __future__ import annotations

import contextlib
import os
import socket
import socketserver
import stat
import struct
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils.module_loading import import_string

from certificates.models import Certificate
from certificates.seal.signing import FileSealProvider
from certificates.seal.wire import (
    LONGEST_LINE,
    SealAnswer,
    SealRequest,
    Unreadable,
    read_list_number,
    read_requests,
    write_answers,
    write_list,
)

log = structlog.get_logger(__name__)

# How long one who has connected may take over a line.
PATIENCE_SECONDS = 5.0
# What was granted and is not over. A suspension ends again, and the file says nothing of it: its status is asked apart.
STANDING = {Certificate.Status.VALID, Certificate.Status.SUSPENDED}

_ROWS = """
SELECT id, sha256(face_sealed), status, rendered_at IS NOT NULL OR set_aside_at IS NOT NULL, issuer_id, decision_reference
  FROM certificates_certificate WHERE id = ANY(%s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class _Row:
    face_sha256: bytes
    status: str
    is_over: bool
    issuer: int
    decision: str


def judge(requests: Sequence[SealRequest]) -> list[str]:
    """Return for each request why it is refused, or nothing. Three queries, however many requests.

    Codes: ``unknown``, ``over`` (it has a file, or waits for a person), ``not_valid``, ``face_changed``, ``not_granted``; of an official
    document besides ``no_event``.
    """
    rows = _rows(requests)
    approved = import_string(settings.YIJIAN_APPROVALS)({row.decision for row in rows.values()}) if rows else {}
    others = [(one.certificate, one.face_sha256) for one in requests if one.certificate not in rows]
    documents = import_string(settings.YIJIAN_SEALABLE)(others) if others else {}
    return [
        documents.get((one.certificate, one.face_sha256), _refusal(one, rows.get(one.certificate), approved))
        for one in requests
    ]


def answer(requests: Sequence[SealRequest], provider: FileSealProvider) -> list[SealAnswer]:
    """Seal what was approved, refuse the rest, and say in the log which was which."""
    answers = []
    for one, refused in zip(requests, judge(requests), strict=True):
        if refused:
            log.error("seal_refused", certificate=str(one.certificate), reason=refused)
            answers.append(SealAnswer(refused=refused))
        else:
            log.info("sealed", certificate=str(one.certificate), digest=one.digest.hex())
            answers.append(SealAnswer(provider.seal(one.digest)))
    return answers


def _rows(requests: Sequence[SealRequest]) -> dict[UUID, _Row]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [[str(one.certificate) for one in requests]])
        return {id: _Row(bytes(face), *rest) for id, face, *rest in cursor.fetchall()}


def _refusal(request: SealRequest, row: _Row | None, approved: Mapping[str, int]) -> str:
    if row is None:
        return "unknown"
    if row.is_over:
        return "over"
    if row.status not in STANDING:
        return "not_valid"
    if row.face_sha256 != request.face_sha256:
        return "face_changed"
    return "" if approved.get(row.decision) == row.issuer else "not_granted"


class _Asked(socketserver.StreamRequestHandler):
    """One line asked, one line answered."""

    timeout = PATIENCE_SECONDS
    server: Signer

    def handle(self) -> None:
        if not _is_ours(self.connection):
            log.error("signer_stranger", peer=_peer(self.connection))
            return
        with contextlib.suppress(OSError):
            line = self.rfile.readline(LONGEST_LINE)
            if line:
                self.wfile.write(self._answer(line))

    def _answer(self, line: bytes) -> bytes:
        try:
            number = read_list_number(line)
            if number is not None:
                return write_list(self.server.provider.sign_status_list(number))
            return write_answers(answer(read_requests(line), self.server.provider))
        except Unreadable as error:
            log.warning("signer_unreadable", error=str(error))
        except DatabaseError as error:
            # No answer: whoever asked takes the signer for away, and asks again.
            log.warning("signer_database_away", error=type(error).__name__)
            connection.close()
        finally:
            close_old_connections()
        return b""


class Signer(socketserver.UnixStreamServer):
    """Answers one after the other: a batch takes some milliseconds."""

    request_queue_size = 64

    def __init__(self, path: Path, provider: FileSealProvider) -> None:
        self.provider = provider
        super().__init__(str(path), _Asked)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what failed in the log, not on the console, and go on."""
        log.error("signer_failed", exc_info=sys.exc_info())


@contextlib.contextmanager
def listening(path: Path) -> Iterator[Signer]:
    """Listen at `path`, in a folder that nobody else can write to, until the block ends. The key is read before anybody may ask."""
    provider = FileSealProvider()
    folder = path.parent
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700, parents=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), 0} or found.st_mode & stat.S_IWOTH:
        raise PermissionError(f"{folder} is somebody else's: the signer listens only where nobody else can write")
    path.unlink(missing_ok=True)
    signer = Signer(path, provider)
    # Who may connect is asked of the kernel; without other users to serve, the file says it too.
    path.chmod(0o660 if settings.YIJIAN_SIGNER_CLIENTS else 0o600)
    try:
        yield signer
    finally:
        signer.server_close()
        path.unlink(missing_ok=True)


def serve(path: Path, when_ready: Callable[[], None] = lambda: None) -> None:
    """Answer until the process is told to end."""
    with listening(path) as signer:
        when_ready()
        signer.serve_forever(poll_interval=0.2)


def _is_ours(peer: socket.socket) -> bool:
    return _peer(peer) in {os.geteuid(), *settings.YIJIAN_SIGNER_CLIENTS}


def _peer(peer: socket.socket) -> int:
    """Return the user at the other end, as the kernel knows it; our own where it cannot tell (the socket's mode guards it there)."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return os.geteuid()
    _pid, uid, _gid = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i")))
    return int(uid)
