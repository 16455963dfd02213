"""Proving at the window whose account somebody has: the clerk sees the document, and the account becomes that person's."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from matters.cases.window import window_of
from matters.views.brakes import IDENTITIES, TOO_MANY_IDENTITIES
from portal.accounts.models import DocumentKind
from portal.accounts.pending_post import restored_post
from portal.accounts.people import PersonConflict, find_person, prove_account
from portal.identifiers.normalising import InvalidIdentifier, normalise_document, person_name
from portal.ledger.access import record_access
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.lib.braking import is_braked
from portal.lib.identifier_wording import sentence

REFUSALS: dict[str, tuple[str, str | Promise]] = {
    "no_account": ("username", gettext_lazy("没有等待核验的这个账号，请与本人核对账号名。")),
    "differs": (
        "number",
        gettext_lazy("账号里登记的姓名或证件号码与原件不一致，不能核验。请本人重新开通账号，照原件填写。"),
    ),
    "has_account": ("number", gettext_lazy("这个证件已经有一个核验过的账号。忘了密码的，可以重设密码。")),
    "has_cases": ("number", gettext_lazy("窗口和这个账号都已经为本人办过件，不能在这里合并。请联系系统管理员。")),
    "already_registered": ("number", gettext_lazy("这个证件已经有一个核验过的账号。忘了密码的，可以重设密码。")),
}


@require_http_methods(["GET", "POST"])
def prove_identity(request: HttpRequest) -> HttpResponse:
    """Ask for the account and the document as it lies on the counter; prove the account when both say the same."""
    officer: Any = request.user
    if not window_of(officer).is_open:
        raise Http404
    kept = restored_post(request) if request.method == "GET" else None
    sent = request.POST if kept is None else kept
    typed = {place: sent.get(place, "").strip()[:150] for place in ("username", "name", "document_kind", "number")}
    typed["document_kind"] = typed["document_kind"] or DocumentKind.RESIDENT_ID
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = _problems(request, typed)
        if not problems and is_braked(request, IDENTITIES):
            problems["number"] = str(TOO_MANY_IDENTITIES)
        if not problems:
            site = window_of(officer).departments[0].code
            try:
                person = prove_account(officer=officer, **typed)
            except PersonConflict as conflict:
                place, said = REFUSALS[conflict.code]
                problems[place] = str(said)
                # To be told that a number is registered is a reading too, and names could be tried for it.
                known = find_person(typed["document_kind"], typed["number"])
                if known is not None:
                    record_access(officer, known.pk, "counter", ["document"], site)
            else:
                record_access(officer, person.pk, "counter", ["name", "document"], site)
                record_security_event(SecurityEvent.Kind.IDENTITY_PROVED, request, account=person.user_id)
                messages.success(request, _("已核验：%(name)s 的账号现在是实名账号。") % {"name": person.name})
                return redirect("admin:counter")
    context = {
        "typed": typed,
        "problems": problems,
        "kinds": DocumentKind.choices,
        "title": _("核验账号身份"),
        **admin.site.each_context(request),
    }
    return render(request, "matters/counter/identity.html", context, status=422 if problems else 200)


def _problems(request: HttpRequest, typed: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with what was typed, each beside its box, all at once."""
    problems = {}
    if not typed["username"]:
        problems["username"] = _("请填写账号。")
    try:
        person_name(typed["name"])
    except InvalidIdentifier as invalid:
        problems["name"] = sentence(invalid.code, invalid.params, _("姓名"))
    if typed["document_kind"] not in DocumentKind.values:
        problems["document_kind"] = _("请选择证件类型。")
    else:
        try:
            typed["number"] = normalise_document(typed["document_kind"], typed["number"], timezone.localdate())
        except InvalidIdentifier as invalid:
            problems["number"] = sentence(invalid.code, invalid.params, _("证件号码"))
    if "seen" not in request.POST:
        problems["seen"] = _("请当面核对证件原件，再勾选这一项。")
    return problems
