"""What an account did goes with it when it is handed to the person it is proved to belong to."""

from __future__ import annotations

from certificates.models import Certificate
from matters.models import Bundle, Draft, SubmittedMaterial
from portal.accounts.handing_over import PersonConflict
from portal.accounts.models import Person


def move_cases(claim: Person, known: Person) -> None:
    """Move drafts and applications of an account's claim to the proved person of the same document. Three statements.

    Raises `PersonConflict` ``has_cases`` where something was issued already: whom a certificate was issued to is never rewritten.
    """
    if Certificate.objects.filter(applicant=claim).exists():
        raise PersonConflict("has_cases")
    Draft.objects.filter(applicant=claim).update(applicant=known)
    Bundle.objects.filter(applicant=claim).update(applicant=known)
    SubmittedMaterial.objects.filter(owner=claim).update(owner=known)
