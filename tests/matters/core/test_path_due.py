"""One promised day over parts that wait for each other, against counting day by day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from matters.core.clocks import Pause, TimedPart, WorkCalendar, add_calendar_days, add_working_days, path_due

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 90).map(lambda number: FIRST + timedelta(number))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Weekends, with some days off and some weekends worked."""
    off = draw(st.frozensets(DAYS, max_size=12))
    worked = frozenset(day for day in draw(st.frozensets(DAYS, max_size=6)) if day.weekday() > 4 and day not in off)
    return WorkCalendar(off, worked, frozenset({2026}))


PAUSES = st.lists(st.tuples(DAYS, st.integers(0, 12)), max_size=3).map(
    lambda found: [Pause(start, start + timedelta(length)) for start, length in found]
)


@st.composite
def wholes(draw: st.DrawFn) -> dict[str, TimedPart]:
    """Up to five parts, each waiting for some of those before it."""
    parts: dict[str, TimedPart] = {}
    for number in range(draw(st.integers(1, 5))):
        before = draw(st.sets(st.sampled_from(sorted(parts)), max_size=3)) if parts else set()
        parts[f"p{number}"] = TimedPart(draw(st.integers(0, 9)), tuple(sorted(before)), tuple(draw(PAUSES)))
    return parts


def _day_by_day(start: date, parts: dict[str, TimedPart], calendar: WorkCalendar) -> date:
    """Walk the days one after another: each part that may run uses up one of its days, those of its applicant as well."""
    taken = {
        key: {
            each for pause in part.pauses for each in _days_of(pause) if each > start and calendar.is_working_day(each)
        }
        for key, part in parts.items()
    }
    left = {key: part.days + len(taken[key]) for key, part in parts.items()}
    day, over = start, set[str]()
    while True:
        for key, part in parts.items():  # each comes after those that it waits for
            if not left[key] and over.issuperset(part.after):
                over.add(key)
        if len(over) == len(parts):
            break
        day += timedelta(1)
        running = [key for key, part in parts.items() if key not in over and over.issuperset(part.after)]
        if calendar.is_working_day(day):
            for key in running:
                left[key] -= 1
    while not calendar.is_working_day(day):
        day += timedelta(1)
    return day


def _days_of(pause: Pause) -> list[date]:
    return [pause.start + timedelta(number) for number in range((pause.end - pause.start).days)]


@given(DAYS, wholes(), calendars())
def test_it_is_the_day_that_counting_day_by_day_gives(
    start: date, parts: dict[str, TimedPart], calendar: WorkCalendar
) -> None:
    assert path_due(start, parts, calendar).date == _day_by_day(start, parts, calendar)


def test_the_day_itself_is_not_counted_and_not_made_good() -> None:
    parts = {"one": TimedPart(2, (), (Pause(date(2026, 1, 5), date(2026, 1, 6)),))}
    assert path_due(date(2026, 1, 5), parts, WorkCalendar(frozenset(), frozenset(), frozenset())).date == date(
        2026, 1, 7
    )


@given(DAYS, wholes(), calendars(), st.data())
def test_a_pause_moves_the_whole_only_as_far_as_its_part_is_late(
    start: date, parts: dict[str, TimedPart], calendar: WorkCalendar, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(sorted(parts)))
    part = parts[key]
    more = Pause(data.draw(DAYS), data.draw(DAYS))
    later = {**parts, key: TimedPart(part.days, part.after, (*part.pauses, more))}
    before, after = path_due(start, parts, calendar).date, path_due(start, later, calendar).date
    assert after >= before
    if more.end <= more.start:
        assert after == before


@given(DAYS, st.integers(0, 40), PAUSES, calendars())
def test_pauses_are_a_union(start: date, days: int, pauses: list[Pause], calendar: WorkCalendar) -> None:
    doubled = [*pauses, *pauses, *(Pause(one.start, one.start + (one.end - one.start) // 2) for one in pauses)]
    assert add_working_days(start, days, calendar, doubled) == add_working_days(start, days, calendar, pauses)
    assert add_calendar_days(start, days, calendar, doubled) == add_calendar_days(start, days, calendar, pauses)


@given(DAYS, st.integers(1, 40), PAUSES, calendars())
def test_calendar_days_leave_out_those_of_a_pause(
    start: date, days: int, pauses: list[Pause], calendar: WorkCalendar
) -> None:
    day, left = start, days
    while left:
        day += timedelta(1)
        left -= not any(pause.start <= day < pause.end for pause in pauses)
    due = add_calendar_days(start, days, calendar, pauses).date
    assert due >= day
    between = [day + timedelta(number) for number in range((due - day).days)]
    assert not any(
        calendar.is_working_day(each) and not any(pause.start <= each < pause.end for pause in pauses)
        for each in between
    )
