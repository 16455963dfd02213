"""Pages of proving who one is: the ways there are, and the provincial platform's door."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login as PendingLogin
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
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.accounts.identity.entering import METHOD, EntryRefused, account_of, open_account, prove_account_by
from portal.accounts.identity.provider import Platform, PlatformAway, Visit
from portal.accounts.identity.returning import Coming, keep_coming, safe_target, taken_coming
from portal.accounts.identity.ways import method_words, open_ways
from portal.accounts.identity.word import PlatformWord, UnreadableWord
from portal.accounts.models import User
from portal.accounts.people import document_number, person_of
from portal.identifiers.masking import mask_document
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.lib.braking import Brake, is_braked

VISITS = Brake("platform", by_person=20, by_address=200)

REFUSALS: dict[str, str | Promise] = {
    "expired": gettext_lazy("这次核验已经过期，或者不是在这个浏览器里开始的。请重新开始。"),
    "cancelled": gettext_lazy("您在平台上没有同意，所以没有登录，也没有核验。"),
    "away": gettext_lazy("平台现在没有回应，请过一会儿再试。您填写的内容没有丢。"),
    "unreadable": gettext_lazy("平台没有说清您的姓名和证件号码，不能据此核验。请带证件原件到综合窗口核验。"),
    "braked": gettext_lazy("试得太快了，请过一分钟再试。"),
    "name_differs": gettext_lazy("平台上的姓名与这个证件在本站核验过的姓名不一致。请带证件原件到综合窗口核对。"),
    "differs": gettext_lazy(
        "平台上的姓名或证件号码与这个账号里填写的不一致，没有核验。如果账号里填错了，请退出，用平台登录，开通您自己的账号；或者带证件原件到综合窗口。"
    ),
    "closed": gettext_lazy("这个账号已停用。请带证件原件到综合窗口咨询。"),
    "works_here": gettext_lazy("工作账号不能从平台登录。请用账号和密码登录；设置二次验证以后，才可以从平台登录。"),
    "has_account": gettext_lazy("这个证件已经有一个核验过的账号。请退出，用平台登录那个账号。"),
    "already_registered": gettext_lazy("这个证件已经有一个核验过的账号。请退出，用平台登录那个账号。"),
    "has_cases": gettext_lazy("窗口和这个账号都已经为您办过件，要当面核对后才能合成一个。请带证件原件到综合窗口办理。"),
    "another": gettext_lazy("这个浏览器里刚才换了账号，没有核验。请重新开始。"),
}


@never_cache
@login_required
@require_GET
def ways(request: HttpRequest) -> HttpResponse:
    """Say how far one's identity is proved and how to prove it, and go on to where somebody came from."""
    person = person_of(request.user)
    target = safe_target(request, request.GET.get("next", ""))
    check = person.checks.order_by("-level", "-at").first() if person is not None and person.is_proved else None
    context = {
        "person": person,
        "document": mask_document(document_number(person)) if person is not None else "",
        "check": check,
        "proved_by": method_words(check) if check is not None else "",
        "target": target,
        "ways": [(way, way.address(target or request.path)) for way in open_ways()],
    }
    return render(request, "accounts/identity/ways.html", context)


@never_cache
@require_GET
def platform(request: HttpRequest) -> HttpResponse:
    """Send the visitor to the platform."""
    provider = _provider(request)
    target = safe_target(request, request.GET.get("next", ""))
    if is_braked(request, VISITS):
        return _refused(request, "braked", target, status=429)
    try:
        return provider.send(target, _who(request))
    except PlatformAway:
        return _refused(request, "away", target, status=502)


@never_cache
@require_GET
def platform_return(request: HttpRequest) -> HttpResponse:
    """Take what the platform says: log its person in, prove the account that is logged in, or offer to open one."""
    provider = _provider(request)
    visit = provider.visit()
    if visit is None:
        return _refused(request, "expired")
    target = safe_target(request, visit.target)
    if "code" not in request.GET:
        return _refused(request, "cancelled" if request.GET.get("error") == "access_denied" else "away", target)
    if visit.who != _who(request):
        return _refused(request, "another", target)
    try:
        word = provider.word(visit)
    except PlatformAway:
        return _refused(request, "away", target, status=502)
    except UnreadableWord:
        return _refused(request, "unreadable", target)
    return _enter(request, word, visit, target)


@never_cache
@require_http_methods(["GET", "POST"])
def platform_open(request: HttpRequest) -> HttpResponse:
    """Ask somebody whom the platform vouches for, and who has no account yet, before one is opened."""
    _provider(request)
    coming = taken_coming(request, keep=request.method == "GET")
    if coming is None or request.user.is_authenticated:
        return _refused(request, "expired")
    if request.method == "GET":
        word = coming.word
        shown = {"name": word.name, "document": mask_document(word.number), "target": coming.target}
        return render(request, "accounts/identity/open.html", shown)
    try:
        user = open_account(coming.word)
    except EntryRefused as refusal:
        return _refused(request, refusal.code, coming.target)
    _record(request, user)
    messages.success(request, _("账号开通了，身份已由平台核验，您已登录。"))
    return _log_in(request, user, coming.target)


@never_cache
@require_POST
def platform_leave(request: HttpRequest) -> HttpResponse:
    """Forget what the platform said: the visitor has an account already, and logs in there to prove it."""
    _provider(request)
    coming = taken_coming(request, keep=False)
    onward = reverse("accounts:identity")
    if coming is not None and coming.target:
        onward = f"{onward}?{urlencode({'next': coming.target})}"
    return redirect(f"{reverse('accounts:login')}?{urlencode({'next': onward})}")


def _enter(request: HttpRequest, word: PlatformWord, visit: Visit, target: str) -> HttpResponse:
    try:
        if isinstance(request.user, User):
            prove_account_by(word, request.user)
            _record(request, request.user)
            messages.success(request, _("身份核验通过：您的账号现在是实名账号。"))
            return redirect(target or "accounts:identity")
        user = account_of(word)
    except EntryRefused as refusal:
        return _refused(request, refusal.code, target)
    if user is None:
        keep_coming(request, Coming(word, target))
        return redirect("accounts:platform_open")
    return _log_in(request, user, target)


def _log_in(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """Log in as allauth does: whoever has a second factor is asked for it next."""
    record_authentication(request, user, method=METHOD)
    answer: HttpResponse = perform_login(request, PendingLogin(user=user, redirect_url=target or None))
    return answer


def _record(request: HttpRequest, user: User) -> None:
    record_security_event(SecurityEvent.Kind.IDENTITY_PROVED, request, user=user, account=user.pk, method=METHOD)


def _provider(request: HttpRequest) -> Platform:
    if not settings.YIJIAN_IDENTITY_PLATFORM.is_open:
        raise Http404
    return Platform(request)


def _who(request: HttpRequest) -> str:
    return str(request.user.pk) if request.user.is_authenticated else ""


def _refused(request: HttpRequest, code: str, target: str = "", status: int = 422) -> HttpResponse:
    """Say why nobody was logged in or proved, and how to go on."""
    context: dict[str, Any] = {
        "said": REFUSALS[code],
        "onward": f"?{urlencode({'next': target})}" if target else "",
        "is_open": settings.YIJIAN_IDENTITY_PLATFORM.is_open,
    }
    return render(request, "accounts/identity/refused.html", context, status=status)
