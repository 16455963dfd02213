"""Who has read what, grouped: one line a case, which opens to who read it on which day and why. Own readings are not counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.accounts.models import User
from portal.accounts.own_file.parts import FileSubject
from portal.identifiers.masking import mask_name
from portal.ledger.models import AccessRecord

CASES = 20
# Of one case; its own page lists every single reading.
VISITS = 200


@dataclass(frozen=True, slots=True)
class ReadSubject:
    """Something of a person's that is read: what it is called, where it is shown, and the words for purposes and departments."""

    id: UUID
    about: str
    link: str
    purpose: Callable[[str], str]
    department: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ReaderDay:
    """One reader on one day: ``times`` they looked, and what for."""

    day: date
    department: str
    reader: str
    purposes: list[str]
    times: int


@dataclass(frozen=True, slots=True)
class ReadCase:
    """One case with all who read it. ``last``: the id to go on from; ``times``: how often it was read in all."""

    about: str
    link: str
    last: int
    at: datetime
    times: int
    visits: list[ReaderDay] = field(default_factory=list)


def read_cases(
    subject: FileSubject, *, before: int | None = None, limit: int = CASES
) -> tuple[list[ReadCase], int | None]:
    """Return what of a person's, or of an organisation's, was read, latest first, and the id to go on from, None at the end.

    Three queries, one more where somebody had to say why, and those of the functions in ``YIJIAN_READ_SUBJECTS``, which name what there is.
    """
    known: dict[UUID, ReadSubject] = {}
    for name in settings.YIJIAN_READ_SUBJECTS:
        known |= {each.id: each for each in import_string(name)(subject)}
    records = AccessRecord.objects.filter(subject__in=list(known)).exclude(reader_id=subject.person.user_id or 0)
    totals = records.values("subject").annotate(last=Max("id"), at=Max("at"), times=Count("id")).order_by("-last")
    if before is not None:
        totals = totals.filter(last__lt=before)
    page = list(totals[: limit + 1])
    older = page[limit - 1]["last"] if len(page) > limit else None
    page = page[:limit]
    visits = _visits(records.filter(subject__in=[each["subject"] for each in page]), known) if page else {}
    cases = [
        ReadCase(
            known[each["subject"]].about,
            known[each["subject"]].link,
            each["last"],
            each["at"],
            each["times"],
            visits.get(each["subject"], []),
        )
        for each in page
    ]
    return cases, older


def _visits(records: Iterable[AccessRecord], known: Mapping[UUID, ReadSubject]) -> dict[UUID, list[ReaderDay]]:
    rows = (
        records.annotate(day=TruncDate("at", tzinfo=timezone.get_default_timezone()))  # type: ignore[attr-defined]
        .values("subject", "reader_id", "department", "day")
        .annotate(
            last=Max("id"),
            times=Count("id"),
            purposes=ArrayAgg("purpose", distinct=True),
            noted=ArrayAgg("id", filter=~Q(note=""), default=[]),
        )
        .order_by("-last")[: VISITS * CASES]
    )
    rows = list(rows)
    readers = User.objects.only("username", "name", "seal_id").in_bulk({row["reader_id"] for row in rows})
    wanted = [pk for row in rows for pk in row["noted"]]
    notes = AccessRecord.objects.in_bulk(wanted) if wanted else {}
    found: dict[UUID, list[ReaderDay]] = {}
    for row in rows:
        subject = known[row["subject"]]
        visits = found.setdefault(subject.id, [])
        if len(visits) >= VISITS:
            continue
        said = dict.fromkeys(notes[pk].note for pk in row["noted"])
        visits.append(
            ReaderDay(
                day=row["day"],
                department=subject.department(row["department"]),
                reader=mask_name(str(readers[row["reader_id"]])),
                purposes=[*map(subject.purpose, row["purposes"]), *said],
                times=row["times"],
            )
        )
    return found
