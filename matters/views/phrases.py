"""An officer's phrases for decisions in a department: their own, to look through and forget, beside the department's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from matters.cases.access import get_department_for
from matters.models import DecisionPhrase
from matters.reviewing.grounds import forget_phrase, own_phrases
from matters.wording.refusals import Refusal
from portal.accounts.pending_post import login_required_preserving_post


@login_required_preserving_post(keeps=False)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decision_phrases(request: HttpRequest, department: str) -> HttpResponse:
    """Show my phrases and the department's; a POST forgets one of mine (``phrase``: its key)."""
    user: Any = request.user
    desk = get_department_for(user, department)
    problem = ""
    if request.method == "POST":
        try:
            forget_phrase(user, desk, request.POST.get("phrase", ""))
        except Refusal as refusal:
            problem = refusal.sentence
        else:
            messages.success(request, _("已删掉这句用语。"))
            return redirect("matters:decision_phrases", department)
    shared = DecisionPhrase.objects.filter(department=desk, owner=None, is_offered=True)
    context = {"department": desk, "own": own_phrases(user, desk), "shared": shared, "problem": problem}
    return render(request, "matters/review/decision_phrases.html", context, status=422 if problem else 200)
