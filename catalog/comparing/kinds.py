"""What two published contents are made of, and how each kind of thing is told apart from the others of its kind. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from catalog.definitions import (
    ItemDefinition,
    MatterItemDefinition,
)
from catalog.definitions.codec import from_json, to_json

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of thing is compared. ``parts``: attribute → kind of the things listed in it; ``skip``: told elsewhere."""

    what: str
    group: str
    key: Callable[[Row], Hashable]
    name: Callable[[Row], str]
    parts: Mapping[str, Kind] | None = None
    skip: frozenset[str] = frozenset()
    groups: Mapping[str, str] | None = None


def read_rows(kind: type[Any], rows: Iterable[Row]) -> list[Row]:
    """Return rows with the attributes of today: what an earlier version did not know yet has its default, what it alone knew is left out."""
    return [to_json(from_json(kind, row)) for row in rows]


def row_of_use(entry: Row) -> Row:
    (use,) = read_rows(MatterItemDefinition, [entry["use"]])
    return {**use, "name": entry["definition"]["name"]}


def row_of_definition(row: Row) -> Row:
    return read_rows(ItemDefinition, [row])[0]


def rows_of(kind: Kind, value: Any) -> list[Row]:
    return [each if isinstance(each, Mapping) else {"text": each} for each in value or []]


def row_without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def names_without(these: Sequence[str], those: Sequence[str]) -> list[str]:
    """Return the texts of a list that another has not, each as often as it is more."""
    left = list(those)
    found = []
    for text in these:
        if text in left:
            left.remove(text)
        else:
            found.append(text)
    return found


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)


_KEYS: Final = (
    ("place", "metric"),
    ("law", "article"),
    ("question",),
    ("key",),
    ("code",),
    ("slug",),
    ("name",),
    ("text",),
)


def key_of_row(row: Row) -> Hashable:
    for names in _KEYS:
        if all(name in row for name in names):
            return tuple(text_of(row[name]) for name in names)
    return _canonical(row)


def name_of_row(row: Row) -> str:
    for names in _KEYS:
        if all(name in row for name in names):
            return " ".join(text_of(row[name]) for name in names if row[name])
    return _canonical(row)


def text_of(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(text_of(each) for each in value if each != "")
    return value if isinstance(value, str) else _canonical(value)


def is_same(a: Any, b: Any) -> bool:
    return _canonical(a) == _canonical(b)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _named(*names: str) -> Callable[[Row], str]:
    """Return a function that names a thing by the first of its attributes that is filled."""
    return lambda row: next((str(row[name]) for name in names if row.get(name)), "")


_OPTION = Kind("choice", "fields", lambda row: row["value"], _named("label", "value"))
ELEMENT = Kind("element", "fields", lambda row: row["code"], _named("name", "code"), {"options": _OPTION})
PAPER = Kind("paper", "materials", lambda row: row["code"], _named("name", "code"))
_EXEMPTION = Kind("exemption", "materials", lambda row: (row["kind"], row["reference"]), _named("kind"))
FACE_LINE = Kind("face_line", "results", lambda row: row["code"], _named("label", "code"))
_PARTS: Final = {
    "lines": Kind("line", "fields", lambda row: row["code"], _named("label", "element"), skip=frozenset({"order"})),
    "materials": Kind(
        "material",
        "materials",
        lambda row: (row["material"], row["role"]),
        _named("material"),
        {"exemptions": _EXEMPTION},
    ),
    "outputs": Kind("output", "results", lambda row: row["code"], _named("label", "code"), {"options": _OPTION}),
    "results": Kind("result", "results", lambda row: row["certificate_type"], _named("name", "certificate_type")),
    "consents": Kind("consent", "rules", lambda row: row["code"], _named("text", "code")),
    "cross_rules": Kind("cross_rule", "rules", lambda row: row["code"], _named("message", "code")),
    "review_points": Kind("review_point", "rules", lambda row: row["code"] or row["text"], _named("text")),
}
ITEM = Kind("item", "items", lambda row: row["slug"], _named("name"), _PARTS)
USE = Kind(
    "use",
    "items",
    lambda row: row["item"],
    _named("name", "item"),
    {"after": Kind("dependency", "order", lambda row: row["item"], _named("item"))},
    frozenset({"name"}),
)
QUESTION = Kind(
    "question",
    "questions",
    lambda row: row["key"],
    _named("text", "key"),
    {"options": Kind("option", "questions", lambda row: row["value"], _named("label", "value"))},
)
ROLE = Kind("role", "fields", lambda row: row["key"], _named("label", "key"))
SECTION = Kind("section", "texts", lambda row: row["key"], _named("label", "key"))
MATTER = Kind("matter", "texts", lambda row: row["slug"], _named("name"))
NAMED_WITH_OWNER: Final = frozenset({"choice", "option", "exemption", "dependency"})
