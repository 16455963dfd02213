"""Read what a page or a script sends into form values.

Nothing is judged here beyond what could not be stored at all: what was typed is kept as typed, so that a page can show
it again beside what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from catalog.fields.moments import in_digits
from catalog.fields.types import longest
from catalog.fields.validation import FieldProblem
from catalog.merging.planned import PlannedField
from matters.core.draft_document import Value
from portal.identifiers.divisions import read_division
from portal.identifiers.invalid import InvalidIdentifier

# Cannot be stored as UTF-8 or in PostgreSQL, and no keyboard makes them.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
DATE_PARTS = ("year", "month", "day")
# Written with marks, or as eight digits.
_WHOLE_DATE = re.compile("([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?|([0-9]{4})([0-9]{2})([0-9]{2})")
# A time after it, as records and spreadsheets have it; seconds are not asked anywhere.
_PART_OF_DAY = "(凌晨|清晨|早上|上午|中午|下午|傍晚|晚上)?"
_TIME = f"{_PART_OF_DAY}([0-9]{{1,2}})(?:[:时点]([0-9]{{1,2}})分?(?::[0-9]{{1,2}})?|[时点](半|[整正]?))"
_TIME_AFTER = re.compile(f"(?:[T ]|(?<=[日号])){_TIME}\\Z")
_TIME_ALONE = re.compile(_TIME)
_TWELVE_DIGITS = re.compile("([0-9]{8})([0-9]{2})([0-9]{2})")
_PART_OF_DAY_ALONE = re.compile(f"{_PART_OF_DAY}([0-9]{{1,2}})")
_MARKS = "年月日号时点分 "
_FROM_NOON = ("中午", "下午", "傍晚", "晚上")
MOMENT_PARTS = (*DATE_PARTS, "hour", "minute")


@dataclass(slots=True)
class Typed:
    """What was sent, by field key: ``values`` can be stored, ``too_long`` is shown again and not stored, ``problems`` says why."""

    values: dict[str, Value] = field(default_factory=dict)
    too_long: dict[str, Value] = field(default_factory=dict)
    problems: list[FieldProblem] = field(default_factory=list)


def read_values(post: QueryDict, fields: Iterable[PlannedField]) -> Typed:
    """Return what a posted form says for each field that can be typed."""
    typed = Typed()
    for asked in fields:
        if asked.supplied_by is None and _was_sent(post, asked):
            _keep(asked, _from_post(post, asked), typed)
    return typed


def read_changes(sent: Mapping[str, Any], fields: Mapping[str, PlannedField]) -> Typed:
    """Return what a script sends for fields of the form; anything else it sends is ignored."""
    typed = Typed()
    for key, value in sent.items():
        asked = fields.get(key)
        if asked is None or asked.supplied_by is not None:
            continue
        if isinstance(value, list):
            value = [str(each) for each in value if isinstance(each, str)]
        elif isinstance(value, bool):
            value = value if asked.type == "boolean" else None
        elif value is not None and not isinstance(value, str):
            value = str(value) if isinstance(value, int | float) else None
        if asked.type == "boolean" and isinstance(value, str):
            value = _as_boolean(value)
        if asked.type == "multiselect" and isinstance(value, str):
            value = [value] if value else []
        _keep(asked, value, typed)
    return typed


def compose_moment(parts: Mapping[str, str]) -> str:
    """Return year, month, day (hour, minute) as one text: well-formed where they are numbers, else as typed.

    All parts empty give an empty text. A whole date in one box, as it is pasted, stands for all three where the others are empty or say
    the same, and so does a time pasted after it, where there are boxes for one. 年, 月, 日, 时 and 分 typed with a number are left out,
    下午 3 is 15, and 十一 is 11. ``split_moment`` is the inverse.
    """
    parts = _plain_parts(_spread({name: part.strip() for name, part in parts.items()}))
    if not any(parts.values()):
        return ""
    parts = {
        name: part.zfill(4 if name == "year" else 2) if part.isdecimal() and part.isascii() else part
        for name, part in parts.items()
    }
    day = "-".join(parts.get(name, "") for name in DATE_PARTS)
    if not parts.get("hour") and not parts.get("minute"):
        return day
    return f"{day}T{parts.get('hour', '')}:{parts.get('minute', '')}"


def _spread(parts: dict[str, str]) -> dict[str, str]:
    """Return the parts of a date (and time) pasted as a whole each in its own box; anything else as it is."""
    for name in DATE_PARTS:
        text = _TWELVE_DIGITS.sub(r"\1T\2:\3", " ".join(in_digits(parts.get(name, "")).split()))
        time = _TIME_AFTER.search(text)
        if found := _WHOLE_DATE.fullmatch((text[: time.start()] if time else text).replace(" ", "")):
            whole = dict(zip(DATE_PARTS, (part for part in found.groups() if part is not None), strict=True))
            if time and "hour" in parts:
                whole |= _hour_and_minute(time)
            beside = {other: parts.get(other, "") for other in whole if other != name}
            if all(not part or part.lstrip("0") == whole[other].lstrip("0") for other, part in beside.items()):
                return {**parts, **whole}
    return parts


def _plain_parts(parts: dict[str, str]) -> dict[str, str]:
    """Return the parts without the marks that people type with a number, and a time in the box of the hour in both its boxes."""
    time = _TIME_ALONE.fullmatch(in_digits(parts.get("hour", "")))
    if time and not parts.get("minute"):
        parts = {**parts, **_hour_and_minute(time)}
    elif time := _PART_OF_DAY_ALONE.fullmatch(in_digits(parts.get("hour", "")).strip(_MARKS)):
        parts = {**parts, "hour": _hour(time[1], time[2])}
    plain = {name: in_digits(part).strip(_MARKS) for name, part in parts.items()}
    return {name: plain[name] if plain[name].isdecimal() else part for name, part in parts.items()}


def _hour_and_minute(time: re.Match[str]) -> dict[str, str]:
    return {"hour": _hour(time[1], time[2]), "minute": time[3] or ("30" if time[4] == "半" else "00")}


def _hour(part_of_day: str | None, hour: str) -> str:
    """Return an hour as clocks of 24 hours have it; midnight called 晚上12点 stays as it is, for it may be either day's."""
    if part_of_day in _FROM_NOON and int(hour) < 12 and not (part_of_day == "中午" and int(hour) > 3):
        return str(int(hour) + 12)
    return "24" if part_of_day == "晚上" and int(hour) == 12 else hour


def split_moment(text: str) -> dict[str, str]:
    """Return the parts of a date or moment as they are shown in their boxes."""
    day, _mark, time = text.partition("T")
    pieces = dict(zip(DATE_PARTS, day.split("-", 2), strict=False))
    pieces |= dict(zip(("hour", "minute"), time.split(":", 1), strict=False)) if time else {}
    shown = {name: piece.lstrip("0") or ("0" if piece else "") for name, piece in pieces.items() if name != "minute"}
    return {**dict.fromkeys(MOMENT_PARTS, ""), **shown, "minute": pieces.get("minute", "")}


def _was_sent(post: QueryDict, field: PlannedField) -> bool:
    """Whether the page that was sent had this field; boxes and buttons nobody chose say so by a marker."""
    return (
        field.key in post or f"{field.key}.shown" in post or any(f"{field.key}.{part}" in post for part in MOMENT_PARTS)
    )


def _from_post(post: QueryDict, field: PlannedField) -> Value:
    if field.type in {"date", "datetime"} and field.key not in post:
        parts = MOMENT_PARTS if field.type == "datetime" else DATE_PARTS
        return compose_moment({part: post.get(f"{field.key}.{part}", "")[:30] for part in parts})
    if field.type == "multiselect":
        return list(post.getlist(field.key))
    text = str(post.get(field.key, ""))
    return _as_boolean(text) if field.type == "boolean" else text


def _as_boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


def _keep(asked: PlannedField, value: Value, typed: Typed) -> None:
    """Put the value where it belongs, noting what had to be left out."""
    texts = value if isinstance(value, list) else [value] if isinstance(value, str) else []
    if not isinstance(value, list) and any(map(UNSTORABLE.search, texts)):
        typed.problems.append(FieldProblem(asked.key, "unstorable"))
    if asked.type == "division" and isinstance(value, str):
        value = _code_of(value)
    kept: Value = value
    if isinstance(value, list):
        kept = [_storable(each) for each in value]
    elif isinstance(value, str):
        kept = _storable(value).replace("\r\n", "\n")
    maximum = longest(asked.type)
    if (
        len(texts) > maximum
        or sum(len(text.strip()) for text in texts) > maximum
        or max(map(len, texts), default=0) > 2 * maximum
    ):
        typed.too_long[asked.key] = kept
        typed.problems.append(FieldProblem(asked.key, "not_kept", {"maximum": maximum}))
    else:
        typed.values[asked.key] = kept


def _code_of(text: str) -> str:
    """Return the code of the division that was typed by its name; what cannot be told stays as typed."""
    try:
        return read_division(text)
    except InvalidIdentifier:
        return text


def _storable(text: str) -> str:
    return UNSTORABLE.sub("\ufffd", text)
