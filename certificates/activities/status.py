"""Changing a certificate's standing: an appended row with its reason; verification shows it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.staff.memberships import may
from certificates.core.verification import may_change
from certificates.models import Certificate, StandingChange
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events

if TYPE_CHECKING:
    pass

__all__ = ["StandingRefused", "change_standing"]

log = structlog.get_logger(__name__)

MESSAGES = {
    "not_allowed": _("您没有这个部门的签发权限，不能变更它签发的证照的状态。"),
    "reason_missing": _("请写明变更状态的理由。"),
    "not_possible": _("证照现在的状态不能这样变更，请刷新后再看。"),
}


class StandingRefused(Exception):
    """The standing is not changed. ``code``: ``not_allowed``, ``reason_missing`` or ``not_possible``; ``message`` for people."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message = MESSAGES[code]
        super().__init__(code)


def change_standing(certificate: Certificate, standing: str, reason: str, by: User) -> StandingChange:
    """Revoke, rescind, recall or deregister `certificate`, for a `reason` that the holder may read.

    Needs the right to issue in the issuer's department. Of two who change it at once one wins and the other is told.
    Raises `StandingRefused`. Cost: six statements.
    """
    if not may(by, "issue", certificate.issuer):
        raise StandingRefused("not_allowed")
    reason = reason.strip()
    if not reason:
        raise StandingRefused("reason_missing")
    before = certificate.standing
    if not may_change(before, standing):
        raise StandingRefused("not_possible")
    with transaction.atomic():
        changed = Certificate.objects.filter(pk=certificate.pk, standing=before).update(standing=standing)
        if changed != 1:
            raise StandingRefused("not_possible")
        change = StandingChange.objects.create(certificate=certificate, standing=standing, reason=reason, changed_by=by)
        event = NewEvent(
            "certificate_standing_changed",
            actor_id=by.pk,
            department=certificate.issuer.code,
            data={"from": before, "to": standing, "change": change.pk},
        )
        append_events(certificate.pk, [event])
    certificate.standing = standing
    log.info("certificate_standing_changed", certificate=str(certificate.pk), before=before, after=standing)
    return change
