"""What a correction opens: what was named, what a named answer makes necessary, and what a rule needs changed along with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from catalog.fields.validation import FieldProblem
from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedMaterial
from catalog.wording.problems import sentence
from matters.models import CorrectionItem, SubmittedMaterial
from portal.lib.shown import Merged, Shown

Target, Origin = CorrectionItem.Target, CorrectionItem.Origin


@dataclass(frozen=True, slots=True)
class OpenField:
    """A field the applicant may change now. ``item``: what named it; ``sentence``: what the rule says that opened it."""

    key: str
    item: CorrectionItem | None = field(default=None, compare=False)
    origin: str = Origin.NAMED
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class OpenPaper:
    """A material that may be handed in now. ``is_required``: nothing is taken without it."""

    key: str
    item: CorrectionItem | None = field(default=None, compare=False)
    origin: str = Origin.NAMED
    is_required: bool = False


def open_fields(
    plan: Plan, items: Iterable[CorrectionItem], before: Mapping[str, Any], values: Mapping[str, Any]
) -> list[OpenField]:
    """Return the fields that may be changed: those named, then what the new values bring up, whatever department asks for it.

    That is a field that shows only now, and every field of a rule that the new values break: it cannot be met by the named ones
    alone. What a decision supplies is never open.
    """
    opened = {item.key: OpenField(item.key, item) for item in items if item.target == Target.FIELD}
    was_visible, was_wrong = plan.visible(before), names_of_problems(plan, before)
    while True:
        after = {**before, **{key: values[key] for key in opened if key in values}}
        shown = plan.visible(after)
        found = [OpenField(key, origin=Origin.NECESSARY) for key in plan.fields if key in shown - was_visible]
        for problem in problems_of(plan, after, opened, was_wrong):
            about = plan.fields_of(problem)
            said = sentence(problem, label_of(plan, problem.field))
            found += [
                OpenField(key, origin=Origin.RULE, sentence=said)
                for key in plan.fields
                if key in about and key in shown
            ]
        new = {one.key: one for one in reversed(found) if one.key not in opened}
        if not new:
            return list(opened.values())
        opened |= {key: new[key] for key in plan.fields if key in new}


def merge_sent(
    plan: Plan,
    items: Iterable[CorrectionItem],
    before: Mapping[str, Any],
    sent: Mapping[str, Any],
    shown: Shown | None,
) -> Merged:
    """Return what a page that was sent makes of the open fields: only what was changed in it, told by what it had shown."""
    opened = [one.key for one in open_fields(plan, items, before, sent)]
    return (shown or Shown("", "")).merge({key: sent[key] for key in opened if key in sent}, before)


def open_papers(
    plan: Plan,
    items: Iterable[CorrectionItem],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    handed_in: Collection[str],
) -> list[OpenPaper]:
    """Return the materials that may be handed in: those named, then those that only the new values ask for.

    ``handed_in``: keys of the materials that are there. What another result or the system supplies is never asked for.
    """
    named = list({item.key: OpenPaper(item.key, item) for item in items if item.target == Target.MATERIAL}.values())
    asked_before = {material.key for material in plan.materials_for(before)}
    known = {*asked_before, *handed_in, *(paper.key for paper in named)}
    new = [material for material in plan.materials_for(after) if material.key not in known and not material.is_met]
    return named + [OpenPaper(material.key, origin=Origin.NECESSARY, is_required=material.is_owed) for material in new]


def needless_materials(plan: Plan, before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """Return the keys of the materials that the old values asked for and the new ones do not."""
    return _asked(plan.materials_for(before)) - _asked(plan.materials_for(after))


def needless_fields(plan: Plan, before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """Return the fields that hold something and that nobody asks for with the new values."""
    return set(before) & plan.visible(before) - plan.visible(after)


def handed_in(bundle_id: Any) -> set[str]:
    """Return the keys of the materials of which a bundle has a file that counts. One query."""
    papers = SubmittedMaterial.objects.filter(bundle=bundle_id, replaced_at=None)
    return set(papers.values_list("material", flat=True))


def problems_of(
    plan: Plan, values: Mapping[str, Any], opened: Collection[str], was_wrong: Collection[tuple[str, ...]]
) -> list[FieldProblem]:
    """Return what is wrong with the values and concerns a correction: anything about an open field, and anything that was not wrong before."""
    found = plan.clean(values, timezone.localdate())[1]
    return [one for one in found if _name(one) not in was_wrong or not plan.fields_of(one).isdisjoint(opened)]


def names_of_problems(plan: Plan, values: Mapping[str, Any]) -> set[tuple[str, ...]]:
    """Return what tells the problems of these values from others."""
    return {_name(one) for one in plan.clean(values, timezone.localdate())[1]}


def label_of(plan: Plan, key: str) -> str:
    """Return what a field is called on the merged form."""
    found = plan.fields.get(key)
    return found.label if found is not None else key


def _name(problem: FieldProblem) -> tuple[str, ...]:
    return (problem.field, problem.code, str(problem.params.get("item", "")), str(problem.params.get("rule", "")))


def _asked(materials: Iterable[PlannedMaterial]) -> set[str]:
    return {material.key for material in materials}
