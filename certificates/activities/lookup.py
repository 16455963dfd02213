"""Finding a certificate for the public: by the code on it, its identifier or its number."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from certificates.core.identifier import IdentifierInvalid, parse_typed, read_serial, tidy_typed
from certificates.models import Certificate

LONGEST = 150
_SCANNED = re.compile(r"/verify/([A-Za-z0-9_-]+)/?\s*$", re.ASCII)


def find_by_token(token: str) -> Certificate | None:
    """Return the certificate whose code leads to `token`, or None; malformed and unknown ask the same one question."""
    return _public().filter(verification_token=_typed(token)).first()


def find_by_number(text: str) -> Certificate | None:
    """Return the certificate with this identifier or number, or None. One query.

    However it was typed or pasted: see `tidy_typed`. Raises `IdentifierInvalid` for an identifier that cannot be right, so that a slip
    of the pen is told from a forgery, and for a text without letters and digits.
    A number that two kinds of certificate share finds neither: then the identifier decides. The address that the code on a certificate
    leads to is taken as well, whatever host stands in it: what is answered is what our row says.
    """
    if scanned := _SCANNED.search(text):
        return find_by_token(scanned[1])
    found = list(_public().filter(**number_meant(text))[:2])
    return found[0] if len(found) == 1 else None


def number_meant(text: str) -> dict[str, str]:
    """Return the attribute and the value that a typed identifier or number means. Raises `IdentifierInvalid`."""
    text = tidy_typed(text)
    if not text:
        raise IdentifierInvalid("empty")
    if "." in text:
        return {"identifier": str(parse_typed(text))}
    return {"serial": read_serial(text)}


def successors_of(certificate: Certificate) -> QuerySet[Certificate]:
    """Return what was issued in a certificate's place when its content was corrected, or when it was renewed; nothing for one that is not closed."""
    if certificate.status != Certificate.Status.DEREGISTERED:
        return Certificate.objects.none()
    later = Q(
        decision_reference=certificate.decision_reference,
        certificate_type_id=certificate.certificate_type_id,
        edition__gt=certificate.edition,
    )
    return Certificate.objects.filter(later | Q(renews=certificate)).order_by("-edition")


def _public() -> QuerySet[Certificate]:
    return Certificate.objects.defer("face_sealed")


def _typed(text: str) -> str:
    """Return `text` without white space and without what the database would not take."""
    return "".join(text.replace("\x00", "").split())[:LONGEST]
