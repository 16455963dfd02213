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
from catalog.packages.format.hints import hint
from catalog.packages.format.nodes import read_nodes
from catalog.packages.format.problems import Problems
from catalog.packages.format.specs import Listing, Record, Spec
from catalog.packages.parts.registry import parts_of_a_folder
from catalog.packages.reading.tree import check_names, is_sound

SUB_FOLDERS = frozenset({"items", "guides", "regions"})


@dataclass
class Folder:
    """What one folder holds. ``slug`` is empty for the shared dictionaries of a catalog. ``unread``: the dictionaries, and ``unread_items``
    the items, whose files cannot be read: nobody can say yet what they refer to or are referred to for."""

    slug: str
    dictionaries: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    matter: Record | None = None
    items: list[Record] = field(default_factory=list)
    parts: dict[str, list[Record]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    unread_items: set[str] = field(default_factory=set)

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

    @property
    def item_count(self) -> int:
        return sum(len(folder.items) for folder in self.folders)

    @property
    def is_empty(self) -> bool:
        return not any(
            folder.matter or folder.dictionaries or folder.items or any(folder.parts.values())
            for folder in self.folders
        )

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
    root = root.resolve()
    if not is_sound(root, problems):
        return package
    if (root / "matter.yaml").exists():
        package.folders.append(_read_folder(root, root.parent, root.name, problems))
        return package
    parts = SUB_FOLDERS | {part.name for part in parts_of_a_folder()}
    package.folders.append(_read_folder(root, root, "", problems))
    for path in sorted(root.iterdir()):
        if not path.is_dir() or path.suffix == ".yaml" or path.name.startswith(".") or path.name in {*parts, "search"}:
            continue
        if (path / "matter.yaml").exists():
            package.folders.append(_read_folder(path, root, path.name, problems))
        else:
            message = _("文件夹里没有 matter.yaml") + hint(path.name, parts, 0.8)
            problems.add(f"{path.name}/", 0, "no_matter", message)
    if package.is_empty and not problems:
        problems.add(root.name, 0, "empty_package", _("这个文件夹里没有可以导入的内容"))
    return package


def _read_folder(path: Path, root: Path, slug: str, problems: Problems) -> Folder:
    folder = Folder(slug)
    parts = parts_of_a_folder()
    if slug:
        check_names(path, f"{slug}/", SUB_FOLDERS | {part.name for part in parts}, problems)
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
                folder.unread.add(file.stem)
        else:
            known = (f"{kind}.yaml" for kind in (*schema.DICTIONARIES, "matter"))
            problems.add(name, 0, "unknown_file", _("不认识这个文件") + hint(file.name, known))
    folder.items = _read_named(path / "items", root, schema.ITEM, "slug", problems)
    read_items = {item["slug"] for item in folder.items}
    folder.unread_items = {file.stem for file in (path / "items").glob("*.yaml")} - read_items
    for part in parts:
        folder.parts[part.name] = _read_named(path / part.name, root, part.spec, part.key, problems)
    return folder


def _read_named(path: Path, root: Path, spec: Spec, key: str, problems: Problems) -> list[Record]:
    """Return the records of a sub-folder, one a file, each named after its file."""
    records: list[Record] = []
    if not path.is_dir():
        return records
    check_names(path, f"{path.relative_to(root)}/", frozenset(), problems)
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
