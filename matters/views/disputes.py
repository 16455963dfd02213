"""Saying that a fact of one's file is wrong, and the desk of the department that answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from catalog.staff.memberships import department_ids_for
from matters.models import FactDispute
from matters.reviewing.disputing import (
    LONGEST,
    RIGHTS,
    answer_dispute,
    disputes_for,
    fact_of,
    is_party,
    open_dispute,
)
from matters.views.apply_steps import account
from matters.views.brakes import DISPUTES
from matters.wording.refusals import Refusal
from portal.accounts.organisations.principals import refuse_if_drawn_for_another, refuse_other
from portal.accounts.own_file.views import whole_subject_of
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.ledger.access import record_access
from portal.lib.braking import is_braked

SHOWN = 100


@login_required_preserving_post
@never_cache
@require_http_methods(["GET", "POST"])
def dispute(request: HttpRequest) -> HttpResponse:
    """Show a fact of one's own file, or of the organisation's that one manages, and take what is wrong with it (``fact``, ``wanted``)."""
    subject = whole_subject_of(request)
    if request.method == "POST":
        refuse_if_drawn_for_another(request)
    sent = (restored_post(request) or request.GET) if request.method == "GET" else request.POST
    fact, wanted, problem = sent.get("fact", ""), sent.get("wanted", "").replace("\0", ""), ""
    try:
        line = fact_of(subject, fact)
    except Refusal as refusal:
        if subject.organisation is not None:
            refuse_other(request.user, None)  # not the organisation's: it may be one's own
        messages.info(request, refusal.sentence)
        return redirect("dossier:own_file")
    if request.method == "POST":
        try:
            if is_braked(request, DISPUTES):
                problem = _("提得太快了，这一次没有提出；写的内容还在。请过一分钟再试。")
            else:
                opened = open_dispute(subject, fact, wanted, account(request))
                said = _("已转给%(department)s，答复期限 %(due)s。答复会发到“我的消息”，也写在档案里。")
                messages.success(request, said % {"department": opened.department.name, "due": opened.due_on})
                return redirect("dossier:own_file")
        except Refusal as refusal:
            problem = refusal.sentence
    context = {"line": line, "fact": fact, "wanted": wanted, "problem": problem, "longest": LONGEST}
    return render(request, "matters/dispute.html", context, status=422 if problem else 200)


@login_required
@never_cache
@require_GET
def disputes(request: HttpRequest) -> HttpResponse:
    """List what waits for the answer of the departments where I work, the most urgent first, and what was answered lately."""
    user: Any = request.user
    if not department_ids_for(user, *RIGHTS):
        raise Http404
    context = {
        "open": disputes_for(user).filter(outcome="").order_by("due_on", "id")[:SHOWN],
        "answered": disputes_for(user).exclude(outcome="").order_by("-answered_at")[:SHOWN],
        "today": timezone.localdate(),
    }
    return render(request, "matters/review/disputes.html", context)


@login_required_preserving_post
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, dispute: UUID) -> HttpResponse:
    """Show one request to whoever may answer it, which leaves a line, and take the answer (``outcome``, ``answer``)."""
    user = account(request)
    found = get_object_or_404(disputes_for(user).select_related("person__user"), pk=dispute)
    if is_party(found, user):
        raise PermissionDenied
    kept = restored_post(request) if request.method == "GET" else request.POST
    sent: Mapping[str, str] = kept.dict() if kept is not None else {}  # type: ignore[assignment]
    problem = ""
    if request.method == "POST":
        try:
            answer_dispute(found, sent.get("outcome", ""), sent.get("answer", "").replace("\0", ""), user)
        except Refusal as refusal:
            problem = refusal.sentence
            found.refresh_from_db()
        else:
            messages.success(request, _("已答复，本人会收到消息。"))
            return redirect("matters:disputes")
    record_access(
        user,
        found.organisation_id or found.person_id,
        "dispute",
        ["name", found.fact.partition(":")[0]],
        found.department.code,
    )
    typed = {name: sent.get(name, "") for name in ("outcome", "answer")}
    context = {"dispute": found, "typed": typed, "problem": problem, "longest": LONGEST, "Outcome": FactDispute.Outcome}
    return render(request, "matters/review/dispute.html", context, status=422 if problem else 200)
