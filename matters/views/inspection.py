"""The supervisors' pages: cases and times of the departments they supervise, drawing a sample, and what was drawn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from catalog.staff.memberships import departments_for
from certificates.activities.library import open_face
from certificates.models import Certificate
from matters.cases.access import case_form, get_inspected_case_for, open_paper
from matters.drafts.uploads import file_response
from matters.models import DeadlineCard, Inspection
from matters.models.querysets import own_sub_items
from matters.reviewing.disputing import overdue
from matters.reviewing.inspection import (
    LISTS,
    MOST,
    PURPOSE_LONGEST,
    counts_of_lists,
    draw_sample,
    supervised_list,
    work_of,
)
from matters.reviewing.supervising import orders_for
from matters.wording.refusals import Refusal
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.ledger.access import record_access
from portal.lib.admin_lists import BoundedPaginator
from portal.lib.whole_numbers import whole_number

PER_PAGE = 50
CARDS = 20


@login_required_preserving_post
@never_cache
@require_http_methods(["GET", "POST"])
def inspection(request: HttpRequest) -> HttpResponse:
    """Show where the cases of a department stand, without anything of a person; a POST draws a sample of them."""
    user: Any = request.user
    departments = list(departments_for(user, "supervise"))
    if not departments:
        raise Http404
    work = work_of(user, departments)
    sent = (restored_post(request) or request.GET) if request.method == "GET" else request.POST
    asked = sent.get("department") or request.GET.get("department", "")
    chosen = next((one.department for one in work if one.department.code == asked), work[0].department)
    listed = request.GET.get("list", "all")
    listed = listed if listed in LISTS else "all"
    typed = {
        "purpose": sent.get("purpose", "")[: PURPOSE_LONGEST + 1],
        "size": sent.get("size", "1")[:4],
    }
    problem = ""
    if request.method == "POST":
        size = whole_number(typed["size"]) or 0
        try:
            drawn = draw_sample(user, chosen, typed["purpose"].replace("\0", ""), size)
        except Refusal as refusal:
            problem = refusal.sentence
        else:
            messages.success(request, _("系统已随机抽取 %(count)s 件。") % {"count": drawn.cases.count()})
            response = redirect("matters:inspection")
            response["Location"] += f"?department={chosen.code}#drawn"
            return response
    counts = counts_of_lists(user, chosen)
    draws = Inspection.objects.filter(inspector=user, department=chosen, closes_at__gt=timezone.now())
    context = {
        "work": work,
        "has_idle": any(not one.open and one.department != chosen for one in work),
        "department": chosen,
        "page": BoundedPaginator(supervised_list(user, chosen, listed), PER_PAGE).get_page(request.GET.get("page")),
        "lists": [(name, label, counts[name]) for name, label in LISTS.items()],
        "listed": listed,
        "late_orders": orders_for(user).filter(department=chosen, answered_at=None).order_by("due_on", "id")[:PER_PAGE],
        "cards": DeadlineCard.objects.filter(department=chosen)
        .exclude(sub_item__in=own_sub_items(user))
        .select_related("sub_item")
        .order_by("-given_at")[:CARDS],
        "draws": draws.prefetch_related("cases").order_by("-pk"),
        "late_disputes": overdue(user, chosen)[:PER_PAGE],
        "typed": typed,
        "problem": problem,
        "most": MOST,
        "purpose_longest": PURPOSE_LONGEST,
    }
    return render(request, "matters/review/inspection.html", context, status=422 if problem else 200)


@login_required
@never_cache
@require_GET
def inspected_case(request: HttpRequest, number: str) -> HttpResponse:
    """A case of a draw: the department's own form, its papers and what was issued; each reading is recorded with the purpose."""
    user: Any = request.user
    sub_item, drawn = get_inspected_case_for(user, number)
    form = case_form(user, sub_item, "inspection", drawn.purpose)
    certificates = []
    issued = Certificate.objects.filter(decision_reference=sub_item.number, issuer=sub_item.department)
    for certificate in issued.select_related("certificate_type").order_by("issued_at"):
        codes = [line["code"] for line in certificate.certificate_type.face]
        record_access(user, certificate.pk, "inspection", codes, sub_item.department.code, drawn.purpose)
        certificates.append((certificate, open_face(certificate)))
    context = {
        "sub_item": sub_item,
        "bundle": sub_item.bundle,
        "department": sub_item.department,
        "drawn": drawn,
        "form": form,
        "certificates": certificates,
    }
    return render(request, "matters/review/inspected_case.html", context)


@login_required
@never_cache
@require_GET
def inspected_paper(request: HttpRequest, number: str, paper: Any) -> HttpResponseBase:
    """A paper of a case that was drawn."""
    user: Any = request.user
    sub_item, drawn = get_inspected_case_for(user, number)
    return file_response(open_paper(user, sub_item, paper, "inspection", drawn.purpose))
