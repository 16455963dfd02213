"""Time limits in the official calendar: when something is due, and how much is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache

from django.utils import timezone

from catalog.definitions import CALENDAR_DAYS, WORKING_DAYS
from catalog.merging.compiled import Plan
from matters.calendars import official_calendar
from matters.core.clocks import (
    ACCEPTANCE_DAYS,
    Due,
    Pause,
    TimedPart,
    add_calendar_days,
    add_working_days,
    add_working_hours,
    official_date,
    path_due,
    working_days_between,
)


def due_after(start: date, days: int, unit: str = WORKING_DAYS, pauses: Sequence[Pause] = ()) -> Due:
    """Return when a limit that begins on ``start`` is over, in the days that it counts: working or calendar ones.

    ``pauses``: days on which its clock stood still.
    """
    return _due_after(start, days, unit, tuple(pauses))


@lru_cache(maxsize=8192)
def _due_after(start: date, days: int, unit: str, pauses: tuple[Pause, ...]) -> Due:
    count = add_calendar_days if unit == CALENDAR_DAYS else add_working_days
    return count(start, days, official_calendar(), pauses)


def answer_due(received: datetime) -> Due:
    """Return the day by which a department says whether it accepts what it received at that moment (Licensing Law art. 32)."""
    return due_after(official_date(received), ACCEPTANCE_DAYS)


def decision_due(
    days: int | None, unit: str, accepted_at: datetime, pauses: Sequence[Pause] = (), extended: int = 0
) -> Due | None:
    """Return the day by which what was accepted is to be decided; None where no limit was published: nobody is told a day then.

    ``extended``: the working days that it was given more, counted on from the day on which its limit is over.
    """
    if days is None:
        return None
    due = due_after(official_date(accepted_at), days, unit, pauses)
    return due_after(due.date, extended, WORKING_DAYS, pauses) if extended else due


def promise(
    plan: Plan,
    submitted_at: datetime,
    pauses: Mapping[str, Sequence[Pause]] | None = None,
    extended: Mapping[str, int] | None = None,
) -> Due | None:
    """Return the one day by which everything is promised: the longest path, without the days on which the applicant had a part of it.

    ``pauses``: key of a sub-item → when its clock stood still; ``extended``: key → the days it was given more. None where the limit of a
    part is not known.
    """
    if plan.unknown_limits:
        return None
    if not pauses and not extended:
        return due_after(official_date(submitted_at), plan.working_days)
    pauses, extended = pauses or {}, extended or {}
    parts = {
        item.key: TimedPart((item.working_days or 0) + extended.get(item.key, 0), item.after, pauses.get(item.key, ()))
        for item in plan.items
    }
    return path_due(official_date(submitted_at), parts, official_calendar())


def pause(start: datetime, end: datetime) -> Pause:
    """Return the days on which a clock stood still between two moments: the first one, not the last."""
    return Pause(official_date(start), official_date(end))


def days_left(due_on: date, today: date) -> int:
    """Return the working days left after today, up to and including the day it is due; negative when it has passed."""
    return working_days_between(today, due_on, official_calendar())


def hours_after(start: datetime, hours: int) -> datetime:
    """Return when so many hours are over, those of days off not counted."""
    return add_working_hours(start, hours, official_calendar())


def is_provisional(due_on: date) -> bool:
    """Return whether the day rests on a year whose holidays are not announced yet, and may still move."""
    return not official_calendar().is_announced(due_on)


def end_of(day: date) -> datetime:
    """Return the last moment of a day where the offices are."""
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


def today() -> date:
    """Return the calendar day where the offices are."""
    return timezone.localdate()
