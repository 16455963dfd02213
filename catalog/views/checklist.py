"""The guide questions one at a time, the personal checklist they lead to, and the checklist as a document."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.guides.answers import Given, division_of, given_answers, query_of
from catalog.guides.checklist import Checklist
from catalog.guides.matter import Guide
from catalog.guides.notice import notice_number, printed_notice
from catalog.guides.questions import answered, ask, hidden_answers, is_complete, next_question, progress, step_back
from catalog.merging.compiled import CompiledMatter
from catalog.merging.estimating import SECONDS
from catalog.models import Matter, MatterVersion
from catalog.versions.matters import NotPublished, compiled, guide_version
from catalog.wording.translating import translator_for
from portal.lib.qr import code_of
from portal.lib.throttling import is_too_fast

# A checklist's own address is far shorter; what is longer was not made by us.
LONGEST_QUERY = 2_000
PRINTS_A_MINUTE = 20


@require_safe
def situation(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the next guide question; the answers so far are in the query string. Complete: on to the checklist. Cost: one query."""
    version = _version(request, slug)
    matter = compiled(version.pk)
    given = given_answers(matter, request.GET)
    stops = matter.plan_for(given.answers).stops
    question = next_question(matter, given, request.GET.get("change", ""))
    if question is None and not stops:
        return redirect(
            f"{reverse('catalog:checklist', args=[slug])}?{query_of(matter, given.answers, division=given.division)}"
        )
    return _question_page(request, version, given)


@require_safe
def checklist(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the personal checklist of complete answers; what is missing or wrong is asked first. Cost: one query."""
    version = _version(request, slug)
    matter = compiled(version.pk)
    given = given_answers(matter, request.GET)
    if not is_complete(matter, given) or matter.plan_for(given.answers).stops:
        return _question_page(request, version, given)
    shown = Checklist(Guide(matter, given.answers, is_open=_is_open(version)))
    query = query_of(matter, given.answers, division=given.division)
    address = f"{settings.YIJIAN_PUBLIC_URL}{reverse('catalog:checklist', args=[slug])}?{query}"
    context = {
        "checklist": shown,
        "guide": shown.guide,
        "version": version,
        "is_open": _is_open(version),
        "query": query,
        "address": address,
        "code": code_of(address),
        "notes": given.notes,
        "seconds": SECONDS,
    }
    return render(request, "catalog/questions/checklist.html", context)


@require_safe
def checklist_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the checklist as 一次性告知书 (PDF). Drawn once for each content and day; about half a second then."""
    version = _version(request, slug)
    if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
        return _refused(request, version, _("这个链接太长，不是本站给出的。请回到指南重新回答几个问题。"), 414)
    matter = compiled(version.pk)
    given = given_answers(matter, request.GET)
    if given.refused:
        return _question_page(request, version, given)
    if not is_complete(matter, given) or matter.plan_for(given.answers).stops:
        return redirect(
            f"{reverse('catalog:situation', args=[slug])}?{query_of(matter, given.answers, given.seen, division=given.division)}"
        )
    if is_too_fast(request, "catalog:notice", PRINTS_A_MINUTE):
        return _refused(request, version, _("打开得太快了，请过一分钟再试。"), 429)
    today = timezone.localdate()
    guide = Guide(matter, given.answers, is_open=_is_open(version))
    address = f"{settings.YIJIAN_PUBLIC_URL}{reverse('catalog:checklist', args=[slug])}?{query_of(matter, given.answers, division=given.division)}"
    content = printed_notice(Checklist(guide), version, address=address, today=today)
    response = HttpResponse(content, content_type="application/pdf")
    number = notice_number(version, given.answers, today)
    response["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response


def _version(request: HttpRequest, slug: str) -> MatterVersion:
    try:
        return guide_version(slug, division_of(request.GET))
    except NotPublished as refusal:
        raise Http404(str(refusal)) from None


def _is_open(version: MatterVersion) -> bool:
    return version.status == Matter.Status.OPEN


def _question_page(request: HttpRequest, version: MatterVersion, given: Given) -> HttpResponse:
    matter = compiled(version.pk)
    translate = translator_for(matter)
    stops = [translate(stop.sentence) for stop in matter.plan_for(given.answers).stops]
    question = next_question(matter, given, request.GET.get("change", ""))
    if stops and "change" not in request.GET:
        question = None
    error = "" if question is None else _error(request, matter, given, question.key)
    context = {
        "matter": matter,
        "matter_name": translate(matter.name),
        "is_open": _is_open(version),
        "question": question and ask(question, given.answers.get(question.key), translate, spell_out=True),
        "progress": question and progress(matter, question, given),
        "hidden": [] if question is None else hidden_answers(matter, given, question),
        "back": "" if question is None else step_back(matter, question, given),
        "answered": [each for each in answered(matter, given) if question is None or each.key != question.key],
        "stops": stops,
        "notes": given.notes,
        "error": error,
    }
    is_wrong = bool(error or given.refused)
    return render(request, "catalog/questions/situation.html", context, status=422 if is_wrong else 200)


def _error(request: HttpRequest, matter: CompiledMatter, given: Given, key: str) -> str:
    """Return what is wrong with the question on the page: a wrong answer, or none although it was sent."""
    if key in given.refused:
        return given.refused[key]
    if request.GET.get("asked") == key and key not in given.answers and "change" not in request.GET:
        return _("请先选一个回答，再点下一步。")
    return ""


def _refused(request: HttpRequest, version: MatterVersion, sentence: str, status: int) -> HttpResponse:
    name = translator_for(compiled(version.pk))(version.name or "")
    context = {"sentence": sentence, "slug": version.matter.slug, "matter_name": name}
    return render(request, "catalog/questions/refused.html", context, status=status)
