"""The field × department table of a guide: each fact once, who gets it, what they call it, and why they ask."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.guides.situation import Situation
from catalog.merging.planned import PlannedField
from catalog.merging.reasons import why_field
from catalog.wording.problems import why_asked


@dataclass(frozen=True)
class MatrixCell:
    """What one department calls a field in its own form; no labels: it is not told."""

    department: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class MatrixRow:
    """A field of the merged form: what is known of it, a cell for each department, and the sentence that says why."""

    label: str
    known: str
    cells: tuple[MatrixCell, ...]
    why: str


def matrix(situation: Situation) -> list[tuple[str, list[MatrixRow]]]:
    """Return the table by section; of repeated persons only the first, since the others are asked the same."""
    codes = list(dict.fromkeys(item.department for item in situation.plan.items))
    sections = []
    for section in situation.plan.sections:
        rows = [_row(situation, field, codes) for field in section.fields if "#" not in field.key]
        if rows and section.instance == 1:
            sections.append((situation.translate(section.title), rows))
    return sections


def known_from(situation: Situation, field: PlannedField) -> str:
    """Return where the answer to a field comes from, where the applicant need not type it; else empty."""
    if field.supplied_by:
        item = situation.short_name(situation.plan.item(field.supplied_by.item).slug)
        return _("%(item)s办好后自动带出") % {"item": item}
    source, _colon, reference = field.known_from.partition(":")
    if source == "profile":
        return _("您的账户带出")
    if source == "shared":
        department = situation.matter.content["departments"].get(reference, {}).get("short_name", "")
        return _("%(department)s共享带出") % {"department": situation.translate(department) or _("部门")}
    if source == "certificate":
        return _("电子证照带出")
    return ""


def _row(situation: Situation, field: PlannedField, codes: list[str]) -> MatrixRow:
    names = situation.matter.content["departments"]
    cells = tuple(
        MatrixCell(
            situation.translate(names[code]["short_name"]),
            tuple(
                dict.fromkeys(situation.translate(asker.label) for asker in field.asked_by if asker.department == code)
            ),
        )
        for code in codes
    )
    return MatrixRow(
        situation.translate(field.label),
        known_from(situation, field),
        cells,
        why_asked(
            why_field(situation.plan, field), situation.short_name, situation.translate, assumed=situation.is_assumed
        ),
    )
