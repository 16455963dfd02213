"""One small font per certificate: exactly the glyphs of its face, from whichever fonts have them (pure).

The program is a CID-keyed CFF (Adobe Technical Note 5176) such as a PDF's ``CIDFontType0C`` holds. Writing it takes a
millisecond, where subsetting a 26 MB collection takes a hundred, and it may hold glyphs of several fonts at once.

It is written by hand because so little of the format is needed: a CFF is a header and tables that follow each other,
and this one has no hints, no subroutines and one private dictionary. The order of the tables is the order of ``join``
below. The one difficulty is that the top dictionary, which comes first, says where the later tables start: offsets are
written in five bytes whatever their value (``_offset``), so that its length is known before its content. Operators are
the numbers of the note's appendix: 15 charset, 17 CharStrings, 18 Private, 12 30 ROS, 12 34 CIDCount, 12 36 FDArray,
12 37 FDSelect. Poppler reads the result in the tests.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from certificates.pdf.fonts.font_file import EM, Glyph

NOTDEF = bytes([14])  # endchar
STANDARD_STRINGS = 391


def small_font(name: str, glyphs: Sequence[Glyph], cids: Sequence[int] | None = None) -> bytes:
    """Return a CFF font program of `glyphs` under the numbers `cids` (ascending; 1, 2, … unless given). `name` is ASCII."""
    count = len(glyphs) + 1
    size = (cids[-1] if cids else count - 1) + 1
    header = bytes([1, 0, 4, 4])
    names = _index([name.encode("ascii")])
    strings = _index([b"Adobe", b"Identity"])
    subroutines = _index([])
    charset = bytes([0]) + struct.pack(f">{count - 1}H", *(cids or range(1, count)))
    selector = bytes([3]) + struct.pack(">HHBH", 1, 0, 0, count)
    charstrings = _index([NOTDEF, *(glyph.charstring for glyph in glyphs)])
    private = _number(EM) + bytes([20]) + _number(0) + bytes([21])  # defaultWidthX, nominalWidthX
    top_size = len(_index([_top_dictionary(size, 0, 0, 0, 0)]))
    charset_at = len(header) + len(names) + top_size + len(strings) + len(subroutines)
    selector_at = charset_at + len(charset)
    charstrings_at = selector_at + len(selector)
    fonts_at = charstrings_at + len(charstrings)
    private_at = fonts_at + len(_index([_font_dictionary(len(private), 0)]))
    return b"".join(
        (
            header,
            names,
            _index([_top_dictionary(size, charset_at, selector_at, charstrings_at, fonts_at)]),
            strings,
            subroutines,
            charset,
            selector,
            charstrings,
            _index([_font_dictionary(len(private), private_at)]),
            private,
        )
    )


def to_unicode_map(characters: Sequence[str]) -> bytes:
    """Return the CMap that turns CID 1, 2, … back into `characters`, so that the text can be read and copied."""
    lines = [
        f"<{cid:04X}> <{character.encode('utf-16-be').hex().upper()}>" for cid, character in enumerate(characters, 1)
    ]
    blocks = []
    for start in range(0, len(lines), 100):
        block = lines[start : start + 100]
        blocks.append(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n")
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{''.join(blocks)}"
        "endcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode()


def _top_dictionary(count: int, charset: int, selector: int, charstrings: int, fonts: int) -> bytes:
    ordering = (
        _number(STANDARD_STRINGS) + _number(STANDARD_STRINGS + 1) + _number(0) + bytes([12, 30])
    )  # ROS comes first
    return (
        ordering
        + _offset(count)
        + bytes([12, 34])
        + _offset(charset)
        + bytes([15])
        + _offset(selector)
        + bytes([12, 37])
        + _offset(charstrings)
        + bytes([17])
        + _offset(fonts)
        + bytes([12, 36])
    )


def _font_dictionary(private_size: int, private_at: int) -> bytes:
    return _offset(private_size) + _offset(private_at) + bytes([18])


def _index(items: Sequence[bytes]) -> bytes:
    if not items:
        return b"\0\0"
    offsets, position = [1], 1
    for item in items:
        position += len(item)
        offsets.append(position)
    packed = b"".join(struct.pack(">L", offset) for offset in offsets)
    return struct.pack(">HB", len(items), 4) + packed + b"".join(items)


def _number(value: int) -> bytes:
    if -107 <= value <= 107:
        return bytes([value + 139])
    return bytes([28]) + struct.pack(">h", value)


def _offset(value: int) -> bytes:
    return bytes([29]) + struct.pack(">l", value)
