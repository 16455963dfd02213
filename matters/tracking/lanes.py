"""The picture of a bundle under way: a lane per sub-item, what waits for what, and today.

Pure: moments in, coordinates out; no Django, no I/O, no clock. What the lanes say in words comes from ``matters.tracking.progress``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH = 1000.0
LEFT, RIGHT = 124.0, 984.0
LANE_HEIGHT, TOP, FOOT = 56.0, 44.0, 24.0
# A bar is never shorter than can be seen, and what follows never touches what it waited for.
SHORTEST, GAP = 26.0, 22.0
# What is done within a day is drawn in its order, not to the second.
SHORTEST_SPAN = 86_400.0
# About one character of a lane's label.
CHARACTER = 14.2


@dataclass(frozen=True, slots=True)
class LaneFacts:
    """What is known of one sub-item. ``kind``: waiting, queued, you (waits for the applicant), working, late, approved or closed.

    ``begins`` and ``ends`` are actual moments where they are past and expected ones where not.
    """

    key: str
    kind: str
    begins: datetime
    ends: datetime
    after: tuple[str, ...] = ()
    label: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a lane. ``look``: done, closed, passed, queued, late, you, ahead or waiting."""

    start: float
    end: float
    look: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One sub-item's row of the picture. Coordinates are those of the SVG's view box."""

    key: str
    heading: str
    label: str
    y: float
    bars: tuple[Bar, ...]
    label_x: float
    label_anchor: str

    @property
    def label_y(self) -> float:
        return self.y - 11

    @property
    def heading_y(self) -> float:
        return self.y + 5


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture ``WIDTH`` wide. ``waits`` are SVG paths; ``today_x`` is None once everything is concluded."""

    lanes: tuple[Lane, ...]
    waits: tuple[str, ...]
    height: float
    today_x: float | None
    width: float = WIDTH
    left: float = LEFT

    @property
    def bottom(self) -> float:
        return self.height - 8


_PAST = {"approved": "done", "closed": "closed"}
_NOW = {"queued": "queued", "you": "you", "working": "passed", "late": "late"}


def draw(facts: Sequence[LaneFacts], *, now: datetime) -> Chart:
    """Return the chart of a bundle's lanes, in the order given. Prerequisites outside ``facts`` are ignored."""
    if not facts:
        return Chart((), (), TOP + FOOT, None)
    spans, today = _place(facts, now)
    reach = max([end for _start, end in spans.values()] + ([today] if today is not None else []))
    scale = (RIGHT - LEFT) / max(reach, 1.0)

    def x(position: float) -> float:
        return round(LEFT + position * scale, 1)

    lanes, row = [], {}
    for index, one in enumerate(facts):
        y = row[one.key] = TOP + index * LANE_HEIGHT
        start, end = spans[one.key]
        bars = tuple(Bar(x(a), x(b), look) for a, b, look in _bars(one, start, end, today))
        label_x, anchor = _label_place(one.label, x(start), x(end))
        lanes.append(Lane(one.key, one.heading, one.label, y, bars, label_x, anchor))
    waits = tuple(
        _curve(x(spans[before][1]), row[before], x(spans[one.key][0]), row[one.key])
        for one in facts
        for before in nearest([key for key in one.after if key in spans], {each.key: each.after for each in facts})
    )
    height = TOP + (len(facts) - 1) * LANE_HEIGHT + FOOT + 8
    return Chart(tuple(lanes), waits, height, None if today is None else x(today))


def nearest(keys: Sequence[str], after: Mapping[str, Sequence[str]]) -> list[str]:
    """Return those of ``keys`` that no other of them waits for: who waits for the last waits for the ones before as well."""
    beyond: set[str] = set()
    for key in keys:
        pending = list(after.get(key, ()))
        while pending:
            further = pending.pop()
            if further not in beyond and further != key:
                beyond.add(further)
                pending += after.get(further, ())
    return [key for key in keys if key not in beyond] or list(keys)


def _place(facts: Sequence[LaneFacts], now: datetime) -> tuple[dict[str, tuple[float, float]], float | None]:
    """Return where each lane begins and ends, and today: in proportion where there is room, and always in order."""
    first = min(one.begins for one in facts)
    last = max([one.ends for one in facts] + [first])
    total = max((last - first).total_seconds(), SHORTEST_SPAN)

    def at(moment: datetime) -> float:
        return (moment - first).total_seconds() / total * (RIGHT - LEFT)

    spans: dict[str, tuple[float, float]] = {}

    def earliest(one: LaneFacts, *others: float) -> float:
        return max([at(one.begins), *others, *(spans[key][1] + GAP for key in one.after if key in spans)])

    ordered = _in_order(facts)
    for one in ordered:
        if one.kind in _PAST:
            start = earliest(one)
            spans[one.key] = (start, max(at(one.ends), start + SHORTEST))
    if len(spans) == len(facts):
        return spans, None
    begun = {one.key: earliest(one) for one in ordered if one.kind in _NOW}
    today = max(
        [at(now), *(end + 10 for _start, end in spans.values()), *(start + SHORTEST for start in begun.values())]
    )
    for one in ordered:
        if one.kind in _NOW:
            spans[one.key] = (begun[one.key], max(at(one.ends), today + SHORTEST))
        elif one.kind not in _PAST:
            start = earliest(one, today + GAP)
            spans[one.key] = (start, start + max(at(one.ends) - at(one.begins), 2 * SHORTEST))
    return spans, today


def _in_order(facts: Sequence[LaneFacts]) -> list[LaneFacts]:
    """Return the lanes so that each comes after those it waits for; what a cycle holds up comes last."""
    left, placed, result = list(facts), set[str](), list[LaneFacts]()
    known = {one.key for one in facts}
    while left:
        ready = [one for one in left if all(key in placed or key not in known for key in one.after)] or left[:1]
        result += ready
        placed |= {one.key for one in ready}
        left = [one for one in left if one.key not in placed]
    return result


def _bars(one: LaneFacts, start: float, end: float, today: float | None) -> list[tuple[float, float, str]]:
    if one.kind in _PAST:
        return [(start, end, _PAST[one.kind])]
    if one.kind in _NOW and today is not None:
        ahead = "ahead" if one.kind == "working" else "waiting"
        return [(start, today, _NOW[one.kind]), (today, end, ahead)]
    return [(start, end, "waiting")]


def _label_place(label: str, start: float, end: float) -> tuple[float, str]:
    """Return where the label stands: at the bar's beginning, or ending with it where the edge is near."""
    width = sum(CHARACTER if ord(character) > 0x2E7F else CHARACTER * 0.58 for character in label)
    if start + width <= WIDTH:
        return start, "start"
    return min(max(end, width), WIDTH - 4), "end"


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    bend = max(18.0, (x2 - x1) * 0.6)
    return f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
