"""Proving at the window who somebody is: the clerk sees the document, the person signs, and an account becomes theirs, opened here if need be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from matters.cases.window import window_of
from matters.views.brakes import IDENTITIES, TOO_MANY_IDENTITIES
from matters.views.identity_sheet import identity_sheet, sheet_response
from portal.accounts.handing_over import PersonConflict, take_back
from portal.accounts.models import DocumentKind, IdentityCheck, Person, User
from portal.accounts.one_time_links import make_link
from portal.accounts.pending_post import restored_post
from portal.accounts.people import find_person, merge_account, open_at_window, prove_account, register_person
from portal.identifiers.normalising import InvalidIdentifier, normalise_document, person_name
from portal.ledger.access import record_access
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.lib.braking import is_braked
from portal.lib.document_pages import PRINTS
from portal.lib.identifier_wording import sentence

REFUSALS: dict[str, tuple[str, str | Promise]] = {
    "no_account": ("username", gettext_lazy("没有等待核验的这个账号，请与本人核对账号名。")),
    "differs": (
        "number",
        gettext_lazy("账号里登记的姓名或证件号码与原件不一致，不能核验。请本人重新开通账号，照原件填写。"),
    ),
    "has_account": (
        "number",
        gettext_lazy("这个证件已经有一个核验过的账号。忘了密码的，可以重设密码；要把两个账号合成一个，请选“并入”。"),
    ),
    "taken": ("username", gettext_lazy("这个账号名已有人使用，请换一个。")),
    "name_differs": ("name", gettext_lazy("这个证件登记的是另一个姓名，请再核对原件。")),
    "already_registered": ("number", gettext_lazy("这个证件已经有一个核验过的账号。忘了密码的，可以重设密码。")),
}


@require_http_methods(["GET", "POST"])
def prove_identity(request: HttpRequest) -> HttpResponse:
    """Ask for the account and the document as it lies on the counter; prove the account when both say the same.

    ``print``: the sheet to be signed, and nothing is proved yet.
    """
    officer: Any = request.user
    if not window_of(officer).is_open:
        raise Http404
    kept = restored_post(request) if request.method == "GET" else None
    sent = request.POST if kept is None else kept
    typed = {place: sent.get(place, "").strip()[:150] for place in ("username", "name", "document_kind", "number")}
    typed["document_kind"] = typed["document_kind"] or DocumentKind.RESIDENT_ID
    original = sent.get("original", "") or IdentityCheck.Seen.ORIGINAL
    does = sent.get("does", "") if sent.get("does", "") in DOES else "link"
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = _problems(request, typed, original, does)
        if "print" in request.POST:  # the sheet comes before the signature
            problems = {place: said for place, said in problems.items() if place not in ("seen", "signed")}
            if not problems and is_braked(request, PRINTS):
                problems["number"] = _("打开得太快了，请过一分钟再试。")
            if not problems:
                office = str(window_of(officer).departments[0])
                sheet = identity_sheet(
                    typed, original, does, office=office, officer=officer.name, now=timezone.localtime()
                )
                return sheet_response(sheet)
        elif not problems and is_braked(request, IDENTITIES):
            problems["number"] = str(TOO_MANY_IDENTITIES)
        if not problems and "print" not in request.POST:
            site = window_of(officer).departments[0].code
            try:
                with transaction.atomic():
                    person = DOES[does](officer, typed, seen=original, signed=True)
                    lost = take_back(person)
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
                for account in lost:
                    record_security_event(SecurityEvent.Kind.IDENTITY_LOST, request, user=account, by=officer.pk)
                return _done(request, person, does, len(lost))
    context = {
        "typed": typed,
        "problems": problems,
        "kinds": DocumentKind.choices,
        "originals": IdentityCheck.Seen.choices,
        "original": original,
        "does": does,
        "title": _("核验账号身份"),
        **admin.site.each_context(request),
    }
    return render(request, "matters/counter/identity.html", context, status=422 if problems else 200)


def _link(officer: User, typed: dict[str, Any], **told: Any) -> Person:
    return prove_account(officer=officer, **typed, **told)


def _merge(officer: User, typed: dict[str, Any], **told: Any) -> Person:
    return merge_account(officer=officer, **typed, **told)


def _open(officer: User, typed: dict[str, Any], **told: Any) -> Person:
    return open_at_window(officer=officer, **typed, **told)


def _register(officer: User, typed: dict[str, Any], **told: Any) -> Person:
    document = {name: typed[name] for name in ("name", "document_kind", "number")}
    return register_person(**document, method=IdentityCheck.Method.COUNTER, officer=officer, **told)


# What is done for whoever stands at the window: their account is proved, merged into the one they have, one is opened, or they want none.
DOES: dict[str, Callable[..., Person]] = {"link": _link, "merge": _merge, "open": _open, "none": _register}


def _done(request: HttpRequest, person: Person, does: str, lost: int) -> HttpResponse:
    """Say what was done; a new account's one-time link is shown this once."""
    said = {
        "link": _("已核验：%(name)s 的账号现在是实名账号。"),
        "merge": _("已合并：%(name)s 在那个账号里的办件和证照都到了已核验的账号，那个账号不能再登录。"),
        "open": _("已核验并开通账号：%(name)s。"),
        "none": _("已核验：%(name)s。没有开通账号。"),
    }[does] % {"name": person.name}
    if lost:
        taken = ngettext(
            "另有 %(count)s 个账号填写过这个证件号码，已经收回：那些账号看不到以这个号码办的任何事。",
            "另有 %(count)s 个账号填写过这个证件号码，已经收回：那些账号看不到以这个号码办的任何事。",
            lost,
        )
        said += taken % {"count": lost}
    messages.success(request, said)
    if does != "open" or person.user is None:
        return redirect("admin:counter")
    account: Any = request.user
    link = request.build_absolute_uri(make_link(person.user, account, request))
    context = {"link": link, "person": person, "title": _("账号已开通"), **admin.site.each_context(request)}
    return render(request, "matters/counter/identity_opened.html", context)


def _problems(request: HttpRequest, typed: dict[str, str], original: str, does: str) -> dict[str, str]:
    """Return what is wrong with what was typed, each beside its box, all at once."""
    problems = {}
    if does != "none" and not typed["username"]:
        problems["username"] = _("请填写账号。")
    elif does == "open":
        try:
            User.username_validator(typed["username"])
        except ValidationError:
            problems["username"] = _("账号名只能用字母、汉字、数字和 @ . + - _ 这几个符号。")
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
    if original not in IdentityCheck.Seen.values:
        problems["original"] = _("请选择看到的是什么证件。")
    if "signed" not in request.POST:
        problems["signed"] = _("请本人在核验单上签名，再勾选这一项。")
    return problems
