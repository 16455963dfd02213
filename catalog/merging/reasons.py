"""Why a plan asks for something: who needs it, for what, and which answers led there. Pure.

"用于…；因为您选择了…" is said from these values (``catalog.wording.problems``). The grounds are those of the departments' own conditions as they were
published, so that a fact asked by three departments may have three reasons.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalog.definitions import Rule
from catalog.definitions.naming import split_instance
from catalog.merging.plan import Plan
from catalog.merging.planned import PlannedField, PlannedItem, PlannedMaterial, Reason
from catalog.merging.selection import grounds_of, reasons_from
from catalog.rules.language import variables

__all__ = ["Why", "answers_behind", "why_field", "why_item", "why_material"]


@dataclass(frozen=True, slots=True)
class Why:
    """One item's reason to ask. ``purpose``: what for, in the department's words; empty where it does not say.

    ``answers``: the guide answers that led there, in the order of the questions' conditions. ``fields``: keys of the form's fields it also depends on.
    """

    item: str
    department: str
    purpose: str
    answers: tuple[Reason, ...]
    fields: tuple[str, ...]


def answers_behind(plan: Plan, rules: Iterable[Rule]) -> tuple[Reason, ...]:
    """Return the given answers that made these conditions come out as they did, each question once."""
    return reasons_from(grounds_of(list(rules), plan.answers), plan.matter.questions)


def why_field(plan: Plan, field: PlannedField) -> tuple[Why, ...]:
    """Return why each item asks for a field of the merged form, in the items' order."""
    return tuple(
        Why(
            asker.slug,
            asker.department,
            asker.reason,
            _of_instance(plan, asker.item, field.role, field.instance, _line_condition(plan, asker.slug, asker.code)),
            _fields_read(plan, asker.condition),
        )
        for asker in field.asked_by
    )


def why_material(plan: Plan, material: PlannedMaterial) -> tuple[Why, ...]:
    """Return why each item asks for a paper, in the items' order."""
    return tuple(
        Why(
            asker.slug,
            asker.department,
            asker.need.reason,
            _of_instance(
                plan, asker.item, material.role, material.instance, _need_condition(plan, asker.slug, material.code)
            ),
            _fields_read(plan, asker.need.condition),
        )
        for asker in material.asked_by
    )


def why_item(plan: Plan, item: PlannedItem) -> tuple[Reason, ...]:
    """Return the answers that brought an item into the plan, its repetition (twins) included."""
    found = {reason.question: reason for reason in item.reasons}
    found.update((reason.question, reason) for reason in _repetition(plan, item.role, item.instance))
    return tuple(found.values())


def _of_instance(plan: Plan, item_key: str, role: str, instance: int, condition: Rule) -> tuple[Reason, ...]:
    """Return the reasons of the item itself, of the line or need, and of the second and third person of a role."""
    found: dict[str, Reason] = {}
    for reason in (
        *plan.item(item_key).reasons,
        *answers_behind(plan, [condition]),
        *_repetition(plan, role, instance),
    ):
        found.setdefault(reason.question, reason)
    return tuple(found.values())


def _repetition(plan: Plan, role: str, instance: int) -> tuple[Reason, ...]:
    if instance < 2:
        return ()
    return answers_behind(plan, [each.count for each in plan.matter.roles if each.key == role])


def _line_condition(plan: Plan, slug: str, code: str) -> Rule:
    plain, _instance = split_instance(code)
    return next((line.condition for line in plan.matter.items[slug].lines if line.code in (code, plain)), None)


def _need_condition(plan: Plan, slug: str, material: str) -> Rule:
    needs = plan.matter.items[slug].materials
    return next((need.condition for need in needs if need.material == material), None)


def _fields_read(plan: Plan, condition: Any) -> tuple[str, ...]:
    return tuple(key for key in sorted(variables(condition)) if key in plan.fields)
