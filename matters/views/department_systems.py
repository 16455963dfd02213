"""What departments' own systems say, signed, and the page on which a department and its supervisor see how they stand and what differs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.models import Department
from matters.cases.access import get_department_for, is_applicant
from matters.handing_over.events import EventMalformed, apply_event
from matters.models import DepartmentSystem, HandedOver, SubItem, SystemDifference
from matters.models.querysets import own_sub_items
from portal.accounts.pending_post import login_required_preserving_post
from portal.lib.message_signatures import TERM, BadSignature, OutgoingRequest, as_headers, verify
from portal.lib.strict_json import UnreadableJson, read_json
from portal.settings.connections import Connection

MOST_BYTES = 64 * 1024
SHOWN = 200


@csrf_exempt
@require_POST
def system_events(request: HttpRequest, system: str) -> HttpResponse:
    """Take one event of a department's system: signed with the key of its connection (RFC 9421), within its minute, once.

    Whoever cannot sign hears the same, whether there is such a system or not.
    """
    found = DepartmentSystem.objects.filter(code=system).first()
    connection: Connection | None = settings.YIJIAN_SHARING_CONNECTIONS.get(found.address) if found else None
    if found is None or connection is None or not connection.key or len(request.body) > MOST_BYTES:
        return JsonResponse({"error": "signature"}, status=401)
    url = f"{settings.YIJIAN_PUBLIC_URL}{request.path}"
    headers = as_headers({name: str(value) for name, value in request.headers.items()})
    try:
        nonce = verify(OutgoingRequest("POST", url, headers, request.body), connection.key_bytes)
    except BadSignature:
        return JsonResponse({"error": "signature"}, status=401)
    if not cache.add(f"system:{found.code}:{nonce}", 1, 2 * TERM.total_seconds()):
        return JsonResponse({"error": "used before"}, status=409)
    try:
        outcome = apply_event(found, read_json(request.body))
    except UnreadableJson:
        return JsonResponse({"error": "form"}, status=400)
    except EventMalformed as part:
        return JsonResponse({"error": str(part)}, status=400)
    return JsonResponse({"outcome": outcome})


@login_required
@never_cache
@require_GET
def department_system(request: HttpRequest, department: str) -> HttpResponse:
    """How the department's systems stand, what was handed over, and what differs, with who looks after it. Four queries."""
    desk = _desk(request, department)
    systems = list(desk.systems.order_by("code"))
    own = SubItem.objects.filter(pk__in=own_sub_items(_user(request)))
    handed = HandedOver.objects.filter(system__in=systems).exclude(sub_item__in=own.values("pk"))
    handed = handed.select_related("sub_item", "system").order_by("-at")
    differences = SystemDifference.objects.filter(system__in=systems, settled_at=None).select_related("owner")
    differences = differences.exclude(number__in=own.values("number"))
    context = {
        "department": desk,
        "systems": systems,
        "handed": handed[:SHOWN],
        "differences": differences.order_by("found_at")[:SHOWN],
    }
    return render(request, "matters/review/department_system.html", context)


@login_required_preserving_post(page=lambda request, department, difference: _page(department), keeps=False)
@require_http_methods(["GET", "HEAD", "POST"])
def own_difference(request: HttpRequest, department: str, difference: int) -> HttpResponse:
    """Look after a difference oneself, or with ``settle`` say that one is dealt with that no comparison settles. Asked for, the address leads to the page."""
    desk = get_department_for(_user(request), department)
    if request.method == "POST":
        found = get_object_or_404(SystemDifference, pk=difference, system__department=desk, settled_at=None)
        told_of = SubItem.objects.for_case().filter(number=found.number).first()
        if told_of is not None and is_applicant(_user(request), told_of.bundle):
            raise Http404
        found.owner = _user(request)
        if request.POST.get("settle") and found.kind == SystemDifference.Kind.UNREADABLE:
            found.settled_at = timezone.now()
            messages.success(request, _("已处理完毕。"))
        else:
            messages.success(request, _("已由您负责。"))
        found.save(update_fields=["owner", "settled_at"])
    return redirect("matters:department_system", department)


def _desk(request: HttpRequest, department: str) -> Department:
    try:
        return get_department_for(_user(request), department)
    except Http404:
        return get_department_for(_user(request), department, "supervise")


def _page(department: str) -> str:
    return reverse("matters:department_system", args=[department])


def _user(request: HttpRequest) -> Any:
    return request.user
