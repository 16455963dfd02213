"""The clock of a sub-item stands still while its applicant corrects (补正期间不计时) and while a special procedure goes on; those of other parts go on.

All days follow from rows: when it was received and accepted, and from when to when each correction was awaited, from its notice on
(Administrative Licensing Law art. 32, 42, 82).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from matters.calendars.limits import answer_due, decision_due, pause, promise
from matters.cases.department_view import plan_of
from matters.core.clocks import Due, Pause, official_date
from matters.models import Bundle, CorrectionRequest, Extension, SpecialProcedure, SubItem


def due_once_accepted(sub_item: SubItem, accepted_at: datetime) -> date | None:
    """Return the day by which it is to be decided if it is accepted at that moment; None where no limit was published."""
    return _date(decision_due(sub_item.promised_limit_days, sub_item.limit_unit, accepted_at))


def start_again(bundle: Bundle, sub_item: SubItem, now: datetime) -> date | None:
    """Let the clock of a sub-item go on whose correction was answered ``now``; return the day by which its task is due.

    What was accepted is due later by the days it was awaited, and so is the whole, where it is on the longest path; what was not has five
    working days anew. Inside the caller's transaction, which holds the bundle and its sub-item. Cost: four statements at most.
    """
    due_on = count_anew(bundle, sub_item)
    return answer_due(now).date if sub_item.accepted_at is None else due_on


def count_anew(bundle: Bundle, sub_item: SubItem) -> date | None:
    """Set by when a sub-item and the whole are due from their rows, and return the former: what stood still, and what was extended."""
    pauses, extended = _pauses_in(bundle), _extensions_in(bundle)
    promised_on = _date(promise(plan_of(bundle), bundle.submitted_at, pauses, extended))
    if promised_on != bundle.promised_on:
        bundle.promised_on = promised_on
        bundle.save(update_fields=["promised_on"])
    if sub_item.accepted_at is not None:
        limit = (sub_item.promised_limit_days, sub_item.limit_unit, sub_item.accepted_at)
        sub_item.due_on = _date(decision_due(*limit, pauses.get(sub_item.key, ()), extended.get(sub_item.key, 0)))
        sub_item.save(update_fields=["due_on"])
    return sub_item.due_on


def _extensions_in(bundle: Bundle) -> dict[str, int]:
    """Return the working days that sub-items of a bundle were given more, by their keys."""
    granted = Extension.objects.filter(sub_item__bundle=bundle, outcome=Extension.Outcome.GRANTED)
    return dict(granted.values_list("sub_item__key", "days"))


def _pauses_in(bundle: Bundle) -> dict[str, list[Pause]]:
    """Return when the clocks of a bundle's sub-items stood still, by their keys: each correction that was answered, and each procedure
    whose days do not count, until it ended or is expected to."""
    found: dict[str, list[Pause]] = {}
    answered = CorrectionRequest.objects.filter(sub_item__bundle=bundle, answered_at__isnull=False)
    for key, start, end in answered.values_list("sub_item__key", "told_at", "answered_at"):
        if start is not None and end is not None:
            found.setdefault(key, []).append(pause(start, end))
    procedures = SpecialProcedure.objects.filter(sub_item__bundle=bundle, is_counted=False)
    for key, start, end, expected in procedures.values_list("sub_item__key", "started_at", "ended_at", "expected_on"):
        found.setdefault(key, []).append(Pause(official_date(start), official_date(end) if end else expected))
    return found


def _date(due: Due | None) -> Any:
    return None if due is None else due.date
