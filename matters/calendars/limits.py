"""Time limits in the official calendar: when something is due, and how much is left."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from catalog.definitions import CALENDAR_DAYS
from catalog.merging.planned import PlannedItem
from matters.calendars import official_calendar
from matters.core.clocks import Due, add_calendar_days, add_working_days, working_days_between


def due_on_for(start: date, limit_days: int) -> date:
    """Return the day on which ``limit_days`` working days are over, counted from the day after ``start``."""
    return add_working_days(start, limit_days, official_calendar()).date


def due_of(item: PlannedItem, start: date) -> Due:
    """Return when an item accepted on ``start`` is due, in the days its own limit counts. For items whose limit is known."""
    if item.limit_unit == CALENDAR_DAYS:
        return add_calendar_days(start, item.promised_limit_days or 0, official_calendar())
    return add_working_days(start, item.working_days or 0, official_calendar())


def days_left(due_on: date, today: date) -> int:
    """Return the working days left after today, up to and including the day it is due; negative when it has passed."""
    return working_days_between(today, due_on, official_calendar())


def is_provisional(due_on: date) -> bool:
    """Return whether the day rests on a year whose holidays are not announced yet, and may still move."""
    return not official_calendar().is_announced(due_on)


def end_of(day: date) -> datetime:
    """Return the last moment of a day where the offices are."""
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


def today() -> date:
    """Return the calendar day where the offices are."""
    return timezone.localdate()
