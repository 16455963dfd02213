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

from portal.accounts.models import Person, User
from portal.accounts.organisations.principals import refuse_other
from portal.accounts.own_file.views import subject_of
from portal.accounts.owner_codes import CodeNotSent, can_ask, is_waiting, redeem, send_code
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
    """Tell what closing one's account means, and with POST close it: ``sure``, and ``password`` or, where there is none, the ``code`` that
    ``action=code`` sends to the telephone that is known. Who has neither gets a password at a window first.
    """
    subject = subject_of(request)
    refuse_other(request.user, None)
    user = request.user
    assert isinstance(user, User)
    reasons, problem = obstacles(subject.person, user), ""
    by_code = not user.has_usable_password()
    if by_code and not can_ask(subject.person):
        reasons.append(
            _(
                "这个账户没有密码，也没有收得到验证码的手机号，没法确认是您本人。请带证件到综合窗口，取得一次性链接，设好密码再来注销。"
            )
        )
    if request.method == "POST" and not reasons and by_code and request.POST.get("action") == "code":
        problem = _sent(request, subject.person)
        if not problem:
            return redirect("retention:closing")
    elif request.method == "POST" and not reasons:
        problem = _unconfirmed(request, user, subject.person)
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
        "asks_password": not by_code,
        "is_waiting": by_code and is_waiting(request),
        "is_proved": subject.person.is_proved,
    }
    return render(request, "retention/closing.html", context, status=422 if problem else 200)


def _sent(request: HttpRequest, person: Person) -> str:
    """Send the owner a code; return why not, in words."""
    try:
        send_code(request, person)
    except CodeNotSent as refused:
        if refused.code == "too_often":
            return _("验证码发得太多了，请过一小时再试。")
        return _("验证码没有发出去，请稍后再试。")
    messages.success(request, _("验证码已发到您登记的手机，5 分钟内有效。"))
    return ""


def _unconfirmed(request: HttpRequest, user: User, person: Person) -> str:
    """Return why the owner has not confirmed it, in words; empty where they have."""
    if is_braked(request, PASSWORDS):
        return _("试得太多了，没有注销。请过一小时再试。")
    if user.has_usable_password() and not user.check_password(request.POST.get("password", "")):
        return _("密码不对，没有注销。")
    if request.POST.get("sure") != "yes":
        return _("请勾选“我要注销”。")
    if not user.has_usable_password() and not redeem(request, person, request.POST.get("code", "")):
        return _("验证码不对，或者已经过期，没有注销。请核对，或者重新发送。")
    return ""
