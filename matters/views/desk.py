"""How reviewers pass work on: the next case, a case for a colleague, and who stands in while somebody is away."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from catalog.models import Department
from catalog.staff.memberships import may
from matters.cases.access import get_department_for, get_sub_item_for
from matters.models import OfficerAbsence, ReviewTask, SubItem
from matters.reviewing.queueing.lists import LISTS
from matters.reviewing.queueing.saved import narrowed, views_of
from matters.reviewing.reassigning import claim_next, colleagues_of, reassign
from matters.reviewing.standing_in import end_absence, record_absence
from matters.wording.refusals import Invalid, Refusal
from matters.wording.sub_items import sub_item_name
from portal.accounts.models import User
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.lib.whole_numbers import whole_number

SHOWN_ABSENCES = 50


@login_required_preserving_post(page="matters:queue", keeps=False)
@require_POST
def next_case(request: HttpRequest, department: str) -> HttpResponse:
    """Claim what stands first in the list one looks at and nobody has, and open it.

    From a case that one holds and has not finished, none is taken: nobody ends up with two at once by pressing a key.
    """
    user = _staff(request)
    desk = get_department_for(user, department)
    chosen = request.POST.get("filter", "all")
    chosen = chosen if chosen in LISTS else "all"
    sort = request.POST.get("sort", "")
    view = next((one for one in views_of(user, desk) if str(one.pk) == request.POST.get("view", "")), None)
    if view is not None:
        chosen, sort = view.list_name, view.sort
    unfinished = _held_still(user, desk, request.POST.get("open", ""))
    if unfinished is not None:
        sentence = _(
            "“%(item)s”还没有办完，没有再取新的。办完、交还或转交以后再取下一件；要同时办几件的，请在列表里认领。"
        )
        messages.info(request, sentence % {"item": sub_item_name(unfinished)})
        return redirect("matters:case", unfinished.number)
    shown = urlencode({"filter": chosen, "sort": sort} if sort else {"filter": chosen})
    shown = shown if view is None else urlencode({"view": view.pk})
    try:
        among = narrowed(user, desk, view).keys if view is not None and view.narrows else None
        sub_item = claim_next(user, desk, filter=chosen, sort=sort, among=among)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(f"{reverse('matters:queue', args=[department])}?{shown}")
    if sub_item is None:
        if chosen == "all" and view is None:
            messages.info(request, _("没有待认领的办件了。"))
        else:
            name = LISTS[chosen].label if view is None else view.name
            messages.info(request, _("“%(list)s”里没有待认领的办件了。") % {"list": name})
        return redirect(f"{reverse('matters:queue', args=[department])}?{shown}")
    return redirect(f"{reverse('matters:case', args=[sub_item.number])}?{shown}")


@login_required_preserving_post(page="matters:case_reassign")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case_reassign(request: HttpRequest, number: str) -> HttpResponse:
    """Hand a case over to a colleague who is chosen by name."""
    user = _staff(request)
    sub_item = get_sub_item_for(user, number)
    problem = ""
    if request.method == "POST":
        to = colleagues_of(sub_item.department).filter(pk__in=_numbers(request.POST.get("to", ""))).first()
        if to is None:
            problem = _("请选择转交给哪位同事。")
        else:
            try:
                reassign(user, sub_item, to)
            except Refusal as refusal:
                problem = refusal.sentence
            else:
                messages.success(request, _("已转交给%(name)s，并告知对方。") % {"name": to})
                return redirect("matters:queue", sub_item.department.code)
    task = ReviewTask.objects.filter(sub_item=sub_item, closed_at__isnull=True).select_related("claimed_by").first()
    shown = {
        "sub_item": sub_item,
        "department": sub_item.department,
        "task": task,
        "colleagues": _with_load(sub_item.department, None if task is None else task.claimed_by_id),
        "chosen": request.POST.get("to", ""),
        "problem": problem,
    }
    return render(request, "matters/review/reassign.html", shown, status=422 if problem else 200)


@login_required_preserving_post(page="matters:absences")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest, department: str) -> HttpResponse:
    """Who is away from when until when, and who stands in: one's own, and for the department's lead everybody's."""
    user = _staff(request)
    desk = get_department_for(user, department)
    leads = may(user, "supervise", desk)
    colleagues = list(colleagues_of(desk))
    kept = restored_post(request)
    typed = request.POST if kept is None else kept
    problems: dict[str, str] = {}
    if request.method == "POST":
        by_pk = {str(one.pk): one for one in colleagues}
        whose = by_pk.get(request.POST.get("user", ""), user) if leads else user
        days = (_day(request.POST.get("from_on", "")), _day(request.POST.get("until_on", "")))
        try:
            record_absence(user, whose, desk, by_pk.get(request.POST.get("stand_in", "")), *days)
        except Invalid as invalid:
            problems = invalid.problems
        except Refusal as refusal:
            problems = {"user": refusal.sentence}
        else:
            messages.success(request, _("已登记。到那天，手上的办件就转给代办的同事。"))
            return redirect("matters:absences", department)
    found = OfficerAbsence.objects.filter(department=desk, until_on__gte=timezone.localdate()).standing()
    if not leads:
        found = found.filter(user=user) | found.filter(stand_in=user)
    shown = {
        "department": desk,
        "absences": found.select_related("user", "stand_in").order_by("from_on", "pk")[:SHOWN_ABSENCES],
        "colleagues": colleagues,
        "leads": leads,
        "typed": {name: typed.get(name, "") for name in ("user", "stand_in", "from_on", "until_on")},
        "problems": problems,
        "today": timezone.localdate(),
    }
    return render(request, "matters/review/absences.html", shown, status=422 if problems else 200)


@login_required_preserving_post(
    page=lambda request, department, absence: reverse("matters:absences", args=[department]), keeps=False
)
@require_POST
def absence_end(request: HttpRequest, department: str, absence: int) -> HttpResponse:
    """End an absence before its last day."""
    user = _staff(request)
    desk = get_department_for(user, department)
    found = get_object_or_404(OfficerAbsence.objects.select_related("department"), pk=absence, department=desk)
    if found.user_id != user.pk and not may(user, "supervise", desk):
        raise Http404
    try:
        end_absence(user, found)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("已结束。之前转给代办同事的办件，仍由对方办理。"))
    return redirect("matters:absences", department)


def _held_still(user: User, department: Department, number: str) -> SubItem | None:
    """Return the case on the screen, where the user holds it and it waits for them."""
    if not number:
        return None
    tasks = (
        ReviewTask.objects.awaiting(department.pk)
        .held_by(user)
        .filter(sub_item__number=number[:40].replace("\x00", ""))
    )
    task = tasks.select_related("sub_item").first()
    return None if task is None else task.sub_item


def _with_load(department: Department, but: int | None) -> Any:
    """Return the colleagues but for one, each with how many cases they hold here and whether they are away. One query."""
    held = (
        ReviewTask.objects.awaiting(department.pk)
        .filter(claimed_by=OuterRef("pk"))
        .order_by()
        .values("claimed_by")
        .annotate(number=Count("pk"))
        .values("number")
    )
    away = OfficerAbsence.objects.on(timezone.localdate()).filter(user=OuterRef("pk"), department=department)
    found = colleagues_of(department).annotate(
        holds=Coalesce(Subquery(held, output_field=IntegerField()), 0),
        away_until=Subquery(away.values("until_on")[:1]),
    )
    return (found if but is None else found.exclude(pk=but)).order_by(F("away_until").asc(nulls_first=True), "holds")


def _numbers(text: str) -> list[int]:
    number = whole_number(text)
    return [] if number is None else [number]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:20])
    except ValueError:
        return None


def _staff(request: HttpRequest) -> Any:
    return request.user
