"""A code to the registered telephone as a way of proving who one is, and its page."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.handing_over import PersonConflict
from portal.accounts.identity.returning import safe_target
from portal.accounts.identity.ways import Way
from portal.accounts.models import IdentityCheck, Person, User
from portal.accounts.people import person_of
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.lib.braking import Brake, is_braked
from portal.lib.lockout import counted_address
from portal.sharing.models import Provision
from portal.sharing.phone_checks import begin, is_too_often, pending, provision_of_phones, redeem, words_of

CODES = Brake("phone_code_typed", by_person=10, by_address=100)
REFUSALS: dict[str, str | Promise] = {
    "has_account": gettext_lazy("这个证件已经有一个核验过的账号，不能再核验这一个。请登录那个账号，或者到综合窗口。"),
    "already_registered": gettext_lazy(
        "这个证件已经有一个核验过的账号，不能再核验这一个。请登录那个账号，或者到综合窗口。"
    ),
    "differs": gettext_lazy("这个证件登记的姓名与账号里的不一致。请带证件原件到综合窗口核对。"),
    "has_cases": gettext_lazy("窗口和这个账号都已经为您办过件，要当面核对。请带证件原件到综合窗口。"),
}


class PhoneWay(Way):
    method = IdentityCheck.Method.SMS
    name = gettext_lazy("登记手机号的短信验证码")
    hint = gettext_lazy("向公安的人口登记查询您登记的手机号，往那个手机号发一个验证码，您填回来就行。")
    action = gettext_lazy("用短信核验")

    def is_open(self) -> bool:
        return provision_of_phones() is not None

    def address(self, target: str) -> str:
        return f"{reverse('phone_code')}?{urlencode({'next': target})}"


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def phone_code(request: HttpRequest) -> HttpResponse:
    """Ask for consent and have a code sent ("send"), then take it ("check"). What is said is the same whoever the register knows."""
    user = request.user
    person = person_of(user)
    provision = provision_of_phones()
    if not isinstance(user, User) or person is None or provision is None:
        raise Http404
    target = safe_target(request, request.POST.get("next", "") or request.GET.get("next", ""))
    if person.is_proved:
        return redirect(target or "accounts:identity")
    problem = ""
    if request.method == "POST":
        if request.POST.get("action") == "check":
            said = _take(request, user, request.POST.get("code", ""))
            if not said:
                messages.success(request, _("身份核验通过：您的账号现在是实名账号。"))
                return redirect(target or "accounts:identity")
            problem = said
        else:
            problem = _send(request, person, provision)
            if not problem:
                again = f"?{urlencode({'next': target})}" if target else ""
                return redirect(f"{reverse('phone_code')}{again}")
    context = {
        "text": words_of(provision),
        "target": target,
        "is_waiting": pending(person) is not None,
        "problem": problem,
        "has_demo": _is_demo(),
    }
    return render(request, "sharing/phone_code.html", context, status=422 if problem else 200)


def _send(request: HttpRequest, person: Person, provision: Provision) -> str:
    """Have a code sent; return why not."""
    if not request.POST.get("agreed"):
        return _("请先勾选同意，再发送验证码。")
    if is_too_often(person, counted_address(request)):
        return _("验证码发得太多了。请过一段时间再试，或者换一种办法核验。")
    begin(person, provision)
    return ""


def _take(request: HttpRequest, user: User, code: str) -> str:
    """Prove the account by its code; return why not."""
    if is_braked(request, CODES):
        return _("试得太快了，请过一分钟再试。")
    try:
        person = redeem(user, code)
    except PersonConflict as conflict:
        return str(REFUSALS[conflict.code])
    if person is None:
        return _(
            "验证码不对，或者已经过期。每个验证码 5 分钟内有效，可以试 5 次；没有收到的，可以重新发送，或者换一种办法核验。"
        )
    record_security_event(SecurityEvent.Kind.IDENTITY_PROVED, request, account=user.pk, method=IdentityCheck.Method.SMS)
    return ""


def _is_demo() -> bool:
    return bool(settings.YIJIAN_DEMO) and str(settings.YIJIAN_TEXT_GATEWAY).endswith(".DemoGateway")
