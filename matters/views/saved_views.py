"""An officer's own views of a department's queue: made, changed, put first, removed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from matters.cases.access import get_department_for
from matters.models import Channel, SavedView
from matters.reviewing.queue import queue_page
from matters.reviewing.queueing.lists import LISTS, SORTS
from matters.reviewing.queueing.saved import COLUMNS, bundles_for_fields, offered_fields, save_view, views_of
from matters.wording.refusals import Invalid
from portal.accounts.pending_post import login_required_preserving_post, restored_post

_TEXTS = ("name", "list_name", "sort", "channel", "item", "field", "field_text", "is_default")


@login_required_preserving_post(page="matters:saved_views")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request: HttpRequest, department: str) -> HttpResponse:
    """Keep or remove a view. What is offered of own forms is what the first cases of the queue have in theirs."""
    user: Any = request.user
    desk = get_department_for(user, department)
    views = views_of(user, desk)
    view = next((each for each in views if str(each.pk) == request.GET.get("view", "")), None)
    if request.method == "POST" and "remove" in request.POST:
        SavedView.objects.filter(user=user, department=desk, pk__in=[each.pk for each in views]).filter(
            name=request.POST.get("name", "")[:30]
        ).delete()
        messages.success(request, _("视图已删除。"))
        return redirect("matters:saved_views", department)
    first = queue_page(desk, filter="all", user=user)
    offered = offered_fields(bundles_for_fields(line.sub_item.pk for line in first.lines))
    kept = {key for each in views for key in (*each.fields, each.field) if key}
    problems: dict[str, str] = {}
    sent = request.POST if request.method == "POST" else restored_post(request)
    if sent is not None:
        typed: dict[str, Any] = {name: sent.get(name, "")[:200].replace("\x00", "") for name in _TEXTS}
        typed |= {name: sent.getlist(name) for name in ("columns", "fields")}
    else:
        typed = _typed_of(view) if view is not None else _new(request)
    if request.method == "POST":
        try:
            saved = save_view(user, desk, typed, {*offered, *kept})
        except Invalid as invalid:
            problems = invalid.problems
        else:
            messages.success(request, _("视图“%(name)s”已保存。") % {"name": saved.name})
            return redirect(f"{reverse('matters:queue', args=[department])}?view={saved.pk}")
    shown = {
        "department": desk,
        "views": views,
        "view": view,
        "typed": typed,
        "problems": problems,
        "lists": [(name, each.label) for name, each in LISTS.items()],
        "sorts": list(SORTS.items()),
        "columns": list(COLUMNS.items()),
        "fields": list({**{key: key for key in sorted(kept)}, **offered}.items()),
        "channels": Channel.choices,
    }
    return render(request, "matters/review/saved_views.html", shown, status=422 if problems else 200)


def _new(request: HttpRequest) -> dict[str, Any]:
    """Return what a new view begins with: the list and order that one looked at."""
    empty: dict[str, Any] = dict.fromkeys(_TEXTS, "")
    asked = {"list_name": request.GET.get("filter", "all")[:20], "sort": request.GET.get("sort", "")[:20]}
    return {**empty, **asked, "columns": list(COLUMNS), "fields": []}


def _typed_of(view: SavedView) -> dict[str, Any]:
    typed: dict[str, Any] = {name: getattr(view, name) for name in _TEXTS}
    return {**typed, "columns": view.columns, "fields": view.fields}
