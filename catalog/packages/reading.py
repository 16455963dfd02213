"""Read a folder into a package: the dictionaries it brings and the matters it defines.

A folder with a ``matter.yaml`` is one matter; any other folder is a catalog: dictionary files, and one folder per
matter. Dictionary files may lie in either. Reading touches no database; mistakes are noted in ``Problems``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from catalog.packages import schema
from catalog.packages.nodes import read_nodes
from catalog.packages.parts import parts_of_a_folder
from catalog.packages.problems import Problems
from catalog.packages.specs import Listing, Record, Spec

MAX_FILES = 3000
# Folders beside the matters that are not matters: items of no matter, and how people ask for things.
OTHER_FOLDERS = frozenset({"items", "search"})


@dataclass
class Folder:
    """What one folder holds. ``slug`` is empty for the shared dictionaries of a catalog."""

    slug: str
    dictionaries: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    matter: Record | None = None
    items: list[Record] = field(default_factory=list)
    parts: dict[str, list[Record]] = field(default_factory=dict)

    def listed(self, kind: str) -> Listing:
        """Return a dictionary file's list, empty where the folder has no such file."""
        return self.dictionaries.get(kind, Listing())

    def mapped(self, kind: str) -> Record:
        """Return a dictionary file's map, empty where the folder has no such file."""
        return self.dictionaries.get(kind, Record("", 0))


@dataclass
class Package:
    """A read package: the shared folder first (where there is one), then the matters by slug."""

    folders: list[Folder] = field(default_factory=list)

    @property
    def matters(self) -> list[Folder]:
        return [folder for folder in self.folders if folder.matter is not None]

    def records(self, kind: str) -> Iterator[tuple[Folder, Record]]:
        """Yield the records of one dictionary over all folders."""
        for folder in self.folders:
            for record in folder.listed(kind):
                yield folder, record


def read_package(root: Path, problems: Problems) -> Package:
    """Return what a folder defines, as far as it could be read."""
    package = Package()
    if not root.is_dir():
        problems.add(str(root), 0, "no_folder", _("没有这个文件夹"))
        return package
    if sum(1 for _path in root.rglob("*.yaml")) > MAX_FILES:
        problems.add(str(root), 0, "too_many_files", _("文件太多，最多 %(limit)d 个") % {"limit": MAX_FILES})
        return package
    if (root / "matter.yaml").exists():
        package.folders.append(_read_folder(root, root.parent, root.name, problems))
        return package
    package.folders.append(_read_folder(root, root, "", problems))
    others = OTHER_FOLDERS | {part.name for part in parts_of_a_folder()}
    for path in sorted(root.iterdir()):
        if path.is_dir() and not path.name.startswith(".") and path.name not in others:
            if (path / "matter.yaml").exists():
                package.folders.append(_read_folder(path, root, path.name, problems))
            else:
                problems.add(f"{path.name}/", 0, "no_matter", _("文件夹里没有 matter.yaml"))
    if not package.matters and not package.folders[0].dictionaries and not package.folders[0].items:
        problems.add(str(root), 0, "empty_package", _("这个文件夹里没有可以导入的内容"))
    return package


def _read_folder(path: Path, root: Path, slug: str, problems: Problems) -> Folder:
    folder = Folder(slug)
    for file in sorted(path.glob("*.yaml")):
        name = str(file.relative_to(root))
        if file.stem == "matter" and slug:
            folder.matter = _read(file, name, schema.MATTER, problems)
            _require_slug(folder.matter, slug, problems)
        elif file.stem in schema.DICTIONARIES:
            folder.files[file.stem] = name
            read = _read(file, name, schema.DICTIONARIES[file.stem], problems)
            if read is not None:
                folder.dictionaries[file.stem] = read
        else:
            problems.add(name, 0, "unknown_file", _("不认识这个文件"))
    folder.items = _read_named(path / "items", root, schema.ITEM, "slug", problems)
    for part in parts_of_a_folder():
        folder.parts[part.name] = _read_named(path / part.name, root, part.spec, part.key, problems)
    return folder


def _read_named(path: Path, root: Path, spec: Spec, key: str, problems: Problems) -> list[Record]:
    """Return the records of a sub-folder, one a file, each named after its file."""
    records: list[Record] = []
    for file in sorted(path.glob("*.yaml")):
        record = _read(file, str(file.relative_to(root)), spec, problems)
        if record is not None:
            records.append(record)
            _require_slug(record, file.stem, problems, key)
    return records


def _read(file: Path, name: str, spec: Spec, problems: Problems) -> Any:
    node = read_nodes(file, name, problems)
    return None if node is None else spec.read(node, name, problems)


def _require_slug(record: Record | None, slug: str, problems: Problems, key: str = "slug") -> None:
    if record is not None and record[key] and record[key] != slug:
        problems.add(
            record.file,
            record.line_of(key),
            "slug_differs",
            _("代码“%(slug)s”应与文件（夹）名“%(name)s”一致") % {"slug": record[key], "name": slug},
        )
