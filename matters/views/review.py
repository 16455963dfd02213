"""The reviewers' pages: my departments, a department's queue, a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from django.views.decorators.http import require_GET, require_http_methods

from catalog.staff.memberships import departments_for, may
from certificates.activities.library import open_face
from certificates.wording import VERDICTS
from matters.cases.access import OwnCase, get_department_for, get_sub_item_for, open_certificate, open_paper
from matters.cases.reading import NAME as READ
from matters.drafts.uploads import file_response
from matters.models import BulkAction, ReviewTask, SavedView, SubItem
from matters.reviewing.as_read import NotAsRead, require_as_read
from matters.reviewing.holding import renew_claim
from matters.reviewing.queue import (
    Count,
    ViewName,
    counts_and_views,
    counts_of,
    found_lines,
    narrowed_page,
    queue_page,
)
from matters.reviewing.queueing.finding import LONGEST_TYPED, find_cases
from matters.reviewing.queueing.lists import LISTS, SORTS, sort_of
from matters.reviewing.queueing.saved import (
    COLUMNS,
    bundles_for_fields,
    narrowed,
    offered_fields,
    read_fields,
)
from matters.views.case_forms import form_of, typed_of
from matters.views.case_page import case_page
from matters.views.keys import queue_keys
from matters.views.workplaces import workplaces_of
from portal.accounts.models import User
from portal.accounts.pending_post import login_required_preserving_post, restored_post

IN_A_FRAME = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


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
            "leads": may(_staff(request), "supervise", department),
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
    counts, views = counts_and_views(desk, user=user)
    view = chosen_view(request, user, views)
    chosen = view.list_name if view is not None else request.GET.get("filter", "all")
    chosen = chosen if chosen in LISTS else "all"
    sort, refused = sort_of(chosen, view.sort if view is not None else request.GET.get("sort", ""))
    kept = {"view": str(view.pk)} if view is not None else {"filter": chosen, "sort": sort}
    sentence = ""
    if view is not None and view.narrows:
        found = narrowed(user, desk, view)
        begin = request.GET.get("after") or request.GET.get("before", "")
        page, sentence = narrowed_page(view, found.keys, begin), found.sentence
    else:
        page = queue_page(
            desk,
            filter=chosen,
            sort=sort,
            user=user,
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )
    if view is not None and view.fields:
        parts = SubItem.objects.filter(pk__in=[line.sub_item.pk for line in page.lines])
        told = read_fields(user, desk, parts, view.fields)
        labels = field_labels(page.lines)
        page = replace(
            page,
            lines=[
                replace(line, told=tuple(told.get(line.sub_item.pk, {}).get(key, "") for key in view.fields))
                for line in page.lines
            ],
        )
    else:
        labels = {}
    shown = {
        "department": desk,
        "page": page,
        "chips": chips_of(counts, chosen),
        "chosen": chosen,
        "list": LISTS[chosen],
        "label": view.name if view is not None else LISTS[chosen].label,
        "sort": sort,
        "sorts": [] if view is not None else [(name, SORTS[name]) for name in LISTS[chosen].sorts],
        "refused": refused or sentence,
        "keep": urlencode(kept),
        "kinds": (kinds := kinds_for(chosen)),
        "keys": queue_keys(kinds),
        "views": views,
        "view": view,
        "columns": view.columns if view is not None else list(COLUMNS),
        "told_labels": [labels.get(key, key) for key in view.fields] if view is not None else [],
    }
    return render(request, "matters/review/queue.html", shown)


def chosen_view(request: HttpRequest, user: User, views: list[ViewName]) -> SavedView | None:
    """Return the view that is asked for; the one to begin with where neither a view nor a list is. One query where there is one."""
    if "view" in request.GET:
        chosen = next((each.pk for each in views if str(each.pk) == request.GET["view"]), None)
    elif "filter" in request.GET:
        chosen = None
    else:
        chosen = next((each.pk for each in views if each.is_default), None)
    return SavedView.objects.filter(user=user, pk=chosen).first() if chosen is not None else None


def field_labels(lines: list[Any]) -> dict[str, str]:
    """Return what the fields of own forms are called, of the cases on a page. One query."""
    return offered_fields(bundles_for_fields(line.sub_item.pk for line in lines))


@login_required_preserving_post(page="matters:queue", keeps=False)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest, department: str) -> HttpResponse:
    """Show the department's cases that were looked for; the one that was found is opened. Posted, so that no name stands in an address."""
    user = _staff(request)
    desk = get_department_for(user, department)
    if request.method != "POST":
        return redirect("matters:queue", department)
    typed = request.POST.get("q", "")[:LONGEST_TYPED]
    found = find_cases(user, desk, typed)
    if len(found.sub_items) == 1 and not found.sentence:
        return redirect("matters:case", found.sub_items[0].number)
    shown = {"department": desk, "lines": found_lines(found.sub_items), "sentence": found.sentence, "q": typed.strip()}
    return render(
        request,
        "matters/review/found.html",
        {**shown, "label": _("找到的办件"), "chosen": "all", "keep": "", "columns": list(COLUMNS)},
    )


def kinds_for(chosen: str) -> list[tuple[str, Any, str]]:
    """Return (bulk action, what it is called, its key) of those that can be done with what is in a list."""
    if chosen == "returned":
        return [(BulkAction.Kind.REMIND, BulkAction.Kind.REMIND.label, "m")]
    if not LISTS[chosen].of_tasks or chosen in (ReviewTask.Stage.AMENDMENT, ReviewTask.Stage.CHECK):
        return []
    keys = {BulkAction.Kind.ACCEPT: "a", BulkAction.Kind.APPROVE: "p", BulkAction.Kind.HAND_OVER: "t"}
    return [(kind, kind.label, key) for kind, key in keys.items()]


def chips_of(counts: Mapping[str, Count], chosen: str = "") -> list[tuple[str, Any, Count]]:
    """Return (list, its name, how many) of the lists to show: of the rare ones those that have something in them."""
    return [
        (name, each.label, counts[name])
        for name, each in LISTS.items()
        if not each.rare or counts[name].number or name == chosen
    ]


@login_required
@never_cache
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A case: the department's own form, papers, earlier results, what may be done, and what happened."""
    try:
        sub_item = get_sub_item_for(_staff(request), number, "review", "accept")
    except OwnCase as own:
        messages.info(request, _("这是您自己的申请，由同事办理；您在这里看到的和申请人一样。"))
        return redirect("matters:bundle", own.number)
    kept = restored_post(request)
    if kept is not None:
        changed: Sequence[str] = ()
        try:
            if READ in kept:
                require_as_read(sub_item, str(kept[READ]))
        except NotAsRead as refusal:
            changed = refusal.changed
            messages.warning(request, refusal.sentence)
        return case_page(request, sub_item, typed=typed_of(kept), opened=form_of(kept), changed=changed)
    return case_page(request, sub_item)


@login_required
@never_cache
@require_GET
def case_paper(request: HttpRequest, number: str, paper: Any) -> HttpResponseBase:
    """A paper of the case, for those who handle it; ``view``: as it stands in a frame beside the case."""
    sub_item = get_sub_item_for(_staff(request), number, "review", "accept")
    renew_claim(_staff(request), sub_item)
    response = file_response(open_paper(_staff(request), sub_item, paper))
    if "view" in request.GET:
        response["X-Frame-Options"] = "SAMEORIGIN"
        if response.get("Content-Type") == "application/pdf":
            # Browsers do not start their own viewer in a sandbox. Nothing in the file can act: what could was refused when it was
            # handed in (``matters.files.pdf_parts``), and the page around it allows nothing either.
            response["Content-Security-Policy"] = IN_A_FRAME
    return response


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
