"""Working days by the announced calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.merging.limits import working_days
from matters.calendars import official_calendar
from matters.core.clocks import (
    CalendarInvalid,
    Due,
    Pause,
    WorkCalendar,
    add_calendar_days,
    add_working_days,
    official_date,
    working_days_between,
)

CALENDAR = official_calendar()
ANNOUNCED = st.dates(date(2025, 1, 1), date(2026, 11, 30))


def _month(year: int, month: int) -> int:
    days = (date(year, month, 1) + timedelta(number) for number in range(31))
    return sum(CALENDAR.is_working_day(day) for day in days if day.month == month)


@pytest.mark.parametrize(
    ("year", "by_month"),
    [
        (2025, [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23]),
        (2026, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]),
    ],
)
def test_it_counts_the_working_days_of_every_announced_month(year: int, by_month: list[int]) -> None:
    assert [_month(year, month) for month in range(1, 13)] == by_month
    assert sum(by_month) == 248


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2025-01-24", 5, "2025-02-07"),
        ("2025-01-27", 1, "2025-02-05"),
        ("2025-04-25", 5, "2025-05-06"),
        ("2025-09-26", 5, "2025-10-10"),
        ("2025-09-30", 1, "2025-10-09"),
        ("2025-10-01", 3, "2025-10-11"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-01-02", 1, "2026-01-04"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-27", 2, "2026-03-02"),
        ("2026-04-30", 5, "2026-05-11"),
        ("2026-06-18", 1, "2026-06-22"),
        ("2026-09-18", 20, "2026-10-22"),
        ("2026-09-24", 1, "2026-09-28"),
        ("2026-09-30", 10, "2026-10-20"),
        ("2026-12-01", 20, "2026-12-29"),
    ],
)
def test_it_starts_the_day_after_and_works_the_weekends_that_are_worked(start: str, days: int, due: str) -> None:
    assert add_working_days(date.fromisoformat(start), days, CALENDAR) == Due(date.fromisoformat(due), False)


def test_it_says_when_a_day_rests_on_an_unannounced_year() -> None:
    assert add_working_days(date(2026, 12, 30), 1, CALENDAR) == Due(date(2026, 12, 31), False)
    assert add_working_days(date(2026, 12, 31), 1, CALENDAR) == Due(date(2027, 1, 1), True)


def test_nothing_is_due_on_a_day_off() -> None:
    assert add_working_days(date(2026, 10, 1), 0, CALENDAR).date == date(2026, 10, 8)
    assert add_working_days(date(2026, 10, 9), 0, CALENDAR).date == date(2026, 10, 9)


def test_a_pause_is_not_counted_and_ends_before_its_last_day() -> None:
    pauses = [Pause(date(2026, 11, 18), date(2026, 11, 20))]
    assert add_working_days(date(2026, 11, 16), 2, CALENDAR, pauses).date == date(2026, 11, 20)


def test_it_refuses_a_negative_limit() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 1, 5), -1, CALENDAR)


def test_a_moment_belongs_to_the_day_in_shanghai() -> None:
    assert official_date(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == date(2026, 11, 21)
    with pytest.raises(ValueError, match="time zone"):
        official_date(datetime(2026, 11, 20, 16, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    "holiday",
    [
        {"name": "a", "from": "2026-01-03", "to": "2026-01-01", "worked_instead": []},
        {"name": "a", "from": "2025-12-31", "to": "2026-01-01", "worked_instead": []},
        {"name": "a", "from": "2026-01-01", "to": "2026-01-01", "worked_instead": ["2026-01-05"]},
        {"name": "a", "from": "2026-01-03", "to": "2026-01-03", "worked_instead": ["2026-01-03"]},
    ],
)
def test_it_refuses_a_year_that_contradicts_itself(holiday: dict[str, object]) -> None:
    with pytest.raises(CalendarInvalid):
        WorkCalendar.of_years([{"year": 2026, "holidays": [holiday]}])


@given(ANNOUNCED, st.integers(1, 60))
def test_what_is_due_is_a_working_day_and_counts_back_to_the_limit(start: date, days: int) -> None:
    due = add_working_days(start, days, CALENDAR).date
    assert CALENDAR.is_working_day(due)
    assert working_days_between(start, due, CALENDAR) == days
    assert working_days_between(due, start, CALENDAR) == -days


@given(ANNOUNCED, st.integers(0, 30), st.integers(0, 30))
def test_two_limits_in_a_row_are_their_sum(start: date, first: int, second: int) -> None:
    between = add_working_days(start, first, CALENDAR).date
    if first and second:
        assert add_working_days(between, second, CALENDAR) == add_working_days(start, first + second, CALENDAR)


@given(ANNOUNCED, st.integers(1, 30), ANNOUNCED, st.integers(0, 40))
def test_a_pause_never_brings_a_day_forward(start: date, days: int, paused: date, length: int) -> None:
    pause = Pause(paused, paused + timedelta(length))
    due = add_working_days(start, days, CALENDAR, [pause]).date
    assert due >= add_working_days(start, days, CALENDAR).date
    assert working_days_between(start, due, CALENDAR, [pause]) == days


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-19", 30, "2026-12-21"),  # a Saturday: the Monday after
        ("2026-11-20", 5, "2026-11-25"),
        ("2026-09-29", 3, "2026-10-08"),  # the holiday ends on the seventh
        ("2026-11-20", 0, "2026-11-20"),
    ],
)
def test_calendar_days_run_through_weekends_and_end_on_a_working_day(start: str, days: int, due: str) -> None:
    assert add_calendar_days(date.fromisoformat(start), days, CALENDAR) == Due(date.fromisoformat(due), False)


def test_a_limit_in_calendar_days_is_never_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_calendar_days(date(2026, 11, 20), -1, CALENDAR)


WEEKS = WorkCalendar(frozenset(), frozenset(), frozenset(range(2020, 2040)))  # no holiday but the weekends


@given(st.dates(date(2021, 1, 1), date(2030, 1, 1)), st.integers(0, 200))
def test_a_promise_is_never_before_the_day_the_calendar_gives(start: date, days: int) -> None:
    while not WEEKS.is_working_day(start):
        start += timedelta(days=1)
    due = add_calendar_days(start, days, WEEKS).date
    assert due <= add_working_days(start, working_days(days, "calendar_days"), WEEKS).date <= due + timedelta(days=7)
