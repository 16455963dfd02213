"""The second pair of eyes at the window: what one officer proposed is confirmed or refused by another. And ending a mandate there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from catalog.browse.cards import mandate_matters
from catalog.models import Department
from catalog.staff.memberships import who_may
from catalog.staff.telling import tell_staff
from matters.cases.window import window_of
from portal.accounts.mandates.activities import MandateConflict, end
from portal.accounts.mandates.earlier import confirm_earlier, refuse_earlier, waiting
from portal.accounts.mandates.two_people import WindowProposalRefused, confirm, endable, refuse
from portal.accounts.models import Mandate, User, WindowProposal
from portal.accounts.pending_post import restored_post
from portal.accounts.people import document_number
from portal.identifiers.masking import mask_document
from portal.ledger.access import record_access
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.sharing.desk import leading

SHOWN = 50
DECISIONS: dict[str, str | Promise] = {
    "same_person": gettext_lazy("这项登记是您提出的，要由另一位工作人员复核。"),
    "own_business": gettext_lazy("不能登记、复核和您自己有关的事，请由别的工作人员办理。"),
    "not_here": gettext_lazy("找不到这项登记。"),
    "not_open": gettext_lazy("这项登记刚才已经有了结论。"),
}
_NOT_ANY_MORE = gettext_lazy("情况已经变了，这项登记不能生效。请和提出的人核对，然后选“不通过”。")


class EndMandateForm(forms.Form):
    """Takes which mandate ends, and why."""

    number = forms.CharField(
        label=gettext_lazy("授权编号"),
        help_text=gettext_lazy("以 SQ 开头，写在双方收到的消息里。"),
        max_length=30,
        error_messages={"required": gettext_lazy("请填写授权编号。")},
    )
    why = forms.CharField(
        label=gettext_lazy("终止的理由"),
        help_text=gettext_lazy("双方都会看到。如“监护人变更，（2026）赣0103民特12号”“登记有误”。"),
        max_length=200,
        error_messages={"required": gettext_lazy("请写明理由。")},
    )
    seen = forms.BooleanField(
        label=gettext_lazy("已核对来人的证件和材料的原件"),
        error_messages={"required": gettext_lazy("请核对后，再勾选这一项。")},
    )


@require_http_methods(["GET", "POST"])
def proposals(request: HttpRequest) -> HttpResponse:
    """List what waits for a second officer; confirm or refuse one of them."""
    officer, sites = _officer(request)
    codes = [one.code for one in sites]
    problem, status = "", 200
    if request.method == "POST":
        try:
            return (
                _decided_earlier(request, officer, sites)
                if "mandate" in request.POST
                else _decided(request, officer, sites)
            )
        except WindowProposalRefused as refused:
            problem, status = str(DECISIONS[refused.code]), 409
        except MandateConflict:
            problem, status = str(_NOT_ANY_MORE), 409
        except _Unseen:
            problem, status = _("请核对材料的原件后，再勾选并确认。"), 422
    open_here = WindowProposal.objects.filter(status=WindowProposal.Status.OPEN, sites__overlap=codes)
    rows = list(open_here.select_related("person", "agent", "proposed_by").order_by("proposed_at")[:SHOWN])
    names = dict(mandate_matters()) if any(row.told.get("matters") for row in rows) else {}
    earlier = list(waiting(codes)[:SHOWN])
    names = dict(mandate_matters()) if any(row.matters for row in earlier) else names
    for named in (*((row.person, row.agent) for row in rows), *((row.principal, row.agent) for row in earlier)):
        for person in named:
            if person is not None:
                record_access(officer, person.pk, "counter", ["name"], codes[0])
    context = {
        "title": _("等待复核的登记"),
        "lines": [_line(row, officer, names) for row in rows],
        "earlier": [_earlier_line(row, officer, names) for row in earlier],
        "problem": problem,
        "leads": bool(_led_by(officer)),
        **admin.site.each_context(request),
    }
    return render(request, "matters/counter/proposals.html", context, status=status)


@require_http_methods(["GET", "POST"])
def end_mandate(request: HttpRequest) -> HttpResponse:
    """End a mandate or a guardianship for a reason, as the lead of a window; both sides are told."""
    led = _led_by(request.user)
    if not led:
        raise Http404
    officer: Any = request.user
    form = EndMandateForm(request.POST if request.method == "POST" else restored_post(request))
    if request.method == "POST" and form.is_valid():
        found = endable(form.cleaned_data["number"].strip().upper(), [one.code for one in led])
        try:
            if found is None:
                raise MandateConflict("not_yours")
            ended = end(found.pk, officer=officer, why=form.cleaned_data["why"])
        except MandateConflict:
            form.add_error("number", _("没有这份授权，它已经终止，或者不是在您负责的窗口登记的。"))
        else:
            for person in (ended.principal, ended.agent):
                if person is not None:
                    record_access(officer, person.pk, "counter", ["name"], led[0].code)
            record_security_event(SecurityEvent.Kind.MANDATE_ENDED, request, mandate=str(ended.pk))
            done = _("授权 %(number)s 已终止，即刻生效，双方都收到消息。%(agent)s不再代%(principal)s办事。")
            words = {"number": ended.number, "agent": ended.agent_name, "principal": ended.principal.name}
            messages.success(request, done % words)
            return redirect("admin:counter_proposals")
    context = {"form": form, "what": "end", "title": _("终止授权、监护"), **admin.site.each_context(request)}
    return render(request, "matters/counter/record.html", context, status=422 if form.errors else 200)


def tell_who_may_confirm(proposal: WindowProposal) -> None:
    """Tell everybody else who serves at the proposal's windows or leads them that it waits."""
    data = {"kind": str(proposal.get_kind_display()), "by": str(proposal.proposed_by)}
    able: set[int] = set()
    for window in Department.objects.filter(code__in=proposal.sites):
        able |= who_may(window, "serve") | (who_may(window, "supervise") & who_may(window, "decide"))
    able -= {proposal.proposed_by_id}
    link = reverse("admin:counter_proposals")
    tell_staff("proposal_made", data, key=f"proposal:{proposal.pk}", link=link, accounts=able, now_may=able)


class _Unseen(Exception):
    """Somebody confirms without having looked at the paper."""


def _decided(request: HttpRequest, officer: User, sites: list[Department]) -> HttpResponse:
    codes = [one.code for one in sites]
    try:
        key = UUID(request.POST.get("proposal", ""))
    except ValueError:
        raise WindowProposalRefused("not_here") from None
    if request.POST.get("verdict") != "confirm":
        refuse(key, officer=officer, sites=codes)
        messages.success(request, _("没有通过，什么都不变。"))
        return redirect("admin:counter_proposals")
    if not request.POST.get("seen"):
        raise _Unseen
    made = confirm(key, officer=officer, sites=codes, window=_window_words(sites, key))
    messages.success(request, _("已复核，即刻生效：%(kind)s。") % {"kind": made.get_kind_display()})
    return redirect("admin:counter_proposals")


def _decided_earlier(request: HttpRequest, officer: User, sites: list[Department]) -> HttpResponse:
    """Confirm or refuse what one officer alone recorded earlier."""
    codes = [one.code for one in sites]
    try:
        key = UUID(request.POST["mandate"])
    except ValueError:
        raise WindowProposalRefused("not_here") from None
    if request.POST.get("verdict") != "confirm":
        ended = refuse_earlier(key, officer=officer, sites=codes)
        messages.success(request, _("没有通过，授权 %(number)s 已终止，双方都收到消息。") % {"number": ended.number})
        return redirect("admin:counter_proposals")
    if not request.POST.get("seen"):
        raise _Unseen
    recorded = Mandate.objects.filter(pk=key).values_list("sites", flat=True).first() or []
    made = confirm_earlier(key, officer=officer, sites=codes, window=_window_of(sites, recorded))
    messages.success(request, _("已复核，即刻生效：%(kind)s。") % {"kind": made.get_kind_display()})
    return redirect("admin:counter_proposals")


def _window_words(sites: list[Department], proposal: UUID) -> str:
    """Return the window at which it was proposed, with its telephone, as people are told where to object."""
    return _window_of(sites, WindowProposal.objects.filter(pk=proposal).values_list("sites", flat=True).first() or [])


def _window_of(sites: list[Department], codes: Collection[str]) -> str:
    here = next((one for one in sites if one.code in codes), sites[0])
    if not here.phone:
        return _("%(window)s的综合窗口") % {"window": here.name}
    return _("%(window)s的综合窗口（电话 %(phone)s）") % {"window": here.name, "phone": here.phone}


def _officer(request: HttpRequest) -> tuple[User, list[Department]]:
    """Return who serves at windows or leads a department, and those; Http404 for everybody else."""
    officer: Any = request.user
    sites = {one.pk: one for one in (*window_of(officer).departments, *_led_by(officer))}
    if not sites:
        raise Http404
    return officer, list(sites.values())


def _led_by(user: Any) -> list[Department]:
    led = leading(user)
    return list(Department.objects.filter(pk__in=led).order_by("code")) if led else []


def _line(row: WindowProposal, officer: User, names: dict[str, str]) -> dict[str, Any]:
    told = row.told
    kind, basis = told.get("kind", ""), told.get("basis", "")
    return {
        "row": row,
        "document": mask_document(document_number(row.person)),
        "agent_document": mask_document(document_number(row.agent)) if row.agent is not None else "",
        "kind": Mandate.Kind(kind).label if kind else "",
        "basis": Mandate.Basis(basis).label if basis else "",
        "matters": [names.get(slug, slug) for slug in told.get("matters") or ()],
        "is_own": row.proposed_by_id == officer.pk,
    }


def _earlier_line(row: Mandate, officer: User, names: dict[str, str]) -> dict[str, Any]:
    return {
        "row": row,
        "document": mask_document(document_number(row.principal)),
        "agent_document": mask_document(document_number(row.agent)) if row.agent is not None else "",
        "matters": [names.get(slug, slug) for slug in row.matters or ()],
        "is_own": row.officer_id == officer.pk,
    }
