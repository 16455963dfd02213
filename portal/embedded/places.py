"""Where an embedded server keeps its data, its locks and its socket."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.embedded.errors import EmbeddedServerError

POSTGRES = "postgres"
VALKEY = "valkey"
DATABASE = "yijian"
DATABASE_USER = "yijian"
SOCKETS_BELOW = Path("/tmp")  # noqa: S108  a fixed, short place; the folder in it is ours alone and is checked


@dataclass(frozen=True)
class Place:
    """The files of one server of one `VAR` folder. Nothing is created before `prepare`."""

    var: Path
    server: str

    @property
    def folder(self) -> Path:
        return self.var / "embedded" / self.server

    @property
    def data(self) -> Path:
        """The data folder, or a link to it where the server's user may not enter `VAR` (see `unprivileged.py`)."""
        return self.folder / "data"

    @property
    def users_lock(self) -> Path:
        """Shared by every process that uses the server; the guardian takes it alone to stop."""
        return self.folder / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Taken by the one process that is starting a guardian."""
        return self.folder / "start.lock"

    @property
    def guardian_lock(self) -> Path:
        """Held by the living guardian."""
        return self.folder / "guardian.lock"

    @property
    def ready_mark(self) -> Path:
        """Exists while the server answers; means nothing unless the guardian's lock is held."""
        return self.folder / "ready"

    @property
    def hurry_mark(self) -> Path:
        """Asks the guardian not to wait for a next user after the last."""
        return self.folder / "hurry"

    @property
    def failure_note(self) -> Path:
        """Why the server could not be started, as text for people."""
        return self.folder / "failure.txt"

    @property
    def log(self) -> Path:
        return self.folder / f"{self.server}.log"

    @property
    def temporary_mark(self) -> Path:
        """Where this file exists, the guardian removes the whole of `VAR` after the last user (test runs)."""
        return self.var / "embedded" / "temporary"

    @property
    def tag(self) -> str:
        """Names this server in its command line, so that it can be told from every other process."""
        digest = hashlib.sha256(os.fsencode(self.var.resolve())).hexdigest()[:16]
        return f"yijian-{os.getuid()}-{digest}-{self.server}"

    @property
    def socket_folder(self) -> Path:
        return SOCKETS_BELOW / self.tag

    @property
    def socket(self) -> Path:
        return self.socket_folder / (".s.PGSQL.5432" if self.server == POSTGRES else "valkey.sock")

    def prepare(self) -> None:
        """Create the folder of locks. Raises `EmbeddedServerError` where `VAR` belongs to somebody else."""
        try:
            for folder in (self.var, self.folder.parent, self.folder):
                folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError as error:
            raise EmbeddedServerError(
                f"The folder {self.folder} cannot be created ({error.strerror}). "
                "Give another one with VAR=/some/folder, or set DATABASE_URL and REDIS_URL."
            ) from error
        if self.folder.stat().st_uid != os.getuid():
            raise EmbeddedServerError(
                f"The folder {self.folder} belongs to another user, who runs the servers in it. "
                "Run as that user, give another folder with VAR=/some/folder, or set DATABASE_URL and REDIS_URL."
            )

    def prepare_socket_folder(self, owner: int) -> None:
        """Make the private folder of the socket, readable by `owner` (a uid) alone.

        Raises `EmbeddedServerError` when somebody else has put something in its place.
        """
        folder = self.socket_folder
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.getuid()}:
            raise EmbeddedServerError(f"{folder} is in the way and not ours: remove it and start again.")
        if found.st_uid != owner:
            os.chown(folder, owner, -1, follow_symlinks=False)
        folder.chmod(0o700)


def database_settings(var: Path) -> dict[str, Any]:
    """Return Django's settings for the embedded PostgreSQL; its engine starts the server on the first connection."""
    return {
        "ENGINE": "portal.embedded.database",
        "NAME": DATABASE,
        "USER": DATABASE_USER,
        "HOST": str(Place(var, POSTGRES).socket_folder),
        "PORT": "5432",
    }


def valkey_url(var: Path) -> str:
    """Return the address of the embedded Valkey in the form redis-py reads."""
    return f"unix://{Place(var, VALKEY).socket}?db=0"
