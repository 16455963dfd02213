"""Read a workbook of items into a package: the same records, by the same schema, with sheet, row and column for each mistake."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from catalog.packages.format import nodes
from catalog.packages.format.hints import hint
from catalog.packages.format.problems import CellLine, Problems
from catalog.packages.package import Package
from catalog.packages.reading.archives import ArchiveLimits, open_archive
from catalog.packages.sheets.assembling import SheetRow, assemble
from catalog.packages.sheets.cells import CellInvalid, from_cell, unescaped
from catalog.packages.sheets.columns import CODES, GUIDE, SHEETS, Column, Sheet

LIMITS: Final = ArchiveLimits(entries=200, packed=20 * 1024 * 1024, unpacked=100 * 1024 * 1024)
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 60


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
        assemble(package, path.name, rows, problems)
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


def _rows(book: Any, file: str, sheet: Sheet, problems: Problems) -> Iterator[SheetRow]:
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
        row = SheetRow(CellLine(number, sheet.title), letters)
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
    row: SheetRow, file: str, sheet: Sheet, column: Column, cell: Any, line: CellLine, problems: Problems
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
    except CellInvalid as error:
        if error.code == "rule":
            message = _("条件写得不对：从第 %(position)d 个字“%(rest)s”起看不懂")
            where = {"position": error.position + 1, "rest": text[error.position : error.position + 12]}
            problems.add(file, line, "bad_rule", message % where)
            return
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
