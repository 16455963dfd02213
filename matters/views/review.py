"""The reviewers' pages: my departments, a department's queue, a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from catalog.staff.memberships import departments_for
from certificates.activities.library import open_face
from certificates.wording import VERDICTS
from matters.cases.access import get_department_for, get_sub_item_for, open_certificate, open_paper
from matters.drafts.uploads import file_response
from matters.reviewing.holding import renew_claim
from matters.reviewing.queue import Count, counts_of, queue_counts, queue_page
from matters.reviewing.queueing.lists import LISTS, SORTS, sort_of
from matters.reviewing.review import claim_next
from matters.views.case_actions import form_of, typed_of
from matters.views.case_page import case_page
from matters.views.workplaces import workplaces_of
from matters.wording.refusals import Refusal
from portal.accounts.pending_post import login_required_preserving_post, restored_post


@login_required
@never_cache
@require_GET
def review_home(request: HttpRequest) -> HttpResponse:
    """My departments, each with what waits there, and where else I work today."""
    departments = list(departments_for(_staff(request), "review"))
    elsewhere = workplaces_of(_staff(request), at_review_desk=True)
    if not departments and [place.url for place in elsewhere][:1] == [reverse("matters:inspection")]:
        return redirect("matters:inspection")
    counts = counts_of(departments, user=_staff(request))
    desks = [
        {
            "department": department,
            "counts": chips_of(counts[department.pk]),
        }
        for department in departments
    ]
    return render(request, "matters/review/home.html", {"desks": desks, "workplaces": elsewhere})


@login_required
@never_cache
@require_GET
def queue(request: HttpRequest, department: str) -> HttpResponse:
    """A page of one of a department's lists. At most six queries, however long the queue is."""
    user = _staff(request)
    desk = get_department_for(user, department)
    chosen = request.GET.get("filter", "all")
    chosen = chosen if chosen in LISTS else "all"
    sort, refused = sort_of(chosen, request.GET.get("sort", ""))
    page = queue_page(
        desk,
        filter=chosen,
        sort=sort,
        user=user,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    counts = queue_counts(desk, user=user)
    shown = {
        "department": desk,
        "page": page,
        "chips": chips_of(counts, chosen),
        "chosen": chosen,
        "list": LISTS[chosen],
        "label": LISTS[chosen].label,
        "sort": sort,
        "sorts": [(name, SORTS[name]) for name in LISTS[chosen].sorts],
        "refused": refused,
        "keep": urlencode({"filter": chosen, "sort": sort}),
    }
    return render(request, "matters/review/queue.html", shown)


def chips_of(counts: Mapping[str, Count], chosen: str = "") -> list[tuple[str, Any, Count]]:
    """Return (list, its name, how many) of the lists to show: of the rare ones those that have something in them."""
    return [
        (name, each.label, counts[name])
        for name, each in LISTS.items()
        if not each.rare or counts[name].number or name == chosen
    ]


@login_required_preserving_post(page="matters:queue", keeps=False)
@require_POST
def next_case(request: HttpRequest, department: str) -> HttpResponse:
    """Claim the oldest case that nobody has, and open it."""
    desk = get_department_for(_staff(request), department)
    try:
        sub_item = claim_next(_staff(request), desk)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("matters:queue", department)
    if sub_item is None:
        messages.info(request, _("没有待认领的办件了。"))
        return redirect("matters:queue", department)
    return redirect("matters:case", sub_item.number)


@login_required
@never_cache
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A case: the department's own form, papers, earlier results, what may be done, and what happened."""
    sub_item = get_sub_item_for(_staff(request), number, "review", "accept")
    kept = restored_post(request)
    if kept is not None:
        return case_page(request, sub_item, typed=typed_of(kept), opened=form_of(kept))
    return case_page(request, sub_item)


@login_required
@never_cache
@require_GET
def case_paper(request: HttpRequest, number: str, paper: Any) -> HttpResponseBase:
    """A paper of the case, for those who handle it."""
    sub_item = get_sub_item_for(_staff(request), number, "review", "accept")
    renew_claim(_staff(request), sub_item)
    return file_response(open_paper(_staff(request), sub_item, paper))


@login_required
@never_cache
@require_GET
def case_certificate(request: HttpRequest, number: str, certificate: Any) -> HttpResponse:
    """What a certificate prints that stood in for a paper of the case, and whether it is valid today, for those who handle it."""
    sub_item = get_sub_item_for(_staff(request), number, "review", "accept")
    renew_claim(_staff(request), sub_item)
    found = open_certificate(_staff(request), sub_item, certificate)
    context = {
        "sub_item": sub_item,
        "certificate": found,
        "face": open_face(found),
        "said": VERDICTS[found.verdict(timezone.localdate())],
    }
    return render(request, "matters/review/certificate.html", context)


def _staff(request: HttpRequest) -> Any:
    return request.user
