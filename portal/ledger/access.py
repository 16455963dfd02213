"""Who has read personal data, for which purpose. Every line is shown to the person concerned."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet

from portal.ledger.models import AccessRecord


def record_access(
    reader: AbstractBaseUser, subject: UUID, purpose: str, fields: Iterable[str], department: str = "", note: str = ""
) -> AccessRecord:
    """Write that `reader` has read `fields` of the subject (a bundle's or a person's id). One statement.

    `purpose` is a code of the caller's (such as ``review``), `fields` the names of what was shown, never its content.
    `note` is the purpose in the reader's own words, where one has to be given.
    """
    return AccessRecord.objects.create(
        reader_id=reader.pk,
        subject=subject,
        purpose=purpose,
        fields=sorted(set(fields)),
        department=department,
        note=note,
    )


def record_access_to_all(
    reader: AbstractBaseUser, subjects: Iterable[UUID], purpose: str, fields: Iterable[str]
) -> None:
    """Write that `reader` has seen the same `fields` of several subjects at once, as on a page of a list. One statement."""
    names = sorted(set(fields))
    AccessRecord.objects.bulk_create(
        AccessRecord(reader_id=reader.pk, subject=subject, purpose=purpose, fields=names) for subject in subjects
    )


def readings_of(subjects: Iterable[UUID], before: int | None = None) -> QuerySet[AccessRecord]:
    """Return who has read about the given subjects, newest first, with the reader at hand; `before` is the id to go on from."""
    readings = AccessRecord.objects.filter(subject__in=list(subjects)).select_related("reader").order_by("-id")
    return readings.filter(id__lt=before) if before is not None else readings
