"""Each bundle against the frozen version it was filed under: sub-items, limits, dates, numbers, certificates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from catalog.merging.compiled import Plan
from catalog.versions.matters import compiled
from matters.calendars.limits import due_after
from matters.core.clocks import official_date
from matters.core.numbering import is_number
from matters.integrity.findings import Breach, Check

_MISSING = Check("I-01", "sub_item_missing", _("联办件 %(subject)s 缺少子项“%(detail)s”。"), "")
_UNPLANNED = Check("I-01", "sub_item_unplanned", _("联办件 %(subject)s 有方案之外的子项“%(detail)s”。"), "")
_DIFFERS = Check("I-25", "sub_item_differs", _("联办件 %(subject)s 的子项“%(detail)s”与冻结的方案不一致。"), "")
_PROMISED = Check("I-07", "promised_day_differs", _("联办件 %(subject)s 的承诺办结日期应为 %(detail)s。"), "")
_DUE = Check("I-07", "due_day_differs", _("子项 %(subject)s 的应办结日期应为 %(detail)s。"), "")
_NUMBER = Check("I-10", "number_malformed", _("编号 %(subject)s 的格式或校验位不对。"), "")
_UNCERTIFIED = Check("I-08", "certificate_missing", _("子项 %(subject)s 已准予，但没有签发“%(detail)s”。"), "")

_ALL = """
SELECT b.number, b.matter_version_id, b.answers::text, b.submitted_at, b.promised_on,
       coalesce(jsonb_agg(jsonb_build_array(s.key, d.code, s.after, s.promised_limit_days, s.limit_unit, s.number, s.state,
                          s.accepted_at, s.due_on, (SELECT jsonb_agg(t.slug) FROM certificates_certificate c
                             JOIN catalog_certificatetype t ON t.id = c.certificate_type_id
                            WHERE c.decision_reference = s.number)) ORDER BY s.number)
                FILTER (WHERE s.id IS NOT NULL), '[]')::text
  FROM matters_bundle b
  LEFT JOIN matters_subitem s ON s.bundle_id = b.id
  LEFT JOIN catalog_department d ON d.id = s.department_id
 GROUP BY b.id
"""


def compare_with_plans() -> Iterator[Breach]:
    """Yield what differs from the frozen version. One query, read through in chunks."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ALL)
        for number, version, answers, submitted_at, promised_on, sub_items in cursor:
            plan = _plan(version, answers)
            yield from _dates(number, plan, submitted_at, promised_on)
            yield from _sub_items(number, plan, json.loads(sub_items))


@lru_cache(maxsize=1024)
def _plan(version_id: int, answers: str) -> Plan:
    return compiled(version_id).plan_for(json.loads(answers))


def _dates(number: str, plan: Plan, submitted_at: datetime, promised_on: date | None) -> Iterator[Breach]:
    if not is_number(number):
        yield _NUMBER.breach(number)
    if plan.unknown_limits:
        return
    promised = _due(official_date(submitted_at), plan.working_days)
    # A day that rested on an unannounced year moves when the year is announced.
    if not promised.provisional and promised_on != promised.date:
        yield _PROMISED.breach(number, promised.date)


def _sub_items(number: str, plan: Plan, found: list[list[Any]]) -> Iterator[Breach]:
    planned = {item.key: item for item in plan.items}
    for key in planned.keys() - {row[0] for row in found}:
        yield _MISSING.breach(number, key)
    for key, department, after, days, unit, own_number, state, accepted_at, due_on, certificates in found:
        item = planned.get(key)
        if item is None:
            yield _UNPLANNED.breach(number, key)
            continue
        promised = (item.promised_limit_days, item.limit_unit)
        if (department, after, days, unit) != (item.department, list(item.after), *promised):
            yield _DIFFERS.breach(number, key)
        if not is_number(own_number) or not own_number.startswith(number):
            yield _NUMBER.breach(own_number)
        clocked = accepted_at is not None and days is not None
        due = _due(official_date(datetime.fromisoformat(accepted_at)), days, unit) if clocked else None
        if due is not None and not due.provisional and due_on != due.date.isoformat():
            yield _DUE.breach(own_number, due.date)
        if state == "approved":
            for result in item.results:
                if result.certificate_type not in (certificates or []):
                    yield _UNCERTIFIED.breach(own_number, result.certificate_type)


_due = cache(due_after)
