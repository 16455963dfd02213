"""The first sheet of a workbook: how to fill in the others."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.packages.format.specs import Constraints, Dictionary, Flag, Integer, Many, Rule
from catalog.packages.sheets.cells import NO, YES
from catalog.packages.sheets.columns import SHEETS, Column, Sheet

_GENERAL = (
    "一个事项在“事项”表里占一行；它的字段、材料等写在后面各表，每行第一格照抄事项代码。",
    "表头底色为黄的列必填。空着的格按默认值。不要改表名和表头；列的先后可以换，行的先后就是页面上的先后。",
    "代码照原样写，前面的 0 不能少：各列已设为文本格式。可以从下拉列表里选；列表里代码和名称写在一起，只写代码也可以。",
    "一格里有几条的，一行一条（Alt+Enter 换行）；几个代码写在一格里的，用顿号隔开。",
    "没有查到的不要编：空着，并在“要素出处”里把“把握”写成 open。",
    '条件写成 JSON，和文件、管理后台里的一样：{"==": [{"var": "answers.household"}, "local"]}。文字加引号，数字不加。',
    '几个条件合起来用 {"and": […]}、{"or": […]}、{"!": …}；怎样写更多的条件，见 docs/catalog-packages.md。',
    "answers.问题 是引导问题的答案，角色:数据元 是表单里的一个字段，如 child:birth.time。",
    "不能用公式。写好后先试运行：manage.py import_catalog 文件.xlsx --dry-run，或者在管理后台上传预览；有错会说明在哪张表、哪一格。",
    "各表的内容就是这些事项的全部内容：删掉一行，导入后那一项也就没有了。",
)


def guide_rows() -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the rows of the explanation, and whether each is a heading."""
    yield ("怎样填这本工作簿",), True
    for number, sentence in enumerate(_GENERAL, 1):
        yield (str(number), "", sentence), False
    for sheet in SHEETS:
        yield ("",), False
        yield (sheet.title, "列", sheet.about or "怎样填"), True
        for column in sheet.parents:
            yield ("", column.header, column.hint), False
        for column in sheet.columns:
            yield ("", column.header, _explained(sheet, column)), False


def _explained(sheet: Sheet, column: Column) -> str:
    field = sheet.table.fields[column.key]
    parts = [column.hint] if column.hint else []
    if column.labels:
        parts.append("、".join(f"{code} {label}" for code, label in column.labels.items()))
    elif isinstance(field.spec, Flag) and not column.hint:
        parts.append(f"{YES}或者{NO}")
    elif isinstance(field.spec, Rule):
        parts.append("条件")
    elif isinstance(field.spec, Integer):
        parts.append(f"{field.spec.minimum} 到 {field.spec.maximum} 的整数")
    elif isinstance(field.spec, Many | Dictionary | Constraints) and not column.hint:
        parts.append("一行一条")
    if field.required:
        parts.append("必填")
    return "；".join(parts)
