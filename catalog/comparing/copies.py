"""What differs between copies of one matter or item: the standard, its regional implementations, and guides of other places. Pure.

A ``Copy`` says what one place states; ``compare`` lines the copies up (sub-items and papers by what they are, whatever their names) and
returns every row in which they differ, and of the others how many there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.linting.guides.facts import GuideFacts, number
from catalog.linting.guides.names import department_family, likeness, paper_core, plain, same_paper

Value = Any

FIGURES = ("materials", "days", "trips", "steps")


@dataclass(frozen=True, slots=True)
class Copy:
    """What one place states. ``kind``: standard, implementation or guide. ``items`` and ``papers``: name → element → value."""

    place: str
    kind: str
    elements: Mapping[str, Value] = field(default_factory=dict)
    items: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    papers: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report. ``part``: elements, items or papers; ``values``: one for each copy, None where it says nothing."""

    part: str
    name: str
    element: str
    values: tuple[Value, ...]

    @property
    def differs(self) -> bool:
        """Tell whether two copies that say something say different things, or a name is in some and not in others."""
        said = [value for value in self.values if value is not None]
        if self.element == "listed":
            return len(set(map(bool, self.values))) > 1
        return len({_same(value) for value in said}) > 1


@dataclass(frozen=True, slots=True)
class Comparison:
    places: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def differences(self) -> list[Row]:
        return [row for row in self.rows if row.differs]

    @property
    def agreed(self) -> int:
        """Return in how many rows at least two copies say something and all say the same."""
        return sum(not row.differs and sum(value is not None for value in row.values) > 1 for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """Return ``{places, differences: [{part, name, element, values: {place: value}}], agreed}``."""
        return {
            "places": [{"place": place, "kind": kind} for place, kind in zip(self.places, self.kinds, strict=True)],
            "differences": [
                {
                    "part": row.part,
                    "name": row.name,
                    "element": row.element,
                    "values": dict(zip(self.places, row.values, strict=True)),
                }
                for row in self.differences
            ],
            "agreed": self.agreed,
        }


def compare(copies: Sequence[Copy]) -> Comparison:
    """Return all rows over the copies, in the order of the first copy that has them."""
    rows = [
        Row("elements", "", element, tuple(copy.elements.get(element) for copy in copies))
        for element in dict.fromkeys(name for copy in copies for name in copy.elements)
    ]
    for part, alike in (("items", _same_item), ("papers", same_paper)):
        held = [getattr(copy, part) for copy in copies]
        for names in _aligned(held, alike):
            name = next(each for each in names if each is not None)
            found = [of[each] if each is not None else None for of, each in zip(held, names, strict=True)]
            known = [bool(of) for of in held]
            listed = tuple(
                (each is not None) if is_known else None for each, is_known in zip(found, known, strict=True)
            )
            rows.append(Row(part, name, "listed", listed))
            for element in dict.fromkeys(key for each in found if each for key in each):
                rows.append(Row(part, name, element, tuple(each.get(element) if each else None for each in found)))
    return Comparison(tuple(copy.place for copy in copies), tuple(copy.kind for copy in copies), tuple(rows))


def copy_of_guide(guide: GuideFacts) -> Copy:
    """Return what a guide of another place states."""
    raw = guide.raw
    elements: dict[str, Value] = {}
    if guide.is_item:
        fee = raw.get("fee")
        elements = {
            "statutory_limit_days": number(raw.get("legal_days")),
            "promised_limit_days": number(raw.get("promised_days")),
            "visits": number(raw.get("visits")),
            "department": department_family(str(raw.get("department") or "")) or None,
            "item_type": raw.get("item_type"),
            "result": raw.get("result"),
            "fees": fee.get("charged") if isinstance(fee, Mapping) else None,
        }
    else:
        for metric in FIGURES:
            before, after = guide.declared[metric]
            elements[f"{metric}_before"], elements[f"{metric}_after"] = before, after
        elements["completed_limit"] = guide.completed_limit
        elements["department"] = department_family(guide.lead_department) or None
        elements["departments"] = sorted({department_family(each) for each in guide.cooperating or ()}) or None
        elements["item_count"] = len(guide.sub_items) if guide.sub_items is not None else None
        elements["paper_count"] = len(guide.papers) if guide.papers is not None else None
    return Copy(
        place=guide.region_name or str(raw.get("organization") or guide.key),
        kind="guide",
        elements=elements,
        items={
            each.title: {
                "promised_limit_days": each.days,
                "department": department_family(each.department) if each.department else None,
            }
            for each in guide.sub_items or ()
        },
        papers={
            paper.name: {
                "necessity": paper.necessity or None,
                "exempt": (paper.exempt != "none") if paper.exempt else None,
                "form": paper.form or None,
            }
            for paper in guide.papers or ()
        },
    )


def _same(value: Value) -> str:
    if isinstance(value, str):
        return plain(value)
    return repr(value)


def _same_item(one: str, other: str) -> bool:
    first, second = plain(one), plain(other)
    return first == second or paper_core(one) == paper_core(other) or likeness(first, second) >= 0.6


def _aligned(held: Sequence[Mapping[str, Any]], alike: Any) -> list[list[str | None]]:
    """Return groups of names that mean the same, one name or None for each copy; a name is in one group only."""
    groups: list[list[str | None]] = []
    for place, names in enumerate(held):
        for name in names:
            group = _group_of(groups, place, name, alike)
            if group is None:
                group = [None] * len(held)
                groups.append(group)
            group[place] = name
    return groups


def _group_of(groups: list[list[str | None]], place: int, name: str, alike: Any) -> list[str | None] | None:
    free = [group for group in groups if group[place] is None]
    exact = [group for group in free if name in group]
    near = [group for group in free if any(other is not None and alike(name, other) for other in group)]
    return next(iter([*exact, *near]), None)
