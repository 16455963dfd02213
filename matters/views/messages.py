"""Messages about a case on the applicant's and the window's side: read and answered in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from matters.cases.access import get_bundle_to_answer_for, is_applicant
from matters.core.states import OPEN
from matters.models import Bundle, CaseMessage, SubItem
from matters.reviewing.conversing import messages_on, write_to_department
from matters.views.brakes import MESSAGES, TOO_MANY_MESSAGES
from matters.wording.refusals import Refusal
from portal.accounts.last_account import mark_of
from portal.accounts.pending_post import keep_post, login_required_preserving_post
from portal.lib.braking import is_braked


@dataclass(frozen=True, slots=True)
class Talk:
    """What was written about one part. ``may_write``: whether something may be written to its department now."""

    part: SubItem
    rows: list[CaseMessage]
    may_write: bool
    typed: str = ""


def talks_of(bundle: Bundle, kept: Mapping[str, Any] | None = None) -> list[Talk]:
    """Return the messages of an application, part by part: where any were written, or may be. One query.

    ``kept``: what was typed and not taken (``sub_item``, ``message``), or sent after the session had ended.
    """
    parts, kept = list(bundle.sub_items.all()), kept or {}
    written: dict[Any, list[CaseMessage]] = {}
    for one in messages_on(parts):
        written.setdefault(one.sub_item_id, []).append(one)
    return [
        Talk(
            part,
            written.get(part.pk, []),
            part.state in OPEN,
            kept.get("message", "") if kept.get("sub_item") == part.number else "",
        )
        for part in parts
        if part.pk in written or part.state in OPEN
    ]


@login_required_preserving_post(page="matters:bundle")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: str) -> HttpResponse:
    """Send a ``message`` to the department of ``sub_item`` (its number; without one the application is shown), as its applicant or as the window where it was entered."""
    user: Any = request.user
    bundle = get_bundle_to_answer_for(user, number)
    own = is_applicant(user, bundle)
    back = redirect("matters:bundle" if own else "admin:counter_bundle", number)
    if request.method != "POST":
        return back
    part = SubItem.objects.for_case().filter(bundle=bundle, number=request.POST.get("sub_item", "")).first()
    if part is None:
        return back
    typed = request.POST.get("message", "")[: CaseMessage.MESSAGE_LENGTH + 1]
    if is_braked(request, MESSAGES):
        messages.error(request, str(TOO_MANY_MESSAGES))
    else:
        try:
            write_to_department(user, part, typed)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, _("已发给%(department)s。") % {"department": part.office.name})
            return back
    keep_post(request, back.url, mark_of(user.pk))
    return back
