"""The picture of a plan: lanes, bars in the order of time, arrows for waits; nothing lies on anything else."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from catalog.guides.flow import WIDTH, Picture, direct_waits, draw, text_width
from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.typical import typical_answers

pytestmark = pytest.mark.django_db


def picture_of(plan: Plan) -> Picture:
    return draw(plan, str, lambda item: f"{item.promised_limit_days} 个工作日", lambda item: item.name)


@pytest.fixture(
    params=[
        {},
        {"claim": "yes"},
        {"claim": "yes", "children": "3", "items": ["parenting", "birth_register", "medical_fee"]},
    ]
)
def plan(request: pytest.FixtureRequest, newborn_plan: dict[str, Any]) -> Plan:
    matter = CompiledMatter(newborn_plan)
    return matter.plan_for({**typical_answers(matter), **request.param})


def test_every_item_has_one_bar_in_its_departments_lane(plan: Plan) -> None:
    picture = picture_of(plan)
    assert {bar.key for bar in picture.bars} == {item.slug for item in plan.items}
    assert len(picture.lanes) == len({item.department for item in plan.items})


def test_bars_run_in_the_order_of_time_and_stay_inside(plan: Plan) -> None:
    bars = {bar.key: bar for bar in picture_of(plan).bars}
    for before, after in direct_waits(plan):
        assert bars[before].end < bars[after].x
    assert all(0 < bar.x < bar.end <= WIDTH for bar in bars.values())


def test_names_and_bars_do_not_lie_on_each_other(plan: Plan) -> None:
    bars = sorted(picture_of(plan).bars, key=lambda bar: (bar.y, bar.x))
    for one, other in itertools.pairwise(bars):
        if one.y == other.y:
            assert max(one.end, one.x + text_width(f"{one.label}  {one.days}")) < other.x


def test_waits_that_follow_from_others_are_not_drawn(plan: Plan) -> None:
    waits = direct_waits(plan)
    assert ("hukou", "ss_card") in waits
    assert ("birth_cert", "ss_card") not in waits
    assert len(picture_of(plan).arrows) == len(waits)


def test_the_longest_path_is_marked(plan: Plan) -> None:
    marked = {bar.key for bar in picture_of(plan).bars if bar.is_critical}
    assert marked == {plan.item(key).slug for key in plan.critical_path}


def test_the_line_of_days_ends_with_the_promised_day(plan: Plan) -> None:
    ticks = picture_of(plan).ticks
    if plan.unknown_limits:
        assert [tick.day for tick in ticks] == [0]  # where a limit is not published no day is drawn
        return
    assert (ticks[0].day, ticks[-1].day) == (0, plan.working_days)
    assert [tick.x for tick in ticks] == sorted(tick.x for tick in ticks)
