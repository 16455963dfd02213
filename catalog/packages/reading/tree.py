"""Look over a package's folder before any file is opened: how much there is, and that all of it is plain files and folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from catalog.packages.format.hints import hint
from catalog.packages.format.nodes import MAX_FILE_BYTES
from catalog.packages.format.problems import Problems

MAX_FILES = 10_000
MAX_BYTES = 100 * 1024 * 1024
MAX_LEVELS = 4


def is_sound(root: Path, problems: Problems) -> bool:
    """Return whether the folder may be read: not too many files, not too large together. Notes links and what is no file at all.

    Nothing outside the folder is ever looked at: links are refused, wherever they lead.
    """
    size = 0
    for files, (entry, name) in enumerate(_entries(root, "", 1, problems), 1):
        try:
            length = entry.stat(follow_symlinks=False).st_size
            if length <= MAX_FILE_BYTES:  # a larger one is refused by itself
                size += length
        except OSError as error:
            problems.add(name, 0, "unreadable", _("读不了这个文件：%(reason)s") % {"reason": error.strerror or ""})
        if files > MAX_FILES:
            problems.add(root.name, 0, "too_many_files", _("文件太多，最多 %(limit)d 个") % {"limit": MAX_FILES})
            return False
    if size > MAX_BYTES:
        limit = {"limit": MAX_BYTES // 1024 // 1024}
        problems.add(root.name, 0, "package_too_large", _("整个文件夹超过 %(limit)d MB，请分几次导入") % limit)
        return False
    return not problems.has("symbolic_link", "name_not_utf8")


def check_names(path: Path, name: str, folders: frozenset[str], problems: Problems) -> None:
    """Note what lies in a folder of a package under a name that nobody would read. Other files than YAML may lie beside."""
    for entry in sorted(path.iterdir()):
        where = f"{name}{entry.name}"
        if entry.name.startswith("."):
            continue
        if entry.suffix == ".yml":
            problems.add(where, 0, "unknown_file", _("文件名应以 .yaml 结尾"))
        elif entry.suffix != ".yaml" and entry.is_dir() and entry.name not in folders:
            problems.add(f"{where}/", 0, "unknown_folder", _("不认识这个文件夹") + hint(entry.name, folders))


def _entries(path: Path, name: str, level: int, problems: Problems) -> Iterator[tuple[os.DirEntry[str], str]]:
    try:
        with os.scandir(path) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        problems.add(name or path.name, 0, "unreadable", _("读不了：%(reason)s") % {"reason": error.strerror or ""})
        return
    for entry in entries:
        inside = f"{name}{entry.name}"
        if entry.name.startswith("."):
            continue
        try:
            inside.encode()
        except UnicodeEncodeError:
            shown = inside.encode("utf-8", "replace").decode()
            problems.add(shown, 0, "name_not_utf8", _("文件名不是 UTF-8 编码"))
            continue
        if entry.is_symlink():
            problems.add(inside, 0, "symbolic_link", _("不能用符号链接，请放文件本身"))
        elif entry.is_dir(follow_symlinks=False):
            if level < MAX_LEVELS:
                yield from _entries(path / entry.name, f"{inside}/", level + 1, problems)
            else:
                problems.add(f"{inside}/", 0, "unknown_folder", _("不认识这个文件夹"))
        else:
            yield entry, inside
