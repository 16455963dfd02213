"""The inbox."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.lib.whole_numbers import whole_number
from portal.notices.inbox import mark_all_read, messages_of, unread_count
from portal.notices.wording import words

PER_PAGE = 30


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """List one's messages, newest first. A POST notes that all of them have been seen."""
    if request.method == "POST":
        mark_all_read(request.user)
        return redirect("accounts:notices")
    from_id = whole_number(request.GET.get("before", ""))
    found = list(messages_of(request.user, from_id)[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    lines = [
        {"at": m.created_at, "is_new": m.read_at is None, "link": m.link, "words": words(m.kind, m.data)} for m in shown
    ]
    return render(
        request,
        "notices/inbox.html",
        {
            "lines": lines,
            "unread": unread_count(request.user),
            "older": shown[-1].pk if len(found) > PER_PAGE else None,
        },
    )
