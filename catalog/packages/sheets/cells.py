"""What stands in a cell and what it means: one text for every value of the schema, read back exactly. Pure."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

from catalog.packages.format.specs import Constraints, Dictionary, Flag, Integer, Many, Rule, Spec
from catalog.packages.sheets.columns import Column

YES: Final = "是"
NO: Final = "否"
_KEY: Final = re.compile(r"[A-Za-z0-9_.#:\-]+")
_FLAGS: Final = {YES: True, NO: False, "true": True, "false": False}
_ESCAPE: Final = re.compile(r"_x[0-9A-Fa-f]{4}_")


class CellInvalid(Exception):
    """The text of a cell means nothing where it stands. ``code``: ``rule`` (``position``), ``flag``, ``pairs``."""

    def __init__(self, code: str, position: int = 0) -> None:
        self.code = code
        self.position = position
        super().__init__(code)


def to_cell(spec: Spec, value: Any, column: Column) -> str | int | None:
    """Return what to write for a value; None for an empty cell."""
    if value is None or (isinstance(value, str | list | dict) and not value and not isinstance(spec, Rule)):
        return None
    if isinstance(spec, Rule):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(spec, Flag):
        return YES if value else NO
    if isinstance(spec, Integer):
        return int(value)
    if isinstance(spec, Many):
        return _list_text(value, column)
    if isinstance(spec, Dictionary | Constraints):
        return _pairs_text(value, is_data=isinstance(spec, Constraints))
    label = column.labels.get(value)
    return f"{value} {label}" if label else _text_cell(str(value))


def from_cell(spec: Spec | None, text: str, column: Column) -> Any:
    """Return the value that a cell's text (not blank) means, as plain data. Raises `CellInvalid`."""
    if isinstance(spec, Rule):
        return _rule(text)
    if isinstance(spec, Flag):
        if text.strip() not in _FLAGS:
            raise CellInvalid("flag")
        return _FLAGS[text.strip()]
    if isinstance(spec, Integer):
        return int(text) if re.fullmatch(r"\s*-?[0-9]{1,9}\s*", text) else text
    if isinstance(spec, Many):
        return _list(text, column)
    if isinstance(spec, Dictionary | Constraints):
        return _pairs(text, is_data=isinstance(spec, Constraints))
    if column.labels or column.codes:
        return _code(text.strip(), column)
    return _text(text.strip())


def _rule(text: str) -> Any:
    """Return the condition that a cell holds as JSON."""
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise CellInvalid("rule", getattr(error, "pos", 0)) from None


def escaped(text: str) -> str:
    """Return a text as a workbook keeps it: what XML would lose (a carriage return) is written ``_x000D_``."""
    return _ESCAPE.sub(lambda match: f"_x005F{match.group()}", text).replace("\r", "_x000D_")


def unescaped(text: str) -> str:
    """Return the text that a workbook keeps so."""
    return _ESCAPE.sub(lambda match: chr(int(match.group()[2:6], 16)), text) if "_x" in text else text


def _text_cell(text: str) -> str:
    """Return a text as it is; in quotes where blanks at its ends are meant, or where it begins and ends with quotes itself."""
    return json.dumps(text, ensure_ascii=False) if text != text.strip() or _text(text) != text else text


def _text(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        decoded = _data(text)
        return decoded if isinstance(decoded, str) else text
    return text


def _code(text: str, column: Column) -> str:
    """Return the code of "01 行政许可", of "01" or of "行政许可"."""
    by_label = {str(label): code for code, label in column.labels.items()}
    return by_label.get(text) or text.split(maxsplit=1)[0]


def _list_text(values: list[str], column: Column) -> str:
    text = ("、" if column.joined else "\n").join(values)
    return text if _list(text, column) == list(values) else json.dumps(values, ensure_ascii=False)


def _list(text: str, column: Column) -> list[str]:
    if text.startswith("["):
        values = _data(text)
        if isinstance(values, list) and all(isinstance(value, str) for value in values):
            return values
    parts = re.split(r"[、,，;；\s]+", text) if column.joined else text.split("\n")
    return [part.strip() for part in parts if part.strip()]


def _pairs_text(values: dict[str, Any], *, is_data: bool) -> str:
    text = "\n".join(f"{key}: {_data_text(value) if is_data else value}" for key, value in values.items())
    try:
        if json.dumps(_pairs(text, is_data=is_data)) == json.dumps(values):
            return text
    except CellInvalid:
        pass
    return json.dumps(values, ensure_ascii=False)


def _pairs(text: str, *, is_data: bool) -> dict[str, Any]:
    if text.lstrip().startswith("{"):
        values = _data(text)
        if not isinstance(values, dict):
            raise CellInvalid("pairs")
        return values
    pairs: dict[str, Any] = {}
    for line in text.split("\n"):
        key, colon, value = line.replace("：", ":", 1).partition(":") if line.strip() else ("", ":", "")
        key, value = key.strip(), value.strip()
        if not colon or (key and (not _KEY.fullmatch(key) or key in pairs or not value)):
            raise CellInvalid("pairs")
        if key:
            pairs[key] = _data(value) if is_data else value
    return pairs


def _data_text(value: Any) -> str:
    """Return a demand's value: text as it is where nothing else could be read in it, the rest as JSON."""
    return value if isinstance(value, str) and _data(value) == value else json.dumps(value, ensure_ascii=False)


def _data(text: str) -> Any:
    """Return what a text means as JSON; the text itself where it means nothing, or a number that is none."""
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        return text


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _refuse(text: str) -> Any:
    raise ValueError(text)
