"""Reckoning each day's figures (晴雨表) once it is over: one statement a day, by workers, from the rows of the cases.

A day in Asia/Shanghai. What is filed counts on the day it was submitted, what is concluded on the day it was. The last day reckoned asks for
the one before it until the first application is reached, so that figures begun late go back to the beginning by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min, QuerySet, Sum
from django.utils import timezone

from matters.core.clocks import SHANGHAI
from matters.models import Bundle, DailyFigure
from portal.outbox.claiming import Claim, complete
from portal.outbox.enqueueing import enqueue

KIND = "reckon_figures"
COUNTED = ("filed", "concluded", "approved", "in_part", "rejected", "not_accepted", "late", "corrections")

_RECKON = """
WITH parts AS (
    SELECT s.bundle_id, s.department_id, 1 AS filed, 0 AS concluded, 0 AS approved, 0 AS in_part, 0 AS rejected, 0 AS not_accepted, 0 AS late,
           0 AS corrections, NULL::int AS to_accept, NULL::int AS to_decide
      FROM matters_bundle b JOIN matters_subitem s ON s.bundle_id = b.id
     WHERE b.submitted_at >= %(start)s AND b.submitted_at < %(end)s
    UNION ALL
    SELECT s.bundle_id, s.department_id, 0, 1, (s.state = 'approved')::int, s.is_in_part::int, (s.state = 'rejected')::int,
           (s.state = 'not_accepted')::int,
           (s.due_on IS NOT NULL AND (s.concluded_at AT TIME ZONE 'Asia/Shanghai')::date > s.due_on)::int, 0,
           floor(extract(epoch FROM s.accepted_at - b.submitted_at) / 86400)::int,
           floor(extract(epoch FROM s.concluded_at - s.accepted_at) / 86400)::int
      FROM matters_subitem s JOIN matters_bundle b ON b.id = s.bundle_id
     WHERE s.concluded_at >= %(start)s AND s.concluded_at < %(end)s
    UNION ALL
    SELECT s.bundle_id, s.department_id, 0, 0, 0, 0, 0, 0, 0, 1, NULL, NULL
      FROM matters_correctionrequest r JOIN matters_subitem s ON s.id = r.sub_item_id
     WHERE r.told_at >= %(start)s AND r.told_at < %(end)s
), placed AS (
    SELECT v.matter_id, p.department_id, b.site_id, b.channel, p.filed, p.concluded, p.approved, p.in_part, p.rejected, p.not_accepted,
           p.late, p.corrections, CASE WHEN p.to_accept < 0 THEN 0 ELSE p.to_accept END AS to_accept,
           CASE WHEN p.to_decide < 0 THEN 0 ELSE p.to_decide END AS to_decide
      FROM parts p JOIN matters_bundle b ON b.id = p.bundle_id JOIN catalog_matterversion v ON v.id = b.matter_version_id
)
SELECT matter_id, department_id, site_id, channel, sum(filed), sum(concluded), sum(approved), sum(in_part), sum(rejected), sum(not_accepted),
       sum(late), sum(corrections),
       array_agg(to_accept) FILTER (WHERE to_accept IS NOT NULL), array_agg(to_decide) FILTER (WHERE to_decide IS NOT NULL)
  FROM placed GROUP BY matter_id, department_id, site_id, channel
"""


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """Sums over days. ``to_accept``, ``to_decide``: whole days → how many parts took them."""

    filed: int = 0
    concluded: int = 0
    approved: int = 0
    in_part: int = 0  # of those approved
    rejected: int = 0
    not_accepted: int = 0
    late: int = 0
    corrections: int = 0
    to_accept: Mapping[int, int] = field(default_factory=dict)
    to_decide: Mapping[int, int] = field(default_factory=dict)

    @property
    def on_time_share(self) -> int | None:
        """How many of a hundred concluded parts were within their limit; None where none was concluded."""
        return None if not self.concluded else round(100 * (self.concluded - self.late) / self.concluded)

    @property
    def median(self) -> int | None:
        return percentile(self.to_decide, 0.5)

    @property
    def p90(self) -> int | None:
        return percentile(self.to_decide, 0.9)

    @property
    def median_to_accept(self) -> int | None:
        return percentile(self.to_accept, 0.5)


def percentile(days: Mapping[int, int], share: float) -> int | None:
    """Return within how many whole days that share of the cases was done; None of none."""
    total = sum(days.values())
    seen = 0
    for each in sorted(days):
        seen += days[each]
        if seen >= share * total:
            return each
    return None


def reckon_yesterday() -> int:
    """Enqueue the figures of the day that is over, once; for the reconciler. One statement."""
    enqueue(KIND, timezone.localdate() - timedelta(days=1))
    return 0


def reckon_days(claims: Sequence[Claim]) -> None:
    """Handle ``reckon_figures``: the subject is the day. Raises ``StaleLease`` with nothing done."""
    with transaction.atomic():
        complete(claims)
        first = Bundle.objects.aggregate(first=Min("submitted_at"))["first"]
        for claim in claims:
            day = date.fromisoformat(claim.subject)
            reckon(day)
            if first is not None and timezone.localdate(first) < day:
                enqueue(KIND, day - timedelta(days=1))


@transaction.atomic
def reckon(day: date) -> int:
    """Write one day's figures anew; return how many rows. Three statements; two indexes by time bound what they read."""
    start = datetime.combine(day, time(), SHANGHAI)
    with connection.cursor() as cursor:
        cursor.execute(_RECKON, {"start": start, "end": start + timedelta(days=1)})
        rows = cursor.fetchall()
    DailyFigure.objects.filter(day=day).delete()
    DailyFigure.objects.bulk_create(
        DailyFigure(
            day=day,
            matter_id=matter,
            department_id=department,
            site_id=site,
            channel=channel,
            **dict(zip(COUNTED, counts[:-2], strict=True)),
            days_to_accept=Counter(counts[-2] or ()),
            days_to_decide=Counter(counts[-1] or ()),
        )
        for matter, department, site, channel, *counts in rows
    )
    return len(rows)


def figures_by(rows: QuerySet[DailyFigure], *by: str) -> dict[tuple[Any, ...], PeriodFigures]:
    """Return the sums over these days for each value of ``by`` (names of columns). One query for the counts, one for the days taken."""
    counted = rows.values_list(*by).annotate(*(Sum(name) for name in COUNTED)) if by else []
    sums = {tuple(row[: len(by)]): dict(zip(COUNTED, row[len(by) :], strict=True)) for row in counted}
    accept: dict[tuple[Any, ...], Counter[int]] = {place: Counter() for place in sums}
    decide: dict[tuple[Any, ...], Counter[int]] = {place: Counter() for place in sums}
    for *place, to_accept, to_decide in rows.values_list(*by, "days_to_accept", "days_to_decide").iterator():
        _add(accept[tuple(place)], to_accept.items())
        _add(decide[tuple(place)], to_decide.items())
    return {
        place: PeriodFigures(**counts, to_accept=accept[place], to_decide=decide[place])
        for place, counts in sums.items()
    }


def _add(days: Counter[int], found: Iterable[tuple[str, int]]) -> None:
    for each, cases in found:
        days[int(each)] += cases
