"""Showing a certificate (亮证): its holder lets whoever stands before them read it, by a code that is good for a few minutes."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from certificates.activities.library import may_still_open
from certificates.models import Certificate, Showing
from portal.accounts.models import User
from portal.ledger.access import record_access
from portal.lib.vault import blind_index

# For how long a code is good, and of how many digits it is.
TERM = timedelta(minutes=5)
DIGITS = 8
PURPOSE = "certificate_shown"
_TRIES = 3


def show(certificate: Certificate, by: User) -> tuple[Showing, str]:
    """Return a new showing and its code, which is told this once. The caller has found the certificate in the account's own library."""
    for _turn in range(_TRIES):
        code, now = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", timezone.now()
        try:
            with transaction.atomic():
                return (
                    Showing.objects.create(
                        certificate=certificate, shown_by=by, shown_at=now, until=now + TERM, code_index=_index(code)
                    ),
                    code,
                )
        except IntegrityError:  # somebody had this very code
            continue
    raise RuntimeError("no free code")


def look(code: str, reader: User | None) -> Showing | None:
    """Return what a code shows while it is good, and count the look; None for any other, and where whoever shows it may open it no more.

    A mandate that ended, a handler who was removed and an account that was closed show nothing from then on. Four queries for one's own.
    A reader who is logged in leaves a line with the certificate, which its holder reads.
    """
    good = Showing.objects.filter(code_index=_index(code), until__gt=timezone.now())
    showing = good.select_related("certificate__certificate_type", "shown_by").first()
    if showing is None or not may_still_open(showing.shown_by, showing.certificate):
        return None
    if not good.filter(pk=showing.pk).update(looks=F("looks") + 1, looked_at=timezone.now()):
        return None
    if reader is not None and reader.pk != showing.shown_by_id:
        record_access(reader, showing.certificate_id, PURPOSE, ["face"])
    return showing


def showings_of(certificate: Certificate, most: int = 5) -> list[Showing]:
    """Return when a certificate was shown lately, the latest first. One query."""
    return list(certificate.showings.order_by("-shown_at")[:most])


def _index(code: str) -> bytes:
    return blind_index("certificate.showing", code)
