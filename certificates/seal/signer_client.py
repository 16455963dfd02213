"""The seal as web and workers know it: certificates to verify with, and a socket to the one process that holds the key."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from certificates.seal.pki import development_certificates
from certificates.seal.signing import SealCertificates, SealRefused, SignerAway
from certificates.seal.wire import (
    LONGEST_LINE,
    MOST_AT_ONCE,
    SealAnswer,
    SealRequest,
    Unreadable,
    read_answers,
    read_list,
    write_list,
    write_requests,
)

PATIENCE_SECONDS = 10.0


class SignerSealProvider(SealCertificates):
    """A seal whose key this process cannot read: the signer (``manage.py run_signer``) looks each approval up before it signs."""

    def __init__(self) -> None:
        super().__init__(*self._public_files())

    def seal_many(self, requests: Sequence[SealRequest]) -> list[SealAnswer]:
        """Return the signer's answers, in order. Raises `SignerAway` when it does not answer; then nothing was decided."""
        answers: list[SealAnswer] = []
        for start in range(0, len(requests), MOST_AT_ONCE):
            some = requests[start : start + MOST_AT_ONCE]
            try:
                answers += read_answers(_ask(write_requests(some)), len(some))
            except (OSError, Unreadable) as error:
                raise SignerAway(f"{type(error).__name__}: {error}") from error
        return answers

    def sign_status_list(self, number: int) -> str:
        """Return the list as the signer reads and signs it now. Raises `SignerAway` when it does not answer."""
        try:
            return read_list(_ask(write_list(number)))
        except (OSError, Unreadable) as error:
            raise SignerAway(f"{type(error).__name__}: {error}") from error

    def _public_files(self) -> tuple[Path, Path | None]:
        self.is_demonstration = not settings.YIJIAN_SEAL_CERTIFICATE_FILE
        if not self.is_demonstration:
            chain = settings.YIJIAN_SEAL_CHAIN_FILE
            return Path(settings.YIJIAN_SEAL_CERTIFICATE_FILE), Path(chain) if chain else None
        if not (settings.DEBUG or settings.YIJIAN_ALLOW_DEVELOPMENT_CA):
            raise SealRefused(
                "no seal is configured and the development authority is not allowed here: "
                "set SEAL_CERTIFICATE_FILE, or ALLOW_DEVELOPMENT_CA=True for a demonstration"
            )
        seal, root = development_certificates(settings.YIJIAN_DEVELOPMENT_SEAL_DIR)
        if not seal.exists():
            raise SignerAway("the signer has not made its development seal yet")
        return seal, root


def _ask(line: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as signer:
        signer.settimeout(PATIENCE_SECONDS)
        signer.connect(str(settings.YIJIAN_SIGNER_SOCKET))
        signer.sendall(line)
        with signer.makefile("rb") as answers:
            return answers.readline(LONGEST_LINE)
