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

from catalog.fields.types import half_width, longest
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
_TIME_AFTER = re.compile("(?:[T ]|(?<=[日号]))([0-9]{1,2})[:时点]([0-9]{1,2})分?(?::[0-9]{1,2})?\\Z")
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
    the same, and so does a time pasted after it, where there are boxes for one. ``split_moment`` is the inverse.
    """
    parts = _spread({name: part.strip() for name, part in parts.items()})
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
        text = half_width(parts.get(name, ""))
        time = _TIME_AFTER.search(text)
        if found := _WHOLE_DATE.fullmatch((text[: time.start()] if time else text).replace(" ", "")):
            whole = dict(zip(DATE_PARTS, (part for part in found.groups() if part is not None), strict=True))
            if time and "hour" in parts:
                whole |= {"hour": time[1], "minute": time[2]}
            beside = {other: parts.get(other, "") for other in whole if other != name}
            if all(not part or part.lstrip("0") == whole[other].lstrip("0") for other, part in beside.items()):
                return {**parts, **whole}
    return parts


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
        return compose_moment({part: post.get(f"{field.key}.{part}", "")[:20] for part in parts})
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
