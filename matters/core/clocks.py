"""Working days: when something is due, in the calendar that the State Council announces year by year.

Pure: dates in, dates out. Moments are turned into dates of Asia/Shanghai by the caller (``official_date``).
The "day" of the Administrative Licensing Law is a working day (art. 82). The first day counted is the one after
acceptance; time excluded by the law (art. 45) is handed in as pauses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from catalog.merging.graph import schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
# How long an authority has to say whether it accepts (Administrative Licensing Law art. 32).
ACCEPTANCE_DAYS = 5
# By how many days a decision may be put off, once, by the head of the authority (art. 42).
EXTENSION_DAYS = 10


class CalendarInvalid(ValueError):
    """A year's calendar contradicts itself: a day off outside its year, or a working day that is none."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked. ``years`` are those that were announced; beyond them only weekends are known."""

    days_off: frozenset[date]
    worked_weekends: frozenset[date]
    years: frozenset[int]

    @classmethod
    def of_years(cls, announced: Iterable[Mapping[str, Any]]) -> WorkCalendar:
        """Build from years as kept in ``matters/calendars``: ``{year, holidays: [{from, to, worked_instead}]}``.

        Raises ``CalendarInvalid``.
        """
        days_off: set[date] = set()
        worked: set[date] = set()
        years: set[int] = set()
        for entry in announced:
            years.add(entry["year"])
            for holiday in entry["holidays"]:
                first, last = date.fromisoformat(holiday["from"]), date.fromisoformat(holiday["to"])
                instead = [date.fromisoformat(text) for text in holiday["worked_instead"]]
                if first > last or any(day.year != entry["year"] for day in (first, last, *instead)):
                    raise CalendarInvalid(f"{entry['year']}: {holiday['name']}")
                days_off.update(first + number * _DAY for number in range((last - first).days + 1))
                worked.update(instead)
        if any(day.weekday() < 5 for day in worked) or worked & days_off:
            raise CalendarInvalid("a day worked instead must be a weekend and not a day off")
        return cls(frozenset(days_off), frozenset(worked), frozenset(years))

    def is_working_day(self, day: date) -> bool:
        """Return whether offices work; beyond the announced years this is a guess (Monday to Friday)."""
        if day in self.days_off:
            return False
        return day.weekday() < 5 or day in self.worked_weekends

    def is_announced(self, day: date) -> bool:
        return day.year in self.years


@dataclass(frozen=True, slots=True)
class Due:
    """A day by which something is due. ``provisional``: it rests on a year whose holidays are not announced yet."""

    date: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a clock stood still: from ``start`` up to, not including, ``end``."""

    start: date
    end: date


def official_date(moment: datetime) -> date:
    """Return the calendar date of an aware moment where the offices are."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class TimedPart:
    """A part of a whole that is promised for one day: its limit in working days, what it waits for, when its clock stood still."""

    days: int
    after: Sequence[str] = ()
    pauses: Sequence[Pause] = ()


def add_working_days(start: date, days: int, calendar: WorkCalendar, pauses: Sequence[Pause] = ()) -> Due:
    """Return the day on which ``days`` working days are over, the first being the one after ``start``.

    Days within ``pauses`` are not counted, and nothing falls due on one. Zero days are over on ``start`` itself, or
    on the next working day. Administrative Licensing Law art. 42, 45, 82.
    """
    if days < 0:
        raise ValueError("a time limit cannot be negative")
    day, counted, provisional = start, 0, not calendar.is_announced(start)
    if days == 0:
        while not _counts(day, calendar, pauses):
            day += _DAY
            provisional |= not calendar.is_announced(day)
    while counted < days:
        day += _DAY
        provisional |= not calendar.is_announced(day)
        counted += _counts(day, calendar, pauses)
    return Due(day, provisional)


def add_calendar_days(start: date, days: int, calendar: WorkCalendar, pauses: Sequence[Pause] = ()) -> Due:
    """Return the day on which ``days`` calendar days are over, the first being the one after ``start``.

    Days within ``pauses`` are not counted. Where the last is a day off, they are over on the next working day. Civil Code art. 201, 203.
    """
    if days < 0:
        raise ValueError("a time limit cannot be negative")
    day, counted = start, 0
    while counted < days:
        day += _DAY
        counted += not _is_paused(day, pauses)
    return add_working_days(day, 0, calendar, pauses)


def path_due(start: date, parts: Mapping[str, TimedPart], calendar: WorkCalendar) -> Due:
    """Return the day on which the last of the parts is over, each begun when those before it are: the longest path through them.

    A part is longer by the working days within its pauses, whenever they were after ``start``, which is not counted itself: what its
    applicant took is not the authority's time.
    """
    days = {key: part.days + paused_days(start, part.pauses, calendar) for key, part in parts.items()}
    length = schedule(list(parts), {key: part.after for key, part in parts.items()}, days).length
    return add_working_days(start, length, calendar)


def paused_days(start: date, pauses: Iterable[Pause], calendar: WorkCalendar) -> int:
    """Return how many working days after ``start`` lie in the pauses, each counted once."""
    stood = {pause.start + number * _DAY for pause in pauses for number in range((pause.end - pause.start).days)}
    return sum(day > start and calendar.is_working_day(day) for day in stood)


def add_working_hours(start: datetime, hours: int, calendar: WorkCalendar) -> datetime:
    """Return the moment when ``hours`` are over, not counting the hours of days off: 24 hours from Friday noon end on Monday noon."""
    moment, left = start.astimezone(SHANGHAI), timedelta(hours=hours)
    while True:
        midnight = datetime.combine(moment.date() + _DAY, time.min, SHANGHAI)
        if calendar.is_working_day(moment.date()):
            if midnight - moment >= left:
                return moment + left
            left -= midnight - moment
        moment = midnight


def working_days_between(start: date, end: date, calendar: WorkCalendar, pauses: Sequence[Pause] = ()) -> int:
    """Return how many working days lie after ``start`` up to and including ``end``; negative when ``end`` is before."""
    if end < start:
        return -working_days_between(end, start, calendar, pauses)
    return sum(_counts(start + number * _DAY, calendar, pauses) for number in range(1, (end - start).days + 1))


def _counts(day: date, calendar: WorkCalendar, pauses: Sequence[Pause]) -> bool:
    return calendar.is_working_day(day) and not _is_paused(day, pauses)


def _is_paused(day: date, pauses: Sequence[Pause]) -> bool:
    return any(pause.start <= day < pause.end for pause in pauses)
