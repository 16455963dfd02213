"""What the page of a correction shows: the fields and papers that are open, with why, as they stand now and as they were typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.fields.constraints import is_anywhere
from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedField
from catalog.wording.papers import paper_name
from catalog.wording.translating import translator_for
from matters.cases.answers_in_words import division_choices
from matters.cases.department_view import plan_of
from matters.core.states import State
from matters.drafts.uploads import accept_attribute, accepted_types, format_names
from matters.form_page.fields import place_attributes
from matters.models import Bundle, CorrectionItem, CorrectionRequest, DeficiencyKind, SubItem, SubmittedMaterial
from matters.models.querysets import PAGE_ORDER
from matters.reviewing.amending import own_fields
from matters.reviewing.open_parts import (
    OpenField,
    OpenPaper,
    handed_in,
    needless_fields,
    needless_materials,
    open_fields,
    open_papers,
)
from matters.wording.sub_items import sub_item_name
from matters.wording.values import value_in_words


@dataclass(frozen=True, slots=True)
class DepartmentReason:
    """DepartmentReason one department asks for something: its name, the kind in words, what it wrote."""

    department: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """A field or material that may be changed, with why, what stands there now, and what is wrong with it.

    ``reasons``: of each department, where several are answered at once. ``note``: what happened to it elsewhere. ``follows``: it is open only because of another answer. ``types``: the content types that a
    material is taken in.
    """

    name: str
    id: str
    label: str
    reason: str
    problem: str
    field: PlannedField | None = None
    value: Any = None
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    papers: tuple[SubmittedMaterial, ...] = ()
    note: str = ""
    follows: bool = False
    reasons: tuple[DepartmentReason, ...] = ()
    types: tuple[str, ...] = ()

    @property
    def accept(self) -> str:
        """What its file controls offer."""
        return accept_attribute(self.types)

    @property
    def formats(self) -> str:
        """What it is taken in, in words."""
        return format_names(self.types)

    @property
    def stand(self) -> str:
        """The ids of its files as they are stored: what a page that was left open tells from what it put."""
        return ",".join(
            str(paper.pk) for paper in sorted(self.papers, key=lambda one: (one.place, one.uploaded_at, one.pk))
        )

    @property
    def place(self) -> dict[str, str]:
        """What the control of a division of the whole country carries besides; nothing for other fields."""
        field = self.field
        return place_attributes() if field is not None and is_anywhere(field.type, field.constraints) else {}

    @property
    def typed(self) -> str:
        """What stands in a line: a division by its name."""
        return value_in_words(self.value, "division") if self.place else "" if self.value is None else str(self.value)

    @property
    def key(self) -> str:
        """The key of the field or material itself."""
        return self.name.removeprefix("material:")


def decided_notes(bundle: Bundle) -> dict[str, str]:
    """Return what is told beforehand at a field that an approved part rests on: a change of it goes there first. One query."""
    plan, translate = plan_of(bundle), translator_for(bundle.matter_version_id)
    notes: dict[str, str] = {}
    for part in (
        SubItem.objects.filter(bundle=bundle, state=State.APPROVED).select_related("department").order_by("number")
    ):
        part.bundle = bundle
        note = _("这一项已经用在办好的“%(item)s”里。改了以后，先由%(department)s核对，再接着办。") % {
            "item": sub_item_name(part, translate),
            "department": translate(part.office.name),
        }
        notes = {**dict.fromkeys(own_fields(plan, part.key), note), **notes}  # the first that decided on it is named
    return notes


def asking(bundle: Bundle, together: Iterable[CorrectionRequest]) -> list[tuple[str, str]]:
    """Return who asks, and for which item: (department, item), in the order in which they asked."""
    translate = translator_for(bundle.matter_version_id)
    found = []
    for one in together:
        one.sub_item.bundle = bundle
        found.append((translate(one.sub_item.office.name), sub_item_name(one.sub_item, translate)))
    return found


def reasons_of(
    bundle: Bundle, together: Sequence[CorrectionRequest], items: Iterable[CorrectionItem]
) -> dict[tuple[str, str], tuple[DepartmentReason, ...]]:
    """Return what each department says of a field or paper, by target and key; nothing where one department asks alone."""
    if len(together) < 2:
        return {}
    translate = translator_for(bundle.matter_version_id)
    office = {one.pk: translate(one.sub_item.office.name) for one in together}
    found: dict[tuple[str, str], tuple[DepartmentReason, ...]] = {}
    for item in items:
        kind = "" if item.kind == DeficiencyKind.OTHER else str(item.get_kind_display())
        place = (item.target, item.key)
        found[place] = (*found.get(place, ()), DepartmentReason(office[item.request_id], kind, item.reason))
    return found


def open_entries(
    bundle: Bundle,
    items: list[CorrectionItem],
    before: Mapping[str, Any],
    typed: Mapping[str, Any],
    problems: Mapping[str, str],
    notes: Mapping[str, str],
    orders: Mapping[str, Sequence[str]],
    reasons: Mapping[tuple[str, str], tuple[DepartmentReason, ...]],
) -> list[OpenEntry]:
    """Return what is open, fields first. ``orders``: paper → the ids of its files as this page has put them."""
    plan, translate = plan_of(bundle), translator_for(bundle.matter_version_id)
    entries = []
    for place, one in enumerate(open_fields(plan, items, before, typed), start=1):
        field = plan.fields[one.key]
        entries.append(
            OpenEntry(
                name=one.key,
                id=f"entry-{place}",
                label=translate(field.label),
                reason=_reason(one, translate, is_told=one.key in problems),
                problem=problems.get(one.key, ""),
                field=field,
                value=typed.get(one.key, before.get(one.key)),
                choices=_choices(field, translate),
                unit=translate(field.unit),
                note=notes.get(one.key, ""),
                follows=one.item is None,
                reasons=reasons.get((CorrectionItem.Target.FIELD, one.key), ()),
            )
        )
    materials = {material.key: material for material in plan.materials}
    after = _after(plan, items, before, typed)
    for place, paper in enumerate(open_papers(plan, items, before, after, handed_in(bundle.pk)), start=1):
        papers = SubmittedMaterial.objects.filter(bundle=bundle, material=paper.key, replaced_at=None)
        name = f"material:{paper.key}"
        material = materials.get(paper.key)
        entries.append(
            OpenEntry(
                name=name,
                id=f"paper-{place}",
                label=paper_name(plan, material, translate) if material is not None else paper.key,
                reason=paper.item.reason if paper.item is not None else _paper_reason(paper),
                problem=problems.get(name, ""),
                papers=_as_put(papers.order_by(*PAGE_ORDER), orders.get(paper.key, ())),
                follows=paper.item is None,
                reasons=reasons.get((CorrectionItem.Target.MATERIAL, paper.key), ()),
                types=accepted_types(material.accept if material is not None else ()),
            )
        )
    return entries


def _as_put(papers: Iterable[SubmittedMaterial], order: Sequence[str]) -> tuple[SubmittedMaterial, ...]:
    rank = {key: at for at, key in enumerate(order)}
    return tuple(sorted(papers, key=lambda paper: rank.get(str(paper.pk), len(rank))))


def _after(
    plan: Plan, items: list[CorrectionItem], before: Mapping[str, Any], typed: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the form's values as they would be with what was typed, as far as it is of its type."""
    opened = [one.key for one in open_fields(plan, items, before, typed)]
    return plan.clean({**before, **{key: typed[key] for key in opened if key in typed}}, timezone.localdate())[0]


def needless_names(
    bundle: Bundle, items: list[CorrectionItem], before: Mapping[str, Any], typed: Mapping[str, Any]
) -> list[str]:
    """Return the names of the fields and papers that what was typed makes needless."""
    plan, translate = plan_of(bundle), translator_for(bundle.matter_version_id)
    after = _after(plan, items, before, typed)
    fields = needless_fields(plan, before, after)
    papers = needless_materials(plan, before, after) & handed_in(bundle.pk)
    return [translate(field.label) for key, field in plan.fields.items() if key in fields] + [
        paper_name(plan, material, translate) for material in plan.materials if material.key in papers
    ]


def _paper_reason(paper: OpenPaper) -> str:
    if paper.is_required:
        return _("因为上面的内容改了，需要交这份材料。")
    return _("因为上面的内容改了，有这份材料的，可以一起交。")


def _reason(one: OpenField, translate: Any, *, is_told: bool) -> str:
    if one.item is not None:
        return one.item.reason
    if one.origin == CorrectionItem.Origin.RULE:
        if is_told:  # the rule's sentence stands there as what is wrong
            return _("这一项也可以改。")
        return _("%(sentence)s 需要时，这一项也可以改。") % {"sentence": _ended(translate(one.sentence))}
    return _("因为上面的内容改了，需要补填这一项。")


def _ended(sentence: str) -> str:
    """Return a sentence with its full stop; a rule's message in the catalog has none."""
    return (
        sentence
        if sentence.endswith(("。", "？", "！", ".", "?", "!"))
        else sentence + pgettext("end of a sentence", "。")
    )


def _choices(field: PlannedField, translate: Any) -> tuple[tuple[str, str], ...]:
    if field.type == "boolean":
        return (("true", pgettext("answer", "是")), ("false", pgettext("answer", "否")))
    if is_anywhere(field.type, field.constraints):
        return ()
    if field.type == "division" and not field.options:
        return division_choices()
    return tuple((option.value, translate(option.label)) for option in field.options)
