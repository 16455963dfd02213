"""Compare two published contents of a matter (``MatterVersion.plan``) or of an item (``ItemVersion.content``): what is different. Pure.

Every difference is one ``Change`` and is told once: what follows from another change (the merged form's matrix, the waits, an element that only a
removed line asked for) is left out. ``catalog.difference_words`` says a change in a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from catalog.definitions import (
    ElementDefinition,
    GuideQuestion,
    ItemDefinition,
    MaterialDefinition,
    MatterItemDefinition,
    RoleDefinition,
    SectionDefinition,
)
from catalog.difference_weights import WORDING, weigh
from catalog.merging.codec import from_json, to_json

__all__ = ["GROUPS", "Change", "compare_items", "compare_plans"]

GROUPS: Final = ("items", "fields", "materials", "questions", "order", "limits", "results", "rules", "texts", "notes")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    ``kind``: ``added``, ``removed``, ``changed`` or ``moved`` (the same things in another order). ``what``: the kind of thing (``line``, ``material``,
    ``question`` …), ``item``: slug of the item it belongs to (empty: the matter, the dictionary), ``key`` and ``name``: which one. ``attribute``: what of it
    changed, ``before`` and ``after``: its values (of something added or removed: the thing itself). ``severity``: see `catalog.difference_weights`.
    """

    group: str
    kind: str
    what: str
    item: str
    key: str
    name: str
    attribute: str = ""
    before: Any = None
    after: Any = None
    severity: str = "other"


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one kind of thing is compared. ``parts``: attribute → kind of the things listed in it; ``skip``: told elsewhere."""

    what: str
    group: str
    key: Callable[[Row], Hashable]
    name: Callable[[Row], str]
    parts: Mapping[str, _Kind] | None = None
    skip: frozenset[str] = frozenset()
    groups: Mapping[str, str] | None = None


def compare_plans(before: Row | None, after: Row) -> list[Change]:
    """Return what is different between two plans, by group; nothing is before the first one (``None``)."""
    if before is None:
        matter = after["matter"]
        return [_weighed(Change("items", "added", "matter", "", matter["slug"], matter["name"], after=matter))]
    return _sorted(_plans(before, after))


def compare_items(before: Row | None, after: Row) -> list[Change]:
    """Return what is different between two contents of an item; as `compare_plans`."""
    if before is None:
        item = after["definition"]
        return [_weighed(Change("items", "added", "item", item["slug"], item["slug"], item["name"], after=item))]
    return _sorted(_items(before, after))


def _plans(a: Row, b: Row) -> Iterator[Change]:
    yield from _attributes(_MATTER, "", _but(a["matter"], "facts", "declared"), _but(b["matter"], "facts", "declared"))
    yield from _free("figure", "notes", "", "declared", a["matter"].get("declared"), b["matter"].get("declared"))
    yield from _listed(_ROLE, "", _read(RoleDefinition, a["roles"]), _read(RoleDefinition, b["roles"]))
    yield from _listed(_QUESTION, "", _read(GuideQuestion, a["questions"]), _read(GuideQuestion, b["questions"]))
    yield from _listed(_SECTION, "", _read(SectionDefinition, a["sections"]), _read(SectionDefinition, b["sections"]))
    yield from _uses(a, b)
    for name, group in (("labels", "texts"), ("placement", "fields")):
        yield from _free(name, group, "", name, a.get(name, {}), b.get(name, {}))
    yield from _dictionaries(a, b)
    for language in sorted({*a["translations"], *b["translations"]}):
        held, wanted = a["translations"].get(language, {}), b["translations"].get(language, {})
        yield from _free("translation", "texts", "", language, held, wanted)
    told = {"matter", "roles", "questions", "sections", "items", "labels", "placement", "elements", "materials"}
    derived = {"departments", "translations", "fields", "waits"}
    for name in sorted({*a, *b} - told - derived):
        yield from _free("other", "notes", "", name, a.get(name), b.get(name))


def _uses(a: Row, b: Row) -> Iterator[Change]:
    """Compare the items of two matters: as they are used, and as they are defined."""
    held, wanted = ({each["definition"]["slug"]: each for each in plan["items"]} for plan in (a, b))
    facts_before, facts_after = (plan["matter"].get("facts") or {} for plan in (a, b))
    uses_before = [_use(each) for each in a["items"]]
    uses_after = [_use(each) for each in b["items"]]
    yield from _listed(_USE, "", uses_before, uses_after)
    for slug in [slug for slug in wanted if slug in held]:
        before, after = (_definition(each["definition"]) for each in (held[slug], wanted[slug]))
        told = (facts_before.get("items", {}).get(slug), facts_after.get("items", {}).get(slug))
        yield from _item(slug, before, after, *(dict(each or {}) for each in told))
    for name in sorted({*facts_before, *facts_after} - {"items", "departments"}):
        yield from _free("guide", "texts", "", name, facts_before.get(name), facts_after.get(name))
    yield from _departments(facts_before.get("departments", {}), facts_after.get("departments", {}))


def _items(a: Row, b: Row) -> Iterator[Change]:
    slug = b["definition"]["slug"]
    before, after = _definition(a["definition"]), _definition(b["definition"])
    yield from _item(slug, before, after, dict(a["guide"]), dict(b["guide"]))
    yield from _dictionaries(a, b)
    derived = {"departments"}
    for name in sorted({*a, *b} - {"definition", "guide", "elements", "materials"} - derived):
        yield from _free("other", "notes", slug, name, a.get(name), b.get(name))


# Attributes of a definition that an item's guide says in its own words as well: told once.
_CODES: Final = frozenset({"task_code", "catalog_code", "local_code"})
_IN_GUIDE: Final[Mapping[str, frozenset[str]]] = {"description": frozenset({"remark"}), "code": _CODES}


def _item(slug: str, before: Row, after: Row, guide_before: Row, guide_after: Row) -> Iterator[Change]:
    told: set[str] = set()
    for name in sorted({*guide_before, *guide_after}):
        if name == "short_name" and (guide_before.get(name), guide_after.get(name)) == (before["name"], after["name"]):
            continue  # the name stands in where there is no short one
        for change in _free("item", "texts", slug, name, guide_before.get(name), guide_after.get(name), slug):
            told.add(name)
            yield change if change.name and change.name != slug else replace(change, name=before["name"])
    for change in _attributes(_ITEM, slug, before, after):
        if change.what != "item" or not _IN_GUIDE.get(change.attribute, frozenset({change.attribute})) & told:
            yield change


def _dictionaries(a: Row, b: Row) -> Iterator[Change]:
    """Compare what both speak of; what only one of them knows follows from a line, a paper or an item that only one has."""
    for kind, definition, name in (
        (_ELEMENT, ElementDefinition, "elements"),
        (_PAPER, MaterialDefinition, "materials"),
    ):
        held, wanted = a.get(name, {}), b.get(name, {})
        for code in sorted({*held} & {*wanted}):
            before, after = _read(definition, [held[code], wanted[code]])
            yield from _attributes(kind, "", before, after)
    yield from _departments(a.get("departments", {}), b.get("departments", {}))


def _departments(held: Row, wanted: Row) -> Iterator[Change]:
    for code in sorted({*held} & {*wanted}):
        for name in sorted({*held[code], *wanted[code]}):
            yield from _free("department", "texts", "", name, held[code].get(name), wanted[code].get(name), key=code)


def _listed(kind: _Kind, item: str, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Change]:
    """Compare two lists of one kind of thing: what was added, removed, changed, and whether the order is another."""
    held, wanted = _keyed(kind, before), _keyed(kind, after)
    for key, row in held.items():
        if key not in wanted:
            yield Change(kind.group, "removed", kind.what, item, _text(key), kind.name(row), before=row)
    for key, row in wanted.items():
        if key not in held:
            yield Change(kind.group, "added", kind.what, item, _text(key), kind.name(row), after=row)
        else:
            yield from _attributes(kind, item, held[key], row)
    first, second = [key for key in held if key in wanted], [key for key in wanted if key in held]
    numbers = [[row.get("order") for row in rows.values()] for rows in (held, wanted)]
    if first != second or (len(first) == len(held) == len(wanted) and numbers[0] != numbers[1]):
        names = [[kind.name(rows[key]) for key in keys] for rows, keys in ((held, first), (wanted, second))]
        yield Change(kind.group, "moved", kind.what, item, "", "", before=names[0], after=names[1])


def _keyed(kind: _Kind, rows: Sequence[Row]) -> dict[Hashable, Row]:
    """Return the rows by key; of several with one key, the later ones get a number."""
    found: dict[Hashable, Row] = {}
    for row in rows:
        key, number = kind.key(row), 1
        while key in found:
            number += 1
            key = (kind.key(row), number)
        found[key] = row
    return found


def _attributes(kind: _Kind, item: str, before: Row, after: Row) -> Iterator[Change]:
    """Compare two things of one kind, attribute by attribute."""
    key, name = _text(kind.key(after)), kind.name(before)
    item = item or (str(before.get("item", "")) if kind is _USE else "")
    for attribute in [*after, *(each for each in before if each not in after)]:
        a, b = before.get(attribute), after.get(attribute)
        if attribute in kind.skip or _same(a, b):
            continue
        part = (kind.parts or {}).get(attribute)
        group = (kind.groups or {}).get(attribute, kind.group)
        if part is not None:
            for change in _listed(part, item, _rows(part, a), _rows(part, b)):
                owner = name if part.what in _NAMED_WITH_OWNER and change.kind != "moved" else ""
                yield replace(change, name=f"{owner} · {change.name}" if owner else change.name or name)
        elif isinstance(a, Mapping) and isinstance(b, Mapping) and attribute in ("constraints", "face", "roles"):
            for each in sorted({*a, *b}):
                if not _same(a.get(each), b.get(each)) or (each in a) != (each in b):
                    found = Change(
                        group, "changed", kind.what, item, key, name, f"{attribute}.{each}", a.get(each), b.get(each)
                    )
                    yield found
        else:
            yield Change(group, "changed", kind.what, item, key, name, attribute, a, b)


def _free(what: str, group: str, item: str, attribute: str, a: Any, b: Any, key: str = "") -> Iterator[Change]:
    """Compare two JSON values of which only the name is known: texts, lists of texts, lists of small tables, maps."""
    if _same(a, b):
        return
    if _is_texts(a) and _is_texts(b):
        for text in _without(a, b):
            yield Change(group, "removed", what, item, key, text, attribute, text, None)
        for text in _without(b, a):
            yield Change(group, "added", what, item, key, text, attribute, None, text)
        common = [[text for text in texts if text in other] for texts, other in ((a, b), (b, a))]
        if common[0] != common[1] or (not _without(a, b) and not _without(b, a)):
            yield Change(group, "moved", what, item, key, "", attribute, a, b)
    elif _is_rows(a) and _is_rows(b):
        kind = _Kind(what, group, _key_of_row, _name_of_row)
        for change in _listed(kind, item, a, b):
            yield replace(change, attribute=f"{attribute}.{change.attribute}".rstrip("."))
    elif isinstance(a, Mapping) and isinstance(b, Mapping):
        for each in sorted({*a, *b}):
            if each not in a:
                yield Change(group, "added", what, item, each, each, attribute, None, b[each])
            elif each not in b:
                yield Change(group, "removed", what, item, each, each, attribute, a[each], None)
            elif what in ("figure", "other", "guide"):
                yield from _free(what, group, item, f"{attribute}.{each}", a[each], b[each], key)
            elif not _same(a[each], b[each]):
                yield Change(group, "changed", what, item, each, each, attribute, a[each], b[each])
    else:
        yield Change(group, "changed", what, item, key, key, attribute, a, b)


def _sorted(changes: Iterable[Change]) -> list[Change]:
    rank = {group: number for number, group in enumerate(GROUPS)}
    return sorted(map(_weighed, changes), key=lambda each: rank[each.group])


def _weighed(change: Change) -> Change:
    severity = weigh(change.what, change.kind, change.attribute, change.before, change.after)
    return replace(change, severity=severity, group=_group(change))


_LIMITS: Final = frozenset(
    {"promised_limit_days", "statutory_limit_days", "limit_unit", "limit_note", "special_procedures"}
)
_NOTES: Final = frozenset({"facts", "locked"})


def _group(change: Change) -> str:
    """Limits are one group wherever they are written; where a fact was read is a note; what else an item is, is no mere wording."""
    name = change.attribute.partition(".")[0]
    if change.what == "item" and name in _LIMITS:
        return "limits"
    if change.what == "item" and name in _NOTES:
        return "notes"
    if change.what == "item" and change.group in ("items", "texts"):
        return "texts" if name in WORDING else "items"
    return change.group


def _read(kind: type[Any], rows: Iterable[Row]) -> list[Row]:
    """Return rows with every attribute: what an earlier version did not know yet has its default."""
    return [
        to_json(from_json(kind, row)) | {name: row[name] for name in row if name not in _names(kind)} for row in rows
    ]


def _names(kind: type[Any]) -> frozenset[str]:
    return frozenset(kind.__dataclass_fields__)


def _use(entry: Row) -> Row:
    (use,) = _read(MatterItemDefinition, [entry["use"]])
    return {**use, "name": entry["definition"]["name"]}


def _definition(row: Row) -> Row:
    return _read(ItemDefinition, [row])[0]


def _rows(kind: _Kind, value: Any) -> list[Row]:
    return [each if isinstance(each, Mapping) else {"text": each} for each in value or []]


def _but(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _without(these: Sequence[str], those: Sequence[str]) -> list[str]:
    """Return the texts of a list that another has not, each as often as it is more."""
    left = list(those)
    found = []
    for text in these:
        if text in left:
            left.remove(text)
        else:
            found.append(text)
    return found


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_rows(value: Any) -> bool:
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


def _key_of_row(row: Row) -> Hashable:
    for names in _KEYS:
        if all(name in row for name in names):
            return tuple(_text(row[name]) for name in names)
    return _canonical(row)


def _name_of_row(row: Row) -> str:
    for names in _KEYS:
        if all(name in row for name in names):
            return " ".join(_text(row[name]) for name in names if row[name])
    return _canonical(row)


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(_text(each) for each in value if each != "")
    return value if isinstance(value, str) else _canonical(value)


def _same(a: Any, b: Any) -> bool:
    return _canonical(a) == _canonical(b)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _named(*names: str) -> Callable[[Row], str]:
    """Return a function that names a thing by the first of its attributes that is filled."""
    return lambda row: next((str(row[name]) for name in names if row.get(name)), "")


_OPTION = _Kind("choice", "fields", lambda row: row["value"], _named("label", "value"))
_ELEMENT = _Kind("element", "fields", lambda row: row["code"], _named("name", "code"), {"options": _OPTION})
_PAPER = _Kind("paper", "materials", lambda row: row["code"], _named("name", "code"))
_EXEMPTION = _Kind("exemption", "materials", lambda row: (row["kind"], row["reference"]), _named("kind"))
_PARTS: Final = {
    "lines": _Kind("line", "fields", lambda row: row["code"], _named("label", "element"), skip=frozenset({"order"})),
    "materials": _Kind(
        "material",
        "materials",
        lambda row: (row["material"], row["role"]),
        _named("material"),
        {"exemptions": _EXEMPTION},
    ),
    "outputs": _Kind("output", "results", lambda row: row["code"], _named("label", "code"), {"options": _OPTION}),
    "results": _Kind("result", "results", lambda row: row["certificate_type"], _named("name", "certificate_type")),
    "consents": _Kind("consent", "rules", lambda row: row["code"], _named("text", "code")),
    "cross_rules": _Kind("cross_rule", "rules", lambda row: row["code"], _named("message", "code")),
    "review_points": _Kind("review_point", "rules", lambda row: row["text"], _named("text")),
}
_ITEM = _Kind("item", "items", lambda row: row["slug"], _named("name"), _PARTS)
_USE = _Kind(
    "use",
    "items",
    lambda row: row["item"],
    _named("name", "item"),
    {"after": _Kind("dependency", "order", lambda row: row["item"], _named("item"))},
    frozenset({"name"}),
)
_QUESTION = _Kind(
    "question",
    "questions",
    lambda row: row["key"],
    _named("text", "key"),
    {"options": _Kind("option", "questions", lambda row: row["value"], _named("label", "value"))},
)
_ROLE = _Kind("role", "fields", lambda row: row["key"], _named("label", "key"))
_SECTION = _Kind("section", "texts", lambda row: row["key"], _named("title", "key"))
_MATTER = _Kind("matter", "texts", lambda row: row["slug"], _named("name"))
_NAMED_WITH_OWNER: Final = frozenset({"choice", "option", "exemption", "dependency"})
