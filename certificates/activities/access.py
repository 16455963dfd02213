"""Access to a certificate: whom it is about, who applied for it, and who holds a right in the department that issued it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from catalog.staff.memberships import Right, department_ids_for
from certificates.activities.library import visible_to_account
from certificates.models import Certificate
from portal.accounts.models import User
from portal.accounts.organisations.principals import refuse_other, refuse_under
from portal.ledger.access import record_access

# Who only supervises sees cases and times, and a face in a drawn sample alone (``matters.reviewing.inspection``).
STAFF_RIGHTS: tuple[Right, ...] = ("accept", "review", "issue")


def get_certificate_for(user: User, id: UUID) -> Certificate:
    """Return a certificate from a person's own library. Raises `Http404` for everybody else. One query."""
    found = _with_related().filter(pk__in=visible_to_account(user).values("pk"), pk=id).first()
    if found is None:
        refuse_others(user, id)
        raise Http404
    return found


def refuse_others(user: User, id: UUID) -> None:
    """Raise `OtherPrincipal` where a certificate is of another one that the user acts for. For what was not found; two queries."""
    related = ("applicant", "organisation", "mandate")
    found = Certificate.objects.filter(pk=id).select_related(*related).defer("face_sealed").first()
    if found is None:
        return
    if found.organisation is not None or found.applicant.user_id == user.pk:
        refuse_other(user, found.organisation, found.matter)
    elif found.mandate is not None and found.mandate.sees_certificates:
        refuse_under(user, found.mandate_id, found.matter)


def get_file_for(user: User, id: UUID) -> Certificate:
    """Return a certificate whose file `user` may open: from their own library, or as staff of the issuing department.

    Every opening by staff leaves a line that the holder can see. Raises `Http404` for everybody else.
    """
    found = _with_related().filter(pk=id).first()
    if found is None:
        raise Http404
    if visible_to_account(user).filter(pk=id).exists():
        return found
    if not user.is_staff or found.issuer_id not in issuing_departments(user):
        refuse_others(user, id)
        raise Http404
    record_access(user, found.pk, "certificate_file", ["file"], found.issuer.code)
    return found


def issuing_departments(user: User | AnonymousUser) -> frozenset[int]:
    """Return the ids of the departments whose certificates `user` may look at as staff: where they handle cases or issue."""
    return department_ids_for(user, *STAFF_RIGHTS)


def _with_related() -> QuerySet[Certificate]:
    return Certificate.objects.select_related("issuer", "applicant", "certificate_type")
