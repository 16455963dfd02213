"""Subsetting the fonts of a drawn page to the glyphs it shows.

A subset that keeps the glyph numbers of a 65,000-glyph collection drags an index of all of them along: 100 kB and more
for thirty letters. Redrawn without hints under the same numbers they take five.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from certificates.pdf.fonts.font_file import EM, redrawn
from certificates.pdf.fonts.small_font import small_font

MAPPED = re.compile(rb"<([0-9A-Fa-f]{4})> <[0-9A-Fa-f]+>")


def subset_fonts(document: Any) -> None:
    """Replace every embedded OpenType font with CFF outlines in `document` (pikepdf) by one of only the glyphs used."""
    import pikepdf

    for font in document.objects:
        if not _is_composite(font) or "/ToUnicode" not in font:
            continue
        descendant = font.DescendantFonts[0]
        descriptor = descendant.FontDescriptor
        program = descriptor.get("/FontFile3")
        if program is None or program.get("/Subtype") != "/OpenType":
            continue
        used = sorted({int(code, 16) for code in MAPPED.findall(font.ToUnicode.read_bytes())} - {0})
        light = _redraw(program.read_bytes(), used)
        if light is None:
            continue
        stream = document.make_stream(light)
        stream.Subtype = pikepdf.Name("/CIDFontType0C")
        descriptor.FontFile3 = stream
        if "/CIDSet" in descriptor:
            del descriptor["/CIDSet"]


def _is_composite(item: Any) -> bool:
    import pikepdf

    return isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Type0" and "/DescendantFonts" in item


def _redraw(program: bytes, used: list[int]) -> bytes | None:
    from fontTools.ttLib import TTFont

    with TTFont(BytesIO(program), lazy=True) as font:
        if "CFF " not in font or not used or used[-1] >= font["maxp"].numGlyphs:
            return None
        charstrings = font["CFF "].cff.topDictIndex[0].CharStrings.charStringsIndex
        units, widths, count = font["head"].unitsPerEm, font.reader["hmtx"], font["hhea"].numberOfHMetrics
        glyphs = []
        for number in used:
            place = 4 * min(number, count - 1)
            advance = round(int.from_bytes(widths[place : place + 2], "big") * EM / units)
            glyphs.append(redrawn(charstrings[number].draw, advance, units))
        return small_font("Yijian-Page", glyphs, used)
