"""亮证: the holder's page with a code, and what whoever has the code reads while it is good."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from certificates.activities.access import get_certificate_for
from certificates.activities.library import open_face
from certificates.activities.showing import DIGITS, TERM, look, show
from certificates.views.public import answered_privately
from certificates.wording import VERDICTS
from portal.accounts.models import User
from portal.accounts.pending_post import login_required_preserving_post
from portal.lib.braking import Brake, is_braked
from portal.lib.qr import code_of

SHOWINGS = Brake("showing", by_person=20, by_address=200)
# Eight digits, five minutes: whoever tries all day finds nothing.
LOOKS = Brake("shown", by_person=30, by_address=30)


@login_required_preserving_post(page="certificates:detail", keeps=False)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_certificate(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one of one's own certificates: a code for five minutes, told on this page alone. Asked for, the address leads to the certificate."""
    user = request.user
    assert isinstance(user, User)
    certificate = get_certificate_for(user, id)
    if request.method != "POST":
        return redirect(certificate)
    if is_braked(request, SHOWINGS):
        return render(
            request, "certificates/shown_form.html", {"problem": _("出示得太快了，请过一分钟再试。")}, status=429
        )
    showing, code = show(certificate, user)
    address = f"{settings.YIJIAN_PUBLIC_URL}{reverse('certificates:shown', args=[code])}"
    context = {
        "certificate": certificate,
        "said": VERDICTS[certificate.verdict(timezone.localdate())],
        "showing": showing,
        "code": f"{code[:4]} {code[4:]}",
        "minutes": int(TERM.total_seconds()) // 60,
        "qr": code_of(address),
    }
    return render(request, "certificates/showing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@answered_privately("same-origin")
def shown_form(request: HttpRequest) -> HttpResponse:
    """Ask for a code that somebody shows, and take it (``code``)."""
    typed = "".join(each for each in request.POST.get("code", "") if each.isascii() and each.isdigit())
    if request.method == "POST" and len(typed) == DIGITS:
        return shown(request, typed)
    problem = _("码是 8 位数字，请照对方手机上的填。") if request.method == "POST" else ""
    return render(request, "certificates/shown_form.html", {"problem": problem}, status=422 if problem else 200)


@require_safe
@answered_privately("no-referrer")
def shown_by_code(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the code that was scanned."""
    return shown(request, code)


def shown(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a code shows while it is good; one that is over and one that never was are told alike."""
    if is_braked(request, LOOKS):
        problem = _("查得太快了，请过一分钟再试。")
        return render(request, "certificates/shown_form.html", {"problem": problem}, status=429)
    reader = request.user if isinstance(request.user, User) else None
    showing = look(code, reader)
    if showing is None:
        problem = _("这个码没有用，或者已经过期。请对方重新出示。")
        return render(request, "certificates/shown_form.html", {"problem": problem}, status=404)
    certificate = showing.certificate
    context = {
        "certificate": certificate,
        "face": open_face(certificate),
        "said": VERDICTS[certificate.verdict(timezone.localdate())],
        "showing": showing,
    }
    return render(request, "certificates/shown.html", context)
