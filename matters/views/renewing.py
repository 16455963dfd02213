"""The way from a certificate that ends soon to the application that renews it (续证)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from certificates.activities.access import get_certificate_for
from matters.drafts.renewing import begin_renewal
from matters.views.brakes import DRAFTS, TOO_MANY_DRAFTS
from matters.wording.refusals import Refusal
from portal.accounts.pending_post import login_required_preserving_post
from portal.lib.braking import is_braked


@login_required_preserving_post(page="certificates:detail", keeps=False)
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, id: UUID) -> HttpResponse:
    """Begin the application that renews a certificate and lead to its one confirmation. Asked for, the address leads to the certificate."""
    user: Any = request.user
    certificate = get_certificate_for(user, id)
    if request.method != "POST":
        return redirect("certificates:detail", id)
    if is_braked(request, DRAFTS):
        messages.error(request, TOO_MANY_DRAFTS)
        return redirect("certificates:detail", id)
    try:
        begun = begin_renewal(user, certificate)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("certificates:detail", id)
    if begun.bundle is not None:
        messages.info(request, _("续证已经申请，正在办理。"))
        return redirect("matters:bundle", begun.bundle.number)
    assert begun.draft is not None
    if not begun.is_new:
        messages.info(request, _("续证申请之前已经开始，还没有提交，请接着办这一份。"))
    return redirect("matters:confirm", begun.draft.pk)  # which leads to the form where something is left to fill in
