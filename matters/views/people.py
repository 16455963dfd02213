"""The chief's page (人员负荷): who holds what of a department, who is away, and moving work between its people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalog.models import Department
from catalog.staff.memberships import may
from matters.cases.access import get_department_for
from matters.models import DeadlineCard
from matters.models.querysets import own_sub_items
from matters.reviewing.loads import MOST_MOVED, held_tasks, loads_of, move_work
from matters.reviewing.reassigning import colleagues_of
from matters.reviewing.supervising import orders_for
from matters.wording.refusals import CannotTake
from portal.accounts.models import User
from portal.accounts.pending_post import login_required_preserving_post
from portal.lib.whole_numbers import whole_number

NOBODY = "0"
SHOWN = 20


@login_required_preserving_post(page="matters:people", keeps=False)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, department: str) -> HttpResponse:
    """Show a department's work by person, and of one of them (``person``, 0: nobody) what they hold; a POST hands chosen cases to another."""
    user: Any = request.user
    desk = get_department_for(user, department, "decide")
    if not may(user, "supervise", desk):
        raise Http404
    chosen = (request.POST if request.method == "POST" else request.GET).get("person", "")
    holder = _colleague(desk, chosen)
    to = request.POST.get("to", "")
    problem = ""
    if request.method == "POST":
        given_to = _colleague(desk, to)
        numbers = request.POST.getlist("case")[:MOST_MOVED]
        if given_to is None:
            problem = _("请选择转给哪位同事。")
        else:
            try:
                moved = move_work(user, desk, numbers, given_to)
            except CannotTake:
                problem = _("请勾选要转的办件。")
            else:
                done = [one for one in moved if not one.refusal]
                if done:
                    said = _("已转给%(name)s %(count)s 件，并告知对方；办理期限不变。")
                    messages.success(request, said % {"name": given_to, "count": len(done)})
                for one in moved:
                    if one.refusal:
                        messages.error(request, f"{one.number} {one.refusal}")
                address = reverse("matters:people", args=[desk.code])
                return redirect(f"{address}?{urlencode({'person': chosen})}")
    is_chosen = holder is not None or chosen == NOBODY
    context = {
        "department": desk,
        "loads": (loads := loads_of(user, desk, timezone.localdate())),
        "colleagues": [one for one in loads if one.user is not None and (holder is None or one.user.pk != holder.pk)],
        "holder": holder,
        "chosen": chosen if is_chosen else "",
        "tasks": held_tasks(user, desk, holder) if is_chosen else [],
        "ticked": request.POST.getlist("case"),
        "to": to,
        "problem": problem,
        "most": MOST_MOVED,
        "cards": DeadlineCard.objects.filter(department=desk)
        .exclude(sub_item__in=own_sub_items(user))
        .select_related("sub_item", "holder")
        .order_by("-given_at")[:SHOWN],
        "orders": orders_for(user).filter(department=desk, answered_at=None).order_by("due_on", "id")[:SHOWN],
    }
    return render(request, "matters/review/people.html", context, status=422 if problem else 200)


def _colleague(department: Department, number: str) -> User | None:
    found = whole_number(number) or 0
    return colleagues_of(department).filter(pk=found).first() if found else None
