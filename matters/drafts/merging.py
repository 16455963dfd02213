"""What an account did goes with it when it is handed to the person it is proved to belong to."""

from __future__ import annotations

from certificates.models import Certificate
from matters.models import Bundle, Draft, FactDispute, SubmittedMaterial
from portal.accounts.handing_over import PersonConflict
from portal.accounts.models import Person, PersonMerge


def move_cases(claim: Person, known: Person) -> None:
    """Move drafts, applications, what was issued and what was disputed of an account's claim to the proved person of the same document.

    Six statements. Raises `PersonConflict` ``has_cases`` where something was issued and no officer saw that both are one person
    (`PersonMerge`): the database lets it follow by that row alone. What is printed on a certificate stays.
    """
    issued = Certificate.objects.filter(applicant=claim)
    if issued.exists() and not PersonMerge.objects.filter(kept=known, merged=claim).exists():
        raise PersonConflict("has_cases")
    issued.update(applicant=known)
    Draft.objects.filter(applicant=claim).update(applicant=known)
    Bundle.objects.filter(applicant=claim).update(applicant=known)
    SubmittedMaterial.objects.filter(owner=claim).update(owner=known)
    if PersonMerge.objects.filter(kept=known, merged=claim).exists():
        FactDispute.objects.filter(person=claim).update(person=known)
