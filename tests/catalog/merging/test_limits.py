"""How long things take: limits in both kinds of days, and limits that are not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.merging.limits import limit_of, working_days
from catalog.merging.plan_json import plan_as_json
from tests.worlds.family import CERTIFICATE, INSURANCE, ONE, REGISTRATION, compiled


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, 0), (1, 1), (3, 3), (5, 5), (6, 5), (7, 5), (8, 6), (15, 11), (20, 15), (30, 22), (60, 44), (90, 65)],
)
def test_calendar_days_count_as_the_most_working_days_they_can_hold(days: int, expected: int) -> None:
    assert working_days(days, "calendar_days") == expected
    assert working_days(days, "working_days") == days


def test_what_is_done_at_once_takes_no_time_and_what_is_not_known_is_not_nothing() -> None:
    assert limit_of(replace(CERTIFICATE, promised_limit_days=None)) is None
    assert limit_of(replace(CERTIFICATE, promised_limit_days=None, handling="immediate")) == 0
    assert limit_of(replace(CERTIFICATE, promised_limit_days=2, handling="immediate")) == 2
    assert limit_of(replace(CERTIFICATE, promised_limit_days=30, limit_unit="calendar_days")) == 22


def test_a_plan_counts_calendar_days_as_working_days_and_tells_both() -> None:
    plan = compiled(registration=replace(REGISTRATION, promised_limit_days=30, limit_unit="calendar_days")).plan_for(
        ONE
    )
    item = plan.item("registration")
    assert (item.promised_limit_days, item.limit_unit, item.working_days) == (30, "calendar_days", 22)
    assert (item.starts_after_days, item.ends_after_days) == (1, 23)
    assert plan.working_days == 24
    assert plan.critical_path == ("certificate", "registration", "insurance")
    days = plan.figures.days
    assert days.after_list == (("certificate", 1), ("registration", 22), ("insurance", 1))
    assert (days.before, days.after) == (24, 24)
    shown = {each["key"]: each for each in plan_as_json(plan)["items"]}
    assert shown["registration"]["limit_unit"] == "calendar_days"
    assert shown["certificate"]["limit_unit"] == "working_days"


def test_a_plan_says_which_limits_it_does_not_know_and_counts_them_as_the_least() -> None:
    plan = compiled(registration=replace(REGISTRATION, promised_limit_days=None)).plan_for(ONE)
    assert plan.item("registration").promised_limit_days is None
    assert plan.item("registration").working_days is None
    assert plan.unknown_limits == ("registration",)
    days = plan.figures.days
    assert days.more == {"at_least": True, "unknown": ["registration"]}
    assert (days.before, days.after) == (2, 2)
    assert days.before_list == (("certificate", 1), ("insurance", 1))
    assert days.after_list == (("certificate", 1), ("insurance", 1))
    told = plan_as_json(plan)
    assert told["unknown_limits"] == ["registration"]
    assert told["figures"]["days"]["unknown"] == ["registration"]
    assert told["figures"]["days"]["at_least"] is True
    assert [each["promised_limit_days"] for each in told["items"]] == [1, None, 1]


def test_a_plan_of_known_limits_is_exact() -> None:
    plan = compiled().plan_for(ONE)
    assert plan.unknown_limits == ()
    assert plan.figures.days.more == {"at_least": False, "unknown": []}
    at_once = compiled(insurance=replace(INSURANCE, promised_limit_days=None, handling="immediate")).plan_for(ONE)
    assert at_once.unknown_limits == ()
    assert at_once.item("insurance").promised_limit_days == 0


def test_visits_that_nobody_published_are_named_and_the_others_counted() -> None:
    plan = compiled(registration=replace(REGISTRATION, visits=None, visits_together=None)).plan_for(ONE)
    visits = plan.figures.visits
    assert visits.more == {"at_least": True, "unknown": ["registration"]}
    assert visits.before_list == (("certificate", 1), ("insurance", 1))
    assert (visits.before, visits.after) == (2, 1)
    assert compiled().plan_for(ONE).figures.visits.more == {"at_least": False, "unknown": []}


def test_what_figures_list_is_plain_json() -> None:
    told = compiled().plan_for(ONE).figures.to_json()
    assert told["visits"]["before_list"][0] == ["certificate", 1]
    assert told["visits"]["after_list"][2] == ["insurance", 1]
    assert told["forms"]["before_list"] == ["certificate", "registration", "insurance"]
    assert told["forms"]["after_list"] == ["family"]
