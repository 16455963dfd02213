"""Reading back what is kept: a file is handed out only while it is what its row says."""

from __future__ import annotations

import hashlib
from typing import IO, Literal

import structlog
from django.core.files.storage import default_storage

log = structlog.get_logger(__name__)


class FileDamaged(Exception):
    """A kept file is not what was written: it is gone (``missing``), or its content is another (``changed``)."""

    def __init__(self, reason: Literal["missing", "changed"]) -> None:
        super().__init__(reason)
        self.reason = reason


def open_unchanged(name: str, sha256: str) -> IO[bytes]:
    """Open a kept file, at its beginning, after comparing it with the digest (hex) in its row.

    Reads it whole, once, through the handle that is returned: what was compared is what is handed out, even where the name is given to
    another file meanwhile. Raises `FileDamaged`, and says so in the log as an error; `check_integrity` finds the same without
    anybody opening the file.
    """
    try:
        file: IO[bytes] = default_storage.open(name, "rb")
    except FileNotFoundError:
        raise _damaged(name, "missing") from None
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]  # a File reads into buffers
        file.close()
        raise _damaged(name, "changed")
    file.seek(0)
    return file


def _damaged(name: str, reason: Literal["missing", "changed"]) -> FileDamaged:
    log.error("kept_file_damaged", file=name, reason=reason)
    return FileDamaged(reason)
