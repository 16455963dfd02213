"""Changing a certificate's status: an appended row with its reason; verification shows it at once."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from catalog.staff.memberships import may
from certificates.activities.library import own_certificates, shown_under
from certificates.activities.status_lists import publish_after
from certificates.core.verification import may_change
from certificates.models import Certificate, StatusChange
from portal.accounts.models import User
from portal.accounts.organisations.principals import recipients_of
from portal.ledger.chain import NewEvent, append_events
from portal.notices.inbox import send_messages
from portal.notices.models import Message

log = structlog.get_logger(__name__)

MESSAGES = {
    "not_allowed": _("您没有这个部门的签发权限，不能变更它签发的证照的状态。"),
    "own": _("这份证照是您自己的，或者与您有关，由同事办理。"),
    "reason_missing": _("请写明变更状态的理由。"),
    "not_possible": _("证照现在的状态不能这样变更，请刷新后再看。"),
    "superseded": _("所载内容经补正已更正，换发新的证照，这一份同时注销。"),
    "renewed": _("期满前已经续证，签发了新的证照，这一份同时注销。"),
}


# What whoever applied for it is told; every other change closes it.
_TOLD = {
    Certificate.Status.SUSPENDED: "certificate_suspended",
    Certificate.Status.VALID: "certificate_reinstated",
}


class StatusChangeRefused(Exception):
    """The status is not changed. ``code``: ``not_allowed``, ``own``, ``reason_missing`` or ``not_possible``; ``message`` for people."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message = MESSAGES[code]
        # Which of several it was, where they are changed together.
        self.certificate: Certificate | None = None
        super().__init__(code)


def change_status(
    certificate: Certificate, status: str, reason: str, by: User, document_number: str = ""
) -> StatusChange:
    """Suspend, reinstate, revoke, rescind, recall or deregister `certificate`, for a `reason` that the holder may read.

    `document_number`: that of the written decision, where there is one. Needs the right to issue in the issuer's department; nobody
    changes their own. Of two who change it at once one wins and the other is told. Raises `StatusChangeRefused`. Cost: nine statements.
    """
    if not may(by, "issue", certificate.issuer):
        raise StatusChangeRefused("not_allowed")
    if Certificate.objects.filter(pk=certificate.pk, pk__in=own_certificates(by)).exists():
        raise StatusChangeRefused("own")
    reason = reason.strip()
    if not reason:
        raise StatusChangeRefused("reason_missing")
    if not may_change(certificate.status, status):
        raise StatusChangeRefused("not_possible")
    with transaction.atomic():
        change = _change(certificate, status, reason, by, document_number.strip())
        _tell(certificate, change)
    return change


@transaction.atomic
def change_status_together(
    certificates: Iterable[Certificate], status: str, reason: str, by: User, document_number: str = ""
) -> list[StatusChange]:
    """Change the status of several certificates as one act (证照并销): all of them or, where one is refused, none.

    As `change_status` does each. In the order of their keys, so that two who change the same ones at once do not wait for each other.
    Raises `StatusChangeRefused`, whose ``certificate`` says which one it was.
    """
    changes = []
    for certificate in sorted(certificates, key=lambda each: each.pk):
        try:
            changes.append(change_status(certificate, status, reason, by, document_number))
        except StatusChangeRefused as refusal:
            refusal.certificate = certificate
            raise
    return changes


def supersede(certificate: Certificate, by: User | None, why: str = "superseded") -> StatusChange:
    """Close a certificate in whose place another one is issued, in the caller's transaction. ``why``: ``superseded`` by one of the same
    decision, or ``renewed`` by one of a later decision.

    The caller has asked for the rights. Raises `StatusChangeRefused` when it does not stand any more.
    """
    with override("zh-hans"):  # the reason is kept, whoever decided
        reason = str(MESSAGES[why])
    return _change(certificate, Certificate.Status.DEREGISTERED, reason, by)


def carry_suspension(before: Certificate, after: Certificate, by: User | None) -> None:
    """Let the certificate `after` stand suspended as the one did whose place it takes, in the caller's transaction.

    Correcting a fact ends no suspension. Does nothing where `before` was not suspended when it was superseded.
    """
    last = before.status_changes.exclude(status=Certificate.Status.DEREGISTERED).last()
    if last is not None and last.status == Certificate.Status.SUSPENDED:
        _change(after, Certificate.Status.SUSPENDED, last.reason, by, last.document_number)


def _tell(certificate: Certificate, change: StatusChange) -> None:
    """Tell whoever applied for it, who would otherwise learn of it from somebody who refuses the paper."""
    told = {"certificate": certificate.type_name, "department": certificate.issuer_name}
    link = reverse("certificates:detail", args=[certificate.pk])
    kind = _TOLD.get(Certificate.Status(change.status), "certificate_closed")
    key = f"{kind}:{change.pk}"
    send_messages(
        Message.about(told, recipient_id=account, principal=principal, key=key, kind=kind, link=link)
        for account, principal in recipients_of(
            certificate.applicant, certificate.organisation_id, certificate.matter, shown_under(certificate)
        )
    )


def _change(
    certificate: Certificate, status: str, reason: str, by: User | None, document_number: str = ""
) -> StatusChange:
    before = certificate.status
    changed = Certificate.objects.filter(pk=certificate.pk, status=before).update(status=status)
    if changed != 1:
        raise StatusChangeRefused("not_possible")
    change = StatusChange.objects.create(
        certificate=certificate,
        status=status,
        reason=reason,
        authority_name=certificate.issuer.name,
        document_number=document_number,
        changed_by=by,
    )
    event = NewEvent(
        "certificate_status_changed",
        actor_id=by.pk if by is not None else None,
        department=certificate.issuer.code,
        data={"from": before, "to": status, "change": change.pk},
    )
    append_events(certificate.pk, [event])
    publish_after(change)
    certificate.status = status
    log.info("certificate_status_changed", certificate=str(certificate.pk), before=before, after=status)
    return change
