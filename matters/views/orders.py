"""Supervisory orders (督办): given on a case by who supervises, listed and answered by the department."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from catalog.staff.memberships import department_ids_for, may
from matters.reviewing.supervising import (
    LONGEST,
    LONGEST_ANSWER,
    MOST_DAYS,
    answer_order,
    get_order_for,
    get_supervised_for,
    give_order,
    orders_for,
)
from matters.views.apply_steps import account
from matters.wording.refusals import Invalid, Refusal
from portal.accounts.pending_post import login_required_preserving_post, restored_post

SHOWN = 100
USUAL_DAYS = "3"


@login_required
@never_cache
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """List the orders that my departments answer and those that I gave: what waits first, the most urgent on top."""
    user = account(request)
    if not department_ids_for(user, "review", "supervise"):
        raise Http404
    found = orders_for(user)
    context = {
        "open": found.filter(answered_at__isnull=True).order_by("due_on", "id")[:SHOWN],
        "answered": found.filter(answered_at__isnull=False).order_by("-answered_at")[:SHOWN],
    }
    return render(request, "matters/review/orders.html", context)


@login_required_preserving_post
@never_cache
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, number: str) -> HttpResponse:
    """Give an order on one case of a department that one supervises; nothing of a person is shown."""
    user = account(request)
    sub_item = get_supervised_for(user, number)
    sent = (restored_post(request) or request.GET) if request.method == "GET" else request.POST
    typed = {"text": sent.get("text", "").replace("\0", "")[: LONGEST + 1], "days": sent.get("days", USUAL_DAYS)[:4]}
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            given = give_order(user, sub_item, typed["text"], typed["days"])
        except Invalid as refusal:
            problems = dict(refusal.problems)
        except Refusal as refusal:
            problems = {"": refusal.sentence}
        else:
            messages.success(request, _("督办单已发出，请部门在 %(until)s 前答复。") % {"until": given.due_on})
            return redirect("matters:order", given.pk)
    context = {"sub_item": sub_item, "typed": typed, "problems": problems, "longest": LONGEST, "most_days": MOST_DAYS}
    return render(request, "matters/review/give_order.html", context, status=422 if problems else 200)


@login_required_preserving_post
@never_cache
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, order_id: int) -> HttpResponse:
    """Show one order; a POST answers it on record."""
    user = account(request)
    found = get_order_for(user, order_id)
    sent = (restored_post(request) or request.GET) if request.method == "GET" else request.POST
    typed, problem = sent.get("answer", "").replace("\0", "")[: LONGEST_ANSWER + 1], ""
    if request.method == "POST":
        try:
            answer_order(user, found, typed)
        except Refusal as refusal:
            problem = refusal.sentence
        else:
            messages.success(request, _("已答复，督办人会收到消息。"))
            return redirect("matters:order", order_id)
    context = {
        "order": found,
        "typed": typed,
        "problem": problem,
        "longest": LONGEST_ANSWER,
        "may_answer": found.answered_at is None
        and found.ordered_by_id != user.pk
        and may(user, "review", found.department),
        "is_reviewer": may(user, "review", found.department),
        "is_late": found.due_on < timezone.localdate(found.answered_at),
    }
    return render(request, "matters/review/order.html", context, status=422 if problem else 200)
