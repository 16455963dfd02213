"""The cells of a workbook as plain lines of JSON, nothing interpreted. A task of the sandbox: imports no Django.

Every part is read as what it is, not as what it is called: a reader of workbooks follows its relations to a part of any name. None may
declare a document type (nothing is expanded), lead outside, or carry a program.
"""

from __future__ import annotations

import json
import zipfile
from datetime import date, datetime
from typing import IO, Any
from xml.parsers import expat

import openpyxl.xml
from openpyxl import load_workbook

# Cells that are filled, and bytes of their texts: ten times the largest catalog seen.
MAX_CELLS = 1_000_000
MAX_TEXT = 40_000_000
PART = 256 * 1024
FORMULA, TEXT, OTHER = "f", "s", "v"


class _Fault(Exception):
    pass


def read_cells(source: IO[bytes], target: IO[bytes], rows: int, columns: int) -> dict[str, Any]:
    """Write one line a row that holds something: ``[sheet, row number, [[kind, text] or null, …]]``.

    Answers ``code``: ``read`` (with ``sheets``, the titles), ``damaged``, ``doctype``, ``outside``, ``program``, ``unreadable`` (with
    ``reason``), ``too_much``.
    """
    if not openpyxl.xml.DEFUSEDXML:
        return {"code": "unreadable", "reason": "defusedxml"}
    try:
        _look_over(source)
    except _Fault as fault:
        return {"code": str(fault)}
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError):
        return {"code": "damaged"}
    source.seek(0)
    try:
        book = load_workbook(source, read_only=True, data_only=False, keep_links=False)
        try:
            _write(book, target, rows, columns)
            return {"code": "read", "sheets": list(book.sheetnames)}
        finally:
            book.close()
    except _Fault as fault:
        return {"code": str(fault)}
    except Exception as error:  # openpyxl fails in many ways on a file that is not quite a workbook
        return {"code": "unreadable", "reason": type(error).__name__}


def _look_over(source: IO[bytes]) -> None:
    with zipfile.ZipFile(source) as archive:
        names = [entry.filename.lower() for entry in archive.infolist()]
        if len(set(names)) < len(names):
            raise _Fault("damaged")  # which of two parts is read depends on who reads
        for entry in archive.infolist():
            with archive.open(entry) as part:
                _look_into(part, entry.filename.lower().endswith((".xml", ".rels")))


def _look_into(part: IO[bytes], is_called_xml: bool) -> None:
    """Read a part as XML for as long as it is such. One that is not (a picture) cannot be read as such by anybody else."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _doctype
    parser.EntityDeclHandler = _doctype
    parser.StartElementHandler = _element
    try:
        while data := part.read(PART):
            parser.Parse(data, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        if is_called_xml:
            raise _Fault("damaged") from error
        while part.read(PART):  # its sum of check is looked at all the same
            pass


def _doctype(*_said: object) -> None:
    raise _Fault("doctype")


def _element(name: str, attributes: dict[str, str]) -> None:
    kind = name.rpartition(":")[2]
    if kind == "Relationship":
        leads_outside = attributes.get("TargetMode", "").strip().lower() == "external"
        if leads_outside and not attributes.get("Type", "").endswith("/hyperlink"):
            raise _Fault("outside")
        if attributes.get("Type", "").endswith(("/vbaProject", "/oleObject", "/attachedTemplate", "/control")):
            raise _Fault("program")
    if kind in {"Override", "Default"}:
        content_type = attributes.get("ContentType", "").lower()
        if "macroenabled" in content_type or "vbaproject" in content_type or "activex" in content_type:
            raise _Fault("program")


def _write(book: Any, target: IO[bytes], rows: int, columns: int) -> None:
    cells = text = 0
    for title in book.sheetnames:
        page = book[title]
        if not hasattr(page, "reset_dimensions"):
            continue  # a sheet of charts
        page.reset_dimensions()
        for number, row in enumerate(page.iter_rows(max_row=rows, max_col=columns), 1):
            found = [_cell(cell) for cell in row]
            filled = [cell for cell in found if cell is not None]
            if not filled:
                continue
            cells += len(filled)
            line = json.dumps([title, number, found], ensure_ascii=False).encode("utf-8", "surrogatepass")
            text += len(line)
            if cells > MAX_CELLS or text > MAX_TEXT:
                raise _Fault("too_much")
            target.write(line + b"\n")


def _cell(cell: Any) -> list[str] | None:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == FORMULA:
        return [FORMULA, ""]
    if isinstance(value, str):
        return [TEXT, value]
    if isinstance(value, bool):
        return [OTHER, "是" if value else "否"]
    if isinstance(value, datetime):
        return [OTHER, value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat()]
    if isinstance(value, date):
        return [OTHER, value.isoformat()]
    if isinstance(value, float) and value.is_integer():
        return [OTHER, str(int(value))]
    return [OTHER, str(value)]
