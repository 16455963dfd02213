"""Ask a virus scanner about a file: ClamAV's daemon, by INSTREAM, at ``YIJIAN_CLAMAV_URL`` (``tcp://host:port`` or ``unix:///socket``)."""

from __future__ import annotations

import socket
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings

from matters.files.limits import TEST_VIRUS

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 20.0
PART = 64 * 1024
DEFAULT_PORT = 3310


class ScannerUnavailable(Exception):
    """The scanner does not answer, or not with a verdict."""


def is_configured() -> bool:
    """Return whether this site has a scanner."""
    return bool(settings.YIJIAN_CLAMAV_URL)


def is_answering() -> bool:
    """Return whether the scanner answers."""
    try:
        with _connected() as scanner:
            scanner.sendall(b"zPING\0")
            return _answer(scanner) == "PONG"
    except OSError:
        return False


def find_virus(file: IO[bytes]) -> str:
    """Return the name of what the scanner found in a file, empty when it is clean. Raises ``ScannerUnavailable``."""
    file.seek(0)
    try:
        with _connected() as scanner:
            scanner.sendall(b"zINSTREAM\0")
            while part := file.read(PART):
                scanner.sendall(len(part).to_bytes(4, "big") + part)
            scanner.sendall(bytes(4))
            said = _answer(scanner)
    except OSError as error:
        raise ScannerUnavailable(type(error).__name__) from error
    if said.endswith(" FOUND"):
        return said.removeprefix("stream: ").removesuffix(" FOUND") or "?"
    if said != "stream: OK":
        raise ScannerUnavailable(said[:100])
    return ""


def holds_test_virus(file: IO[bytes]) -> bool:
    """Return whether the file holds the scanners' test file as it is."""
    file.seek(0)
    before = b""
    while part := file.read(1024 * 1024):
        if TEST_VIRUS in before + part:
            return True
        before = part[-len(TEST_VIRUS) :]
    return False


def _connected() -> socket.socket:
    url = urlsplit(settings.YIJIAN_CLAMAV_URL)
    if url.scheme == "unix":
        scanner = socket.socket(socket.AF_UNIX)
        try:
            scanner.settimeout(CONNECT_SECONDS)
            scanner.connect(url.path)
        except OSError:
            scanner.close()
            raise
    else:
        scanner = socket.create_connection((url.hostname, url.port or DEFAULT_PORT), CONNECT_SECONDS)
    scanner.settimeout(ANSWER_SECONDS)
    return scanner


def _answer(scanner: socket.socket) -> str:
    said = bytearray()
    while not said.endswith(b"\0") and len(said) < PART:
        part = scanner.recv(4096)
        if not part:
            break
        said += part
    return bytes(said).rstrip(b"\0\n").decode("utf-8", "replace")
