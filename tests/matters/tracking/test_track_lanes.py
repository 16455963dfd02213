"""The picture of the lanes: in order, in sight, and never touching what it waits for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from matters.tracking.lanes import GAP, LEFT, RIGHT, SHORTEST, WIDTH, LaneFacts, draw, nearest

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PAST, OPEN = ("approved", "closed"), ("waiting", "queued", "you", "working", "late")


@st.composite
def bundles(draw_from: st.DrawFn) -> list[LaneFacts]:
    """Return lanes whose prerequisites come before them and are concluded before they begin."""
    facts: list[LaneFacts] = []
    for place in range(draw_from(st.integers(1, 9))):
        before = draw_from(st.sets(st.sampled_from(facts), max_size=2)) if facts else set()
        all_approved = all(one.kind == "approved" for one in before)
        kind = draw_from(st.sampled_from(PAST + OPEN)) if all_approved else "waiting"
        hours = draw_from(st.integers(0, 900))
        if kind in PAST:
            begins, ends = NOW - timedelta(hours=hours), NOW - timedelta(hours=draw_from(st.integers(0, hours)))
        elif kind == "waiting":
            begins = NOW + timedelta(hours=hours)
            ends = begins + timedelta(hours=draw_from(st.integers(0, 300)))
        else:
            begins, ends = NOW - timedelta(hours=hours), NOW + timedelta(hours=draw_from(st.integers(-100, 900)))
            ends = max(ends, begins)
        label = draw_from(st.text("户口登记已办结 3", max_size=24))
        facts.append(
            LaneFacts(f"item-{place}", kind, begins, ends, tuple(sorted(one.key for one in before)), label, "公安")
        )
    return facts


@given(bundles())
def test_everything_lies_within_the_picture(facts: list[LaneFacts]) -> None:
    chart = draw(facts, now=NOW)
    for lane in chart.lanes:
        for bar in lane.bars:
            assert LEFT - 0.1 <= bar.start <= bar.end <= RIGHT + 0.1
        assert 0 <= lane.y <= chart.height
        assert 0 <= lane.label_x <= WIDTH


@given(bundles())
def test_nothing_begins_before_what_it_waits_for_has_ended(facts: list[LaneFacts]) -> None:
    lanes = {lane.key: lane for lane in draw(facts, now=NOW).lanes}
    for one in facts:
        for before in one.after:
            assert lanes[before].bars[-1].end <= lanes[one.key].bars[0].start + 0.1


@given(bundles())
def test_today_parts_what_was_from_what_will_be(facts: list[LaneFacts]) -> None:
    chart = draw(facts, now=NOW)
    if chart.today_x is None:
        assert all(one.kind in PAST for one in facts)
        return
    for one, lane in zip(facts, chart.lanes, strict=True):
        if one.kind in PAST:
            assert lane.bars[-1].end <= chart.today_x + 0.1
        elif one.kind == "waiting":
            assert lane.bars[0].start >= chart.today_x - 0.1
        else:
            assert lane.bars[0].end == chart.today_x == lane.bars[1].start


@given(bundles())
def test_each_wait_is_drawn_or_follows_from_what_is_drawn(facts: list[LaneFacts]) -> None:
    after = {one.key: one.after for one in facts}
    drawn = {one.key: nearest(one.after, after) for one in facts}
    assert len(draw(facts, now=NOW).waits) == sum(len(keys) for keys in drawn.values())
    for one in facts:
        reached, pending = set[str](), list(drawn[one.key])
        while pending:
            key = pending.pop()
            reached.add(key)
            pending += drawn[key]
        assert set(one.after) <= reached


def test_no_bar_is_too_short_to_see() -> None:
    facts = [LaneFacts("a", "approved", NOW, NOW), LaneFacts("b", "working", NOW, NOW, ("a",))]
    chart = draw(facts, now=NOW)
    assert all(bar.end - bar.start >= SHORTEST * 0.9 for lane in chart.lanes for bar in lane.bars)
    assert chart.lanes[1].bars[0].start - chart.lanes[0].bars[0].end >= GAP * 0.9


def test_a_circle_of_waits_is_drawn_all_the_same() -> None:
    facts = [LaneFacts("a", "waiting", NOW, NOW, ("b",)), LaneFacts("b", "waiting", NOW, NOW, ("a",))]
    assert len(draw(facts, now=NOW).lanes) == 2


def test_an_empty_bundle_has_an_empty_picture() -> None:
    assert draw([], now=NOW).lanes == ()
