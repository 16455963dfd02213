"""One step for many cases: chosen in a list, confirmed once, done by a worker, and what became of each."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from matters.cases.access import get_department_for
from matters.models import BulkAction
from matters.reviewing.bulk import MOST, start_bulk_action
from matters.reviewing.queue import queue_page
from matters.reviewing.queueing.lists import LISTS, sort_of
from matters.reviewing.reassigning import colleagues_of
from matters.wording.refusals import Invalid, Refusal
from portal.accounts.pending_post import login_required_preserving_post


@login_required_preserving_post(page="matters:queue", keeps=False)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest, department: str) -> HttpResponse:
    """Say what is about to be done with the chosen cases, and once that is confirmed let it be done. Nothing is lost where something is missing."""
    user: Any = request.user
    desk = get_department_for(user, department)
    kind = request.POST.get("kind", "")
    if request.method != "POST" or kind not in BulkAction.Kind.values:
        return redirect("matters:queue", department)
    chosen = request.POST.get("filter", "all")
    chosen = chosen if chosen in LISTS else "all"
    sort, _refused = sort_of(chosen, request.POST.get("sort", ""))
    numbers = request.POST.getlist("case")
    if "whole" in request.POST:
        page = queue_page(desk, filter=chosen, sort=sort, user=user, size=MOST)
        numbers = [line.sub_item.number for line in page.lines]
    keep = urlencode({"filter": chosen, "sort": sort})
    if not numbers:
        messages.info(request, _("请先勾选要办的办件。"))
        return redirect(f"{reverse('matters:queue', args=[department])}?{keep}")
    problems: dict[str, str] = {}
    colleagues = list(colleagues_of(desk)) if kind == BulkAction.Kind.HAND_OVER else []
    if "sure" in request.POST:
        to = next((one for one in colleagues if str(one.pk) == request.POST.get("to", "")), None)
        try:
            action = start_bulk_action(user, desk, kind, numbers, to)
        except Invalid as invalid:
            problems = invalid.problems
        except Refusal as refusal:
            problems = {"case": refusal.sentence}
        else:
            if left_out := len(set(numbers)) - action.lines.count():
                sentence = ngettext("%(count)s 件不归您办，没有办。", "%(count)s 件不归您办，没有办。", left_out)
                messages.warning(request, sentence % {"count": left_out})
            return redirect("matters:bulk_action", department, action.pk)
    shown = {
        "department": desk,
        "kind": kind,
        "kind_label": BulkAction.Kind(kind).label,
        "numbers": numbers[: MOST + 1],
        "count": len(numbers),
        "colleagues": colleagues,
        "to": request.POST.get("to", ""),
        "problems": problems,
        "keep": keep,
    }
    return render(request, "matters/review/bulk_confirm.html", shown, status=422 if problems else 200)


@login_required
@never_cache
@require_GET
def bulk_action(request: HttpRequest, department: str, action: int) -> HttpResponse:
    """How far one of one's own bulk actions is, and what became of each case: what was refused first."""
    user: Any = request.user
    desk = get_department_for(user, department)
    own = BulkAction.objects.filter(asked_by=user, department=desk).select_related("asked_by", "to")
    found = get_object_or_404(own, pk=action)
    rank = Case(When(outcome="refused", then=Value(0)), When(outcome="", then=Value(1)), default=Value(2))
    lines = list(
        found.lines.select_related("sub_item__bundle").defer("sub_item__bundle__form_sealed").order_by(rank, "pk")
    )
    counts = {name: sum(line.outcome == name for line in lines) for name in ("done", "refused")}
    counts |= {"waiting": len(lines) - sum(counts.values()), "total": len(lines), "settled": sum(counts.values())}
    return render(
        request,
        "matters/review/bulk.html",
        {"department": desk, "action": found, "lines": lines, "counts": counts},
    )
