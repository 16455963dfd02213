"""Read what a page or a script sends into form values.

Nothing is judged here beyond what could not be stored at all: what was typed is kept as typed, so that a page can show
it again beside what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from catalog.fields.validation import FieldProblem
from catalog.merging.planned import PlannedField
from matters.core.draft_document import Value

# More than any field holds; what is longer is cut before it is stored, and the page says so.
TYPED_LIMIT = 4_000
CHOICES_LIMIT = 100
# Cannot be stored as UTF-8 or in PostgreSQL, and no keyboard makes them.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
DATE_PARTS = ("year", "month", "day")
MOMENT_PARTS = (*DATE_PARTS, "hour", "minute")


def read_values(post: QueryDict, fields: Iterable[PlannedField]) -> tuple[dict[str, Value], list[FieldProblem]]:
    """Return what a posted form says for each field that can be typed, and what could not be kept as it came."""
    typed: dict[str, Value] = {}
    problems: list[FieldProblem] = []
    for field in fields:
        if field.supplied_by is not None or not _was_sent(post, field):
            continue
        typed[field.key] = _keep(field.key, _from_post(post, field), problems)
    return typed, problems


def read_changes(
    sent: Mapping[str, Any], fields: Mapping[str, PlannedField]
) -> tuple[dict[str, Value], list[FieldProblem]]:
    """Return what a script sends for fields of the form; anything else it sends is ignored."""
    typed: dict[str, Value] = {}
    problems: list[FieldProblem] = []
    for key, value in sent.items():
        field = fields.get(key)
        if field is None or field.supplied_by is not None:
            continue
        if isinstance(value, list):
            value = [str(each) for each in value if isinstance(each, str)]
        elif isinstance(value, bool):
            value = value if field.type == "boolean" else None
        elif value is not None and not isinstance(value, str):
            value = str(value)[:TYPED_LIMIT] if isinstance(value, int | float) else None
        if field.type == "boolean" and isinstance(value, str):
            value = _as_boolean(value)
        if field.type == "multiselect" and isinstance(value, str):
            value = [value] if value else []
        typed[key] = _keep(key, value, problems)
    return typed, problems


def compose_moment(parts: Mapping[str, str]) -> str:
    """Return year, month, day (hour, minute) as one text: well-formed where they are numbers, else as typed.

    All parts empty give an empty text. ``split_moment`` is the inverse.
    """
    parts = {name: part.strip() for name, part in parts.items()}
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


def _keep(key: str, value: Value, problems: list[FieldProblem]) -> Value:
    """Return the value as it can be stored, noting what had to be left out."""
    if isinstance(value, list):
        return [_storable(each)[:200] for each in value[:CHOICES_LIMIT]]
    if not isinstance(value, str):
        return value
    if UNSTORABLE.search(value):
        problems.append(FieldProblem(key, "unstorable"))
    kept = _storable(value).replace("\r\n", "\n")
    if len(kept) > TYPED_LIMIT:
        problems.append(FieldProblem(key, "cut", {"maximum": TYPED_LIMIT}))
    return kept[:TYPED_LIMIT]


def _storable(text: str) -> str:
    return UNSTORABLE.sub("\ufffd", text)
