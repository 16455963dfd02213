"""The way on from an application of which something was not granted (办理其余事项)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from matters.apply_pages.steps import FORM
from matters.cases.access import get_bundle_for
from matters.drafts.continuing import continue_with_rest
from matters.views.brakes import DRAFTS, TOO_MANY_DRAFTS
from matters.wording.refusals import Refusal
from portal.accounts.pending_post import login_required_preserving_post
from portal.lib.braking import is_braked


@login_required_preserving_post(page="matters:bundle", keeps=False)
@require_http_methods(["GET", "HEAD", "POST"])
def continue_rest(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a new application for what was not granted, filled in. Asked for, the address leads to the application."""
    found = get_bundle_for(request.user, number)
    if request.method != "POST":
        return redirect("matters:bundle", number)
    if is_braked(request, DRAFTS):
        messages.error(request, TOO_MANY_DRAFTS)
        return redirect("matters:bundle", number)
    user: Any = request.user
    try:
        draft, is_new = continue_with_rest(user, found)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("matters:bundle", number)
    if is_new:
        messages.success(request, _("已带入上次填写的内容和材料，请核对、改好没有办成的地方，再提交。"))
    else:
        messages.info(request, _("其余事项的申请之前已经开始，还没有提交，请接着办这一份。"))
    return redirect(FORM.view, draft.pk)
