"""What a person was found to be entitled to, waiting for their confirmation, and the button that says no."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from matters.drafts.confirming import is_all_known
from matters.drafts.matching import decline, fill_in_since
from matters.drafts.saving import plan_of, read_form
from matters.models import BenefitMatch
from portal.accounts.organisations.principals import refuse_other
from portal.accounts.pending_post import login_required_preserving_post


@login_required
@never_cache
@require_GET
def benefits(request: HttpRequest) -> HttpResponse:
    """My benefits: what waits for me, with the rows it rests on, and what became of the others."""
    user: Any = request.user
    refuse_other(user, None)
    rows = BenefitMatch.objects.filter(person__user=user).select_related(
        "policy__department", "policy__replaced_by", "draft__applicant", "draft__matter_version__matter"
    )
    rows = rows.defer("draft__matter_version__content").order_by("-matched_at")[:50]
    shown = []
    for match in rows:
        facts = [{**fact, "at": datetime.fromisoformat(fact["at"])} for fact in match.facts]
        draft = match.draft
        waits = match.declined_at is None and draft is not None and draft.submitted_at is None
        at_once = False
        if waits and draft is not None:
            fill_in_since(draft)
            at_once = is_all_known(draft, plan_of(draft), read_form(draft), timezone.localtime())
        shown.append({"match": match, "facts": facts, "waits": waits, "at_once": at_once})
    return render(request, "matters/track/benefits.html", {"matches": shown})


@login_required_preserving_post(page=lambda request, match: reverse("matters:benefits"), keeps=False)
@require_http_methods(["GET", "HEAD", "POST"])
def decline_benefit(request: HttpRequest, match: uuid.UUID) -> HttpResponse:
    """Say no to what was offered. Asked for, the address leads to the page."""
    user: Any = request.user
    refuse_other(user, None)
    found = get_object_or_404(BenefitMatch, pk=match, person__user=user)
    if request.method == "POST":
        decline(found)
        messages.success(request, _("已放弃，什么也没有提交。以后需要，可以自己来申请。"))
    return redirect("matters:benefits")
