"""Filing by one confirmation: a page with everything that will be sent, and one button."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from matters.drafts.confirming import is_all_known
from matters.drafts.saving import plan_of, read_form, save_consents
from matters.submitting.submission import submit_bundle
from matters.views.apply_steps import account, now, open_step
from matters.views.apply_submit import Findings, check_context, is_a_colleagues
from matters.views.brakes import SUBMITS
from matters.wording.refusals import Refusal
from portal.accounts.pending_post import login_required_preserving_post
from portal.lib.braking import is_braked


@login_required_preserving_post(page="matters:confirm", keeps=False)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show all of an application that is known from rows, and file it with one button; anything else leads to the form.

    The button says that it agrees to what stands there and declares it true; consents that may be left out are not given.
    """
    draft = open_step(request, draft_id)
    if isinstance(draft, HttpResponse):
        return draft
    if is_a_colleagues(request, draft):
        return redirect("matters:check", draft.pk)  # where one may apply in their place
    plan = plan_of(draft)
    if not is_all_known(draft, plan, read_form(draft), now()):
        return redirect("matters:form", draft.pk)
    if request.method == "POST":
        is_what_was_shown = (
            request.POST.get("submission_key") == str(draft.submission_key)
            and request.POST.get("revision") == str(draft.revision)
            and request.POST.get("agreed") == "1"
        )
        if not is_what_was_shown or is_braked(request, SUBMITS):
            return redirect("matters:confirm", draft.pk)
        try:
            save_consents(draft, [consent.key for consent in plan.consents if consent.required])
            submit_bundle(draft=draft, by=account(request), confirmed_revision=draft.revision)
        except Refusal:
            return redirect("matters:check", draft.pk)  # which says what is missing
        return redirect("matters:submitted", draft.pk)
    context = check_context(request, draft, Findings(), request.GET) | {"all_known": False}  # leads here
    context["consents"] = [
        (department, [each for each in given if each.required]) for department, given in context["consents"]
    ]
    return render(request, "matters/apply/confirm.html", context)
