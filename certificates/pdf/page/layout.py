"""Where everything on a certificate's page goes (pure). Millimetres from the top left corner of an A4 sheet on its side.

Values are set here, character by character, because the page's fixed part is drawn once for many certificates and the
values are put onto it. So this module, not a browser engine, breaks lines: anywhere between Chinese characters, between
words in Latin script, never with a closing mark at the beginning of a line or an opening one at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

PAGE_HEIGHT = 210.0
LEFT, RIGHT = 27.0, 270.0
BODY_TOP, BODY_BOTTOM = 64.0, 148.0
NEXT_TOP, NEXT_BOTTOM = 44.0, 184.0  # the body of every page after the first
MOST_PAGES = 20
LEAST_LINES = 2  # of a value that goes on overleaf: what stands before the break, and after it
GUTTER = 12.0
POINT = 0.352778
MOST_ROW = 16.0
NOT_FIRST = set("，。、；：？！）】》〉」』”’…—·,.;:?!)]}%％℃")
NOT_LAST = set("（【《〈「『“‘([{￥$¥")

Advance = Callable[[str], int]


class FaceTooLong(Exception):
    """The values do not fit on as many pages as a certificate may have. ``code``: ``face_too_long``."""

    code = "face_too_long"


@dataclass(frozen=True, slots=True)
class Spots:
    """Fixed places outside the body: where the page's template leaves room and the values are put."""

    left: float = LEFT
    right: float = RIGHT
    body_top: float = BODY_TOP
    number_baseline: float = 57.6
    number_left: float = LEFT + 38.0
    term_label: float = (LEFT + RIGHT + GUTTER) / 2
    term_left: float = (LEFT + RIGHT + GUTTER) / 2 + 38.0
    number_points: float = 10.5
    next_number_above: float = 6.4  # the number's baseline above the body, on every page after the first
    qr_left: float = LEFT
    qr_top: float = 155.5
    qr_size: float = 26.5
    identifier_left: float = LEFT + 30.0
    identifier_baseline: float = 192.6
    identifier_points: float = 7.5
    seal_middle: float = 248.0
    seal_top: float = 153.0
    seal_size: float = 42.0
    issuer_right: float = 222.0
    issuer_top: float = 160.0
    date_baseline: float = 183.6
    date_points: float = 12.0


SPOTS = Spots()


@dataclass(frozen=True, slots=True)
class Size:
    """One step of density: value size in points, line height, height of a row of one line and label width in mm."""

    points: float
    line: float
    row: float
    label: float


SIZES = (Size(13.5, 6.8, 11.6, 38.0), Size(11.5, 5.8, 9.2, 36.0), Size(9.5, 4.8, 7.2, 34.0))


@dataclass(frozen=True, slots=True)
class Cell:
    """One label with its value: box in mm, how far inside it the text starts, and the value's broken lines.

    A value that goes on overleaf has a cell on each of its pages; all but the first are `continued`.
    """

    index: int
    left: float
    top: float
    width: float
    height: float
    inset: float
    lines: tuple[str, ...]
    page: int = 0
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The body of all pages. `shape` is what their fixed part depends on: equal shapes share what is drawn."""

    size: Size
    cells: tuple[Cell, ...]

    @property
    def pages(self) -> int:
        return self.cells[-1].page + 1 if self.cells else 1

    @property
    def shape(self) -> tuple[object, ...]:
        boxes = ((cell.page, cell.index, cell.left, cell.top, cell.width, cell.height) for cell in self.cells)
        return (self.size.points, *boxes)


def arrange(values: Sequence[str], advance: Advance) -> Layout:
    """Return the largest setting in which all `values` fit on one page, two to a row where both are short.

    Where even the smallest is too large they go on overleaf. Raises `FaceTooLong`.
    """
    for size in SIZES:
        rows = _rows(values, size, advance)
        heights = [max(_height(lines, size) for _, lines, _ in row) for row in rows]
        room = BODY_BOTTOM - BODY_TOP
        if sum(heights) <= room:
            spread = max(min((room - sum(heights)) / max(len(rows), 1), MOST_ROW - size.row), 0.0)
            return Layout(size, tuple(_cells(rows, heights, spread)))
    return Layout(SIZES[-1], tuple(_flow(_rows(values, SIZES[-1], advance), SIZES[-1])))


_Row = list[tuple[int, tuple[str, ...], bool]]


def _rows(values: Sequence[str], size: Size, advance: Advance) -> list[_Row]:
    """Return rows of (index, lines, whole width?): short values pair up, a long one takes the whole width."""
    half = (RIGHT - LEFT - GUTTER) / 2 - size.label
    whole = RIGHT - LEFT - size.label
    rows: list[_Row] = []
    for index, value in enumerate(values):
        lines = break_lines(value, half, size.points, advance)
        if len(lines) > 1:
            rows.append([(index, break_lines(value, whole, size.points, advance), True)])
        elif rows and len(rows[-1]) == 1 and not rows[-1][0][2]:
            rows[-1].append((index, lines, False))
        else:
            rows.append([(index, lines, False)])
    return rows


def _height(lines: Sequence[str], size: Size) -> float:
    return size.row + (len(lines) - 1) * size.line


def _cells(rows: list[_Row], heights: list[float], spread: float) -> list[Cell]:
    half = (RIGHT - LEFT - GUTTER) / 2
    cells, top = [], BODY_TOP
    for row, needed in zip(rows, heights, strict=True):
        height = round(needed + spread, 3)
        for place, (index, lines, is_whole) in enumerate(row):
            left = round(LEFT + place * (half + GUTTER), 3)
            cells.append(
                Cell(
                    index, left, round(top, 3), RIGHT - LEFT if is_whole else half, height, round(spread / 2, 3), lines
                )
            )
        top += height
    return cells


def _flow(rows: list[_Row], size: Size) -> Iterator[Cell]:
    """Yield the cells of rows that need more than one page; a row is broken only where it is a single long value."""
    page, top, bottom = 0, BODY_TOP, BODY_BOTTOM
    half = (RIGHT - LEFT - GUTTER) / 2
    for row in rows:
        rest, continued = [lines for _, lines, _ in row], False
        while rest:
            room = int((bottom - top - size.row) / size.line + 1e-9) + 1 if top + size.row <= bottom else 0
            longest = max(map(len, rest))
            taken = longest if longest <= room else min(room, longest - LEAST_LINES)
            if taken < longest and (taken < LEAST_LINES or len(row) > 1):
                if (page := page + 1) == MOST_PAGES:
                    raise FaceTooLong
                top, bottom = NEXT_TOP, NEXT_BOTTOM
                continue
            height = round(size.row + (taken - 1) * size.line, 3)
            for place, (index, _lines, is_whole) in enumerate(row):
                left, width = round(LEFT + place * (half + GUTTER), 3), RIGHT - LEFT if is_whole else half
                yield Cell(index, left, round(top, 3), width, height, 0.0, rest[place][:taken], page, continued)
            top += height
            rest = [lines[taken:] for lines in rest] if taken < longest else []
            continued = True


def break_lines(text: str, width: float, points: float, advance: Advance) -> tuple[str, ...]:
    """Return `text` in lines of at most `width` mm at `points`; its own ends of lines are kept, spaces at a break vanish."""
    return tuple(line for own in text.split("\n") for line in _broken(own, width, points, advance))


def _broken(text: str, width: float, points: float, advance: Advance) -> tuple[str, ...]:
    scale = points * POINT / 1000
    lines: list[str] = []
    line, used = "", 0.0
    for piece in _pieces(text):
        wide = sum(map(advance, piece)) * scale
        if line and used + wide > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
            piece = piece.lstrip()
        for character in piece:
            step = advance(character) * scale
            if line and used + step > width:  # a single word longer than the line
                lines.append(line)
                line, used = "", 0.0
            line += character
            used += step
    return (*lines, line.rstrip())


def _pieces(text: str) -> list[str]:
    """Return `text` cut at every place where a line may end."""
    if not text:
        return []
    pieces = [text[0]]
    for before, after in pairwise(text):
        if _may_break(before, after):
            pieces.append(after)
        else:
            pieces[-1] += after
    return pieces


def _may_break(before: str, after: str) -> bool:
    if after in NOT_FIRST or before in NOT_LAST or after == " ":
        return False
    if before == " ":
        return True
    return _is_wide(before) or _is_wide(after)


def _is_wide(character: str) -> bool:
    return ord(character) >= 0x2E80
