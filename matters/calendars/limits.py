"""Time limits in the official calendar: when something is due, and how much is left."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from catalog.definitions import CALENDAR_DAYS, WORKING_DAYS
from matters.calendars import official_calendar
from matters.core.clocks import Due, add_calendar_days, add_working_days, add_working_hours, working_days_between


def due_after(start: date, days: int, unit: str = WORKING_DAYS) -> Due:
    """Return when a limit that begins on ``start`` is over, in the days that it counts: working or calendar ones."""
    count = add_calendar_days if unit == CALENDAR_DAYS else add_working_days
    return count(start, days, official_calendar())


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
