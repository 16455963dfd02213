"""One font file, read sparingly: its coverage, widths and outlines, without holding its tables as Python objects.

A CJK face maps 45,000 characters and holds 65,000 glyphs. Kept as dictionaries that is 60 MB a process; kept as the
runs of the file's own ``cmap`` and the bytes of its ``hmtx`` it is less than one.
"""

from __future__ import annotations

import mmap
import struct
from array import array
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

EM = 1000


@dataclass(frozen=True, slots=True)
class Glyph:
    """An outline in 1,000 units to the em as a Type 2 charstring (no hints, no subroutines), and its advance."""

    charstring: bytes
    advance: int


def redrawn(draw: Callable[[Any], None], advance: int, units: int = EM) -> Glyph:
    """Return what `draw` draws on a fontTools pen, at `units` to the em, as a plain glyph. `advance` is in thousandths."""
    from fontTools.pens.t2CharStringPen import T2CharStringPen
    from fontTools.pens.transformPen import TransformPen

    pen = T2CharStringPen(None if advance == EM else advance, None)
    draw(pen if units == EM else TransformPen(pen, (EM / units, 0, 0, EM / units, 0, 0)))
    charstring = pen.getCharString()
    charstring.compile()
    return Glyph(bytes(charstring.bytecode), advance)


class FontFile:
    """A face of a font file. `number` is its place in a collection (0 in a plain file)."""

    def __init__(self, path: Path, number: int = 0) -> None:
        self.path = path
        self.number = number
        self._firsts, self._lasts, self._glyph_ids = self._coverage()

    def __contains__(self, character: str) -> bool:
        return self.glyph_id(character) != 0

    def glyph_id(self, character: str) -> int:
        """Return the number of the glyph for `character`, or 0 when this face has none."""
        code = ord(character)
        place = bisect_right(self._firsts, code) - 1
        if place < 0 or code > self._lasts[place]:
            return 0
        return self._glyph_ids[place] + code - self._firsts[place]

    def advance(self, character: str) -> int:
        """Return how far `character` moves the pen, in thousandths of the font size."""
        widths, count, units = self._widths
        place = 4 * min(self.glyph_id(character), count - 1)
        (advance,) = struct.unpack_from(">H", widths, place)
        return round(advance * EM / units)

    def glyph(self, character: str) -> Glyph:
        """Return the outline of `character`. Costs about 1 ms for CFF outlines, more for TrueType; cache it."""
        advance, units = self.advance(character), self._widths[2]
        if self._charstrings is not None:
            return redrawn(self._charstrings[self.glyph_id(character)].draw, advance, units)
        with self._open() as font:
            glyphs = font.getGlyphSet()
            return redrawn(glyphs[font.getGlyphName(self.glyph_id(character))].draw, advance, units)

    def _open(self) -> Any:
        from fontTools.ttLib import TTFont

        is_collection = self.path.suffix.lower() in {".ttc", ".otc"}
        return TTFont(self.path, fontNumber=self.number if is_collection else -1, lazy=True)

    def _coverage(self) -> tuple[array[int], array[int], array[int]]:
        """Return the runs of the character map: first codes, last codes, glyph of the first code."""
        with self._open() as font:
            table = font.reader["cmap"]
        mapping = _best_subtable(table)
        firsts, lasts, glyph_ids = array("I"), array("I"), array("I")
        for first, last, glyph in mapping:
            firsts.append(first)
            lasts.append(last)
            glyph_ids.append(glyph)
        return firsts, lasts, glyph_ids

    @cached_property
    def _widths(self) -> tuple[bytes, int, int]:
        with self._open() as font:
            return font.reader["hmtx"], font["hhea"].numberOfHMetrics, font["head"].unitsPerEm

    @cached_property
    def _charstrings(self) -> Any:
        """Return the CFF outlines by glyph number, or None for a TrueType face."""
        from fontTools.cffLib import CFFFontSet

        with self._open() as font:
            if "CFF " not in font:
                return None
            entry = font.reader.tables["CFF "]
            outlines = CFFFontSet()
            outlines.decompile(_Window(self.path, entry.offset, entry.length), font)
            return outlines.topDictIndex[0].CharStrings.charStringsIndex


class _Window:
    """Part of a file as a file, mapped and not read: 24 MB of outlines of which a process touches some hundred kilobytes."""

    def __init__(self, path: Path, start: int, length: int) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._start, self._length, self._position = start, length, 0

    def read(self, size: int = -1) -> bytes:
        end = self._length if size < 0 else min(self._position + size, self._length)
        found = self._map[self._start + self._position : self._start + end]
        self._position = end
        return found

    def seek(self, position: int, whence: int = 0) -> int:
        self._position = position + (0, self._position, self._length)[whence]
        return self._position

    def tell(self) -> int:
        return self._position


def _best_subtable(table: bytes) -> list[tuple[int, int, int]]:
    """Return the runs (first, last, glyph) of the widest Unicode subtable, sorted. Formats 12 and 4."""
    (count,) = struct.unpack_from(">H", table, 2)
    found: dict[int, int] = {}
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", table, 4 + 8 * index)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            (form,) = struct.unpack_from(">H", table, offset)
            found[form] = offset
    if 12 in found:
        (groups,) = struct.unpack_from(">L", table, found[12] + 12)
        start = found[12] + 16
        return list(struct.iter_unpack(">LLL", table[start : start + 12 * groups]))
    if 4 in found:
        return _segments(table, found[4])
    return []


def _segments(table: bytes, offset: int) -> list[tuple[int, int, int]]:
    (doubled,) = struct.unpack_from(">H", table, offset + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", table, offset + 14)
    starts = struct.unpack_from(f">{count}H", table, offset + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", table, offset + 16 + 2 * doubled)
    ranges_at = offset + 16 + 3 * doubled
    ranges = struct.unpack_from(f">{count}H", table, ranges_at)
    runs: list[tuple[int, int, int]] = []
    for index, (start, end, delta, distance) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if distance:
                (glyph,) = struct.unpack_from(">H", table, ranges_at + 2 * index + distance + 2 * (code - start))
            glyph = (glyph + delta) & 0xFFFF if glyph or not distance else 0
            if not glyph:
                continue
            if runs and runs[-1][1] == code - 1 and runs[-1][2] + code - runs[-1][0] == glyph:
                runs[-1] = (runs[-1][0], code, runs[-1][2])
            else:
                runs.append((code, code, glyph))
    return runs
