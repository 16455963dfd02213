"""What a source answered about a paper that was handed in all the same: laid beside the upload for the reviewer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedMaterial
from matters.core.inquiries import is_about_others, paper_inquiries
from matters.models import Bundle
from matters.wording.substitutes import TOLD
from portal.accounts.people import document_number
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.fetching import readable_fetches, subject_index
from portal.sharing.models import Fetch, FetchOutcome


@dataclass(frozen=True, slots=True)
class AnswerBeside:
    """What a source said of a paper: a sentence with its moment, whether it is otherwise than the form, and what it told."""

    sentence: str
    is_otherwise: bool
    told: list[tuple[str, str]] = field(default_factory=list, repr=False)


def answers_beside(
    bundle: Bundle,
    plan: Plan,
    handed_in: Iterable[PlannedMaterial],
    item: str,
    values: Mapping[str, Any],
    translate: Callable[[str], str],
) -> dict[str, AnswerBeside]:
    """Return paper → the latest answer about it, in force for this item. None where nobody could be asked; else one query and,
    where somebody answered, one for the applicant."""
    asked = [paper for paper in handed_in if any(way.kind == "shared_data" for way in paper.alternatives)]
    fetches = readable_fetches(bundle.idempotency_key) if asked else []
    fetches = [each for each in fetches if each.outcome in (FetchOutcome.FOUND, FetchOutcome.NOT_FOUND)]
    if not fetches:
        return {}
    person = bundle.applicant
    applicant = DataSubject(person.document_kind, document_number(person), person.name)
    codes = {paper.key: paper.code for paper in asked}
    found: dict[str, AnswerBeside] = {}
    for inquiry in paper_inquiries(plan, asked, values, applicant):
        subjects = {subject_index(each) for each in (inquiry.person, inquiry.organisation) if each is not None}
        for fetch in fetches:
            is_about = inquiry.asked in fetch.asked and fetch.subject_index in subjects
            if is_about and fetch.source.department.code == inquiry.department and item in fetch.items:
                beside = _said(fetch, inquiry.asked, codes[inquiry.key], plan, values, translate)
                found.setdefault(inquiry.key, beside)
    return found


def _said(
    fetch: Fetch, asked: str, code: str, plan: Plan, values: Mapping[str, Any], translate: Callable[[str], str]
) -> AnswerBeside:
    words = {
        "department": translate(fetch.source.department.name),
        "at": date_format(timezone.localtime(fetch.asked_at), "Y-m-d H:i"),
    }
    if asked not in fetch.found:
        return AnswerBeside(_("%(department)s没有查到这份材料，%(at)s。请核对上传的。") % words, True)
    if is_about_others(plan, fetch.answer.get("elements", {}), values):
        return AnswerBeside(_("%(department)s查到的与申请表不一致，%(at)s。请核对上传的。") % words, True)
    told = fetch.answer.get("documents", {}).get(code, {})
    lines = [(str(TOLD[name]), str(value)) for name, value in told.items() if name in TOLD and value not in (None, "")]
    return AnswerBeside(_("%(department)s也查到了这份材料，%(at)s。") % words, False, lines)
