"""The figures of a matter in one situation: computed, never typed, each with the lists that explain it. Pure.

*Before* is every item applied for alone, one after the other; *after* is this plan.

``forms``       forms to fill in: one per item that has lines; after: the merged one
``fields``      lines of all forms; after: fields the applicant still types (``asked``)
``materials``   papers of all items; after: papers handed in. ``exempt``: by which way the others are exempt
``steps``       办理环节 of all items; after: the one application
``visits``      times at a counter; after: within the matter. ``unknown``: the items of which that is not published
``days``        working days: the sum of the promised limits; after: the longest path. ``unknown``: the items whose limit is not known; where
                there are any, both numbers are the least it takes (``at_least``), of visits as of days
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from catalog.merging.parts import PlanParts


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. The lists hold keys: of items, of fields, of papers, or (name, number) pairs that add up to the figure."""

    before: int
    after: int
    before_list: tuple[Any, ...]
    after_list: tuple[Any, ...]
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    forms: Figure
    fields: Figure
    materials: Figure
    steps: Figure
    visits: Figure
    days: Figure

    def to_json(self) -> dict[str, Any]:
        """Return {name: {before, after, before_list, after_list, …}}; ``fields`` adds total, asked, known and known_list, ``materials``
        total and exempt {kind: [keys]}, ``visits`` and ``days`` at_least and unknown [keys]."""
        return {
            name: {
                "before": figure.before,
                "after": figure.after,
                "before_list": [list(each) if isinstance(each, tuple) else each for each in figure.before_list],
                "after_list": [list(each) if isinstance(each, tuple) else each for each in figure.after_list],
                **figure.more,
            }
            for name in ("forms", "fields", "materials", "steps", "visits", "days")
            for figure in (getattr(self, name),)
        }


def compute(plan: PlanParts) -> Figures:
    """Return the figures of a plan, over all its possible lines and papers (conditions that read the form count as met)."""
    programs = plan.programs
    forms = tuple(key for key, program in programs.items() if program.placed)
    return Figures(
        forms=Figure(len(forms), min(len(forms), 1), forms, (plan.matter.slug,) if forms else ()),
        fields=_fields(plan),
        materials=_materials(plan),
        steps=_sums(
            {key: program.instance.item.steps for key, program in programs.items()},
            {plan.matter.slug: 1} if programs else {},
        ),
        visits=_visits(
            {key: program.instance.item.visits for key, program in programs.items()},
            {key: program.instance.item.visits_together for key, program in programs.items()},
        ),
        days=_days(plan),
    )


def _sums(before: Mapping[str, int], after: Mapping[str, int]) -> Figure:
    return Figure(sum(before.values()), sum(after.values()), tuple(before.items()), tuple(after.items()))


def _visits(before: Mapping[str, int | None], after: Mapping[str, int | None]) -> Figure:
    known = [{key: times for key, times in each.items() if times is not None} for each in (before, after)]
    unknown = [key for key, times in after.items() if times is None]
    return replace(_sums(*known), more={"at_least": bool(unknown), "unknown": unknown})


def _days(plan: PlanParts) -> Figure:
    known = {item.key: item.working_days for item in plan.items if item.working_days is not None}
    after = {key: known[key] for key in plan.critical_path if key in known}
    more = {"at_least": bool(plan.unknown_limits), "unknown": list(plan.unknown_limits)}
    return Figure(sum(known.values()), sum(after.values()), tuple(known.items()), tuple(after.items()), more)


def _fields(plan: PlanParts) -> Figure:
    lines = tuple((key, each.code) for key, program in plan.programs.items() for each in program.placed)
    known = [
        key for key, field in plan.fields.items() if field.supplied_by or (field.known_from and field.reuse != "ask")
    ]
    asked = tuple(key for key in plan.fields if key not in known)
    more = {"total": len(plan.fields), "asked": len(asked), "known": len(known), "known_list": known}
    return Figure(len(lines), len(asked), lines, asked, more)


def _materials(plan: PlanParts) -> Figure:
    before = tuple((asker.item, material.key) for material in plan.materials for asker in material.asked_by)
    exempt: dict[str, list[str]] = {}
    for material in plan.materials:
        if material.exemption is not None:
            exempt.setdefault(material.exemption.kind, []).append(material.key)
    asked = tuple(material.key for material in plan.materials if material.exemption is None)
    return Figure(len(before), len(asked), before, asked, {"total": len(plan.materials), "exempt": exempt})
