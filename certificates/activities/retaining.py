"""For how long certificates are kept (`portal.retention`)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from certificates.activities.library import visible_to
from certificates.models import Certificate, Showing
from portal.accounts.own_file.parts import FileSubject
from portal.retention.holds import under_hold
from portal.retention.schedule import Kept


def kept() -> list[Kept]:
    """Return the classes of this floor."""
    return [
        Kept(
            "certificates",
            _("电子证照"),
            lambda: Certificate.objects.annotate(since=F("issued_at")),
            lambda subject: visible_to(subject.person).annotate(since=F("issued_at")),
            keeps=("certificates.Certificate", "certificates.CertificateHolder", "certificates.StatusChange"),
        ),
        Kept(
            "showings",
            _("亮证记录"),
            _showings,
            _showings_of,
            _delete,
            under_hold(person="certificate__applicant_id", organisation="certificate__organisation_id"),
            keeps=("certificates.Showing",),
        ),
    ]


def _showings() -> QuerySet[Showing]:
    return Showing.objects.annotate(since=F("until"))


def _showings_of(subject: FileSubject) -> QuerySet[Showing]:
    return _showings().filter(certificate__in=visible_to(subject.person))


def _delete(rows: Sequence[Showing]) -> None:
    Showing.objects.filter(pk__in=[row.pk for row in rows]).delete()
