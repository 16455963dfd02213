"""The first step: begin or continue an application, and answer the guide questions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from catalog.combining.fulfilling import title_of
from catalog.guides.answers import read_answers
from catalog.merging.compiled import CompiledMatter
from catalog.models import Matter, MatterVersion
from catalog.versions.matters import NotPublished, compiled, open_version
from catalog.wording.absences import absence_sentences
from catalog.wording.problems import sentence
from catalog.wording.translating import translator_for
from matters.apply_pages.questions import question_views
from matters.apply_pages.steps import SITUATION, step_after
from matters.cases.agents import DRAFT, tell_principal
from matters.drafts.discarding import discard
from matters.drafts.keeping import UnderHold
from matters.drafts.profile import profile_of
from matters.drafts.saving import (
    AlreadySubmitted,
    get_draft_for,
    open_drafts,
    plan_of,
    read_form,
    save_answers,
    start_draft,
)
from matters.form_page.situations import answer_in_words
from matters.models import Draft
from matters.submitting.submission import NOTHING_TO_DO
from matters.views.apply_steps import account, barred_ahead, open_step, record_window_reading, served_at_counter
from matters.views.brakes import DRAFTS, TOO_MANY_DRAFTS
from matters.wording.refusals import Refusal
from portal.accounts.mandates.activities import is_dead
from portal.accounts.organisations.principals import DRAWN_FOR, Principal, handlers_of, principal_of
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.accounts.people import person_of
from portal.lib.braking import is_braked
from portal.lib.shown import NAME, Shown, shown


@login_required_preserving_post
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin an application: ask the guide questions at once, or offer to continue one that lies open."""
    try:
        version = open_version(slug, request.GET.get("division", ""))
    except NotPublished as error:
        raise Http404(str(error)) from error
    applicant = person_of(request.user)
    if applicant is None:
        return render(request, "matters/apply/not_a_person.html", {"name": version.name, "slug": slug}, status=403)
    matter, principal = compiled(version.pk), principal_of(request.user)
    if principal.mandate is not None:
        applicant = principal.mandate.principal
        if not principal.may_handle(version.matter.slug):
            context = {"name": translator_for(matter)(version.name), "why": "mandate"}
            return render(request, "matters/apply/not_for_organisation.html", context, status=403)
    if is_dead(applicant):
        context = {"name": translator_for(matter)(version.name), "why": "dead"}
        return render(request, "matters/apply/not_for_organisation.html", context, status=403)
    if principal.handler is not None and (refused := _not_for(principal, version)):
        context = {"name": translator_for(matter)(version.name), "why": refused}
        return render(request, "matters/apply/not_for_organisation.html", context, status=403)
    if principal.handler is None and matter.only_for_organisations:
        able = [each for each in handlers_of(request.user) if each.may_handle(slug)]
        shown = {"name": translator_for(matter)(version.name), "why": "organisation", "handlers": able}
        return render(request, "matters/apply/not_for_organisation.html", shown, status=403)
    if request.method == "GET" and "new" not in request.GET:
        drafts = list(open_drafts(account(request), version.matter)[:10])
        if drafts:
            return render(
                request,
                "matters/apply/continue.html",
                {
                    "drafts": [(draft, _whom_it_is_about(draft)) for draft in drafts],
                    "matter_name": translator_for(matter)(matter.name),
                    "slug": slug,
                    "query": _query(request),
                },
            )
    kept = restored_post(request)
    if kept is not None and kept.get(DRAWN_FOR, principal.key) != principal.key:
        kept = None  # typed for another one than is acted for now
    # A checklist hands its answers over in the query string; what is none is not taken.
    sent = matter.clean_answers(read_answers(matter, request.GET)) if request.method == "GET" else {}
    answers = read_answers(matter, request.POST if kept is None else kept)
    answers = {**sent, **answers} if kept is None else answers
    begun: dict[str, Any] = {"draft": None, "whose": (applicant.pk, principal.organisation)}
    if request.method == "POST":
        errors = _answer_errors(request, matter, answers)
        if request.POST.get(DRAWN_FOR, principal.key) != principal.key:
            messages.warning(
                request, _("您在另一个窗口切换了替谁办事，这份申请还没有开始。请看清页面上方是替谁，再点“下一步”。")
            )
            return _situation_page(request, matter, answers, errors, begun, status=409)
        if not errors and is_braked(request, DRAFTS):
            messages.error(request, TOO_MANY_DRAFTS)
            return _situation_page(request, matter, answers, errors, begun, status=429)
        if not errors and not _dead_end(matter, answers):
            draft = start_draft(
                version=version,
                applicant=applicant,
                entered_by=account(request),
                organisation=principal.organisation,
                mandate=principal.mandate,
                answers=matter.clean_answers(answers),
                profile=profile_of(applicant),
            )
            tell_principal(draft, DRAFT, account(request))
            _tell_absences(request, matter, draft.answers)
            return redirect(step_after(SITUATION).view, draft.pk)
        return _situation_page(request, matter, answers, errors, begun, status=422)
    could_switch = principal.is_oneself and version.subject == Matter.Subject.ORGANISATION
    return _situation_page(request, matter, answers, {}, begun | {"could_switch": could_switch})


def _not_for(principal: Principal, version: MatterVersion) -> str:
    """Return why a matter cannot be applied for in the name of an organisation; empty where it can."""
    if version.subject == Matter.Subject.PERSON:
        return "person"
    return "" if principal.may_handle(version.matter.slug) else "right"


@login_required_preserving_post
@require_http_methods(["GET", "POST"])
def situation(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Change the situation of a draft; the form follows it, and what was filled in stays."""
    draft = open_step(request, draft_id)
    if isinstance(draft, HttpResponse):
        return draft
    matter = compiled(draft.matter_version_id)
    if request.method == "GET":
        kept = restored_post(request)
        answers = draft.answers if kept is None else read_answers(matter, kept)
        context = {"draft": draft, NAME: kept[NAME] if kept is not None and NAME in kept else _shown_of(draft)}
        return _situation_page(request, matter, answers, {}, context)
    sent, page = read_answers(matter, request.POST), Shown(request.POST.get(NAME, ""), _about(draft))
    merged = page.merge(sent, draft.answers)
    answers = {**draft.answers, **sent, **merged.elsewhere}
    errors = _answer_errors(request, matter, answers) or _conflict_sentences(matter, merged.conflicts)
    if not errors:
        try:
            saved = save_answers(draft, sent, profile_of(draft.applicant), page)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("matters:situation", draft.pk)
        errors = _conflict_sentences(matter, saved.conflicts)
    if errors or _dead_end(matter, answers):
        context = {"draft": draft, NAME: _shown_of(draft)}
        return _situation_page(request, matter, answers, errors, context, status=422)
    if merged.elsewhere:
        messages.info(request, _kept_from_elsewhere(matter, merged.elsewhere))
    _tell_absences(request, matter, answers)
    return redirect(step_after(SITUATION).view, draft.pk)


@login_required_preserving_post(page=lambda request, draft_id: reverse("matters:situation", args=[draft_id]))
@require_POST
def discard_draft(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Delete an unfinished application with its papers, at the applicant's wish."""
    draft = get_draft_for(request.user, draft_id)
    slug = draft.matter_version.matter.slug
    try:
        discard(draft)
    except AlreadySubmitted:
        return redirect("matters:submitted", draft.pk)
    except UnderHold as refusal:
        messages.error(request, refusal.sentence)
        return redirect("matters:form", draft.pk)
    messages.success(request, _("这份没有提交的申请已经删除，填写的内容和上传的材料都不再保留。"))
    return redirect("matters:start", slug)


def _dead_end(matter: CompiledMatter, answers: Mapping[str, Any]) -> list[str]:
    """Return why these answers cannot be applied with online: they stop the matter, or nothing of what was chosen is left to do."""
    translate, plan = translator_for(matter), matter.plan_for(answers)
    if plan.stops or plan.items or matter.check_answers(answers):
        return [translate(stop.sentence) for stop in plan.stops]
    return [str(NOTHING_TO_DO), *absence_sentences(matter, plan, translate)]


def _tell_absences(request: HttpRequest, matter: CompiledMatter, answers: Mapping[str, Any]) -> None:
    """Say on the next page which of the things put together these answers leave out."""
    for told in absence_sentences(matter, matter.plan_for(answers), translator_for(matter)):
        messages.warning(request, told)


def _about(draft: Draft) -> str:
    return f"situation:{draft.pk}"


def _shown_of(draft: Draft) -> str:
    return shown(
        {key: draft.answers.get(key) for key in _question_texts(compiled(draft.matter_version_id))}, _about(draft)
    )


def _question_texts(matter: CompiledMatter) -> dict[str, str]:
    return {question.key: question.text for question in matter.questions}


def _conflict_sentences(matter: CompiledMatter, conflicts: Mapping[str, Any]) -> dict[str, str]:
    """Return question key → what another window answered meanwhile."""
    translate = translator_for(matter)
    return {
        key: _("这一题刚才在另一个窗口改成了“%(value)s”。下面是您在这里选的，再点“下一步”就以这里为准。")
        % {"value": answer_in_words(matter, key, stored, translate)}
        for key, stored in conflicts.items()
    }


def _kept_from_elsewhere(matter: CompiledMatter, elsewhere: Mapping[str, Any]) -> str:
    translate, texts = translator_for(matter), _question_texts(matter)
    labels = pgettext("between names", "、").join(f"“{translate(texts.get(key, key))}”" for key in elsewhere)
    return _("您在另一个窗口改过的回答保留了：%(labels)s。") % {"labels": labels}


def _query(request: HttpRequest) -> str:
    """Return the query string that begins a new application with the answers this one carries."""
    query = request.GET.copy()
    query["new"] = "1"
    return query.urlencode()


def _whom_it_is_about(draft: Draft) -> str:
    """Return the first name that was typed into a draft, so that two drafts can be told apart."""
    fields, document = plan_of(draft).fields, read_form(draft)
    names = (
        str(document.values[key])
        for key, field in fields.items()
        if field.type == "person_name" and document.values.get(key) and not document.is_known(key)
    )
    return next(names, "")


def _answer_errors(request: HttpRequest, matter: CompiledMatter, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return question key → sentence. A question that has only now come up is asked, not complained about."""
    texts = _question_texts(matter)
    errors = {}
    for problem in matter.check_answers(answers):
        is_new = problem.code == "missing_answer" and f"{problem.field}.shown" not in request.POST
        errors[problem.field] = (
            "" if is_new else sentence(problem, translator_for(matter)(texts.get(problem.field, "")))
        )
    return errors


def _situation_page(
    request: HttpRequest,
    matter: CompiledMatter,
    answers: Mapping[str, Any],
    errors: Mapping[str, str],
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    if context["draft"] is not None:
        record_window_reading(request, context["draft"], ["situation"])
    draft = context["draft"]
    whose = context.pop("whose") if draft is None else (draft.applicant_id, draft.organisation_id)
    translate = translator_for(matter)
    plan = matter.plan_for(answers)
    questions = question_views(matter, answers, errors)
    context |= {
        "matter": matter,
        "matter_name": translate(title_of(matter, plan)),
        "counter_applicant": served_at_counter(context["draft"]),
        "questions": questions,
        "errors": [question for question in questions if question.error],
        "more": sum(1 for text in errors.values() if not text),
        "stops": _dead_end(matter, answers),
        "absent": absence_sentences(matter, plan, translate),
        "barred": barred_ahead(matter, plan, *whose),
        "conditions": {
            "questions": {question.key: question.condition for question in matter.questions},
            "numbers": [question.key for question in matter.questions if not question.options],
            "options": {
                question.key: {option.value: option.condition for option in question.options}
                for question in matter.questions
            },
        },
    }
    return render(request, "matters/apply/situation.html", context, status=status)
