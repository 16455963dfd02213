"""Look at a ZIP archive before anything in it is opened: how much it holds, and whether it could be read without harm."""

from __future__ import annotations

import stat
import zipfile
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from catalog.packages.format.problems import Problems

# Deflate reaches about 1,000 to 1 on nothing but zeros; texts and tables stay far below this.
_RATIO = 200
# Bytes of an entry in the list at an archive's end, its name and remarks included.
_ENTRY = 1024


@dataclass(frozen=True)
class ArchiveLimits:
    """The most an archive may hold: entries, bytes as uploaded, bytes when unpacked."""

    entries: int
    packed: int
    unpacked: int


def open_archive(
    source: Path | IO[bytes], name: str, limits: ArchiveLimits, problems: Problems
) -> zipfile.ZipFile | None:
    """Return the archive if it is one and within its limits; else None, with the reasons noted under ``name``.

    The sizes it declares are trusted only as limits: reading an entry never gives more bytes than it declares.
    """
    try:
        size = source.stat().st_size if isinstance(source, Path) else source.seek(0, 2)
        if size > limits.packed:
            limit = {"limit": limits.packed // 1024 // 1024}
            problems.add(name, 0, "file_too_large", _("文件超过 %(limit)d MB") % limit)
            return None
        if _directory_size(source) > limits.entries * _ENTRY:
            problems.add(name, 0, "too_many_files", _("文件太多，最多 %(limit)d 个") % {"limit": limits.entries})
            return None
        archive = zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        problems.add(name, 0, "not_an_archive", _("打不开：不是 ZIP 格式，或者文件已损坏、加了密"))
        return None
    entries = archive.infolist()
    if len(entries) > limits.entries:
        problems.add(name, 0, "too_many_files", _("文件太多，最多 %(limit)d 个") % {"limit": limits.entries})
    elif sum(entry.file_size for entry in entries) > limits.unpacked:
        limit = {"limit": limits.unpacked // 1024 // 1024}
        problems.add(name, 0, "package_too_large", _("解开后超过 %(limit)d MB") % limit)
    else:
        for entry in entries:
            _check(entry, name, problems)
    if problems:
        archive.close()
        return None
    return archive


def _directory_size(source: Path | IO[bytes]) -> int:
    """Return how many bytes the list of entries takes, before it is read into memory; 0 where there is none."""
    with source.open("rb") if isinstance(source, Path) else nullcontext(source) as file:
        file.seek(max(0, file.seek(0, 2) - 66_000))
        end = file.read()
        place = end.rfind(b"PK\x05\x06")
        return int.from_bytes(end[place + 12 : place + 16], "little") if place >= 0 else 0


def _check(entry: zipfile.ZipInfo, name: str, problems: Problems) -> None:
    shown = f"{name}/{entry.filename[:200]}".encode("utf-8", "replace").decode()
    path = PurePosixPath(entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename[:2]:
        problems.add(shown, 0, "path_outside", _("压缩包里的路径指到了外面"))
    elif entry.flag_bits & 0x1:
        problems.add(shown, 0, "encrypted", _("压缩包加了密，请不加密码再上传"))
    elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        problems.add(shown, 0, "symbolic_link", _("不能用符号链接，请放文件本身"))
    elif entry.file_size > 1024 * 1024 and entry.file_size > _RATIO * max(1, entry.compress_size):
        problems.add(shown, 0, "packed_too_densely", _("压缩得不寻常，解开会太大"))
