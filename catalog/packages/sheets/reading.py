"""Read a workbook of items into a package: the same records, by the same schema, with sheet, row and column for each mistake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.utils import get_column_letter

from catalog.packages.format import nodes
from catalog.packages.format.hints import hint
from catalog.packages.format.problems import CellLine, Problems
from catalog.packages.package import Package
from catalog.packages.reading.archives import ArchiveLimits, open_archive
from catalog.packages.sheets.assembling import SheetRow, assemble
from catalog.packages.sheets.cells import CellInvalid, from_cell, unescaped
from catalog.packages.sheets.columns import CODES, GUIDE, SHEETS, Column, Sheet
from catalog.packages.sheets.raw_cells import FORMULA, TEXT
from portal.sandbox.limits import Limits
from portal.sandbox.running import SandboxBusy, SandboxFailed, run

LIMITS: Final = ArchiveLimits(entries=200, packed=20 * 1024 * 1024, unpacked=100 * 1024 * 1024)
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 60
SANDBOX: Final = Limits(memory=1024 * 1024 * 1024, processor=60, clock=90.0)
REFUSALS: Final = {
    "doctype": ("not_a_workbook", gettext_lazy("工作簿里有不该有的内容（文档类型声明）")),
    "outside": ("not_a_workbook", gettext_lazy("工作簿引用了别处的文件。请断开外部链接，另存后再试")),
    "program": ("not_a_workbook", gettext_lazy("工作簿里带有宏或嵌入的程序。请另存为不带宏的 .xlsx 再试")),
    "damaged": ("not_an_archive", gettext_lazy("文件已损坏")),
    "unreadable": ("not_a_workbook", gettext_lazy("读不了这本工作簿：%(reason)s")),
    "too_much": ("package_too_large", gettext_lazy("工作簿太大，读不完。请拆成几本再试")),
}


def read_workbook(path: Path, problems: Problems) -> Package:
    """Return the items of a workbook, as far as they could be read, in folders by package. Formulas are refused, never computed."""
    package = Package()
    if not path.is_file():
        problems.add(str(path), 0, "no_file", _("没有这个文件"))
        return package
    archive = open_archive(path, path.name, LIMITS, problems)
    if archive is None:
        return package
    archive.close()
    found = _cells(path, problems)
    if found is None:
        return package
    titles, pages = found
    rows = {
        sheet.title: list(_rows(pages.get(sheet.title, []), path.name, sheet, problems))
        for sheet in _present(titles, path.name, problems)
    }
    if not problems.has("missing_sheet", "missing_column"):
        assemble(package, path.name, rows, problems)
    return package


@dataclass(frozen=True, slots=True)
class RawCell:
    """What stands in a cell: ``kind`` as ``raw_cells`` names it, and the text."""

    kind: str
    text: str


Page = list[tuple[int, list[RawCell | None]]]


def _cells(path: Path, problems: Problems) -> tuple[list[str], dict[str, Page]] | None:
    """Return the titles of the sheets, and their rows that hold something; None, with the reason noted, where it is no such workbook."""
    try:
        with path.open("rb") as file:
            outcome = run(
                "catalog.packages.sheets.raw_cells:read_cells",
                file,
                "workbook",
                SANDBOX,
                rows=MAX_ROWS + 1,
                columns=MAX_COLUMNS + 1,
            )
    except SandboxBusy:
        problems.add(path.name, 0, "busy", _("现在处理的文件很多，这一本还没有读。请过一会儿再试"))
        return None
    except SandboxFailed:
        outcome = None
    code = outcome.said["code"] if outcome is not None else "too_much"
    if outcome is None or code != "read":
        kind, sentence = REFUSALS[code]
        reason = {"reason": outcome.said.get("reason", "")} if outcome is not None else {}
        problems.add(path.name, 0, kind, str(sentence) % reason)
        if outcome is not None:
            outcome.file.close()
        return None
    pages: dict[str, Page] = {}
    with outcome.file:
        for line in outcome.file:
            title, number, cells = json.loads(line.decode("utf-8", "surrogatepass"))
            pages.setdefault(title, []).append((number, [RawCell(*cell) if cell else None for cell in cells]))
    return outcome.said["sheets"], pages


def _present(found: list[str], file: str, problems: Problems) -> list[Sheet]:
    titles = {sheet.title: sheet for sheet in SHEETS}
    for title in found:
        if title not in titles and title not in (GUIDE, CODES):
            message = _("不认识工作表“%(title)s”") % {"title": title} + hint(title, titles)
            problems.add(file, 0, "unknown_sheet", message)
    for title in titles:
        if title not in found:
            problems.add(file, 0, "missing_sheet", _("缺少工作表“%(title)s”；没有内容也要留着表头") % {"title": title})
    return [sheet for sheet in SHEETS if sheet.title in found]


def _rows(page: Page, file: str, sheet: Sheet, problems: Problems) -> Iterator[SheetRow]:
    header = page[0][1] if page and page[0][0] == 1 else []
    columns = _columns(file, sheet, header, problems)
    letters = {each.key: get_column_letter(place) for place, each in enumerate(columns, 1) if each}
    for number, cells in page:
        if number == 1:
            continue
        if number > MAX_ROWS:
            line = CellLine(number, sheet.title)
            problems.add(file, line, "too_many", _("最多 %(limit)d 行") % {"limit": MAX_ROWS})
            break
        row = SheetRow(CellLine(number, sheet.title), letters)
        for place, cell in enumerate(cells):
            column = columns[place] if place < len(columns) else None
            if column is not None and cell is not None:
                line = CellLine(number, sheet.title, get_column_letter(place + 1))
                _read_cell(row, file, sheet, column, cell, line, problems)
        if row.cells or row.keys:
            yield row


def _columns(file: str, sheet: Sheet, cells: list[RawCell | None], problems: Problems) -> list[Column | None]:
    known = {column.header: column for column in (*sheet.parents, *sheet.columns)}
    found: list[Column | None] = []
    for place, cell in enumerate(cells):
        header = cell.text.strip() if cell is not None else ""
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
    row: SheetRow, file: str, sheet: Sheet, column: Column, cell: RawCell, line: CellLine, problems: Problems
) -> None:
    if cell.kind == FORMULA:
        problems.add(file, line, "formula", _("公式不会计算，请改写为它的值"))
        return
    text = unescaped(cell.text) if cell.kind == TEXT else cell.text
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
