"""Write service items as a workbook: a sheet of explanation, a sheet for each kind of part, lists to choose codes from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from catalog.packages.format.problems import PackageInvalid, Problems
from catalog.packages.format.specs import Flag, Integer, Text
from catalog.packages.sheets.cells import NO, YES, escaped, to_cell
from catalog.packages.sheets.columns import CODES, GUIDE, ITEMS, NO_FEE, PACKAGE, SHEETS, Column, Sheet
from catalog.packages.sheets.explaining import guide_rows

MAX_CELL: Final = 32_767  # what a cell may hold
# Rows below the filled ones in which codes can still be chosen from a list.
_ROOM: Final = 2000
# A cell that begins so would be taken for a formula by a program that is given its text.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

_HEADER: Final = Font(bold=True)
_REQUIRED: Final = PatternFill("solid", fgColor="FFF2CC")
_WRAP: Final = Alignment(wrap_text=True, vertical="top")

Names = dict[str, dict[str, str]]


def write_workbook(path: Path, items: list[tuple[str, dict[str, Any]]], names: Names) -> None:
    """Write (package, record) pairs to a file. ``names``: dictionary → code → what people call it, to choose from.

    Raises `PackageInvalid` where a value is too long for a cell. No cell holds a formula.
    """
    book = Workbook(write_only=True)
    guide = book.create_sheet(GUIDE)
    for letter, width in zip("ABC", (18, 24, 80), strict=True):
        guide.column_dimensions[letter].width = width
    for texts, is_heading in guide_rows():
        guide.append([_cell(guide, text, bold=is_heading) for text in texts])
    problems = Problems()
    places = _code_places(names)
    for sheet in SHEETS:
        _write_sheet(book, path.name, sheet, items, names, places, problems)
    codes = book.create_sheet(CODES)
    kinds = list(names)
    for index in range(1, len(kinds) + 1):
        codes.column_dimensions[get_column_letter(index)].width = 40
    longest = max((len(entries) for entries in names.values()), default=0)
    columns = [[f"{code} {name}" for code, name in names[kind].items()] for kind in kinds]
    codes.append([_cell(codes, kind, bold=True) for kind in kinds])
    for row_number in range(longest):
        codes.append([_cell(codes, column[row_number] if row_number < len(column) else None) for column in columns])
    if problems:
        raise PackageInvalid(problems.sorted())
    book.save(path)


def rows_of(sheet: Sheet, package: str, record: dict[str, Any]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Yield, for each row of a sheet that an item has, the values of the parent columns and the record."""
    if not sheet.path:
        yield [package], record
    elif sheet.path == ("facts",):
        for key, fact in record["facts"].items():
            yield [record["slug"], key], fact
    elif sheet.path == ("fees",) and record["fees"] == []:
        yield [record["slug"]], {"name": NO_FEE, "amount": ""}
    elif len(sheet.path) == 1:
        for part in record[sheet.path[0]] or ():
            yield [record["slug"]], part
    else:
        for part in record[sheet.path[0]]:
            for inner in part[sheet.path[1]]:
                yield [record["slug"], *(part[column.key] for column in sheet.parents[1:])], inner


def _write_sheet(
    book: Workbook,
    file: str,
    sheet: Sheet,
    items: list[tuple[str, dict[str, Any]]],
    names: Names,
    places: dict[str, str],
    problems: Problems,
) -> None:
    columns = [*sheet.parents, *sheet.columns]
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "C2" if sheet.title == ITEMS else "B2"
    for index, column in enumerate(columns, 1):
        dimension = page.column_dimensions[get_column_letter(index)]
        dimension.width = column.width
        if not isinstance(_spec(sheet, column), Integer):
            dimension.number_format = "@"
    page.append([_header(page, sheet, column) for column in columns])
    count = 1
    for package, record in items:
        for parents, values in rows_of(sheet, package, record):
            count += 1
            row: list[Any] = list(parents)
            for column in sheet.columns:
                field = sheet.table.fields[column.key]
                text = to_cell(
                    field.spec,
                    values.get(column.key, field.if_left_out),
                    column,
                )
                if column.codes and text:
                    text = f"{text} {names.get(column.codes, {}).get(str(text), '')}".strip()
                if isinstance(text, str) and len(escaped(text)) > MAX_CELL:
                    limit = {"column": column.header, "limit": MAX_CELL}
                    problems.add(file, count, "too_long", _("“%(column)s”超过一格能放的 %(limit)d 个字") % limit)
                    text = None
                row.append(text)
            page.append([_cell(page, text) for text in row])
    for index, column in enumerate(columns, 1):
        validation = _validation(sheet, column, places)
        if validation is not None:
            letter = get_column_letter(index)
            validation.add(f"{letter}2:{letter}{count + _ROOM}")
            page.data_validations.append(validation)


def _spec(sheet: Sheet, column: Column) -> Any:
    field = sheet.table.fields.get(column.key)
    return field.spec if field and column in sheet.columns else Text()


def _header(page: Any, sheet: Sheet, column: Column) -> Any:
    cell = _cell(page, column.header, bold=True)
    field = sheet.table.fields.get(column.key)
    if (column in sheet.parents and column.key not in (PACKAGE, "role")) or (field and field.required):
        cell.fill = _REQUIRED
    return cell


def _cell(page: Any, value: str | int | None, *, bold: bool = False) -> Any:
    """Return a cell that shows its text and never computes it."""
    text = escaped(value) if isinstance(value, str) else value
    cell = WriteOnlyCell(page, None if isinstance(text, str) else text)
    if isinstance(text, str) and text:
        cell._value, cell.data_type = text, "s"  # type: ignore[attr-defined]
        cell.number_format = "@"
        cell.quotePrefix = text.startswith(_FORMULA)
    cell.alignment = _WRAP
    if bold:
        cell.font = _HEADER
    return cell


def _code_places(names: Names) -> dict[str, str]:
    """Return for each dictionary where its codes stand on the sheet of codes."""
    return {
        kind: f"'{CODES}'!${get_column_letter(index)}$2:${get_column_letter(index)}${max(2, len(entries) + 1)}"
        for index, (kind, entries) in enumerate(names.items(), 1)
    }


def _validation(sheet: Sheet, column: Column, places: dict[str, str]) -> DataValidation | None:
    """Return the list that a coded column chooses from. It warns and does not forbid: the import says what is wrong, and where."""
    spec = _spec(sheet, column)
    if column.codes:
        formula = places[column.codes]
    elif column.labels:
        formula = '"' + ",".join(f"{code} {label}" for code, label in column.labels.items()) + '"'
    elif isinstance(spec, Flag):
        formula = f'"{YES},{NO}"'
    elif isinstance(spec, Text) and spec.choices:
        formula = '"' + ",".join(spec.choices) + '"'
    else:
        return None
    if not column.codes and len(formula) > 257:  # the most that a list within the rule may hold
        return None
    validation = DataValidation(
        type="list", formula1=formula, allow_blank=True, showErrorMessage=True, errorStyle="warning"
    )
    validation.promptTitle, validation.prompt = column.header[:32], column.hint[:255] or None
    return validation
