"""The fourth step: check the answers, consent department by department, submit once; then the number and what follows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catalog.versions.matters import compiled
from catalog.wording.papers import name_of_paper
from catalog.wording.problems import sentence
from catalog.wording.translating import translator_for
from matters.apply_pages.answers import answer_sections, consents_by_department
from matters.apply_pages.left_behind import left_behind
from matters.apply_pages.materials import material_views
from matters.core.draft_document import CERTIFICATE, SHARED
from matters.drafts.profile import profile_of
from matters.drafts.saving import get_draft_for, plan_of, read_form, save_consents, take_over
from matters.drafts.uploads import papers_on
from matters.drafts.versions import is_outdated
from matters.form_page.situations import situation_answers
from matters.form_page.skeleton import skeleton_for
from matters.models import Bundle, Channel, Draft
from matters.models.querysets import PAGE_ORDER
from matters.submitting.submission import (
    ConsentsMissing,
    DraftChanged,
    MaterialsMissing,
    SubmissionInvalid,
    submit_bundle,
)
from matters.views.apply_form import ErrorLine
from matters.views.apply_inquiries import up_to_date_form
from matters.views.apply_steps import account, now, open_step, record_window_reading, step_context, today
from matters.views.brakes import SUBMITS
from matters.wording.agents import agreed_for, declared_for
from matters.wording.documents import TRUTH
from matters.wording.refusals import Refusal
from matters.wording.titles import title
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.accounts.people import person_of
from portal.lib.braking import is_braked


@dataclass(slots=True)
class Findings:
    """Why it cannot be submitted yet: by field, and lines about papers, consents, the statement of truth."""

    fields: dict[str, str] = field(default_factory=dict)
    consents: dict[str, str] = field(default_factory=dict)
    lines: list[ErrorLine] = field(default_factory=list)
    truth: str = ""


@login_required_preserving_post
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show everything that will be submitted, with what is still missing; posted, be the one who applies in a colleague's place."""
    draft = open_step(request, draft_id)
    if isinstance(draft, HttpResponse):
        return draft
    if request.method == "POST":
        if is_a_colleagues(request, draft) and request.POST.get("take_over"):
            _take_over(request, draft)
        return redirect("matters:check", draft.pk)
    kept = restored_post(request)
    return _check_page(request, draft, Findings(), kept if kept is not None else request.GET)


def is_a_colleagues(request: HttpRequest, draft: Draft) -> bool:
    """Whether it is an organisation's, and another of its people is the one who applies. At a window that is whoever stands there."""
    is_online = draft.organisation is not None and draft.channel == Channel.ONLINE
    return is_online and draft.applicant.user_id != request.user.pk


def _take_over(request: HttpRequest, draft: Draft) -> None:
    """Let whoever of an organisation's people wants to submit what a colleague filled in be the one who applies."""
    person = person_of(request.user)
    if person is None:
        return
    before = draft.applicant.name
    try:
        take_over(draft, person, profile_of(person))
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        said = _("原来的经办人是%(name)s，现在是您。请再核对一遍，然后提交。")
        messages.info(request, said % {"name": before})


@login_required_preserving_post(page="matters:check")
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Submit what was confirmed on the check page. Sent twice, it leads to the same bundle."""
    draft = open_step(request, draft_id, move=False)
    if isinstance(draft, HttpResponse):
        return draft
    if request.method == "GET" or is_outdated(draft) or is_a_colleagues(request, draft):
        return redirect("matters:check", draft.pk)
    if request.POST.get("submission_key") != str(draft.submission_key):
        return redirect("matters:check", draft.pk)
    if is_braked(request, SUBMITS):
        findings = Findings(
            lines=[ErrorLine("", "", _("您提交得太快，这次没有提交；填写的内容都在。请过一分钟再提交。"))]
        )
        return _check_page(request, draft, findings, request.POST, status=429)
    given = [consent.key for consent in plan_of(draft).consents if consent.key in request.POST.getlist("consent")]
    findings = Findings()
    try:
        if request.POST.get("revision") != str(draft.revision):
            raise DraftChanged
        save_consents(draft, given)
        if request.POST.get("truth"):
            submit_bundle(draft=draft, by=account(request), confirmed_revision=draft.revision)
            return redirect("matters:submitted", draft.pk)
        findings.truth = _("请确认填写的内容和材料真实，才能提交。")
        findings.lines.append(ErrorLine("truth", _("申请人声明"), findings.truth))
        findings.consents = _missing_consents(draft, given)
    except SubmissionInvalid as refusal:
        findings.fields = dict.fromkeys((problem.field for problem in refusal.problems), "")
    except ConsentsMissing:
        findings.consents = _missing_consents(draft, given)
    except MaterialsMissing:
        pass  # the page lists them itself
    except Refusal as refusal:
        findings.lines.append(ErrorLine("", "", str(refusal)))
    draft.refresh_from_db(fields=["form_sealed", "revision", "submitted_at"])
    if draft.submitted_at is not None:
        return redirect("matters:submitted", draft.pk)
    return _check_page(request, draft, findings, request.POST, status=422)


@login_required_preserving_post
@require_GET
def submitted(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show the number, and what happens next."""
    draft = get_draft_for(request.user, draft_id)
    if draft.submitted_at is None:
        return redirect("matters:check", draft.pk)
    record_window_reading(request, draft, ["receipt"])
    return render(request, "matters/apply/submitted.html", _done_context(draft))


@login_required_preserving_post
@require_GET
def receipt(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show the receipt (收件凭证), made for printing."""
    draft = get_draft_for(request.user, draft_id)
    if draft.submitted_at is None:
        raise Http404
    record_window_reading(request, draft, ["receipt"])
    context = _done_context(draft)
    translate = translator_for(draft.matter_version_id)
    plan = plan_of(draft)
    papers = context["bundle"].materials.filter(replaced_at=None).order_by(*PAGE_ORDER)
    context["papers"] = [(name_of_paper(plan, paper.material, translate), paper.original_name) for paper in papers]
    return render(request, "matters/apply/receipt.html", context)


def _missing_consents(draft: Draft, given: list[str]) -> dict[str, str]:
    return {problem.field: sentence(problem, "") for problem in plan_of(draft).consents_missing(set(given))}


def _done_context(draft: Draft) -> dict[str, Any]:
    bundle = (
        Bundle.objects.select_related(
            "matter_version__matter", "applicant", "organisation", "mandate__agent", "mandate__agent_organisation"
        )
        .defer("matter_version__content")
        .get(idempotency_key=draft.submission_key)
    )
    matter = compiled(bundle.matter_version_id)
    translate = translator_for(matter)
    return {
        "draft": draft,
        "bundle": bundle,
        "matter_name": title(bundle),
        "items": [
            {
                "name": translate(item.name),
                "department": translate(item.department_name),
                "after": bool(item.after),
            }
            for item in matter.plan_for(bundle.answers).items
        ],
        "sub_items": list(bundle.sub_items.select_related("department").order_by("number")),
    }


def _check_page(
    request: HttpRequest, draft: Draft, findings: Findings, ticked: QueryDict, status: int = 200
) -> HttpResponse:
    """Show what will be submitted. ``ticked``: the boxes as they were sent, so that no tick is lost."""
    context = check_context(request, draft, findings, ticked)
    context["colleague"] = draft.applicant.name if is_a_colleagues(request, draft) else ""
    return render(request, "matters/apply/check.html", context, status=status)


def check_context(request: HttpRequest, draft: Draft, findings: Findings, ticked: QueryDict) -> dict[str, Any]:
    """Return what the page shows of an application before it is submitted; a window's look leaves its line."""
    plan, document = plan_of(draft), read_form(draft)
    if any(fact["source"] in (SHARED, CERTIFICATE) for fact in document.known.values()):
        document = up_to_date_form(draft)[0]
    handed_in = papers_on(draft)
    left = left_behind(
        plan, handed_in, document, plan.visible(document.values), translator_for(draft.matter_version_id)
    )
    document.consents |= dict.fromkeys(ticked.getlist("consent"), "")
    matter = compiled(draft.matter_version_id)
    translate = translator_for(matter)

    record_window_reading(request, draft, ["materials", *(plan.fields.keys() & document.values.keys())])
    mandate = draft.mandate if draft.is_by_agent else None
    skeleton = skeleton_for(draft.matter_version_id, draft.answers)
    cleaned, problems = plan.clean(document.values, now())
    for problem in problems:
        findings.fields[problem.field] = findings.fields.get(problem.field) or skeleton.sentence(problem)
    papers = material_views(plan, draft, handed_in, document, {}, translate, today())
    lines = [
        ErrorLine(view.id, view.label, skeleton.named(key, findings.fields[key]))
        for key, view in skeleton.fields.items()
        if key in findings.fields
    ]
    return step_context(draft, plan, document, problems) | {
        "situation": situation_answers(matter, draft.answers, translate),
        "sections": answer_sections(plan, skeleton, document, cleaned, findings.fields, translate),
        "papers": [paper for paper in papers if paper.papers or paper.is_missing],
        "exempt": [paper for paper in papers if paper.exempt and not paper.papers],
        "left": left,
        "consents": consents_by_department(plan, document, findings.consents, translate),
        "field_errors": lines,
        "paper_errors": [paper for paper in papers if paper.is_missing],
        "other_errors": findings.lines,
        "consent_errors": findings.consents,
        "truth": TRUTH,
        "agreed_for": agreed_for(mandate, draft.applicant.name) if mandate is not None else "",
        "declared_for": declared_for(mandate, draft.applicant.name) if mandate is not None else "",
        "truth_error": findings.truth,
        "truth_given": bool(ticked.get("truth")),
    }
