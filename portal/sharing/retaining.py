"""What people agreed to have asked: for how long it is kept (`portal.retention`)."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.retention.schedule import Kept
from portal.sharing.models import SharingConsent


def kept() -> list[Kept]:
    """Return the classes of this floor."""
    rows = SharingConsent.objects.annotate(since=F("until"))
    return [
        Kept(
            "consents",
            _("同意书原文"),
            rows.all,
            lambda subject: rows.filter(person=subject.person, organisation=None),
            keeps=("sharing.SharingConsent",),
        )
    ]
