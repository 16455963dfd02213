"""Read a folder into a package: the dictionaries it brings and the matters it defines.

A folder with a ``matter.yaml`` is one matter; any other folder is a catalog: dictionary files, and one folder per
matter. Dictionary files may lie in either. Reading touches no database; mistakes are noted in ``Problems``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from catalog.packages import schema
from catalog.packages.format.hints import hint
from catalog.packages.format.nodes import read_nodes
from catalog.packages.format.problems import Problems
from catalog.packages.format.specs import Record, Spec
from catalog.packages.package import Folder, Package, SubFolder
from catalog.packages.reading.tree import check_names, is_sound

SUB_FOLDERS = frozenset({"items", "guides", "regions"})


def read_package(root: Path, problems: Problems, parts: Sequence[SubFolder] = ()) -> Package:
    """Return what a folder defines, as far as it could be read. ``parts``: what else than items a folder may hold."""
    package = Package()
    if not root.is_dir():
        problems.add(str(root), 0, "no_folder", _("没有这个文件夹"))
        return package
    root = root.resolve()
    if not is_sound(root, problems):
        return package
    if (root / "matter.yaml").exists():
        package.folders.append(_read_folder(root, root.parent, root.name, problems, parts))
        return package
    sub_folders = SUB_FOLDERS | {part.name for part in parts}
    package.folders.append(_read_folder(root, root, "", problems, parts))
    for path in sorted(root.iterdir()):
        if (
            not path.is_dir()
            or path.suffix == ".yaml"
            or path.name.startswith(".")
            or path.name in {*sub_folders, "search"}
        ):
            continue
        if (path / "matter.yaml").exists():
            package.folders.append(_read_folder(path, root, path.name, problems, parts))
        else:
            message = _("文件夹里没有 matter.yaml") + hint(path.name, sub_folders, 0.8)
            problems.add(f"{path.name}/", 0, "no_matter", message)
    if package.is_empty and not problems:
        problems.add(root.name, 0, "empty_package", _("这个文件夹里没有可以导入的内容"))
    return package


def _read_folder(path: Path, root: Path, slug: str, problems: Problems, parts: Sequence[SubFolder]) -> Folder:
    folder = Folder(slug)
    if slug:
        check_names(path, f"{slug}/", SUB_FOLDERS | {part.name for part in parts}, problems)
    for file in sorted(path.glob("*.yaml")):
        name = str(file.relative_to(root))
        if file.stem == "matter" and slug:
            folder.matter = _read(file, name, schema.MATTER, problems)
            _require_slug(folder.matter, slug, problems)
        elif file.stem in schema.DICTIONARIES:
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
