"""Pages on which a person has their information deleted, and closes their account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.models import User
from portal.accounts.organisations.principals import refuse_other
from portal.accounts.own_file.views import subject_of
from portal.accounts.pending_post import login_required_preserving_post
from portal.lib.braking import Brake, is_braked
from portal.retention.closing import NotClosable, close_account, obstacles
from portal.retention.deletion import delete_own, lines_of, told_lines
from portal.retention.models import DeletionRequest

DELETIONS = Brake("deletion", by_person=5, by_address=50, window=3600)
PASSWORDS = Brake("closing", by_person=5, by_address=50, window=3600)
SHOWN = 10


@login_required_preserving_post(keeps=False)
@never_cache
@require_http_methods(["GET", "POST"])
def deletion(request: HttpRequest) -> HttpResponse:
    """Show what of a person's would be deleted and what stays until when and why; with POST delete what can be."""
    subject = subject_of(request)
    refuse_other(request.user, None)
    if request.method == "POST" and isinstance(request.user, User):
        if is_braked(request, DELETIONS):
            messages.error(request, _("一小时内删除得太多次了，这一次没有删除。请过一会儿再试。"))
        else:
            delete_own(subject, request.user)
            messages.success(request, _("能删除的已经删除，不能删除的写在下面。"))
        return redirect("retention:deletion")
    asked = DeletionRequest.objects.filter(person=subject.person).order_by("-asked_at")[:SHOWN]
    lines = lines_of(subject)
    context = {
        "lines": lines,
        "can_delete": any(line.outcome == "deleted" for line in lines),
        "requests": [(each, told_lines(each)) for each in asked],
    }
    return render(request, "retention/deletion.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def closing(request: HttpRequest) -> HttpResponse:
    """Tell what closing one's account means, and with POST (``password``, where there is one, and ``sure``) close it."""
    subject = subject_of(request)
    refuse_other(request.user, None)
    user = request.user
    assert isinstance(user, User)
    reasons, problem = obstacles(subject.person, user), ""
    if request.method == "POST" and not reasons:
        problem = _unconfirmed(request, user)
        if not problem:
            try:
                close_account(request, user)
            except NotClosable as refused:
                reasons = refused.reasons
            else:
                logout(request)
                messages.success(request, _("账户已注销。"))
                return redirect("home")
    context = {
        "reasons": reasons,
        "problem": problem,
        "lines": lines_of(subject),
        "asks_password": user.has_usable_password(),
        "is_proved": subject.person.is_proved,
    }
    return render(request, "retention/closing.html", context, status=422 if problem else 200)


def _unconfirmed(request: HttpRequest, user: User) -> str:
    """Return why the owner has not confirmed it, in words; empty where they have."""
    if is_braked(request, PASSWORDS):
        return _("试得太多了，没有注销。请过一小时再试。")
    if user.has_usable_password() and not user.check_password(request.POST.get("password", "")):
        return _("密码不对，没有注销。")
    if request.POST.get("sure") != "yes":
        return _("请勾选“我要注销”。")
    return ""
