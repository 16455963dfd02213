"""The public page of an organisation (一企一码): what it is and which licences it holds; for a department, its own cases of it as well."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.models import CertificateType
from catalog.staff.memberships import department_ids_for
from certificates.activities.library import visible_to_organisation
from certificates.wording import VERDICTS
from matters.models import SubItem
from portal.accounts.models import Organisation, User
from portal.identifiers.masking import mask_name
from portal.ledger.access import record_access
from portal.lib.qr import code_of
from portal.lib.throttling import is_too_fast

LOOKS_A_MINUTE = 60
SHOWN = 50
PURPOSE = "organisation_dossier"


@require_safe
def organisation_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show an organisation by its credit code: to everybody its registered data and its licences with how they stand today, to reviewers
    also what their departments handle of it, which leaves a line that those who manage it read. Some six queries.
    """
    if is_too_fast(request, "organisation_page", LOOKS_A_MINUTE):
        raise Http404
    found = Organisation.objects.select_related("legal_representative").filter(credit_code=code.upper()).first()
    check = found.checks.order_by("-at").first() if found is not None else None
    if found is None or check is None:
        raise Http404
    today = timezone.localdate()
    held = visible_to_organisation(found).filter(certificate_type__subject=CertificateType.Subject.ORGANISATION)
    held = held.defer("face_sealed").order_by("-issued_at")[:SHOWN]
    head = check.legal_representative
    address = f"{settings.YIJIAN_PUBLIC_URL}{reverse('organisation_page', args=[found.credit_code])}"
    departments = department_ids_for(request.user, "review") if isinstance(request.user, User) else frozenset()
    context = {
        "organisation": found,
        "check": check,
        "head": mask_name(head.name) if head is not None else "",
        "licences": [(each, VERDICTS[each.verdict(today)]) for each in held],
        "qr": code_of(address),
        "is_staff": bool(departments),
        "cases": _cases(request.user, found, departments) if departments else [],
    }
    response = render(request, "portal/organisation.html", context)
    if departments:
        response["Cache-Control"] = "no-store"
    return response


def _cases(user: User | AnonymousUser, organisation: Organisation, departments: Collection[int]) -> list[Any]:
    """Return what these departments handle, or handled, of an organisation, the latest first, and record that it was read."""
    rows = SubItem.objects.filter(bundle__organisation=organisation, department__in=departments)
    rows = rows.select_related("department", "bundle__applicant", "bundle__matter_version__matter")
    found = list(rows.defer("bundle__form_sealed", "bundle__matter_version__content").order_by("-number")[:SHOWN])
    if isinstance(user, User):
        for code in sorted({row.department.code for row in found}):
            record_access(user, organisation.pk, PURPOSE, ["cases"], department=code)
    return found
