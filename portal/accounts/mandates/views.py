"""Pages of mandates: those one gave, those one holds, and an intermediary's clients."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.mandates.activities import MandateConflict, accept, end, may_be_ended, offer, scope, withdraw_offer
from portal.accounts.mandates.forms import ORGANISATION, AcceptForm, OfferForm
from portal.accounts.models import Handler, Mandate, MandateOffer, Person
from portal.accounts.organisations.principals import (
    note_choice,
    principal_of,
    refuse_if_drawn_for_another,
    refuse_other,
)
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.accounts.people import person_of
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.lib.braking import Brake, is_braked

CODES = Brake("mandate_code", by_person=10, by_address=100, window=600)
OFFERS = Brake("mandate_offer", by_person=10, by_address=100, window=3600)
SHOWN = 100
REFUSALS = {
    "not_proved": gettext_lazy("先要实名，才能授权或者接受授权。可以在网上核验，也可以带证件到综合窗口核验身份。"),
    "dead": gettext_lazy("已登记去世的人不能授权，也不能替他授权。要办的事请看“身后一件事”，或者到综合窗口咨询。"),
    "oneself": gettext_lazy("这是您自己生成的授权码，要由对方使用。"),
    "no_such_code": gettext_lazy("授权码不对、用过了、已经失效，或者不是给您的。请和委托人核对，或者请对方重新授权。"),
    "not_manager": gettext_lazy("接受客户的授权，要由机构的法定代表人或者管理员在这一页填写授权码。"),
    "term_over": gettext_lazy("这一天已经过了。"),
    "not_yours": gettext_lazy("这份授权已经终止，或者不能在网上终止。监护关系有变化的，请到综合窗口办理。"),
}


@never_cache
@login_required
@require_safe
def mandates(request: HttpRequest) -> HttpResponse:
    """Show the mandates that one gave and holds, with the form to give one and the box for a code."""
    person = _own_person(request)
    kept = restored_post(request)
    if kept is not None and "code" in kept:
        return _page(request, person, accepting=AcceptForm(kept))
    return _page(request, person, OfferForm(kept) if kept is not None else None)


@never_cache
@login_required_preserving_post(page="accounts:mandates")
@require_POST
def give_mandate(request: HttpRequest) -> HttpResponse:
    """Let somebody act for oneself: show the code this once."""
    person = _own_person(request)
    form = OfferForm(request.POST)
    if not form.is_valid() or person is None:
        return _page(request, person, form, status=422)
    if is_braked(request, OFFERS):
        form.add_error(None, _("一小时内生成得太多了，这一次没有生成。请过一会儿再试。"))
        return _page(request, person, form, status=422)
    told = form.cleaned_data
    wanted = scope(
        told["matters"], told["until"], sees_certificates=told["sees_certificates"], consents=told["consents"]
    )
    try:
        made, code = offer(person, wanted, agent_name=told["agent_name"], to_organisation=told["to"] == ORGANISATION)
    except MandateConflict as conflict:
        form.add_error(None, str(REFUSALS[conflict.code]))
        return _page(request, person, form, status=422)
    record_security_event(SecurityEvent.Kind.MANDATE_OFFERED, request, offer=str(made.pk))
    return _page(request, person, code=code, made=made)


@never_cache
@login_required_preserving_post(page="accounts:mandates")
@require_POST
def accept_mandate(request: HttpRequest) -> HttpResponse:
    """Use the code of an offer, as oneself or in the name of the organisation that one acts for."""
    principal = principal_of(request.user)
    if principal.mandate is not None:
        refuse_other(request.user, None)
    page = reverse("accounts:mandates" if principal.handler is None else "accounts:clients")
    refuse_if_drawn_for_another(request, page)
    person, form = person_of(request.user), AcceptForm(request.POST)
    if form.is_valid():
        if is_braked(request, CODES):
            form.add_error("code", _("试得太快了，这一次没有核对。请过几分钟再试。"))
        else:
            try:
                if person is None:
                    raise MandateConflict("not_proved")
                made = accept(person, form.cleaned_data["code"], principal.handler)
            except MandateConflict as conflict:
                form.add_error("code", str(REFUSALS[conflict.code]))
            else:
                record_security_event(SecurityEvent.Kind.MANDATE_GIVEN, request, mandate=str(made.pk))
                note_choice(request)
                said = _("您可以代%(name)s办事了，授权编号 %(number)s。办之前，先在页面上方切换。")
                messages.success(request, said % {"name": made.principal.name, "number": made.number})
                return redirect(page)
    if principal.handler is not None:
        return _clients_page(request, principal.handler, form, 422)
    return _page(request, person, accepting=form, status=422)


@never_cache
@login_required_preserving_post(page="accounts:mandates", keeps=False)
@require_POST
def end_mandate(request: HttpRequest) -> HttpResponse:
    """End a mandate (``mandate``) that one gave or holds, asked once whether it is meant (``sure``), or take an offer back (``offer``)."""
    if principal_of(request.user).mandate is not None:
        refuse_other(request.user, None)
    person, back = person_of(request.user), "accounts:mandates"
    if principal_of(request.user).handler is not None:
        back = "accounts:clients"
    refuse_if_drawn_for_another(request, reverse(back), keeps=False)
    try:
        if person is None:
            raise MandateConflict("not_yours")
        if offered := request.POST.get("offer", ""):
            withdraw_offer(person, _id(offered))
            messages.success(request, _("授权码已撤回，不能再用。"))
        else:
            mandate = _id(request.POST.get("mandate", ""))
            if not request.POST.get("sure") and (asked := may_be_ended(mandate, person)) is not None:
                return render(
                    request, "accounts/end_mandate.html", {"one": asked, "back": reverse(back), "person": person}
                )
            ended = end(mandate, by=person)
            record_security_event(SecurityEvent.Kind.MANDATE_ENDED, request, mandate=str(ended.pk))
            note_choice(request)
            messages.success(request, _("授权 %(number)s 已终止，即刻生效。") % {"number": ended.number})
    except MandateConflict as conflict:
        messages.error(request, str(REFUSALS.get(conflict.code, REFUSALS["not_yours"])))
    return redirect(back)


@never_cache
@login_required
@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """List whom the organisation that is acted for may act for, under which mandate."""
    handler = principal_of(request.user).handler
    if handler is None:
        raise PermissionDenied
    return _clients_page(request, handler, AcceptForm(restored_post(request)), 200)


def _clients_page(request: HttpRequest, handler: Handler, form: AcceptForm, status: int) -> HttpResponse:
    found = Mandate.objects.in_force().filter(agent_organisation=handler.organisation_id).select_related("principal")
    rows = sorted(found[:SHOWN], key=lambda one: (one.principal.name, one.number))
    context = {"handler": handler, "rows": [(one, _in_words(one.matters)) for one in rows], "accepting": form}
    return render(request, "accounts/clients.html", context, status=status)


def _own_person(request: HttpRequest) -> Person | None:
    """Return the account's own person; what is one's own waits while one acts for another."""
    refuse_other(request.user, None)
    return person_of(request.user)


def _page(
    request: HttpRequest,
    person: Person | None,
    form: OfferForm | None = None,
    accepting: AcceptForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    related = ("principal", "agent", "agent_organisation")
    given: list[Mandate] = []
    held: list[Mandate] = []
    offers: list[MandateOffer] = []
    if person is not None:
        given = list(person.mandates_given.select_related(*related).order_by("-given_at")[:SHOWN])
        held = list(person.mandates_held.select_related(*related).order_by("-given_at")[:SHOWN])
        offers = list(person.mandates_offered.filter(ended_at=None, expires_at__gt=timezone.now()))
    context = {
        "person": person,
        "given": [_line(one) for one in given],
        "held": [_line(one) for one in held],
        "offers": [(one, _in_words(one.matters)) for one in offers],
        "form": form or OfferForm(),
        "accepting": accepting or AcceptForm(),
        **more,
    }
    return render(request, "accounts/mandates.html", context, status=status)


def _line(mandate: Mandate) -> dict[str, Any]:
    return {
        "mandate": mandate,
        "matters": _in_words(mandate.matters),
        "state": mandate.state(timezone.localdate()),
        "may_end": mandate.ended_at is None and mandate.kind == Mandate.Kind.AUTHORISED,
    }


def _in_words(matters: list[str] | None) -> list[str]:
    if matters is None:
        return []
    names = dict(import_string(settings.YIJIAN_MANDATE_MATTERS)())
    return [str(names.get(slug, slug)) for slug in matters]


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise MandateConflict("not_yours") from None
