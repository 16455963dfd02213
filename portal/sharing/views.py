"""What a person agreed to have asked: seen in one place, taken back at any time."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.models import Mandate, Person, User
from portal.accounts.organisations.principals import Principal, principal_of, refuse_if_drawn_for_another, refuse_other
from portal.accounts.pending_post import login_required_preserving_post
from portal.lib.document_pages import document_response
from portal.sharing.consents import consents_of, with_replaced, withdraw_consents
from portal.sharing.documents import consent_document
from portal.sharing.models import SharingConsent

PAGE = 50


@login_required_preserving_post
@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """Show what may be asked about whom one acts for, or may no longer, newest first; with POST take ``consent`` back."""
    user = request.user
    person = Person.objects.filter(user=user).first() if isinstance(user, User) else None
    if person is None:
        raise PermissionDenied
    principal = _own_or_organisation(request)
    organisation, matters = principal.organisation, principal.matters
    if request.method == "POST":
        refuse_if_drawn_for_another(request, keeps=False)
        if withdraw_consents(
            person, organisation=organisation, matters=matters, ids=_ids(request.POST.getlist("consent"))
        ):
            messages.success(request, _("已撤回同意。从现在起不再查询，也不再使用查到的内容。"))
        else:
            messages.info(request, _("这项同意已经撤回或者过期，没有改动。"))
        return redirect("sharing:consents")
    given = with_replaced(consents_of(person, organisation, matters)).select_related("source__department")
    context = {"consents": given.prefetch_related("fetches").order_by("-given_at")[:PAGE]}
    return render(request, "sharing/consents.html", context)


@login_required_preserving_post
@require_http_methods(["GET"])
def consent(request: HttpRequest, consent: UUID) -> HttpResponse:
    """Show what was agreed to, word for word, with its digest; ``?as=pdf`` and ``?as=txt``."""
    person = get_object_or_404(Person, user=request.user)
    principal = _own_or_organisation(request)
    own = with_replaced(consents_of(person, principal.organisation, principal.matters))
    found = get_object_or_404(own.select_related("source__department"), pk=consent)
    at = partial(date_format, format="Y-m-d H:i")
    facts = [(_("同意时间"), at(localtime(found.given_at))), (_("有效期至"), at(localtime(found.until)))]
    if (mandate := _mandate_of(found)) is not None:
        words = {"agent": mandate.agent_name, "number": mandate.number, "principal": person.name}
        facts.insert(0, (_("同意人"), _("由代办人%(agent)s依授权 %(number)s 代%(principal)s同意。") % words))
    if found.withdrawn_at is not None:
        facts.append((_("由后来的同意代替") if found.is_replaced else _("撤回时间"), at(localtime(found.withdrawn_at))))
    back = {"back": reverse("sharing:consents"), "back_label": _("我的查询授权")}
    state = _("这是您同意时保存的原文，没有改动过。")
    if mandate is not None:
        state = _("这是代办人代您同意时保存的原文，没有改动过。")
    document = consent_document(found.source.department.name, found.text)
    return document_response(
        request, document, text=found.text, digest=found.text_sha256, facts=tuple(facts), state=state, context=back
    )


def _mandate_of(consent: SharingConsent) -> Mandate | None:
    """Return the mandate under which another agreed for the person: the words name its number. One query where the person has given any."""
    given = consent.person.mandates_given.select_related("agent", "agent_organisation")
    return next((one for one in given if one.number in consent.text), None)


def _own_or_organisation(request: HttpRequest) -> Principal:
    """Return whom the account acts for; what a person agreed to is not shown to who acts for them under a mandate."""
    principal = principal_of(request.user)
    if principal.mandate is not None:
        refuse_other(request.user, None)
    return principal


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
