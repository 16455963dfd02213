"""Hang the rows of a workbook together: every part under its item, read by the schema that the files are read by."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from catalog.models import Matter, ServiceItem
from catalog.packages.format import nodes
from catalog.packages.format.problems import CellLine, Problems
from catalog.packages.package import Folder, Package
from catalog.packages.schema import ITEM
from catalog.packages.sheets.columns import ITEMS, NO_FEE, PACKAGE, SHEETS, Sheet


@dataclass
class SheetRow:
    """A row that holds something: the node of each filled cell, by column's key. ``letters``: the columns' letters."""

    line: CellLine
    letters: dict[str, str]
    cells: dict[str, nodes.Node] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


def assemble(package: Package, file: str, rows: dict[str, list[SheetRow]], problems: Problems) -> None:
    """Hang every row under the item (and part) that it names, and read the items by the schema."""
    trees: dict[str, nodes.Mapping] = {}
    packages: dict[str, tuple[str, CellLine]] = {}
    parts: dict[tuple[str, ...], nodes.Mapping] = {}
    for sheet in SHEETS:
        for row in rows[sheet.title]:
            if sheet.title == ITEMS:
                slug = row.cells.get("slug")
                name = slug.text if isinstance(slug, nodes.Scalar) else ""
                if name in trees:
                    where = {"key": name, "line": int(trees[name].line)}
                    problems.add(file, row.line, "repeated", _("“%(key)s”重复，第 %(line)d 行已有") % where)
                    continue
                trees[name] = _mapping(sheet, row)
                packages[name] = (row.keys.get(PACKAGE, ""), row.line)
                continue
            keys = tuple(row.keys.get(column.key, "") for column in sheet.parents)
            parent = trees.get(keys[0]) if len(sheet.path) < 2 else parts.get((sheet.path[0], *keys))
            if parent is None:
                message = _("“%(title)s”表里没有“%(key)s”")
                title = ITEMS if len(sheet.path) < 2 else "材料"
                key = {"title": title, "key": " ".join(filter(None, keys if len(sheet.path) > 1 else keys[:1]))}
                problems.add(file, row.line, "refers_to_nowhere", message % key)
                continue
            node = _mapping(sheet, row)
            _hang(parent, sheet, node, keys)
            if sheet.path == ("materials",):
                cells = [row.cells.get(name) for name in ("material", "role")]
                parts[
                    "materials", keys[0], *(cell.text if isinstance(cell, nodes.Scalar) else "" for cell in cells)
                ] = node
    homes = {"", *Matter.objects.values_list("slug", flat=True), *ServiceItem.objects.values_list("package", flat=True)}
    folders: dict[str, Folder] = {}
    for name, tree in trees.items():
        home, line = packages[name]
        if home not in homes:
            problems.add(file, line, "refers_to_nowhere", _("没有事项包“%(package)s”") % {"package": home})
        folders.setdefault(home, Folder(home)).items.append(ITEM.read(tree, file, problems))
    package.folders = [folders[home] for home in sorted(folders)]
    if not trees and not problems:
        problems.add(file, 0, "empty_package", _("工作簿里一个事项也没有"))


def _mapping(sheet: Sheet, row: SheetRow) -> nodes.Mapping:
    """Return a row's own columns as a map; a required cell that is empty stands there, empty."""
    mapping = nodes.Mapping(row.line)
    for column in sheet.columns:
        node = row.cells.get(column.key)
        if node is None and sheet.table.fields[column.key].required:
            node = nodes.Scalar("", CellLine(int(row.line), sheet.title, row.letters.get(column.key, "")), False, True)
        if node is not None:
            mapping.entries.append((nodes.Scalar(column.key, node.line), node))
    return mapping


def _hang(parent: nodes.Mapping, sheet: Sheet, node: nodes.Mapping, keys: tuple[str, ...]) -> None:
    name = sheet.path[-1]
    held = next((value for key, value in parent.entries if key.text == name), None)
    if sheet.path == ("facts",):
        if not isinstance(held, nodes.Mapping):
            held = nodes.Mapping(node.line)
            parent.entries.append((nodes.Scalar(name, node.line), held))
        held.entries.append((nodes.Scalar(keys[1], node.line), node))
        return
    if not isinstance(held, nodes.Sequence):
        held = nodes.Sequence(node.line)
        parent.entries.append((nodes.Scalar(name, node.line), held))
    if sheet.path == ("fees",) and _says_no_fee(node):
        return
    held.nodes.append(node)


def _says_no_fee(node: nodes.Mapping) -> bool:
    """Return whether a row of fees says that there is none; the list is then there, and empty."""
    said = {key.text: value.text for key, value in node.entries if isinstance(value, nodes.Scalar)}
    return said.get("name") == NO_FEE and not said.get("amount")
