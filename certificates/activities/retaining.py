"""For how long certificates are kept (`portal.retention`)."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from certificates.activities.library import visible_to
from certificates.models import Certificate
from portal.retention.schedule import Kept


def kept() -> list[Kept]:
    """Return the classes of this floor."""
    return [
        Kept(
            "certificates",
            _("电子证照"),
            lambda: Certificate.objects.annotate(since=F("issued_at")),
            lambda subject: visible_to(subject.person).annotate(since=F("issued_at")),
        )
    ]
