"""Telling whoever may renew a certificate that it ends soon: once per threshold of its type. Silence changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import structlog
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from catalog.models import CertificateType
from certificates.activities.library import shown_under
from certificates.models import Certificate
from matters.core.states import CONCLUDED
from matters.models import Renewal, RenewalReminder, SubItem
from portal.accounts.models import is_alive
from portal.accounts.organisations.principals import recipients_of
from portal.notices.inbox import send_messages
from portal.notices.models import Message

log = structlog.get_logger(__name__)

BATCH = 200


def remind_daily() -> int:
    """Remind once a day; return how many certificates their holders were told of. For the reconciler; most calls ask nothing of the database."""
    today = timezone.localdate()
    if not cache.add(f"renewals:{today}", True, 24 * 3600):
        return 0
    return remind_of_renewals(today)


def remind_of_renewals(today: date) -> int:
    """Tell of every certificate of which a threshold has come by `today` and nobody was told yet; return how many.

    Only what may be renewed, of the living, and for which no application is under way. A day on which nothing ran is made up for, a
    threshold that passed meanwhile is not told beside a nearer one. Begun again, or run twice at once, nobody is told twice. Cost: one query per
    threshold, and per batch of 200 certificates one transaction.
    """
    told = 0
    types = CertificateType.objects.filter(renewal_days__isnull=False).order_by("slug")
    for kind in types:
        for days, nearer in _thresholds(kind):
            while batch := list(_due(kind, today, days, nearer)[:BATCH]):
                told += _remind(batch, days)
    if told:
        log.info("renewals_reminded", count=told)
    return told


def _thresholds(kind: CertificateType) -> Iterator[tuple[int, int]]:
    """Yield each threshold within the window, and the nearer one that follows it: what is due of the first has more days left than that."""
    assert kind.renewal_days is not None
    days = sorted({each for each in kind.renewal_reminders if each <= kind.renewal_days}, reverse=True)
    return zip(days, [*days[1:], -1], strict=True)


def _due(kind: CertificateType, today: date, days: int, nearer: int) -> QuerySet[Certificate]:
    ends = (today + timedelta(days=nearer + 1), today + timedelta(days=days))
    told = RenewalReminder.objects.filter(certificate=OuterRef("pk"), days=days)
    open_parts = SubItem.objects.exclude(state__in=CONCLUDED)
    under_way = Renewal.objects.filter(
        certificate=OuterRef("pk"), application__in=open_parts.values("bundle__idempotency_key")
    )
    found = Certificate.objects.filter(
        ~Exists(told),
        ~Exists(under_way),
        is_alive("applicant"),
        certificate_type=kind,
        status=Certificate.Status.VALID,
        expires_on__range=ends,
    )
    return found.select_related("applicant", "mandate").defer("face_sealed").order_by(F("expires_on"), "pk")


@transaction.atomic
def _remind(certificates: list[Certificate], days: int) -> int:
    rows = [RenewalReminder(certificate=each, days=days) for each in certificates]
    RenewalReminder.objects.bulk_create(rows, ignore_conflicts=True)
    send_messages(message for each in certificates for message in _messages(each, days))
    return len(certificates)


def _messages(certificate: Certificate, days: int) -> Iterator[Message]:
    assert certificate.expires_on is not None
    told = {"certificate": certificate.type_name, "due": certificate.expires_on.isoformat()}
    link = reverse("certificates:detail", args=[certificate.pk])
    people = recipients_of(
        certificate.applicant, certificate.organisation_id, certificate.matter, shown_under(certificate)
    )
    for account, principal in people:
        key = f"certificate_ends:{certificate.pk}:{days}"
        yield Message.about(
            told, recipient_id=account, principal=principal, key=key, kind="certificate_ends", link=link
        )
