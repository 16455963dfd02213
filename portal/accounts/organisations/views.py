"""Pages of those who act for organisations: the switch, whom one may act for, and an organisation's people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.models import Handler
from portal.accounts.organisations.activities import (
    OrganisationConflict,
    claim_founded,
    claimable_by,
    invite,
    join,
    remove,
    withdraw_invitation,
)
from portal.accounts.organisations.forms import InvitationForm, JoinForm
from portal.accounts.organisations.principals import (
    ONESELF,
    choose,
    note_choice,
    principal_of,
    refuse_if_drawn_for_another,
)
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.accounts.people import person_of
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.lib.braking import Brake, is_braked

CODES = Brake("invitation", by_person=10, by_address=100, window=600)
REFUSALS = {
    "not_proved": gettext_lazy("先要实名，才能替单位办事。请带证件到综合窗口核验身份，再用邀请码加入。"),
    "no_such_code": gettext_lazy("邀请码不对、用过了，或者已经失效。请核对，或者请单位重新邀请。"),
    "already_acts": gettext_lazy("您已经在替这个单位办事，不用再加入。"),
    "not_yours": gettext_lazy("只有法定代表人（负责人）和管理员可以邀请、移除人员。"),
    "not_removable": gettext_lazy("这位已经不在人员里，或者是法定代表人。法定代表人变了，请办变更登记。"),
    "term_over": gettext_lazy("这一天已经过了。"),
}


@login_required_preserving_post(page="accounts:organisations", keeps=False)
@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """Act for whom ``principal`` names from now on, and go where the page asked to; what the other page had to say is said no more."""
    before = principal_of(request.user)
    chosen = choose(request, request.POST.get("principal", ""))
    if chosen is None:
        note_choice(request)
        messages.error(request, _("您不能替这一方办事，没有切换。"))
        return redirect("accounts:organisations")
    if chosen.key != before.key:
        list(messages.get_messages(request))
        record_security_event(SecurityEvent.Kind.PRINCIPAL_CHOSEN, request, principal=chosen.key)
        messages.success(request, _("现在替“%(name)s”办事。") % {"name": chosen.name or _("我本人")})
    return HttpResponseRedirect(_target(request))


def _target(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else reverse("home")


@never_cache
@login_required_preserving_post
@require_http_methods(["GET", "POST"])
def organisations(request: HttpRequest) -> HttpResponse:
    """List whom this account may act for; with POST take the code of an invitation, or (``claim``) what a founding names this person the
    representative of."""
    if request.method == "POST" and "claim" in request.POST:
        return _claimed(request)
    kept = restored_post(request) if request.method == "GET" else None
    form = JoinForm(request.POST if request.method == "POST" else kept)
    if request.method == "POST" and form.is_valid() and (handler := _joined(request, form)) is not None:
        note_choice(request)
        name = handler.organisation.name
        messages.success(request, _("您可以替“%(name)s”办事了。办之前，先在页面上方切换。") % {"name": name})
        return redirect("accounts:organisations")
    handlers = [one.handler for one in note_choice(request) if one.handler is not None]
    person = person_of(request.user)
    context = {"handlers": handlers, "form": form, "person": person, "oneself": ONESELF}
    context["claimable"] = claimable_by(person) if person is not None else []
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/organisations.html", context, status=status)


def _claimed(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    try:
        if person is None or is_braked(request, CODES):
            raise OrganisationConflict("not_yours")
        made = claim_founded(person, _id(request.POST["claim"]))
    except OrganisationConflict:
        messages.error(request, _("没有认领：设立登记写的不是您，或者已经有人认领。"))
        return redirect("accounts:organisations")
    record_security_event(SecurityEvent.Kind.ORGANISATION_REGISTERED, request, organisation=str(made.pk))
    note_choice(request)
    messages.success(request, _("“%(name)s”由您管理了。办它的事，先在页面上方切换。") % {"name": made.name})
    return redirect("accounts:organisations")


def _joined(request: HttpRequest, form: JoinForm) -> Handler | None:
    person = person_of(request.user)
    if is_braked(request, CODES):
        form.add_error("code", _("试得太快了，这一次没有核对。请过几分钟再试。"))
        return None
    try:
        if person is None:
            raise OrganisationConflict("not_proved")
        handler = join(person, form.cleaned_data["code"])
    except OrganisationConflict as conflict:
        form.add_error("code", str(REFUSALS[conflict.code]))
        return None
    record_security_event(SecurityEvent.Kind.HANDLER_JOINED, request, organisation=str(handler.organisation_id))
    return handler


@never_cache
@login_required
def organisation(request: HttpRequest) -> HttpResponse:
    """Show the organisation that is acted for: what it is, on which row that rests, and its people."""
    kept = restored_post(request)
    return _page(request, _acting(request), InvitationForm(kept) if kept is not None else InvitationForm())


@never_cache
@login_required_preserving_post(page="accounts:organisation")
@require_POST
def invite_handler(request: HttpRequest) -> HttpResponse:
    """Invite somebody, and show the code this once."""
    refuse_if_drawn_for_another(request, reverse("accounts:organisation"))
    handler = _acting(request)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, handler, form, status=422)
    told = form.cleaned_data
    try:
        invitation, code = invite(
            handler,
            for_whom=told["for_whom"],
            role=told["role"],
            matters=told["matters"] or None,
            until=told["until"],
        )
    except OrganisationConflict as conflict:
        messages.error(request, str(REFUSALS[conflict.code]))
        return redirect("accounts:organisation")
    record_security_event(
        SecurityEvent.Kind.HANDLER_INVITED, request, organisation=str(handler.organisation_id), role=told["role"]
    )
    return _page(request, handler, InvitationForm(), code=code, invitation=invitation)


@never_cache
@login_required_preserving_post(page="accounts:organisation", keeps=False)
@require_POST
def end_handler(request: HttpRequest) -> HttpResponse:
    """Remove somebody (``handler``), oneself too, or take an invitation back (``invitation``)."""
    refuse_if_drawn_for_another(request, reverse("accounts:organisation"), keeps=False)
    by = _acting(request)
    chosen, invited = request.POST.get("handler", ""), request.POST.get("invitation", "")
    try:
        if invited:
            withdraw_invitation(by, _id(invited))
            messages.success(request, _("邀请已撤回，邀请码不能再用。"))
        else:
            gone = remove(by, _id(chosen))
            record_security_event(
                SecurityEvent.Kind.HANDLER_REMOVED, request, organisation=str(by.organisation_id), handler=chosen
            )
            if gone.pk == by.pk:
                choose(request, ONESELF)
                note_choice(request)
                messages.success(request, _("您已退出，不再替这个单位办事。"))
                return redirect("accounts:organisations")
            messages.success(request, _("已移除 %(name)s，即刻生效。") % {"name": gone.person.name})
    except OrganisationConflict as conflict:
        messages.error(request, str(REFUSALS[conflict.code]))
    return redirect("accounts:organisation")


def _acting(request: HttpRequest) -> Handler:
    """Return as whom the account acts; whoever acts for themselves has no organisation's page."""
    handler = principal_of(request.user).handler
    if handler is None:
        raise PermissionDenied
    return handler


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise OrganisationConflict("not_removable") from None


def _page(request: HttpRequest, handler: Handler, form: InvitationForm, status: int = 200, **more: Any) -> HttpResponse:
    organisation = handler.organisation
    names = dict(form.fields["matters"].choices)  # type: ignore[attr-defined]
    people = list(
        Handler.objects.filter(organisation=organisation, ended_at=None).select_related("person").order_by("began_at")
    )
    invitations = organisation.invitations.filter(ended_at=None, expires_at__gt=timezone.now()).order_by("invited_at")
    today = timezone.localdate()
    context = {
        "handler": handler,
        "organisation": organisation,
        "check": organisation.checks.select_related("legal_representative").order_by("-at").first(),
        "people": [(one, _in_words(one.matters, names), one.until is not None and one.until < today) for one in people],
        "invitations": [(one, _in_words(one.matters, names)) for one in invitations] if handler.manages else [],
        "form": form,
        **more,
    }
    return render(request, "accounts/organisation.html", context, status=status)


def _in_words(matters: list[str] | None, names: dict[str, str]) -> list[str]:
    return [names.get(slug, slug) for slug in matters or ()]
