"""Judging a file that somebody hands in: is it the very file we issued, and what is that certificate worth today."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

import structlog
from django.core.files.uploadedfile import UploadedFile

from certificates.core.verification import FileVerdict, judge_file
from certificates.models import Certificate
from certificates.seal.signing import seal_provider
from portal.sandbox.limits import Limits
from portal.sandbox.running import SandboxFailed, real_file, run

log = structlog.get_logger(__name__)

LIMITS = Limits(processor=3, clock=10.0)


@dataclass(frozen=True, slots=True)
class VerifiedFile:
    """The three answers, the codes of what is wrong with the file's shape, and the certificate when it is genuine."""

    verdict: FileVerdict
    faults: tuple[str, ...]
    certificate: Certificate | None


def check_file(data: bytes | UploadedFile, today: date, lane: str = "") -> VerifiedFile:
    """Return what may be said about a file. Its shape first, then the seal, then the row: nothing is parsed that is not ours.

    Shape and seal are read by a limited process; ``lane`` names who hands the file in. Never raises for what is in the file; raises
    ``SandboxBusy``. One query; about 0.1 s for a file of our shape.
    """
    with real_file(data) as file:
        faults, is_sealed, _told = read_file(file, lane, [one.dump() for one in seal_provider().trusted()])
        certificate = _issued_file(file) if is_sealed else None
    verdict = judge_file(
        is_strict=not faults,
        is_sealed=is_sealed,
        is_issued=certificate is not None,
        status=certificate.status if certificate else "",
        expires_on=certificate.expires_on if certificate else None,
        today=today,
    )
    return VerifiedFile(verdict, faults, certificate)


def is_sealed_by_us(data: bytes) -> bool:
    """Return whether the one signature in a file of our shape is intact, covers it, and was made by a seal we trust."""
    from certificates.seal.reading import is_sealed_under

    return is_sealed_under(data, seal_provider().trusted())


def read_file(file: IO[bytes], lane: str, trusted: Sequence[bytes]) -> tuple[tuple[str, ...], bool, dict[str, Any]]:
    """Return the faults of a file's shape, whether its seal holds, and what it says then of term and status. Reads no database.

    ``trusted``: the certificates that verification rests on, DER. Raises ``SandboxBusy``.
    """
    try:
        read = run("certificates.seal.reading:read_seal", file, lane, LIMITS, trusted=[one.hex() for one in trusted])
    except SandboxFailed as failed:
        log.info("file_unreadable", error=str(failed))
        return ("objects",), False, {}
    read.file.close()
    return tuple(read.said["faults"]), read.said["is_sealed"], read.said["told"]


def _issued_file(file: IO[bytes]) -> Certificate | None:
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    found = Certificate.objects.filter(file_sha256=sha256).exclude(file_sha256="")
    return found.defer("face_sealed").first()
