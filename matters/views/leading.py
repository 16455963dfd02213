"""The lead department's desk: what departments disagree on, and its matters' applications, lane by lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from matters.cases.department_view import plan_of
from matters.cases.gaps import names_of
from matters.core.states import IN_QUEUE
from matters.models import Contradiction, CorrectionItem, SubItem
from matters.models.querysets import own_bundles
from matters.reviewing.leading import (
    PAGE,
    led_bundles,
    led_for,
    open_contradictions,
    remind_department,
    reminded_today,
    settle_contradiction,
)
from matters.wording.refusals import ReasonMissing, Refusal
from portal.accounts.pending_post import login_required_preserving_post
from portal.ledger.access import record_access


@dataclass(frozen=True, slots=True)
class ContradictionShown:
    """``name``: the field or paper; ``demands``: who asks for it, and why."""

    row: Contradiction
    name: str
    demands: list[tuple[str, str]]
    typed: str = ""
    problem: str = ""


@login_required
@never_cache
@require_GET
def lead_desk(request: HttpRequest) -> HttpResponse:
    """Show what waits for the lead, and how far each department is with the open applications of its matters."""
    return _page(request)


@login_required_preserving_post(page=lambda request, contradiction: reverse("matters:lead_desk"))
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, contradiction: int) -> HttpResponse:
    """Settle one thing that departments disagree on: asked (``outcome``) or not, and why (``reason``)."""
    user: Any = request.user
    led = Contradiction.objects.filter(pk=contradiction, lead__in=led_for(user))
    if not led.exclude(notice__bundle__in=own_bundles(user)).exists():
        raise Http404
    if request.method != "POST":
        return redirect("matters:lead_desk")
    reason = request.POST.get("reason", "").replace("\0", "")
    try:
        settle_contradiction(user, contradiction, asked=request.POST.get("outcome") == "asked", reason=reason)
    except ReasonMissing as refusal:
        return _page(request, contradiction, reason, refusal.sentence)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("已裁定。没有其他要裁定的，补正告知随即发出。"))
    return redirect("matters:lead_desk")


@login_required_preserving_post(page=lambda request, number: reverse("matters:lead_desk"))
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: HttpRequest, number: str) -> HttpResponse:
    """Remind a department of its part of an application that the user's department leads; the page is asked for by nobody else."""
    user: Any = request.user
    led = SubItem.objects.for_case().filter(bundle__matter_version__matter__lead_department__in=led_for(user))
    sub_item = led.exclude(bundle__in=own_bundles(user)).filter(number=number).first()
    if sub_item is None:
        raise Http404
    if request.method == "POST":
        try:
            remind_department(user, sub_item)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, _("已提醒%(department)s。") % {"department": sub_item.department.name})
    return redirect("matters:lead_desk")


def _page(request: HttpRequest, refused: int = 0, typed: str = "", problem: str = "") -> HttpResponse:
    user: Any = request.user
    if not led_for(user):
        raise PermissionDenied
    shown = []
    for row in open_contradictions(user):
        at_hand = row.pk == refused
        shown.append(_shown(user, row, typed if at_hand else "", problem if at_hand else ""))
    bundles = list(led_bundles(user)[:PAGE])
    reminded = reminded_today([bundle.pk for bundle in bundles], timezone.now())
    for bundle in bundles:
        for part in bundle.sub_items.all():
            part.is_reminded = (bundle.pk, part.key) in reminded  # type: ignore[attr-defined]
    context = {"contradictions": shown, "bundles": bundles, "most": PAGE, "in_queue": IN_QUEUE, "own": led_for(user)}
    return render(request, "matters/review/lead.html", context, status=422 if problem else 200)


def _shown(user: Any, row: Contradiction, typed: str, problem: str) -> ContradictionShown:
    bundle = row.notice.bundle
    demands = [
        (request.sub_item.department.name, item.reason)
        for request in row.notice.requests.all()
        for item in request.items.all()
        if (item.target, item.key) == (row.target, row.key)
    ]
    record_access(user, bundle.pk, "lead", ["reason"], row.lead.code)
    [name] = names_of(plan_of(bundle), [CorrectionItem(target=row.target, key=row.key)])
    return ContradictionShown(row, name, demands, typed, problem)
