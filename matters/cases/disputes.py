"""Disputed facts as they are shown: to their person with the state of the request, to a reviewer with a mark."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from matters.models import Bundle, FactDispute
from portal.accounts.models import Organisation, Person
from portal.accounts.own_file.parts import FileAct, FileLine, FilePart, FileSubject


def mark_disputes(subject: FileSubject, parts: list[FilePart]) -> list[FilePart]:
    """Return the parts of a file with what was said against their facts, and the way to say so. One query, none without such facts.

    For an organisation speak those who manage it (`FileSubject.is_whole`).
    """
    if not subject.is_whole or not any(line.owner for part in parts for line in part.lines):
        return parts
    latest: dict[str, FactDispute] = {}
    said = said_of(subject.person, subject.organisation).select_related("department")
    for each in said.order_by("-id")[:200]:
        latest.setdefault(each.fact, each)
    return [replace(part, lines=[_marked(line, latest.get(line.fact)) for line in part.lines]) for part in parts]


def _marked(line: FileLine, dispute: FactDispute | None) -> FileLine:
    if not line.owner:
        return line
    if dispute is not None and not dispute.outcome:
        return replace(line, state=_("有异议"), tone="a", note=_state(dispute))
    act = FileAct(_("这条不对"), f"{reverse('matters:dispute')}?{urlencode({'fact': line.fact})}")
    note = "\n".join(each for each in (line.note, _state(dispute) if dispute is not None else "") if each)
    return replace(line, acts=(*line.acts, act), note=note)


def _state(dispute: FactDispute) -> str:
    words = {
        "opened": date_format(timezone.localtime(dispute.opened_at), "SHORT_DATE_FORMAT"),
        "due": date_format(dispute.due_on, "SHORT_DATE_FORMAT"),
        "department": dispute.department.name,
        "answer": dispute.answer,
    }
    if dispute.outcome:
        words["answered"] = date_format(timezone.localtime(dispute.answered_at), "SHORT_DATE_FORMAT")
        if dispute.outcome == FactDispute.Outcome.CORRECTED:
            return _("%(answered)s %(department)s答复您 %(opened)s 的请求：已更正。%(answer)s") % words
        return _("%(answered)s %(department)s答复您 %(opened)s 的请求：没有更正。%(answer)s") % words
    if dispute.due_on < timezone.localdate():
        return _("您 %(opened)s 提出，%(department)s应在 %(due)s 前答复，已超过期限，督办人员看得到。") % words
    return _("您 %(opened)s 提出，%(department)s应在 %(due)s 前答复。") % words


def said_of(person: Person, organisation: Organisation | None) -> QuerySet[FactDispute]:
    """Return what was said against facts of an organisation, whoever of its people said it; without one, of a person."""
    if organisation is not None:
        return FactDispute.objects.filter(organisation=organisation)
    return FactDispute.objects.filter(person=person, organisation=None)


def disputed_facts(bundle: Bundle, facts: Collection[str]) -> set[str]:
    """Return which of these facts whom a bundle is for disputes now. One query, none without facts."""
    if not facts:
        return set()
    found = said_of(bundle.applicant, bundle.organisation).filter(outcome="", fact__in=list(facts))
    return set(found.values_list("fact", flat=True))
