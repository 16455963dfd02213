"""Each bundle against the frozen version it was filed under: sub-items, limits, dates, numbers, certificates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import connection
from django.utils.translation import gettext_lazy as _

from catalog.merging.compiled import Plan
from catalog.versions.matters import compiled
from matters.calendars.limits import answer_due, decision_due, pause, promise
from matters.core.clocks import Pause
from matters.core.numbering import is_number
from matters.integrity.findings import Breach, Check

_MISSING = Check("I-01", "sub_item_missing", _("联办件 %(subject)s 缺少子项“%(detail)s”。"), "")
_UNPLANNED = Check("I-01", "sub_item_unplanned", _("联办件 %(subject)s 有方案之外的子项“%(detail)s”。"), "")
_DIFFERS = Check("I-25", "sub_item_differs", _("联办件 %(subject)s 的子项“%(detail)s”与冻结的方案不一致。"), "")
_PROMISED = Check("I-07", "promised_day_differs", _("联办件 %(subject)s 的承诺办结日期应为 %(detail)s。"), "")
_DUE = Check("I-07", "due_day_differs", _("子项 %(subject)s 的应办结日期应为 %(detail)s。"), "")
_ANSWER = Check("I-07", "answer_day_differs", _("子项 %(subject)s 的受理期限应为 %(detail)s。"), "")
_NUMBER = Check("I-10", "number_malformed", _("编号 %(subject)s 的格式或校验位不对。"), "")
_UNCERTIFIED = Check("I-08", "certificate_missing", _("子项 %(subject)s 已准予，但没有签发“%(detail)s”。"), "")


@dataclass(frozen=True, slots=True)
class _FiledPart:
    """A sub-item as the query gives it. ``pauses``: moments from which to which corrections were awaited; ``procedures``: days on which procedures that do not count went on; ``answer_by``: when it was
    received, and the day of its task, while the department has not accepted it."""

    key: str
    department: str
    after: list[str]
    days: int | None
    unit: str
    number: str
    state: str
    accepted_at: str | None
    due_on: str | None
    pauses: list[tuple[str, str]] | None
    procedures: list[tuple[str, str]] | None
    answer_by: tuple[str, str | None] | None
    extended: int | None
    certificates: list[str] | None

    def stood_still(self) -> list[Pause]:
        """Return when its clock stood still; where two overlap, the days count once."""
        awaited = [pause(datetime.fromisoformat(one), datetime.fromisoformat(end)) for one, end in self.pauses or ()]
        held = [Pause(date.fromisoformat(start), date.fromisoformat(end)) for start, end in self.procedures or ()]
        return awaited + held


_ALL = """
SELECT b.number, b.matter_version_id, b.answers::text, b.submitted_at, b.promised_on,
       coalesce(jsonb_agg(jsonb_build_array(s.key, d.code, s.after, s.promised_limit_days, s.limit_unit, s.number, s.state,
                          s.accepted_at, s.due_on,
                          (SELECT jsonb_agg(jsonb_build_array(r.told_at, r.answered_at)) FROM matters_correctionrequest r
                            WHERE r.sub_item_id = s.id AND r.answered_at IS NOT NULL),
                          (SELECT jsonb_agg(jsonb_build_array(
                                    (p.started_at AT TIME ZONE 'Asia/Shanghai')::date,
                                    coalesce((p.ended_at AT TIME ZONE 'Asia/Shanghai')::date, p.expected_on)))
                             FROM matters_specialprocedure p WHERE p.sub_item_id = s.id AND NOT p.is_counted),
                          CASE WHEN s.accepted_at IS NULL AND t.id IS NOT NULL THEN jsonb_build_array(s.state_since, t.due_on) END,
                          (SELECT x.days FROM matters_extension x WHERE x.sub_item_id = s.id AND x.outcome = 'granted'),
                          (SELECT jsonb_agg(t.slug) FROM certificates_certificate c
                             JOIN catalog_certificatetype t ON t.id = c.certificate_type_id
                            WHERE c.decision_reference = s.number)) ORDER BY s.number)
                FILTER (WHERE s.id IS NOT NULL), '[]')::text
  FROM matters_bundle b
  LEFT JOIN matters_subitem s ON s.bundle_id = b.id
  LEFT JOIN catalog_department d ON d.id = s.department_id
  LEFT JOIN matters_reviewtask t ON t.sub_item_id = s.id AND t.closed_at IS NULL AND t.stage = 'acceptance'
 GROUP BY b.id
"""


def compare_with_plans() -> Iterator[Breach]:
    """Yield what differs from the frozen version. One query, read through in chunks."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ALL)
        for number, version, answers, submitted_at, promised_on, sub_items in cursor:
            plan = _plan(version, answers)
            rows = [_FiledPart(*row) for row in json.loads(sub_items)]
            yield from _dates(number, plan, submitted_at, promised_on, rows)
            yield from _sub_items(number, plan, rows)


@lru_cache(maxsize=1024)
def _plan(version_id: int, answers: str) -> Plan:
    return compiled(version_id).plan_for(json.loads(answers))


def _dates(
    number: str, plan: Plan, submitted_at: datetime, promised_on: date | None, rows: Sequence[_FiledPart]
) -> Iterator[Breach]:
    if not is_number(number):
        yield _NUMBER.breach(number)
    extended = {row.key: row.extended for row in rows if row.extended}
    promised = promise(plan, submitted_at, {row.key: pauses for row in rows if (pauses := row.stood_still())}, extended)
    if (
        promised is None or promised.provisional
    ):  # a day that rests on an unannounced year moves when the year is announced
        return
    first = promise(plan, submitted_at)
    # Corrections that were answered before clocks stood still for them did not move the day.
    if promised_on != promised.date and (first is None or promised_on != first.date):
        yield _PROMISED.breach(number, promised.date)


def _sub_items(number: str, plan: Plan, rows: Sequence[_FiledPart]) -> Iterator[Breach]:
    planned = {item.key: item for item in plan.items}
    for key in planned.keys() - {row.key for row in rows}:
        yield _MISSING.breach(number, key)
    for row in rows:
        item = planned.get(row.key)
        if item is None:
            yield _UNPLANNED.breach(number, row.key)
            continue
        promised = (item.promised_limit_days, item.limit_unit)
        if (row.department, row.after, row.days, row.unit) != (item.department, list(item.after), *promised):
            yield _DIFFERS.breach(number, row.key)
        if not is_number(row.number) or not row.number.startswith(number):
            yield _NUMBER.breach(row.number)
        yield from _days(row)
        if row.state == "approved":
            for result in item.results:
                if result.certificate_type not in (row.certificates or []):
                    yield _UNCERTIFIED.breach(row.number, result.certificate_type)


def _days(row: _FiledPart) -> Iterator[Breach]:
    """Yield the days that do not follow from the rows: by when it is to be decided, and by when the department answers."""
    if row.accepted_at is not None:
        accepted = datetime.fromisoformat(row.accepted_at)
        due = decision_due(row.days, row.unit, accepted, row.stood_still(), row.extended or 0)
        if due is not None and not due.provisional and row.due_on != due.date.isoformat():
            yield _DUE.breach(row.number, due.date)
    elif row.answer_by is not None:
        received, day = row.answer_by
        due = answer_due(datetime.fromisoformat(received))
        if not due.provisional and day != due.date.isoformat():
            yield _ANSWER.breach(row.number, due.date)
