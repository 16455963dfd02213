"""A department's page of what rules decide for it: on or off, what came of it, and what a person is to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from catalog.models import Department
from catalog.staff.memberships import may
from matters.cases.access import get_department_for
from matters.models import PersonCheck
from matters.models.querysets import own_sub_items
from matters.reviewing.rule_desk import open_checks, ruled_items
from matters.reviewing.switching import REASON_LENGTH, answer_check, switch_rule
from matters.wording.refusals import Refusal
from portal.accounts.pending_post import login_required_preserving_post


@login_required
@never_cache
@require_GET
def automatic(request: HttpRequest, department: str) -> HttpResponse:
    """The department's items with a rule, and the checks that wait for a person. Five queries, however many."""
    return _page(request, get_department_for(_staff(request), department))


@login_required_preserving_post(page=lambda request, department: _address(department), keeps=False)
@require_http_methods(["GET", "HEAD", "POST"])
def automatic_switch(request: HttpRequest, department: str) -> HttpResponse:
    """Switch an item's rule on or off. Asked for, the address leads to the page."""
    desk = get_department_for(_staff(request), department)
    if request.method != "POST":
        return redirect("matters:automatic", department)
    item, reason = request.POST.get("item", ""), request.POST.get("reason", "").replace("\0", "")
    if item not in {each.slug for each in ruled_items(desk)}:
        raise Http404
    is_on = request.POST.get("to") == "on"
    try:
        switched = switch_rule(_staff(request), desk, item, is_on=is_on, reason=reason)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return _page(request, desk, typed={item: reason}, problem=refusal.sentence, at=item)
    if switched is None:
        messages.info(request, _("已经是这样了，没有改动。"))
    else:
        messages.success(request, _("已恢复自动办结。") if is_on else _("已停用自动办结，从现在起都由人工办理。"))
    return redirect("matters:automatic", department)


@login_required_preserving_post(page=lambda request, department, check: _address(department), keeps=False)
@require_http_methods(["GET", "HEAD", "POST"])
def automatic_check(request: HttpRequest, department: str, check: int) -> HttpResponse:
    """Say what a person found. Asked for, the address leads to the page."""
    desk = get_department_for(_staff(request), department)
    if request.method != "POST":
        return redirect("matters:automatic", department)
    others = PersonCheck.objects.exclude(evaluation__sub_item__in=own_sub_items(_staff(request)))
    found = get_object_or_404(others, pk=check, evaluation__sub_item__department=desk)
    note = request.POST.get("note", "").replace("\0", "")
    try:
        answer_check(_staff(request), found, is_right=request.POST.get("found") == "right", note=note)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return _page(request, desk, typed={str(check): note}, problem=refusal.sentence, at=str(check))
    messages.success(request, _("已记下核查结果。"))
    return redirect("matters:automatic", department)


def _page(
    request: HttpRequest, desk: Department, *, typed: dict[str, str] | None = None, problem: str = "", at: str = ""
) -> HttpResponse:
    user = _staff(request)
    typed = typed or {}
    context = {
        "department": desk,
        "items": [(item, typed.get(item.slug, ""), problem if at == item.slug else "") for item in ruled_items(desk)],
        "checks": [
            (one, typed.get(str(one.pk), ""), problem if at == str(one.pk) else "") for one in open_checks(user, desk)
        ],
        "leads": may(user, "supervise", desk) and may(user, "decide", desk),
        "reason_length": REASON_LENGTH,
    }
    return render(request, "matters/review/automatic.html", context, status=422 if problem else 200)


def _address(department: str) -> str:
    return reverse("matters:automatic", args=[department])


def _staff(request: HttpRequest) -> Any:
    return request.user
