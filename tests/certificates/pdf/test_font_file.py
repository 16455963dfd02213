"""A font file's character map is read as its own bytes say, also in the older form that an office's own font may have."""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from certificates.pdf.fonts.font_file import FontFile

# Neighbours in and out of the order of their glyphs: the older form writes the one as a difference, the other as a list.
CHARACTERS = "甲乙丙丁一七万三上下不与HCFADGBEabcd"


def test_a_font_without_rare_planes_is_read_like_any_other(tmp_path: Path) -> None:
    names = [f"glyph{number:02d}" for number in range(len(CHARACTERS))]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap(dict(zip(map(ord, CHARACTERS), names, strict=True)))
    builder.setupGlyf({name: TTGlyphPen(None).glyph() for name in [".notdef", *names]})
    builder.setupHorizontalMetrics({name: (500 + number, 0) for number, name in enumerate([".notdef", *names])})
    builder.setupHorizontalHeader()
    builder.setupPost()
    path = tmp_path / "office.ttf"
    builder.save(path)
    assert {table.format for table in TTFont(path)["cmap"].tables} == {4}
    font = FontFile(path)
    assert [font.glyph_id(each) for each in CHARACTERS] == list(range(1, len(CHARACTERS) + 1))
    assert [font.advance(each) for each in CHARACTERS[:2]] == [501, 502]
    assert not any(each in font for each in "两丑I\uffff𠀀")
