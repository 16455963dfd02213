"""A whole report on a file: beside the database, or with nothing but our certificates and a status list (offline)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from certificates.activities.checking import check_file, read_file
from certificates.activities.lookup import successors_of
from certificates.core.report import CANNOT_KNOW, VerificationAnswer, VerificationReport, listed_status, term_answer
from certificates.core.status_list import StatusesRead, StatusListUnreadable
from certificates.seal.status_lists import read_list
from portal.sandbox.running import real_file

FORGED = "forged"


def report_here(data: bytes, now: datetime) -> VerificationReport:
    """Return what the portal itself knows of a file: it must be the very one that was issued. Raises ``SandboxBusy``. Two queries."""
    today = timezone.localdate(now)
    checked = check_file(data, today)
    certificate = checked.certificate
    if certificate is None:
        return VerificationReport(VerificationAnswer(FORGED, checked.faults or ("not_issued",)))
    status = "superseded" if successors_of(certificate).exists() else certificate.status
    return VerificationReport(
        VerificationAnswer("genuine", ("issued",)),
        VerificationAnswer(status, ("catalog",)),
        term_answer(certificate.expires_on, today),
        certificate.identifier,
    )


def report_offline(data: bytes, now: datetime, trusted: Sequence[bytes], lists: Sequence[str]) -> VerificationReport:
    """Return what is certain of a file without network and database. ``trusted``: DER; ``lists``: the signed status lists at hand.

    The newest list that says something counts. A file from before status lists says nothing of its own place. Raises ``SandboxBusy``.
    """
    with real_file(data) as file:
        faults, is_sealed, told = read_file(file, "", trusted)
    if not is_sealed:
        return VerificationReport(VerificationAnswer(FORGED, faults or ("seal",)))
    genuine = VerificationAnswer("genuine", ("sealed",))
    if not told:
        unknown = VerificationAnswer(CANNOT_KNOW, ("file_says_nothing",))
        return VerificationReport(genuine, unknown, unknown)
    term = term_answer(date.fromisoformat(told["expires_on"]) if told["expires_on"] else None, timezone.localdate(now))
    status, read = _newest(told, now, trusted, lists)
    age = int((now - read.signed_at).total_seconds()) if read is not None else None
    return VerificationReport(genuine, status, term, told["identifier"], age)


def _newest(
    told: dict[str, Any], now: datetime, trusted: Sequence[bytes], lists: Sequence[str]
) -> tuple[VerificationAnswer, StatusesRead | None]:
    """Return what the newest readable list of the file's address says; otherwise why nothing can be said."""
    read, problems = [], []
    for token in lists:
        try:
            read.append(read_list(token, trusted, now))
        except StatusListUnreadable as error:
            problems.append(f"list_{error.code}")
    ours = sorted((one for one in read if one.address == told["list"]), key=lambda one: one.signed_at)
    if ours:
        return listed_status(ours[-1], told["list"], told["place"], now), ours[-1]
    if read:
        problems.append("list_is_another")
    return VerificationAnswer(CANNOT_KNOW, tuple(problems) or ("no_list",)), None
