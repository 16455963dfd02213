"""What a return for correction names, in words: which field or paper, of which department, why, since when, until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from catalog.merging.compiled import Plan
from catalog.wording.papers import paper_name
from catalog.wording.translating import translator_for
from matters.cases.department_view import plan_of
from matters.models import Bundle, CorrectionItem, CorrectionRequest, DeficiencyKind
from matters.wording.states import day


@dataclass(frozen=True, slots=True)
class NamedGap:
    """``kind``: field or paper, in words; ``name``: what it is called; ``reason``: what the department wrote; ``fault``: what is wrong in a word,
    where the department chose one."""

    kind: str
    name: str
    reason: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class NamedGaps:
    """One return for correction as people read it."""

    department: str
    since: datetime
    until: date | None
    gaps: tuple[NamedGap, ...]

    @property
    def term(self) -> str:
        """Say who asks since when, and until when to answer."""
        words = {"department": self.department, "since": day(self.since)}
        if self.until is None:
            return _("%(department)s%(since)s提出，没有规定截止日期；补正后接着办。") % words
        return _("%(department)s%(since)s提出，请在%(until)s前补正。") % {**words, "until": day(self.until)}


def named_gaps(bundle: Bundle, request: CorrectionRequest) -> NamedGaps:
    """Return what a request names. ``request`` brings its sub-item with the department; its items are one query unless prefetched."""
    translate = translator_for(bundle.matter_version_id)
    request.sub_item.bundle = bundle
    named = sorted(
        (item for item in request.items.all() if item.origin == CorrectionItem.Origin.NAMED), key=lambda item: item.pk
    )
    names = names_of(plan_of(bundle), named)
    return NamedGaps(
        translate(request.sub_item.office.name),
        request.told_at or request.requested_at,
        request.answer_by,
        tuple(
            NamedGap(str(item.get_target_display()), name, item.reason, _fault(item))
            for item, name in zip(named, names, strict=True)
        ),
    )


def _fault(item: CorrectionItem) -> str:
    return "" if item.kind == DeficiencyKind.OTHER else str(item.get_kind_display())


def names_of(plan: Plan, items: Iterable[CorrectionItem]) -> list[str]:
    """Return what each field or paper is called, in the reader's language."""
    translate = translator_for(plan.matter)
    papers = {material.key: material for material in plan.materials}
    found = []
    for item in items:
        if item.target == CorrectionItem.Target.MATERIAL and item.key in papers:
            found.append(paper_name(plan, papers[item.key], translate))
        elif item.key in plan.fields:
            found.append(translate(plan.fields[item.key].label))
        else:
            found.append(str(item.get_target_display()))
    return found
