"""Dates and times whose numbers are written in words go into their boxes, on the server and in the browser alike."""

from __future__ import annotations

import pytest

from catalog.fields.moments import in_digits
from matters.form_page.posted import compose_moment
from tests.catalog.rules.test_rules import in_node
from tests.js.test_validators import script

DATES = {
    "二〇二六年十一月三十日": "2026-11-30",
    "二零二六年十一月三十号": "2026-11-30",
    "二○二六年 一月 五日": "2026-01-05",
    "二〇二六年〇一月〇五日": "2026-01-05",
    "2026年十一月廿三日": "2026-11-23",
    "二〇二六年十二月卅一號": "2026-12-31",
    "一九九五年六月二十日": "1995-06-20",
}
MOMENTS = {
    "2026年11月30日下午3点15分": "2026-11-30T15:15",
    "二〇二六年十一月三十日下午三点十五分": "2026-11-30T15:15",
    "二〇二六年十一月三十日 十五时零五分": "2026-11-30T15:05",
    "2026年11月30日早上八點半": "2026-11-30T08:30",
    "2026年11月30日晚上十一点三刻": "2026-11-30T23:45",
    "2026年11月30日中午一点一刻": "2026-11-30T13:15",
    "2026年11月30日晚上八点钟": "2026-11-30T20:00",
}
TIMES = {
    "下午三点十五分": "15:15",
    "三点半": "03:30",
    "二十点零八分": "20:08",
    "下午三": "15:",
    "十五時": "15:00",
}
EMPTY = dict.fromkeys(("year", "month", "day", "hour", "minute"), "")
DAY = {"year": "2026", "month": "11", "day": "30"}


@pytest.mark.parametrize(("written", "day"), DATES.items())
def test_a_date_in_words_is_spread(written: str, day: str) -> None:
    assert compose_moment({"year": written, "month": "", "day": ""}) == day
    assert compose_moment({**EMPTY, "day": written}) == day


@pytest.mark.parametrize(("written", "moment"), MOMENTS.items())
def test_a_moment_in_words_is_spread(written: str, moment: str) -> None:
    assert compose_moment({**EMPTY, "year": written}) == moment
    assert compose_moment({"year": written, "month": "", "day": ""}) == moment[:10]
    assert compose_moment({**EMPTY, "year": written, "hour": "7"}) != moment  # one of the two is wrong


@pytest.mark.parametrize(("written", "time"), TIMES.items())
def test_a_time_in_words_in_the_box_of_the_hour_is_spread(written: str, time: str) -> None:
    assert compose_moment({**DAY, "hour": written, "minute": ""}) == f"2026-11-30T{time}"


@pytest.mark.parametrize(
    ("box", "written", "composed"),
    [
        ("month", "十一月", "2026-11-30T08:05"),
        ("day", "三十日", "2026-11-30T08:05"),
        ("minute", "五分", "2026-11-30T08:05"),
    ],
)
def test_a_number_in_words_alone_is_read(box: str, written: str, composed: str) -> None:
    assert compose_moment({**DAY, "hour": "8", "minute": "5", box: written}) == composed


def test_what_is_no_number_stays_as_typed() -> None:
    assert compose_moment({**EMPTY, "year": "十十年", "hour": "一百点"}) == "十十年--T一百点:"
    assert in_digits("十十一点") == "十十1点"


def test_the_browser_reads_and_spreads_the_same() -> None:
    written = [*DATES, *MOMENTS, *TIMES, "十十", "一百", "３点", "", "○"]
    assert in_node(script("moments.js", "inDigits", "input.map(inDigits)"), written) == [*map(in_digits, written)]
    cases = [
        {**EMPTY, box: text, **beside}
        for text in written
        for box in EMPTY
        for beside in ({}, {"month": "11"} if box != "month" else {"day": "30"}, {"minute": "15"})
    ]
    composed = in_node(script("controls.js", "compose", "input.map(compose)"), cases)
    assert composed == [compose_moment(parts) for parts in cases]
