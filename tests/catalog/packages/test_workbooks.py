"""Items in a spreadsheet: exactly what the files say, and mistakes by sheet, row and column."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from catalog.models import Division, FormLine, ItemImplementation, RegionalGuide, ServiceItem
from catalog.packages.exporting import export_workbook
from catalog.packages.format.problems import PackageInvalid
from catalog.packages.format.specs import Many, Table
from catalog.packages.importing import import_package
from catalog.packages.schema import ITEM
from catalog.packages.sheets.cells import from_cell, to_cell
from catalog.packages.sheets.columns import CODES, GUIDE, SHEETS
from tests.catalog.packages.test_round_trip import values
from tests.worlds.keeping import digest_of, kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(tiny: Path) -> Path:
    """Return the workbook of the small catalog's two items."""
    path = tiny.parent / f"{tiny.name}.xlsx"

    def build() -> bytes:
        import_package(tiny)
        ServiceItem.objects.filter(slug="registration").update(
            local_code="0012", remark="=1+1", limit_note="_x000D_甲\r\n乙", conditions=["[一]", "-二"], consulting="@a"
        )
        import_package(tiny / "opening", dry_run=True)
        export_workbook(path, ServiceItem.objects.all())
        return path.read_bytes()

    path.write_bytes(kept(("workbook", digest_of(tiny)), build))
    return path


def change(path: Path, sheet: str, cell: str, value: Any) -> None:
    book = load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def said(path: Path) -> list[str]:
    with pytest.raises(PackageInvalid) as refusal:
        import_package(path)
    return [str(problem) for problem in refusal.value.problems]


def test_every_key_of_an_item_has_a_column() -> None:
    def covered(path: tuple[str, ...], table: Table) -> None:
        sheet = next(sheet for sheet in SHEETS if sheet.path == path)
        columns = {column.key for column in sheet.columns}
        for name, field in table.fields.items():
            if isinstance(field.spec, Many) and isinstance(field.spec.spec, Table):
                covered((*path, name), field.spec.spec)
            elif name != "facts":
                assert name in columns, (path, name)
        assert columns <= set(table.fields)

    covered((), ITEM)
    assert any(sheet.path == ("facts",) for sheet in SHEETS)


@settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data())
def test_every_value_stands_in_a_cell_and_means_the_same(data: Any) -> None:
    for sheet in SHEETS:
        for column in sheet.columns:
            spec = sheet.table.fields[column.key].spec
            value = data.draw(values(spec))
            cell = to_cell(spec, value, column)
            if cell is None:
                assert value in ("", [], {}, None)
            else:
                assert from_cell(spec, str(cell), column) == value, (column.header, cell)


def test_it_comes_back_as_it_was(book: Path) -> None:
    assert import_package(book).tally.is_empty
    assert ServiceItem.objects.get(slug="registration").limit_note == "_x000D_甲\r\n乙"


def test_it_leaves_alone_what_a_workbook_does_not_carry(book: Path) -> None:
    RegionalGuide.objects.create(key="g1", name="开办企业", place="某县", package="opening")
    item, division = ServiceItem.objects.get(slug="registration"), Division.objects.get()
    ItemImplementation.objects.create(item=item, division=division, package="opening")
    assert import_package(book).tally.is_empty
    assert RegionalGuide.objects.count() == ItemImplementation.objects.count() == 1


def test_it_survives_being_saved_by_another_program(book: Path) -> None:
    load_workbook(book).save(book)
    assert import_package(book).tally.is_empty


def test_no_cell_is_a_formula_and_codes_are_text(book: Path) -> None:
    sheets = load_workbook(book)
    assert sheets.sheetnames == [GUIDE, *(sheet.title for sheet in SHEETS), CODES]
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    risky = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))]
    assert risky
    assert all(cell.quotePrefix for cell in risky)
    items = sheets["事项"]
    code = next(cell for cell in items[1] if cell.value == "地方编码").column_letter
    assert [row.value for row in items[code]][1:] == [None, "0012"]
    assert items.column_dimensions[code].number_format == "@"
    validations = [rule.formula1 for rule in items.data_validations.dataValidation]
    assert any("01 行政许可" in formula for formula in validations)


def test_what_is_changed_in_it_is_changed_in_the_catalog_and_published(book: Path) -> None:
    change(book, "表单字段", "C2", "企业的名称")
    report = import_package(book)
    assert report.tally.changed == {"FormLine": 1}
    assert [str(version) for version in report.published] == ["开办企业 v2"]
    assert FormLine.objects.filter(label="企业的名称").count() == 1


MISTAKES: list[tuple[str, str, Any, str]] = [
    ("表单字段", "E3", "company.nothing", "表单字段!E3: 数据元里没有“company.nothing”"),
    ("表单字段", "C3", None, "表单字段!C3: 这里不能空着"),
    ("表单字段", "F3", "也许", "表单字段!F3: 这里应写是或者否"),
    ("表单字段", "H3", "answers.invoices = 1", "表单字段!H3: 条件写得不对：从第 1 个字“answers.invo”起看不懂"),
    ("表单字段", "H3", '{"==": [1,', "表单字段!H3: 条件写得不对：从第 11 个字“”起看不懂"),
    ("表单字段", "H3", '{"run": [1]}', "表单字段!H3: 条件里不能用“run”"),
    ("表单字段", "K3", "max_length 5", "表单字段!K3: 这里应一行一个“名称: 值”，名称不重复"),
    ("表单字段", "A3", "nothing", "表单字段!3: “事项”表里没有“nothing”"),
    ("事项", "O2", "=1+1", "事项!O2: 公式不会计算，请改写为它的值"),
    ("事项", "O2", "一天", "事项!O2: 这里应是 0 到 999 之间的整数"),
    ("事项", "E2", "markt", "事项!E2: 部门里没有“markt”，是不是“market”？"),
    ("事项", "B3", "invoicing", "事项!3: “invoicing”重复，第 2 行已有"),
    ("事项", "A2", "closing", "事项!2: 没有事项包“closing”"),
    ("材料", "B2", "statute", "材料!B2: 材料里没有“statute”"),
    ("免交方式", "B2", "charter", "免交方式!2: “材料”表里没有“invoicing charter”"),
    ("事项", "C1", "名字", "事项!C1: 不认识这一列“名字”"),
]


@pytest.mark.parametrize(("sheet", "cell", "value", "sentence"), MISTAKES, ids=[row[3] for row in MISTAKES])
def test_a_mistake_is_named_by_sheet_row_and_column(
    book: Path, sheet: str, cell: str, value: Any, sentence: str
) -> None:
    change(book, sheet, cell, value)
    assert f"{book.name} {sentence}" in said(book)


def _without(title: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        book = load_workbook(path)
        del book[title]
        book.save(path)

    return make


def _replace(name: str, content: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            parts = {entry: archive.read(entry) for entry in archive.namelist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, data in {**parts, name: content}.items():
                archive.writestr(entry, data)

    return make


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
EXPANDED = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "expanded">]><worksheet '
    b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c t="inlineStr"><is><t>&a;</t></is></c></row>'
    b"</sheetData></worksheet>"
)
MACROS = (
    b'<?xml version="1.0"?><Types><Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r"'
    b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" Target="file:///etc/passwd"'
    b' TargetMode="External"/></Relationships>'
)


def _renamed(ending: str, content: bytes = EXPANDED) -> Callable[[Path], None]:
    """Give the first sheet's part another name, as its relation and the list of types say it, with an entity in it."""

    def make(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            parts = {entry: archive.read(entry) for entry in archive.namelist()}
        del parts["xl/worksheets/sheet1.xml"]
        parts = {name: data.replace(b"sheet1.xml", b"sheet1" + ending.encode()) for name, data in parts.items()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, data in {**parts, f"xl/worksheets/sheet1{ending}": content}.items():
                archive.writestr(entry, data)

    return make


def _twice(path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")


def _with_many_entries(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(3000):
            archive.writestr(f"{number:0200}", b"")


WORKBOOKS: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing sheet": (_without("材料"), "缺少工作表“材料”"),
    "entities": (_replace("xl/workbook.xml", BOMB), "工作簿里有不该有的内容（文档类型声明）"),
    "entities in a part of another name": (_renamed(".dat"), "工作簿里有不该有的内容（文档类型声明）"),
    "entities in a part without an ending": (_renamed(""), "工作簿里有不该有的内容（文档类型声明）"),
    "entities in sixteen bits": (
        _renamed(".bin", EXPANDED.decode().replace("?>", ' encoding="utf-16"?>').encode("utf-16")),
        "工作簿里有不该有的内容（文档类型声明）",
    ),
    "entities behind a space": (
        _renamed(".dat", EXPANDED.replace(b'<?xml version="1.0"?>', b"   ")),
        "（文档类型声明）",
    ),
    "a part that is not XML": (_replace("xl/styles.xml", b"\xff\xfe\x00"), "文件已损坏"),
    "two parts of one name": (_twice, "文件已损坏"),
    "a relation that leads outside": (_replace("xl/_rels/other.rels", OUTSIDE), "工作簿引用了别处的文件"),
    "macros": (_replace("xl/types.dat", MACROS), "工作簿里带有宏"),
    "many entries": (_with_many_entries, "文件太多"),
    "zeros": (_replace("xl/media/a.bin", b"0" * 90_000_000), "压缩得不寻常，解开会太大"),
    "no sheets": (_replace("xl/workbook.xml", b"<x/>"), "工作"),
    "no archive": (lambda path: path.write_bytes(b"code,name\n") and None, "打不开：不是 ZIP 格式"),
    "old format": (
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) and None,
        "打不开：不是 ZIP 格式",
    ),
    "another archive": (lambda path: path.write_bytes(_zip("a.txt", b"x")) and None, "读不了这本工作簿"),
}


def _zip(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_file_that_is_no_such_workbook_is_refused_in_words(book: Path, name: str) -> None:
    make, sentence = WORKBOOKS[name]
    make(book)
    assert any(sentence in line for line in said(book))


def test_the_commands_take_workbooks(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_package(tiny)
    path = tiny.parent / f"{tiny.name}-items.xlsx"
    call_command("export_catalog", str(path), department=["market"], verbosity=0)
    assert "写出 1 个事项" in capsys.readouterr().out
    call_command("import_catalog", str(path), dry_run=True, verbosity=0)
    assert "没有变化" in capsys.readouterr().out
    with pytest.raises(CommandError, match="没有这个部门：nobody"):
        call_command("export_catalog", str(path), department=["nobody"], verbosity=0)
    with pytest.raises(CommandError, match=r"请给出文件名"):
        call_command("export_catalog", str(tiny), format="xlsx", verbosity=0)
