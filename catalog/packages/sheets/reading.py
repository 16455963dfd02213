"""Read a workbook of items into a package: the same records, by the same schema, with sheet, row and column for each mistake."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from catalog.models import Matter, ServiceItem
from catalog.packages import nodes
from catalog.packages.archives import ArchiveLimits, open_archive
from catalog.packages.hints import hint
from catalog.packages.problems import CellLine, Problems
from catalog.packages.reading import Folder, Package
from catalog.packages.rule_text import RuleTextInvalid
from catalog.packages.schema import ITEM
from catalog.packages.sheets.cells import CellInvalid, from_cell, unescaped
from catalog.packages.sheets.columns import CODES, GUIDE, ITEMS, PACKAGE, SHEETS, Column, Sheet

LIMITS: Final = ArchiveLimits(entries=200, packed=20 * 1024 * 1024, unpacked=100 * 1024 * 1024)
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 60


@dataclass
class _Row:
    """A row that holds something: the node of each filled cell, by column's key. ``letters``: the columns' letters."""

    line: CellLine
    letters: dict[str, str]
    cells: dict[str, nodes.Node] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


def read_workbook(path: Path, problems: Problems) -> Package:
    """Return the items of a workbook, as far as they could be read, in folders by package. Formulas are refused, never computed."""
    package = Package()
    if not path.is_file():
        problems.add(str(path), 0, "no_file", _("没有这个文件"))
        return package
    if not _is_safe(path, problems):
        return package
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        try:
            rows = {
                sheet.title: list(_rows(book, path.name, sheet, problems))
                for sheet in _present(book, path.name, problems)
            }
        finally:
            book.close()
    except Exception as error:  # openpyxl fails in many ways on a file that is not quite a workbook
        problems.add(
            path.name, 0, "not_a_workbook", _("读不了这本工作簿：%(reason)s") % {"reason": type(error).__name__}
        )
        return package
    if not problems.has("missing_sheet", "missing_column"):
        _assemble(package, path.name, rows, problems)
    return package


def _is_safe(path: Path, problems: Problems) -> bool:
    """Return whether the file is an archive of reasonable size whose XML has no document type (nothing to expand)."""
    archive = open_archive(path, path.name, LIMITS, problems)
    if archive is None:
        return False
    with archive:
        for entry in archive.infolist():
            if entry.filename.endswith((".xml", ".rels")):
                try:
                    data = archive.read(entry)
                except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError):
                    problems.add(path.name, 0, "not_an_archive", _("文件已损坏"))
                    return False
                if (
                    b"<!DOCTYPE" in data
                    or b"<!ENTITY" in data
                    or data[:2] in (b"\xff\xfe", b"\xfe\xff")
                    or b"\x00" in data[:8]
                ):
                    problems.add(path.name, 0, "not_a_workbook", _("工作簿里有不该有的内容（文档类型声明）"))
                    return False
    return True


def _present(book: Any, file: str, problems: Problems) -> list[Sheet]:
    titles = {sheet.title: sheet for sheet in SHEETS}
    for title in book.sheetnames:
        if title not in titles and title not in (GUIDE, CODES):
            message = _("不认识工作表“%(title)s”") % {"title": title} + hint(title, titles)
            problems.add(file, 0, "unknown_sheet", message)
    for title in titles:
        if title not in book.sheetnames:
            problems.add(file, 0, "missing_sheet", _("缺少工作表“%(title)s”；没有内容也要留着表头") % {"title": title})
    return [sheet for sheet in SHEETS if sheet.title in book.sheetnames]


def _rows(book: Any, file: str, sheet: Sheet, problems: Problems) -> Iterator[_Row]:
    page = book[sheet.title]
    page.reset_dimensions()
    columns: list[Column | None] = []
    letters: dict[str, str] = {}
    for number, cells in enumerate(page.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS + 1), 1):
        if number == 1:
            columns = _columns(file, sheet, cells, problems)
            letters = {each.key: get_column_letter(place) for place, each in enumerate(columns, 1) if each}
            continue
        if number > MAX_ROWS:
            if any(cell.value is not None for cell in cells):
                line = CellLine(number, sheet.title)
                problems.add(file, line, "too_many", _("最多 %(limit)d 行") % {"limit": MAX_ROWS})
            break
        row = _Row(CellLine(number, sheet.title), letters)
        for place, cell in enumerate(cells):
            column = columns[place] if place < len(columns) else None
            if column is not None and cell.value is not None:
                _read_cell(
                    row,
                    file,
                    sheet,
                    column,
                    cell,
                    CellLine(number, sheet.title, get_column_letter(place + 1)),
                    problems,
                )
        if row.cells or row.keys:
            yield row


def _columns(file: str, sheet: Sheet, cells: Any, problems: Problems) -> list[Column | None]:
    known = {column.header: column for column in (*sheet.parents, *sheet.columns)}
    found: list[Column | None] = []
    for place, cell in enumerate(cells):
        header = str(cell.value).strip() if cell.value is not None else ""
        line = CellLine(1, sheet.title, get_column_letter(place + 1))
        if header and header not in known:
            message = _("不认识这一列“%(header)s”") % {"header": header[:60]} + hint(header, known)
            problems.add(file, line, "unknown_column", message)
        elif header and known[header] in found:
            problems.add(file, line, "repeated", _("“%(key)s”写了两遍") % {"key": header})
        found.append(known.get(header))
    for header, column in known.items():
        if column not in found:
            line = CellLine(1, sheet.title)
            problems.add(file, line, "missing_column", _("缺少“%(key)s”这一列") % {"key": header})
    return found


def _read_cell(
    row: _Row, file: str, sheet: Sheet, column: Column, cell: Any, line: CellLine, problems: Problems
) -> None:
    if cell.data_type == "f":
        problems.add(file, line, "formula", _("公式不会计算，请改写为它的值"))
        return
    text = _cell_text(cell)
    if not text.strip():
        return
    if nodes.CONTROL.search(text):
        problems.add(file, line, "control_character", _("这里有看不见的控制字符，请删去"))
        return
    known = sheet.table.fields.get(column.key)
    spec = known.spec if known and column in sheet.columns else None
    try:
        value = from_cell(spec, text, column)
    except RuleTextInvalid as error:
        message = _("条件写得不对：从第 %(position)d 个字“%(rest)s”起看不懂")
        place = {"position": error.position + 1, "rest": text[error.position : error.position + 12]}
        problems.add(file, line, "bad_rule", message % place)
        return
    except CellInvalid as error:
        messages = {"flag": _("这里应写是或者否"), "pairs": _("这里应一行一个“名称: 值”，名称不重复")}
        problems.add(file, line, f"not_{error.code}", messages[error.code])
        return
    if column in sheet.parents:
        row.keys[column.key] = str(value)
    try:
        node = _node(value, line)
        if _has_control(node):
            problems.add(file, line, "control_character", _("这里有看不见的控制字符，请删去"))
            return
    except RecursionError:
        problems.add(file, line, "too_deep", _("套得太深，最多 %(limit)d 层") % {"limit": nodes.MAX_DEPTH})
        return
    row.cells[column.key] = node


def _cell_text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unescaped(value) if isinstance(value, str) else str(value)


def _node(value: Any, line: CellLine) -> nodes.Node:
    """Return plain data as the node that a file would give."""
    if isinstance(value, dict):
        return nodes.Mapping(
            line, [(nodes.Scalar(str(key), line, False, True), _node(each, line)) for key, each in value.items()]
        )
    if isinstance(value, list):
        return nodes.Sequence(line, [_node(each, line) for each in value])
    if isinstance(value, str):
        return nodes.Scalar(value, line, False, True)
    return nodes.Scalar(json.dumps(value), line)


def _has_control(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Scalar):
        return bool(nodes.CONTROL.search(node.text))
    if isinstance(node, nodes.Sequence):
        return any(map(_has_control, node.nodes))
    return any(_has_control(key) or _has_control(value) for key, value in node.entries)


def _assemble(package: Package, file: str, rows: dict[str, list[_Row]], problems: Problems) -> None:
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


def _mapping(sheet: Sheet, row: _Row) -> nodes.Mapping:
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
    held.nodes.append(node)
