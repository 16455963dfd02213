"""Verification for everybody: no account, no more personal data than the paper in hand shows, and that masked."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from certificates.activities.checking import check_file
from certificates.activities.lookup import find_by_number, find_by_token, successors_of
from certificates.core.identifier import IdentifierInvalid
from certificates.core.status_list import FRESH_SECONDS
from certificates.forms import FileForm, NumberForm
from certificates.models import Certificate, StatusList
from certificates.wording import FAULTS, NUMBER_PROBLEMS, REPLACED, UNKNOWN, VERDICTS
from portal.lib.braking import lane_of
from portal.lib.throttling import is_too_fast
from portal.sandbox.running import SandboxBusy

SCANS_A_MINUTE = 120
QUESTIONS_A_MINUTE = 30


def answered_privately(referrer: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let nothing keep, list or pass on the answer. A page with forms needs ``same-origin``, or its own posts are refused."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex, nofollow"
            response["Referrer-Policy"] = referrer
            return response

        return answer

    return decorate


@require_safe
@answered_privately("no-referrer")
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the code on a certificate. Unknown and malformed codes get the same page, after the same one query."""
    if is_too_fast(request, "certificates:scan", SCANS_A_MINUTE):
        return _slow_down(request)
    return _answer(request, find_by_token(token))


@require_safe
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """Answer a signed status list to whoever verifies without us: the same bytes to everybody, for a minute. One query.

    404 for a list in which no certificate stands. Its type is that of the IETF's Token Status List.
    """
    found = StatusList.objects.filter(number=number).exclude(token="").first() if number < 2**31 else None
    if found is None:
        raise Http404
    response = HttpResponse(found.token, content_type="application/statuslist+jwt")
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@answered_privately("same-origin")
def verify_form(request: HttpRequest) -> HttpResponse:
    """Answer a typed identifier or number, or judge a file. Nothing handed in is kept."""
    if request.method != "POST":
        return _ask(request, NumberForm(), FileForm())
    if is_too_fast(request, "certificates:question", QUESTIONS_A_MINUTE):
        return _slow_down(request)
    if "file" in request.FILES or request.POST.get("what") == "file":
        return _judge_file(request)
    form = NumberForm(request.POST)
    if form.is_valid():
        try:
            return _answer(request, find_by_number(form.cleaned_data["number"]))
        except IdentifierInvalid as problem:
            form.add_error("number", str(NUMBER_PROBLEMS[problem.code]))
    return _ask(request, form, FileForm(), status=422)


def _judge_file(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, NumberForm(), form, status=422)
    try:
        checked = check_file(form.cleaned_data["file"], timezone.localdate(), lane_of(request))
    except SandboxBusy:
        form.add_error("file", _("现在核验的人很多，这个文件还没有核验。请等几秒再试一次"))
        return _ask(request, NumberForm(), form, status=429)
    context = {
        "checked": checked,
        "faults": [FAULTS[code] for code in checked.faults],
        **_shown(checked.certificate),
    }
    return render(request, "certificates/verify_file.html", context)


def _ask(request: HttpRequest, number_form: NumberForm, file_form: FileForm, status: int = 200) -> HttpResponse:
    context = {"number_form": number_form, "file_form": file_form, "site": _site()}
    return render(request, "certificates/verify_form.html", context, status=status)


def _answer(request: HttpRequest, certificate: Certificate | None) -> HttpResponse:
    status = 200 if certificate else 404
    return render(request, "certificates/verify.html", {**_shown(certificate), "site": _site()}, status=status)


def _slow_down(request: HttpRequest) -> HttpResponse:
    response = render(request, "certificates/too_fast.html", {"site": _site()}, status=429)
    response["Retry-After"] = "60"
    return response


def _shown(certificate: Certificate | None) -> dict[str, object]:
    """Return all that the public may see: no face, the name masked."""
    if certificate is None:
        return {"certificate": None, "said": UNKNOWN, "holder": "", "change": None}
    verdict = certificate.verdict(timezone.localdate())
    return {
        "certificate": certificate,
        "said": REPLACED if successors_of(certificate).exists() else VERDICTS[verdict],
        "holder": certificate.public_holder,
        "change": certificate.status_changes.last(),
    }


def _site() -> str:
    return str(settings.YIJIAN_PUBLIC_URL).split("://")[-1]
