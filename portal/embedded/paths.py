"""Where the embedded servers of one `VAR` keep their data, logs and sockets."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import Any

POSTGRES = "postgres"
VALKEY = "valkey"
DATABASE = "yijian"  # and the name of its user
SOCKETS_BELOW = Path("/tmp")  # noqa: S108  short; the folder in it is ours alone and is checked


class EmbeddedServerError(RuntimeError):
    """An embedded server cannot be used; the message says why and what to do."""


class EmbeddedPaths:
    """The files of one `VAR`. Nothing is created before `prepare`."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.folder = var / "embedded"
        self.lock = self.folder / "supervisor.lock"  # held by the living supervisor
        self.start_lock = self.folder / "start.lock"  # held by the one process that is starting a supervisor
        # Where this file exists, the supervisor removes the whole of `VAR` after the last user (test runs).
        self.temporary_mark = self.folder / "temporary"
        # Stands in the command line of every server, so that it can be told from all other processes.
        self.tag = f"yijian-{os.getuid()}-{hashlib.sha256(os.fsencode(var.resolve())).hexdigest()[:16]}"
        self.sockets = SOCKETS_BELOW / self.tag
        self.supervisor_socket = self.sockets / "supervisor"

    def data(self, server: str) -> Path:
        """The data folder, or a link to it where the server's user may not enter `VAR`."""
        return self.folder / server / "data"

    def log(self, program: str) -> Path:
        return self.folder / f"{program}.log"

    def socket(self, server: str) -> Path:
        return self.sockets / server / (".s.PGSQL.5432" if server == POSTGRES else "valkey.sock")

    def prepare(self) -> None:
        """Create the folders. Raises `EmbeddedServerError` where one belongs to somebody else."""
        remedy = "give another folder with VAR=/some/folder, or set DATABASE_URL and REDIS_URL."
        try:
            make_passage(self.folder)
        except OSError as error:
            raise EmbeddedServerError(f"{self.folder} cannot be created ({error.strerror}): {remedy}") from error
        if self.folder.stat().st_uid != os.getuid():
            raise EmbeddedServerError(f"{self.folder} belongs to another user. Run as that user, {remedy}")
        for log in self.folder.glob("*.log"):
            log.chmod(0o600)
        make_own_folder(self.sockets, os.getuid(), 0o711)


def make_passage(folder: Path) -> None:
    """Make a folder and those above it; others may pass through what is made, as PostgreSQL's user must, and list nothing."""
    for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        missing.mkdir(exist_ok=True)
        missing.chmod(0o711)


def make_own_folder(folder: Path, owner: int, mode: int) -> None:
    """Make a folder of `owner` (a uid). Raises `EmbeddedServerError` when somebody else has put something in its place."""
    folder.mkdir(mode=mode, exist_ok=True, parents=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.getuid()}:
        raise EmbeddedServerError(f"{folder} is in the way and not ours: remove it and start again.")
    if found.st_uid != owner:
        os.chown(folder, owner, -1, follow_symlinks=False)
    if stat.S_IMODE(found.st_mode) != mode:
        folder.chmod(mode)


def database_settings(var: Path) -> dict[str, Any]:
    """Return Django's settings for the embedded PostgreSQL; its engine starts the server on the first connection."""
    folder = EmbeddedPaths(var).socket(POSTGRES).parent
    engine = "portal.embedded.database"
    return {"ENGINE": engine, "NAME": DATABASE, "USER": DATABASE, "HOST": str(folder), "PORT": "5432"}


def signer_socket(var: Path) -> str:
    """Return where the signer of this `VAR` listens: a folder of its own, which outlives the servers."""
    return str(SOCKETS_BELOW / f"{EmbeddedPaths(var).tag}-signer" / "socket")


def valkey_url(var: Path) -> str:
    """Return the address of the embedded Valkey in the form redis-py reads."""
    return f"unix://{EmbeddedPaths(var).socket(VALKEY)}?db=0"
