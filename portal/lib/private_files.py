"""Files and folders that their owner alone may read: what people handed in, what was issued, what is kept beside the database."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any, Final

FOLDER: Final = 0o700
FILE: Final = 0o600

# How the default storage writes. ``FILE_UPLOAD_PERMISSIONS`` is not it: static files, which a server may read, would obey too.
PRIVATE_STORAGE: Final[dict[str, Any]] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"file_permissions_mode": FILE, "directory_permissions_mode": FOLDER},
}


def make_private_folder(path: Path) -> None:
    """Make a folder and those above it that are not there yet; nobody else may enter any of them."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=FOLDER, exist_ok=True)


def write_privately_from_now_on() -> None:
    """Let nothing that this process creates be readable by others, unless it says so."""
    os.umask(0o077)


def protect(folder: Path, *, whole: bool = False) -> int:
    """Take the rights of others from `folder` and all in it; return how many were changed.

    Where the folder itself is private already, nobody else reaches what is in it: then nothing is looked at, so that this is
    cheap at every start. `whole` looks all the same. Links are left alone, and so is what belongs to somebody else.
    """
    if not folder.is_dir() or not (whole or _is_open(folder.lstat())):
        return 0
    changed = 0
    # The inner ones first: killed in between, the folder is still open and the next start does it again.
    for inside, folders, files in os.walk(folder, topdown=False):
        changed += sum(_close(Path(inside) / name) for name in (*files, *folders))
    return changed + _close(folder)


def _close(path: Path) -> bool:
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode) or found.st_uid != os.geteuid() or not _is_open(found):
        return False
    path.chmod(stat.S_IMODE(found.st_mode) & 0o700)
    return True


def _is_open(found: os.stat_result) -> bool:
    return bool(stat.S_IMODE(found.st_mode) & 0o077)
