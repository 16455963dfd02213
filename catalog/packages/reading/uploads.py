"""Packages that someone hands in through the admin: kept for a while for that person alone, unpacked only when read."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from catalog.packages.format.nodes import MAX_FILE_BYTES
from catalog.packages.format.problems import PackageInvalid, Problems
from catalog.packages.reading.archives import ArchiveLimits, open_archive
from catalog.packages.reading.tree import MAX_FILES
from portal.accounts.models import User
from portal.lib.private_files import FILE, make_private_folder

KEPT_SECONDS: Final = 30 * 60
KINDS: Final = (".zip", ".xlsx")
# The shipped catalog takes 2 MB; reading 20 MB of YAML takes a web process six seconds.
_LIMITS: Final = ArchiveLimits(entries=MAX_FILES, packed=20 * 1024 * 1024, unpacked=20 * 1024 * 1024)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}")


def keep(file: UploadedFile, user: User) -> str:
    """Keep an uploaded ``.zip`` or ``.xlsx`` for half an hour and return the token under which this user finds it."""
    folder = _folder()
    _sweep(folder)
    token = secrets.token_urlsafe(24)
    name = PurePosixPath(str(file.name).replace("\\", "/"))
    stem = re.sub(r"[^0-9A-Za-z_一-鿿-]", "_", name.stem)[:60] or "package"
    path = folder / f"{user.pk}-{token}-{stem}{name.suffix.lower()}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE), "wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return token


def find(token: str, user: User) -> Path | None:
    """Return the file that this user handed in under this token, None when it is another's, used up or too old."""
    if not _TOKEN.fullmatch(token):
        return None
    for path in _folder().glob(f"{user.pk}-{token}-*"):
        if _age(path) <= KEPT_SECONDS:
            return path
    return None


def shown_name(path: Path) -> str:
    """Return the name under which a kept file was handed in."""
    return path.name.split("-", 1)[1][33:]


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """Yield what ``import_package`` reads: the workbook, or the folder that a ZIP holds. Raises `PackageInvalid`.

    Only YAML files are unpacked, below a folder that is removed afterwards.
    """
    name = shown_name(path)
    with tempfile.TemporaryDirectory(prefix="yijian-package-") as folder:
        if path.suffix == ".xlsx":
            workbook = Path(folder) / name
            workbook.symlink_to(path)
            yield workbook
            return
        root = Path(folder) / Path(name).stem
        root.mkdir()
        problems = Problems()
        archive = open_archive(path, name, _LIMITS, problems)
        if archive is not None:
            with archive:
                _unpack(archive, root, name, problems)
        if problems:
            raise PackageInvalid(problems.sorted())
        yield _package_root(root)


def _unpack(archive: zipfile.ZipFile, root: Path, name: str, problems: Problems) -> None:
    for entry in archive.infolist():
        path = PurePosixPath(entry.filename)
        if (
            entry.is_dir()
            or path.suffix not in (".yaml", ".yml")
            or any(part[:1] in ".~" or part == "__MACOSX" for part in path.parts)
        ):
            continue
        target = root.joinpath(*path.parts)
        if entry.file_size > MAX_FILE_BYTES:
            problems.add(entry.filename, 0, "file_too_large", _("文件超过 2 MB，请拆分"))
            continue
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(archive.read(entry))
        except FileExistsError:
            problems.add(entry.filename, 0, "repeated", _("压缩包里有两个同名的文件"))
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError):
            problems.add(name, 0, "not_an_archive", _("打不开：不是 ZIP 格式，或者文件已损坏、加了密"))
            return


def _package_root(root: Path) -> Path:
    """Return the folder to read: people pack the files themselves, or the folder that holds them."""
    entries = list(root.iterdir())
    is_packed = len(entries) == 1 and entries[0].is_dir() and entries[0].name != "items"
    return entries[0] if is_packed and not (entries[0] / "matter.yaml").exists() else root


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "catalog_uploads"
    make_private_folder(folder)
    return folder


def _sweep(folder: Path) -> None:
    for path in folder.iterdir():
        if _age(path) > KEPT_SECONDS:
            path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return KEPT_SECONDS + 1
