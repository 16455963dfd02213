"""Classes of the ground floors: copies of files, sessions, who has read what."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.sessions.models import Session
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import FileExport
from portal.ledger.models import AccessRecord
from portal.retention.holds import under_hold
from portal.retention.schedule import Kept


def kept() -> list[Kept]:
    """Return the classes of this floor."""
    copies = FileExport.objects.filter(content_sealed__isnull=False).annotate(since=F("until"))
    return [
        Kept(
            "copies",
            _("档案副本"),
            copies.all,
            lambda subject: copies.filter(person=subject.person, organisation=None),
            _forget_copies,
            under_hold(person="person_id", organisation="organisation_id"),
            is_own=True,
        ),
        Kept(
            "readings",
            _("查看记录"),
            lambda: AccessRecord.objects.annotate(since=F("at")),
            lambda subject: AccessRecord.objects.filter(subject=subject.person.pk).annotate(since=F("at")),
        ),
        Kept(
            "sessions",
            _("登录状态"),
            lambda: Session.objects.annotate(since=F("expire_date")),
            destroy=_end_sessions,
        ),
    ]


def _forget_copies(rows: Sequence[FileExport]) -> None:
    FileExport.objects.filter(pk__in=[row.pk for row in rows]).update(content_sealed=None)


def _end_sessions(rows: Sequence[Session]) -> None:
    Session.objects.filter(pk__in=[row.pk for row in rows]).delete()
