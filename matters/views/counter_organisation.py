"""Entering an organisation at the window: the clerk sees the licence, and the document of its legal representative, who stands there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from matters.cases.window import window_of
from matters.views.brakes import IDENTITIES, TOO_MANY_IDENTITIES
from portal.accounts.models import DocumentKind, IdentityCheck, Organisation, OrganisationCheck
from portal.accounts.organisations.activities import Evidence, OrganisationConflict, kinds_of, register_organisation
from portal.accounts.pending_post import restored_post
from portal.accounts.people import PersonConflict, find_person, register_person
from portal.identifiers.normalising import InvalidIdentifier, credit_code, normalise_document, person_name
from portal.ledger.access import record_access
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.lib.braking import is_braked
from portal.lib.identifier_wording import sentence

NAMES = ("name", "code", "kind", "person", "document_kind", "number")
LONGEST_NAME = 200
# Beside which box a refusal stands, and what it says.
REFUSALS: dict[str, tuple[str, str | Promise]] = {
    "kind_differs": ("kind", gettext_lazy("信用代码的前两位和这个类型不一致，请核对营业执照。")),
    "name_differs": (
        "name",
        gettext_lazy("这个信用代码登记的是另一个名称，没有改动。请核对营业执照；名称变了的，请先办理变更登记。"),
    ),
    "other_representative": (
        "person",
        gettext_lazy("登记的法定代表人是另一位。变更请先办理变更登记，再由新的法定代表人在网上登记单位。"),
    ),
}


@require_http_methods(["GET", "POST"])
def enter_organisation(request: HttpRequest) -> HttpResponse:
    """Ask for the licence and for the legal representative's document as they lie on the counter; enter the organisation."""
    officer: Any = request.user
    window = window_of(officer)
    if not window.is_open:
        raise Http404
    kept = restored_post(request) if request.method == "GET" else None
    sent = request.POST if kept is None else kept
    typed = {place: sent.get(place, "").strip()[:LONGEST_NAME] for place in NAMES}
    typed["document_kind"] = typed["document_kind"] or DocumentKind.RESIDENT_ID
    original = sent.get("original", "") or IdentityCheck.Seen.ORIGINAL
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = _problems(request, typed, original)
        if not problems and is_braked(request, IDENTITIES):
            problems["number"] = str(TOO_MANY_IDENTITIES)
        if not problems:
            try:
                organisation = _enter(officer, typed, original)
            except PersonConflict:
                known = find_person(typed["document_kind"], typed["number"])
                if known is not None:
                    record_access(officer, known.pk, "counter", ["document"], window.departments[0].code)
                problems["person"] = _("这个证件号码登记的是另一个姓名，请核对证件原件。")
            except OrganisationConflict as conflict:
                place, said = REFUSALS[conflict.code]
                problems[place] = str(said)
            else:
                record_security_event(
                    SecurityEvent.Kind.ORGANISATION_REGISTERED, request, organisation=str(organisation.pk)
                )
                messages.success(
                    request, _("已登记：%(name)s。法定代表人可以替它办事了。") % {"name": organisation.name}
                )
                return redirect("admin:counter")
    context = {
        "typed": typed,
        "problems": problems,
        "kinds": DocumentKind.choices,
        "originals": IdentityCheck.Seen.choices,
        "original": original,
        "organisation_kinds": Organisation.Kind.choices,
        "title": _("登记单位"),
        **admin.site.each_context(request),
    }
    return render(request, "matters/counter/organisation.html", context, status=422 if problems else 200)


@transaction.atomic
def _enter(officer: Any, typed: dict[str, str], original: str) -> Organisation:
    """Prove the legal representative and enter the organisation; where either is refused, neither is done."""
    person = register_person(
        name=typed["person"],
        document_kind=typed["document_kind"],
        number=typed["number"],
        method=IdentityCheck.Method.COUNTER,
        officer=officer,
        seen=original,
        signed=True,
    )
    return register_organisation(
        name=typed["name"],
        code=typed["code"],
        kind=typed["kind"],
        legal_representative=person,
        evidence=Evidence(OrganisationCheck.Source.COUNTER, officer=officer),
        by=officer,
    )


def _problems(request: HttpRequest, typed: dict[str, str], original: str) -> dict[str, str]:
    """Return what is wrong with what was typed, each beside its box, all at once."""
    problems = {}
    if not typed["name"]:
        problems["name"] = _("请照营业执照填写名称。")
    try:
        code = credit_code(typed["code"])
        if typed["kind"] and typed["kind"] not in kinds_of(code):
            problems["kind"] = _("信用代码的前两位和这个类型不一致，请核对营业执照。")
    except InvalidIdentifier as invalid:
        problems["code"] = sentence(invalid.code, invalid.params, _("统一社会信用代码"))
    try:
        person_name(typed["person"])
    except InvalidIdentifier as invalid:
        problems["person"] = sentence(invalid.code, invalid.params, _("姓名"))
    if typed["document_kind"] not in DocumentKind.values:
        problems["document_kind"] = _("请选择证件类型。")
    else:
        try:
            normalise_document(typed["document_kind"], typed["number"], timezone.localdate())
        except InvalidIdentifier as invalid:
            problems["number"] = sentence(invalid.code, invalid.params, _("证件号码"))
    if "seen" not in request.POST:
        problems["seen"] = _("请当面核对营业执照和证件原件，再勾选这一项。")
    if original not in IdentityCheck.Seen.values:
        problems["original"] = _("请选择看到的是什么证件。")
    if "signed" not in request.POST:
        problems["signed"] = _("请本人在核验单上签名，再勾选这一项。")
    return problems
