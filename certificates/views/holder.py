"""What a holder sees: the library, one certificate, its file."""

from __future__ import annotations

from uuid import UUID

from csp.decorators import csp_exempt
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.activities.access import get_certificate_for, get_file_for
from certificates.activities.library import (
    certificates_of,
    certificates_of_organisation,
    certificates_under,
    open_face,
    page_of,
    visible_to_account,
)
from certificates.activities.lookup import successors_of
from certificates.activities.showing import showings_of
from certificates.models import Certificate
from certificates.pdf.rendering import verification_address
from certificates.wording import REPLACED, VERDICTS
from portal.accounts.organisations.principals import principal_of
from portal.accounts.people import person_of
from portal.lib.kept_files import FileDamaged, open_unchanged
from portal.lib.qr import address_modules, svg_path


@require_safe
@login_required
@never_cache
def library(request: HttpRequest) -> HttpResponse:
    """Show the certificates of this account's person, or of whom it acts for, as cards, page by page (``before``)."""
    today = timezone.localdate()
    found, older = page_of(_library_of(request).select_related("certificate_type"), request.GET.get("before", ""))
    cards = [
        {
            "certificate": certificate,
            "said": VERDICTS[certificate.verdict(today)],
            "days_left": certificate.days_to_renew(today),
        }
        for certificate in found
    ]
    return render(request, "certificates/library.html", {"cards": cards, "older": older})


def _library_of(request: HttpRequest) -> QuerySet[Certificate]:
    """Return the certificates of whom the account acts for."""
    principal = principal_of(request.user)
    if principal.handler is not None:
        return certificates_of_organisation(principal.handler)
    if principal.mandate is not None:
        return certificates_under(principal.mandate)
    person = person_of(request.user)
    return certificates_of(person) if person is not None else Certificate.objects.none()


@require_safe
@login_required
@never_cache
def detail(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one of one's own certificates: its face, its status, its file and its code."""
    certificate = get_certificate_for(request.user, id)  # type: ignore[arg-type]
    verdict = certificate.verdict(timezone.localdate())
    mine = visible_to_account(request.user).values("pk")  # type: ignore[arg-type]
    replaced_by = successors_of(certificate).filter(pk__in=mine).first()
    modules = address_modules(verification_address(certificate.verification_token))
    context = {
        "certificate": certificate,
        "face": open_face(certificate),
        "verdict": verdict,
        "said": REPLACED if replaced_by else VERDICTS[verdict],
        "replaced_by": replaced_by,
        "days_left": certificate.days_to_renew(timezone.localdate()),
        "changes": list(certificate.status_changes.all()),
        "showings": showings_of(certificate),
        "qr_path": svg_path(modules),
        "qr_box": f"-4 -4 {modules[0] + 8} {modules[0] + 8}",
    }
    return render(request, "certificates/detail.html", context)


@require_safe
@login_required
@never_cache
@csp_exempt()  # type: ignore[arg-type]  # its stub knows no views with arguments
def pdf(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """Return the sealed file; a page that says that it is being made (202), or that it is damaged (409)."""
    certificate = get_file_for(request.user, id)  # type: ignore[arg-type]
    if not certificate.is_rendered:
        return render(request, "certificates/being_made.html", {"certificate": certificate}, status=202)
    name = f"{certificate.type_name}-{certificate.serial}.pdf"
    try:
        file = open_unchanged(str(certificate.file.name), certificate.file_sha256)
    except FileDamaged:
        return render(request, "certificates/file_damaged.html", {"certificate": certificate}, status=409)
    return FileResponse(file, filename=name, content_type="application/pdf")
