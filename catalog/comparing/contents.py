"""Compare two published contents of a matter (``MatterVersion.content``) or of an item (``ItemVersion.content``): what is different. Pure.

Every difference is one ``Change`` and is told once: what follows from another change (an element that only a
removed line asked for) is left out. ``catalog.wording.differences`` says a change in a sentence.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from catalog.comparing import kinds
from catalog.comparing.kinds import Kind, Row
from catalog.comparing.weights import WORDING, weigh
from catalog.definitions import (
    ElementDefinition,
    GuideQuestion,
    MaterialDefinition,
    RoleDefinition,
    SectionDefinition,
)

GROUPS: Final = ("items", "fields", "materials", "questions", "order", "limits", "results", "rules", "texts", "notes")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    ``kind``: ``added``, ``removed``, ``changed`` or ``moved`` (the same things in another order). ``what``: the kind of thing (``line``, ``material``,
    ``question`` …), ``item``: slug of the item it belongs to (empty: the matter, the dictionary), ``key`` and ``name``: which one. ``attribute``: what of it
    changed, ``before`` and ``after``: its values (of something added or removed: the thing itself). ``severity``: see `catalog.comparing.weights`.
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


def compare_matters(before: Row | None, after: Row) -> list[Change]:
    """Return what is different between two plans, by group. Before the first one (``None``) is nothing: then all that it consists of is added."""
    if before is None:
        return _sorted(_first_plan(after))
    return _sorted(_without_followers(list(_plans(before, after)), before, after))


def compare_items(before: Row | None, after: Row) -> list[Change]:
    """Return what is different between two contents of an item; as `compare_matters`."""
    if before is None:
        item = after["definition"]
        first = Change("items", "added", "item", item["slug"], item["slug"], item["name"], after=item)
        return _sorted([first, *_parts_of(item)])
    return _sorted(_items(before, after))


def _first_plan(plan: Row) -> Iterator[Change]:
    """Yield a matter that was never published with everything in it: its questions, items, and what each of them asks, wants and gives."""
    matter = plan["matter"]
    yield Change("items", "added", "matter", "", matter["slug"], matter["name"], after=matter)
    yield from _listed(kinds.QUESTION, "", [], kinds.read_rows(GuideQuestion, plan["questions"]))
    yield from _listed(kinds.USE, "", [], [kinds.row_of_use(each) for each in plan["items"]])
    for entry in plan["items"]:
        yield from _parts_of(entry["definition"])


def _parts_of(definition: Row) -> Iterator[Change]:
    row = kinds.row_of_definition(definition)
    for attribute, part in (kinds.ITEM.parts or {}).items():
        yield from _listed(part, str(row["slug"]), [], kinds.rows_of(part, row.get(attribute)))


def _without_followers(changes: list[Change], a: Row, b: Row) -> Iterator[Change]:
    """Leave out what only follows from an item that went or came: who waited for it, and the words that it alone speaks of."""
    gone = {each.key for each in changes if each.what == "use" and each.kind == "removed"}
    come = {each.key for each in changes if each.what == "use" and each.kind == "added"}
    words = {"removed": _texts(b) if gone else None, "added": _texts(a) if come else None}
    for change in changes:
        if change.what == "dependency" and change.kind == "removed" and (change.before or {}).get("item") in gone:
            continue
        known = words.get(change.kind) if change.what == "translation" else None
        if known is None or change.key in known:
            yield change


def _texts(content: Row) -> set[str]:
    """Return every text of a content, but for its translations."""
    found: set[str] = set()
    rest: list[Any] = [value for name, value in content.items() if name != "translations"]
    while rest:
        value = rest.pop()
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, Mapping):
            rest += [*value.keys(), *value.values()]
        elif isinstance(value, list | tuple):
            rest += value
    return found


def _plans(a: Row, b: Row) -> Iterator[Change]:
    before, after = (kinds.row_without(each["matter"], "facts", "declared") for each in (a, b))
    yield from _attributes(kinds.MATTER, "", before, after)
    yield from _free("figure", "notes", "", "declared", a["matter"].get("declared"), b["matter"].get("declared"))
    lists: tuple[tuple[Kind, type[Any], str], ...] = (
        (kinds.ROLE, RoleDefinition, "roles"),
        (kinds.QUESTION, GuideQuestion, "questions"),
        (kinds.SECTION, SectionDefinition, "sections"),
    )
    for kind, definition, name in lists:
        yield from _listed(kind, "", *(kinds.read_rows(definition, each[name]) for each in (a, b)))
    yield from _uses(a, b)
    for name, group in (("labels", "texts"), ("placement", "fields")):
        yield from _free(name, group, "", name, a.get(name, {}), b.get(name, {}))
    yield from _dictionaries(a, b)
    for language in sorted({*a["translations"], *b["translations"]}):
        held, wanted = a["translations"].get(language, {}), b["translations"].get(language, {})
        yield from _free("translation", "texts", "", language, held, wanted)
    told = {"matter", "roles", "questions", "sections", "items", "labels", "placement", "elements", "materials"}
    derived = {
        "departments",
        "translations",
        "fields",
        "waits",
    }  # the last two: in what was frozen before the plan said them
    for name in sorted({*a, *b} - told - derived):
        yield from _free("other", "notes", "", name, a.get(name), b.get(name))


def _uses(a: Row, b: Row) -> Iterator[Change]:
    """Compare the items of two matters: as they are used, and as they are defined."""
    held, wanted = ({each["definition"]["slug"]: each for each in plan["items"]} for plan in (a, b))
    facts_before, facts_after = (plan["matter"].get("facts") or {} for plan in (a, b))
    uses_before = [kinds.row_of_use(each) for each in a["items"]]
    uses_after = [kinds.row_of_use(each) for each in b["items"]]
    yield from _listed(kinds.USE, "", uses_before, uses_after)
    for slug in [slug for slug in wanted if slug in held]:
        before, after = (kinds.row_of_definition(each["definition"]) for each in (held[slug], wanted[slug]))
        told = (facts_before.get("items", {}).get(slug), facts_after.get("items", {}).get(slug))
        yield from _item(slug, before, after, *(dict(each or {}) for each in told))
    for name in sorted({*facts_before, *facts_after} - {"items", "departments"}):
        yield from _free("guide", "texts", "", name, facts_before.get(name), facts_after.get(name))
    yield from _departments(facts_before.get("departments", {}), facts_after.get("departments", {}))


def _items(a: Row, b: Row) -> Iterator[Change]:
    slug = b["definition"]["slug"]
    before, after = kinds.row_of_definition(a["definition"]), kinds.row_of_definition(b["definition"])
    yield from _item(slug, before, after, _guide(a["guide"]), _guide(b["guide"]))
    yield from _dictionaries(a, b)
    derived = {"departments"}
    for name in sorted({*a, *b} - {"definition", "guide", "elements", "materials"} - derived):
        yield from _free("other", "notes", slug, name, a.get(name), b.get(name))


def _guide(frozen: Row) -> Row:
    """Return an item's guide by the present names of its columns; a version frozen under an earlier one is never rewritten."""
    return {_FORMER_COLUMNS.get(name, name): value for name, value in frozen.items()}


_FORMER_COLUMNS: Final = {"standing": "status"}
# Attributes of a definition that an item's guide says in its own words as well: told once.
_CODES: Final = frozenset({"task_code", "catalog_code", "local_code"})
_IN_GUIDE: Final[Mapping[str, frozenset[str]]] = {"code": _CODES}


def _item(slug: str, before: Row, after: Row, guide_before: Row, guide_after: Row) -> Iterator[Change]:
    told: set[str] = set()
    for name in sorted({*guide_before, *guide_after}):
        if name == "short_name" and (guide_before.get(name), guide_after.get(name)) == (before["name"], after["name"]):
            continue  # the name stands in where there is no short one
        for change in _free("item", "texts", slug, name, guide_before.get(name), guide_after.get(name), slug):
            told.add(name)
            yield change if change.name and change.name != slug else replace(change, name=before["name"])
    for change in _attributes(kinds.ITEM, slug, before, after):
        if change.what != "item" or not _IN_GUIDE.get(change.attribute, frozenset({change.attribute})) & told:
            yield change


def _dictionaries(a: Row, b: Row) -> Iterator[Change]:
    """Compare what both speak of; what only one of them knows follows from a line, a paper or an item that only one has."""
    for kind, definition, name in (
        (kinds.ELEMENT, ElementDefinition, "elements"),
        (kinds.PAPER, MaterialDefinition, "materials"),
    ):
        held, wanted = a.get(name, {}), b.get(name, {})
        for code in sorted({*held} & {*wanted}):
            before, after = kinds.read_rows(definition, [held[code], wanted[code]])
            yield from _attributes(kind, "", before, after)
    yield from _departments(a.get("departments", {}), b.get("departments", {}))


def _departments(held: Row, wanted: Row) -> Iterator[Change]:
    for code in sorted({*held} & {*wanted}):
        for name in sorted({*held[code], *wanted[code]}):
            yield from _free("department", "texts", "", name, held[code].get(name), wanted[code].get(name), key=code)


def _listed(kind: Kind, item: str, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Change]:
    """Compare two lists of one kind of thing: what was added, removed, changed, and whether the order is another."""
    held, wanted = _keyed(kind, before), _keyed(kind, after)
    for key, row in held.items():
        if key not in wanted:
            yield Change(kind.group, "removed", kind.what, item, kinds.text_of(key), kind.name(row), before=row)
    for key, row in wanted.items():
        if key not in held:
            yield Change(kind.group, "added", kind.what, item, kinds.text_of(key), kind.name(row), after=row)
        else:
            yield from _attributes(kind, item, held[key], row)
    first, second = [key for key in held if key in wanted], [key for key in wanted if key in held]
    numbers = [[row.get("order") for row in rows.values()] for rows in (held, wanted)]
    if first != second or (len(first) == len(held) == len(wanted) and numbers[0] != numbers[1]):
        names = [[kind.name(rows[key]) for key in keys] for rows, keys in ((held, first), (wanted, second))]
        yield Change(kind.group, "moved", kind.what, item, "", "", before=names[0], after=names[1])


def _keyed(kind: Kind, rows: Sequence[Row]) -> dict[Hashable, Row]:
    """Return the rows by key; of several with one key, the later ones get a number."""
    found: dict[Hashable, Row] = {}
    for row in rows:
        key, number = kind.key(row), 1
        while key in found:
            number += 1
            key = (kind.key(row), number)
        found[key] = row
    return found


def _attributes(kind: Kind, item: str, before: Row, after: Row) -> Iterator[Change]:
    """Compare two things of one kind, attribute by attribute."""
    key, name = kinds.text_of(kind.key(after)), kind.name(before)
    item = item or (str(before.get("item", "")) if kind is kinds.USE else "")
    for attribute in [*after, *(each for each in before if each not in after)]:
        a, b = before.get(attribute), after.get(attribute)
        if attribute in kind.skip or kinds.is_same(a, b):
            continue
        if attribute == "issued_as":
            yield from _types(kind, item, key, name, before[attribute], after[attribute])
            continue
        part = (kind.parts or {}).get(attribute)
        group = (kind.groups or {}).get(attribute, kind.group)
        if part is not None:
            for change in _listed(part, item, kinds.rows_of(part, a), kinds.rows_of(part, b)):
                owner = name if part.what in kinds.NAMED_WITH_OWNER and change.kind != "moved" else ""
                yield replace(change, name=f"{owner} · {change.name}" if owner else change.name or name)
        elif isinstance(a, Mapping) and isinstance(b, Mapping) and attribute in ("constraints", "face", "roles"):
            for each in sorted({*a, *b}):
                if not kinds.is_same(a.get(each), b.get(each)) or (each in a) != (each in b):
                    found = Change(
                        group, "changed", kind.what, item, key, name, f"{attribute}.{each}", a.get(each), b.get(each)
                    )
                    yield found
        else:
            yield Change(group, "changed", kind.what, item, key, name, attribute, a, b)


def _types(kind: Kind, item: str, key: str, name: str, before: Row, after: Row) -> Iterator[Change]:
    """Compare what a certificate's type said; nothing is known of it before types were frozen."""
    if not before.get("code"):
        return
    for attribute in ("code", "subject", "valid_years"):
        a, b = before.get(attribute), after.get(attribute)
        if a != b:
            yield Change(kind.group, "changed", kind.what, item, key, name, f"issued_as.{attribute}", a, b)
    for change in _listed(kinds.FACE_LINE, item, before["face"], after["face"]):
        yield change if change.kind == "moved" else replace(change, name=f"{name} · {change.name}")


def _free(what: str, group: str, item: str, attribute: str, a: Any, b: Any, key: str = "") -> Iterator[Change]:
    """Compare two JSON values of which only the name is known: texts, lists of texts, lists of small tables, maps."""
    if kinds.is_same(a, b):
        return
    if kinds.is_texts(a) and kinds.is_texts(b):
        for text in kinds.names_without(a, b):
            yield Change(group, "removed", what, item, key, text, attribute, text, None)
        for text in kinds.names_without(b, a):
            yield Change(group, "added", what, item, key, text, attribute, None, text)
        common = [[text for text in texts if text in other] for texts, other in ((a, b), (b, a))]
        if common[0] != common[1] or (not kinds.names_without(a, b) and not kinds.names_without(b, a)):
            yield Change(group, "moved", what, item, key, "", attribute, a, b)
    elif kinds.is_rows(a) and kinds.is_rows(b):
        kind = Kind(what, group, kinds.key_of_row, kinds.name_of_row)
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
            elif not kinds.is_same(a[each], b[each]):
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
