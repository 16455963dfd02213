"""A person's certificates, and what they say."""

from __future__ import annotations

from django.db.models import QuerySet

from certificates.core.face import Face
from certificates.models import Certificate
from portal.accounts.models import Person
from portal.lib.vault import unseal


def certificates_of(person: Person) -> QuerySet[Certificate]:
    """Return the certificates a person's account keeps, newest first; faces stay sealed."""
    kept = Certificate.objects.filter(holder=person)
    return kept.defer("face_sealed").order_by("-issued_at", "-pk")


def open_face(certificate: Certificate) -> Face:
    """Return what is printed on `certificate`, in clear. Show it to its holder, or record who reads it. Raises `SealBroken`."""
    return Face.from_json(unseal(certificate.face_sealed, certificate.face_context))
