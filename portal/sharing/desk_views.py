"""供需清单: what sources supply and how they do, what departments need, what is disputed; and the acts of the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from catalog.models import ServiceItem
from portal.accounts.models import User
from portal.accounts.pending_post import login_required_preserving_post
from portal.lib.braking import Brake, is_braked
from portal.lib.whole_numbers import whole_number
from portal.sharing.desk import (
    DeskRefused,
    decide_grant,
    dispute_grant,
    items_of,
    leading,
    may_look,
    needs_of,
    request_grant,
    settle_dispute,
)
from portal.sharing.health import Health, health_of
from portal.sharing.models import DataSource, Grant, GrantDispute, Provision
from portal.sharing.proofs import by_department, counts_of, proofs

ACTS = Brake("sharing_desk", by_person=60, by_address=600)
SHOWN = 200


@login_required_preserving_post
@never_cache
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Show supplies, needs and disputes; with POST take one act (``act``). Some ten queries, however many sources there are."""
    user = request.user
    if not may_look(user):
        raise Http404
    if request.method == "POST":
        try:
            if is_braked(request, ACTS):
                messages.error(request, _("办得太快了，这一次没有办。请过一分钟再试。"))
            else:
                messages.success(request, _act(request))
            return redirect("sharing_desk:desk")
        except DeskRefused as refusal:
            return _page(request, problem=refusal.sentence)
    return _page(request)


@require_safe
def proof_list(request: HttpRequest) -> HttpResponse:
    """仍需证明清单, for everybody: each published item that asks for a proof, and what is to take its place. Three queries."""
    found = proofs()
    context = {
        "departments": by_department(found),
        "counts": counts_of(found),
        "total": len(found),
        "items": len({proof.slug for proof in found}),
    }
    return render(request, "sharing/proofs.html", context)


def _page(request: HttpRequest, problem: str = "") -> HttpResponse:
    user: Any = request.user
    sources = list(DataSource.objects.select_related("department").prefetch_related("provisions").order_by("code"))
    health = health_of([source.pk for source in sources])
    led = leading(user)
    needs = list(needs_of(user).order_by("-id")[:SHOWN])
    items = list(items_of(user).only("slug", "name"))
    names = dict(ServiceItem.objects.filter(slug__in={need.item for need in needs}).values_list("slug", "name"))
    asked_for = {item.slug for item in items}
    context = {
        "sources": [(source, health.get(source.pk) or Health(None, None, "", 0)) for source in sources],
        "provisions": [each for source in sources if source.is_open for each in source.provisions.all()],
        "items": items,
        "needs": [_need(need, names, led, asked_for, user) for need in needs],
        "problem": problem,
        "typed": {name: request.POST.get(name, "") for name in ("provision", "item", "purpose", "legal_ground")},
        "settles": user.is_superuser,
    }
    return render(request, "sharing/desk.html", context, status=422 if problem else 200)


def _need(need: Grant, names: dict[str, str], led: frozenset[int], items: set[str], user: User) -> dict[str, Any]:
    is_owner = need.provision.source.department_id in led
    open_dispute = next((each for each in need.disputes.all() if each.settled_at is None), None)
    return {
        "grant": need,
        "item": names.get(need.item, need.item),
        "decides": is_owner and need.state == Grant.State.REQUESTED and need.requested_by_id != user.pk,
        "ends": is_owner and need.state == Grant.State.GRANTED,
        "disputes": need.item in items
        and need.state in {Grant.State.REFUSED, Grant.State.ENDED}
        and open_dispute is None,
        "dispute": open_dispute,
        "settled": [each for each in need.disputes.all() if each.settled_at is not None],
    }


def _act(request: HttpRequest) -> str:
    acts: dict[str, Callable[[HttpRequest, User], str]] = {
        "request": _request,
        "granted": _decide,
        "refused": _decide,
        "ended": _decide,
        "dispute": _dispute,
        "uphold": _settle,
        "dismiss": _settle,
    }
    act, user = acts.get(request.POST.get("act", "")), request.user
    if act is None or not isinstance(user, User):
        raise PermissionDenied
    return act(request, user)


def _request(request: HttpRequest, user: User) -> str:
    provision = get_object_or_404(Provision, pk=_number(request, "provision"), source__is_open=True)
    item = items_of(user).filter(slug=request.POST.get("item", "")).first()
    if item is None:
        raise DeskRefused("no_item")
    request_grant(provision, item, _text(request, "purpose"), user, legal_ground=_text(request, "legal_ground"))
    return _("已提出，等数据来源的部门答复。")


def _decide(request: HttpRequest, user: User) -> str:
    grant = get_object_or_404(needs_of(user), pk=_number(request, "grant"))
    ground = _text(request, "legal_ground") if "legal_ground" in request.POST else None
    decide_grant(grant, request.POST["act"], _text(request, "reason"), user, legal_ground=ground)
    return _("已答复。") if request.POST["act"] != Grant.State.ENDED else _("已收回，从现在起不再查询。")


def _dispute(request: HttpRequest, user: User) -> str:
    dispute_grant(get_object_or_404(needs_of(user), pk=_number(request, "grant")), _text(request, "reason"), user)
    return _("已提出争议，等数据管理部门处理。")


def _settle(request: HttpRequest, user: User) -> str:
    dispute = get_object_or_404(GrantDispute, pk=_number(request, "dispute"))
    settle_dispute(dispute, request.POST["act"] == "uphold", _text(request, "reason"), user)
    return _("争议已处理。")


def _number(request: HttpRequest, name: str) -> int:
    return whole_number(request.POST.get(name, "")) or 0


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "")
