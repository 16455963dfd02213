"""The catalog's public pages: the zone of matters and the guide of one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from catalog.guide import Guide
from catalog.matter_zone import zone
from catalog.models import Matter
from catalog.plans import CompiledMatter
from catalog.versions import NotPublished, compiled, current_version


def matter_list(request: HttpRequest) -> HttpResponse:
    """Show the matters by life stage, of persons or of organisations. Cost: one query."""
    subject = request.GET.get("subject", "")
    if subject not in Matter.Subject.values:
        subject = ""
    return render(request, "catalog/matter_list.html", {"zone": zone(subject), "subject": subject})


def matter(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the guide of a matter; the query string may hold answers to its guide questions. Cost: one query."""
    try:
        version = current_version(slug)
    except NotPublished as refusal:
        raise Http404(str(refusal)) from None
    plan = compiled(version.pk)
    guide = Guide(plan, read_answers(plan, request.GET))
    critical = {guide.plan.item(key).slug for key in guide.plan.critical_path}
    return render(request, "catalog/matter.html", {"guide": guide, "version": version, "critical": critical})


def read_answers(plan: CompiledMatter, given: QueryDict) -> dict[str, Any]:
    """Return the answers a form sent, in the shape of ``CompiledMatter.clean_answers``; what is not a question is left out."""
    answers: dict[str, Any] = {}
    for question in plan.questions:
        values = [value for value in given.getlist(question.key) if value]
        if question.multiple:
            if question.key in given:
                answers[question.key] = values
        elif values and question.options:
            answers[question.key] = values[0]
        elif values and values[0].isdecimal() and len(values[0]) < 6:
            answers[question.key] = int(values[0])
    return answers
