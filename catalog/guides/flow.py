"""Draw a plan as lanes: one per department, a bar per item on a line of working days, an arrow where one waits for another.

Pure geometry; ``templates/catalog/guides/_flow.html`` writes it as SVG.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedItem

WIDTH = 1000
LEAST_LEFT = 96  # where the lanes begin at the earliest, after the departments' names
RIGHT = 20
TOP = 34
ROW = 62
BAR = 10
GAP = 20  # between the end of a bar and the arrow's point on the next
LEAST = 54  # px that the shortest stretch of time gets
CHARACTER = 14
LANE_CHARACTER = 15


@dataclass(frozen=True, slots=True)
class Bar:
    """One item: a thick line from ``x`` to ``end`` at height ``y``, its name above it."""

    key: str
    label: str
    days: str
    x: float
    end: float
    y: float
    is_critical: bool

    @property
    def label_y(self) -> float:
        return self.y - 12


@dataclass(frozen=True, slots=True)
class Lane:
    """A department's stretch of the picture."""

    name: str
    y: float  # the middle, for the name
    lines: tuple[float, ...]  # the heights of its thin lines
    bottom: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """A wait: a curve from the end of one bar to the start of another. ``path`` and ``head`` are SVG path data."""

    path: str
    head: str
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment on the line of working days."""

    x: float
    day: int


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: float
    left: int
    right: int
    lanes: tuple[Lane, ...]
    bars: tuple[Bar, ...]
    arrows: tuple[Arrow, ...]
    ticks: tuple[Tick, ...]

    @property
    def ticks_y(self) -> float:
        return self.height - 4


def draw(
    plan: Plan,
    translate: Callable[[str], str],
    limit: Callable[[PlannedItem], str],
    name: Callable[[PlannedItem], str],
) -> Picture:
    """Return the picture of a plan. Instances of one item (twins) are one bar.

    ``translate`` puts a department's name into the reader's language, ``limit`` says an item's promised limit, ``name`` its short name.
    Where a limit is not published, the picture shows the order only, and no days.
    """
    shown = {item.slug: item for item in reversed(plan.items)}
    items = [item for item in plan.items if shown[item.slug] is item]
    if not items:
        return Picture(WIDTH, TOP, LEAST_LEFT, WIDTH - RIGHT, (), (), (), ())
    is_timed = not plan.unknown_limits
    times = _moments(items) if is_timed else _turns(plan)
    departments = list(dict.fromkeys(item.department for item in items))
    names = (translate(item.department_short_name) for item in items)
    left = round(max([LEAST_LEFT, *(text_width(each, LANE_CHARACTER) + 28 for each in names)]))
    at = _scale(times, left)
    bars: dict[str, Bar] = {}
    lanes = []
    y = TOP
    critical = {plan.item(key).slug for key in plan.critical_path}
    for code in departments:
        own = [item for item in items if item.department == code]
        rows = _rows(own, times, at, limit, name)
        lines = tuple(y + ROW * (row + 0.62) for row in range(max(rows.values()) + 1))
        for item in own:
            start, end = _span(times[item.slug], at)
            bars[item.slug] = Bar(
                item.slug,
                name(item),
                limit(item),
                start,
                end,
                lines[rows[item.slug]],
                item.slug in critical,
            )
        bottom = y + ROW * len(lines)
        lanes.append(Lane(translate(own[0].department_short_name), (lines[0] + lines[-1]) / 2, lines, bottom))
        y = bottom
    arrows = tuple(_arrow(bars[before], bars[after], critical) for before, after in direct_waits(plan))
    ticks = tuple(Tick(x, day) for day, x in at.items() if is_timed or day == 0)
    return Picture(WIDTH, y + 6, left, WIDTH - RIGHT, tuple(lanes), tuple(bars.values()), arrows, ticks)


def text_width(text: str, size: int = CHARACTER) -> float:
    """Return about how wide a text is drawn, in px."""
    return sum(size if unicodedata.east_asian_width(each) in "WF" else size * 0.56 for each in text)


def _moments(items: list[PlannedItem]) -> dict[str, tuple[int, int]]:
    """Return slug → (starts after, ends after) in working days."""
    return {item.slug: (item.starts_after_days, item.ends_after_days) for item in items}


def _turns(plan: Plan) -> dict[str, tuple[int, int]]:
    """Return slug → (turn, next turn): how many items must have gone before, for plans whose days are not known."""
    turns: dict[str, int] = {}
    after = {item.slug: {plan.item(key).slug for key in item.after} for item in plan.items}
    while len(turns) < len(after):
        # The waits of a plan have no cycle: each round places at least one item.
        ready = [slug for slug, befores in after.items() if slug not in turns and befores <= turns.keys()]
        turns |= {slug: max((turns[each] + 1 for each in after[slug]), default=0) for slug in ready}
    return {slug: (turn, turn + 1) for slug, turn in turns.items()}


def _scale(times: dict[str, tuple[int, int]], left: int) -> dict[int, float]:
    """Return day → x for every moment at which something starts or ends; long stretches are shortened, order is kept."""
    moments = sorted({0} | {day for span in times.values() for day in span})
    stretches = [LEAST + 13 * min(later - earlier, 24) for earlier, later in itertools.pairwise(moments)]
    factor = (WIDTH - left - RIGHT) / (sum(stretches) or 1)
    at, x = {0: float(left)}, float(left)
    for day, stretch in zip(moments[1:], stretches, strict=True):
        x += stretch * factor
        at[day] = x
    return at


def _span(times: tuple[int, int], at: dict[int, float]) -> tuple[float, float]:
    start = at[times[0]] + (GAP if times[0] else 4)
    return start, max(at[times[1]] - 6, start + BAR)


def _rows(
    items: list[PlannedItem],
    times: dict[str, tuple[int, int]],
    at: dict[int, float],
    limit: Callable[[PlannedItem], str],
    name: Callable[[PlannedItem], str],
) -> dict[str, int]:
    """Return in which row of its lane each item is drawn, so that neither bars nor names touch."""
    taken: list[float] = []
    rows = {}
    for item in sorted(items, key=lambda each: times[each.slug][0]):
        start, end = _span(times[item.slug], at)
        until = max(end, start + text_width(f"{name(item)}  {limit(item)}")) + 16
        row = next((index for index, edge in enumerate(taken) if edge <= start), len(taken))
        if row == len(taken):
            taken.append(until)
        else:
            taken[row] = until
        rows[item.slug] = row
    return rows


def direct_waits(plan: Plan) -> list[tuple[str, str]]:
    """Return (before, after) by slug, without those that follow from others."""
    direct: dict[str, set[str]] = {}
    for item in plan.items:
        direct.setdefault(item.slug, set()).update(plan.item(key).slug for key in item.after)

    def earlier(slug: str) -> set[str]:
        found: set[str] = set()
        pending = list(direct[slug])
        while pending:
            each = pending.pop()
            if each not in found:
                found.add(each)
                pending.extend(direct[each])
        return found

    return [
        (before, slug)
        for slug, befores in direct.items()
        for before in sorted(befores)
        if not any(before in earlier(other) for other in befores if other != before)
    ]


def _arrow(before: Bar, after: Bar, critical: set[str]) -> Arrow:
    x, end = before.end + 3, after.x - 9
    bend = max((end - x) / 2, 14)
    path = (
        f"M{x:.0f} {before.y:.0f}C{x + bend:.0f} {before.y:.0f} {end - bend:.0f} {after.y:.0f} {end:.0f} {after.y:.0f}"
    )
    head = f"M{end - 4:.0f} {after.y - 5:.0f}L{end + 3:.0f} {after.y:.0f}L{end - 4:.0f} {after.y + 5:.0f}"
    return Arrow(path, head, before.key in critical and after.key in critical)
