"""Putting one certificate's values onto its template and writing the file, with a hole where the signature goes (pure).

The file has one revision, one plain cross-reference table and no object streams: exactly the shape that
``strict_pdf`` accepts.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from certificates.core.face import Face
from certificates.core.status_list import StatusSpot
from certificates.pdf.fonts.font_file import EM, Glyph
from certificates.pdf.fonts.small_font import small_font, to_unicode_map
from certificates.pdf.page.layout import NEXT_TOP, PAGE_HEIGHT, POINT, SPOTS, Layout
from certificates.pdf.page.open_places import PageTemplate, stamp_slots
from portal.lib.qr import QUIET_ZONE, Modules

INK = b"0.106 0.153 0.200"
ASCENT, DESCENT = 880, -120
DASH = "—"
PERPETUAL = "长期有效"
RANGE_WIDTH = 48


@dataclass(frozen=True, slots=True)
class Run:
    """Text on one line: left edge and baseline in mm from the top left corner, size in points, and on which page, from 0."""

    text: str
    left: float
    baseline: float
    points: float
    page: int = 0


@dataclass(frozen=True, slots=True)
class Prepared:
    """A whole file but for its signature: the bytes, and where the hexadecimal hole with its brackets starts and ends."""

    content: bytearray
    hole_start: int
    hole_end: int

    def digest(self) -> bytes:
        """Return the SHA-256 of everything but the hole."""
        view = memoryview(self.content)
        sha = hashlib.sha256(view[: self.hole_start])
        sha.update(view[self.hole_end :])
        return sha.digest()


def runs_of(face: Face, layout: Layout, advance: Callable[[str], int]) -> list[Run]:
    """Return every value that is printed, in its place. An absent value is a dash; no term is 长期有效.

    Every page has the certificate's number, so that none can be taken for another's.
    """
    size, at = layout.size, SPOTS
    first = (size.row - size.line) / 2 + size.line / 2 + size.points * POINT * 0.38
    runs = [
        Run(face.serial, at.number_left, at.number_baseline, at.number_points),
        Run(written_date(face.expires_on) or PERPETUAL, at.term_left, at.number_baseline, at.number_points),
    ]
    for cell in layout.cells:
        for number, text in enumerate(cell.lines):
            runs.append(
                Run(
                    DASH if not text and len(cell.lines) == 1 else text,
                    cell.left + size.label,
                    cell.top + cell.inset + first + number * size.line,
                    size.points,
                    cell.page,
                )
            )
    for page in range(1, layout.pages):
        runs.append(Run(face.serial, at.number_left, NEXT_TOP - at.next_number_above, at.number_points, page))
    issued = written_date(face.issued_on)
    width = sum(map(advance, issued)) / EM * at.date_points * POINT
    runs.append(Run(issued, at.issuer_right - width, at.date_baseline, at.date_points))
    runs.append(Run(face.identifier, at.identifier_left, at.identifier_baseline, at.identifier_points))
    return runs


def prepare(
    template: PageTemplate,
    face: Face,
    runs: Iterable[Run],
    glyph: Callable[[str], Glyph],
    modules: Modules,
    *,
    address: str,
    signer_name: str,
    moment: datetime,
    reserve_bytes: int,
    spot: StatusSpot | None = None,
) -> Prepared:
    """Return the file of `face`, ready to be sealed. `spot` says where its status is published. `glyph` raises `KeyError` for a character that no font has."""
    runs = list(runs)
    characters = sorted({character for run in runs for character in run.text})
    number_of = {character: number for number, character in enumerate(characters, 1)}
    glyphs = [glyph(character) for character in characters]
    program = small_font("Yijian-Face", glyphs)
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(program).digest()[:6])
    writer = _Writer(template)
    slots = template.slots
    descendant, descriptor, file, unicode_map, appearance, information = (writer.reserve() for _ in range(6))
    font_name = f"/{tag}+Yijian-Face"
    for page, slot in enumerate(stamp_slots(sum(name.startswith("Stamp") for name in slots))):
        drawn = [run for run in runs if run.page == page]
        writer.stream(slots[slot], _content(drawn, number_of, modules if page == 0 else None))
    writer.put(
        slots["Font"],
        f"<< /Type /Font /Subtype /Type0 /BaseFont {font_name} /Encoding /Identity-H "
        f"/DescendantFonts [ {descendant} 0 R ] /ToUnicode {unicode_map} 0 R >>",
    )
    widths = " ".join(f"{number} [ {g.advance} ]" for number, g in enumerate(glyphs, 1) if g.advance != EM)
    writer.put(
        descendant,
        f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont {font_name} /DW {EM} /W [ {widths} ] "
        f"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R >>",
    )
    writer.put(
        descriptor,
        f"<< /Type /FontDescriptor /FontName {font_name} /Flags 6 /FontBBox [ -1000 -500 3000 1200 ] /ItalicAngle 0 "
        f"/Ascent {ASCENT} /Descent {DESCENT} /CapHeight 733 /StemV 80 /FontFile3 {file} 0 R >>",
    )
    writer.stream(file, program, "/Subtype /CIDFontType0C ")
    writer.stream(unicode_map, to_unicode_map(characters))
    at, margin = SPOTS, SPOTS.qr_size / modules[0] * QUIET_ZONE
    writer.put(
        slots["Link"],
        f"<< /Type /Annot /Subtype /Link /F 4 /Border [ 0 0 0 ] /Rect {_box(at.qr_left - margin, at.qr_top - margin, at.qr_size + 2 * margin)} "
        f"/Contents {_text('在网上核验本证照')} /A << /Type /Action /S /URI /URI ({_escaped(address)}) >> >>",
    )
    seal_box = _box(at.seal_middle - at.seal_size / 2, at.seal_top, at.seal_size)
    writer.put(
        slots["Widget"],
        f"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Seal) /TU {_text('电子印章')} /F 132 /Rect {seal_box} "
        f"/AP << /N {appearance} 0 R >> /V {slots['Signature']} 0 R >>",
    )
    writer.stream(appearance, b"", "/Type /XObject /Subtype /Form /BBox [ 0 0 1 1 ] ")
    stamp = moment.strftime("D:%Y%m%d%H%M%S+00'00'")
    writer.put(
        information,
        f"<< /Title {_text(f'{face.type_name} {face.serial}')} /Author {_text(face.issuer_name)} /Subject {_text(face.identifier)} "
        f"/Creator (Yijian) /Producer (Yijian) /CreationDate ({stamp}) /ModDate ({stamp}){_facts(face, spot)} >>",
    )
    opening = (
        f"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M ({stamp}) /Name {_text(signer_name)} "
        f"/Reason {_text('签发电子证照')} /Reference [ << /Type /SigRef /TransformMethod /DocMDP "
        f"/TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >> ] /ByteRange "
    )
    return writer.finish(slots["Signature"], opening, reserve_bytes, information, template.root)


def seal_into(prepared: Prepared, signature: bytes) -> bytes:
    """Return the finished file with `signature` (CMS, DER) in its hole. Raises `ValueError` when it does not fit."""
    room = prepared.hole_end - prepared.hole_start - 2
    written = signature.hex().encode()
    if len(written) > room:
        raise ValueError(f"the signature needs {len(signature)} bytes, {room // 2} are reserved")
    start = prepared.hole_start + 1
    prepared.content[start : start + room] = written.ljust(room, b"0")
    return bytes(prepared.content)


class _Writer:
    """Appends objects to a template and closes the file."""

    def __init__(self, template: PageTemplate) -> None:
        self._out = bytearray(template.body)
        self._offsets = list(template.offsets)

    def reserve(self) -> int:
        self._offsets.append(0)
        return len(self._offsets) - 1

    def put(self, number: int, body: str | bytes) -> None:
        self._offsets[number] = len(self._out)
        self._out += b"%d 0 obj\n" % number + (body.encode("ascii") if isinstance(body, str) else body) + b"\nendobj\n"

    def stream(self, number: int, data: bytes, entries: str = "") -> None:
        packed = zlib.compress(data)
        head = f"<< {entries}/Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode("ascii")
        self.put(number, head + packed + b"\nendstream")

    def finish(self, number: int, opening: str, reserve_bytes: int, information: int, root: int) -> Prepared:
        start = len(self._out)
        self.put(
            number,
            opening.encode("ascii") + b" " * RANGE_WIDTH + b" /Contents <" + b"0" * (2 * reserve_bytes) + b"> >>",
        )
        range_at = self._out.index(b"/ByteRange ", start) + len(b"/ByteRange ")
        hole_start = range_at + RANGE_WIDTH + len(b" /Contents ")
        hole_end = hole_start + 2 * reserve_bytes + 2
        table_at = len(self._out)
        rows = b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets[1:])
        self._out += b"xref\n0 %d\n0000000000 65535 f \n" % len(self._offsets) + rows
        mark = hashlib.sha256(memoryview(self._out)).hexdigest()[:32].upper()
        self._out += (
            f"trailer\n<< /Size {len(self._offsets)} /Root {root} 0 R /Info {information} 0 R /ID [ <{mark}> <{mark}> ] >>\n"
            f"startxref\n{table_at}\n%%EOF\n"
        ).encode("ascii")
        covered = b"[ 0 %d %d %d ]" % (hole_start, hole_end, len(self._out) - hole_end)
        self._out[range_at : range_at + RANGE_WIDTH] = covered.ljust(RANGE_WIDTH)
        return Prepared(self._out, hole_start, hole_end)


def _content(runs: list[Run], number_of: dict[str, int], modules: Modules | None) -> bytes:
    parts = [b"%s rg BT" % INK]
    for run in runs:
        codes = "".join(f"{number_of[character]:04X}" for character in run.text)
        left, baseline = _points(run.left), _points(PAGE_HEIGHT - run.baseline)
        parts.append(f"/Face {run.points:g} Tf 1 0 0 1 {left:.2f} {baseline:.2f} Tm <{codes}> Tj".encode("ascii"))
    parts.append(b"ET")
    if modules is None:
        return b"\n".join(parts)
    unit = _points(SPOTS.qr_size / modules[0])
    left, top = _points(SPOTS.qr_left), _points(PAGE_HEIGHT - SPOTS.qr_top)
    parts.append(f"q {unit:.5f} 0 0 {-unit:.5f} {left:.3f} {top:.3f} cm".encode("ascii"))
    parts += [b"%d %d %d 1 re" % run for run in modules[1]]
    parts.append(b"f Q")
    return b"\n".join(parts)


def _facts(face: Face, spot: StatusSpot | None) -> str:
    """Return what a reader without a network needs besides the page: the term, and where the status is published."""
    if spot is None:
        return ""
    return f" /ExpiresOn ({face.expires_on}) /StatusList ({_escaped(spot.address)}) /StatusPlace {spot.place}"


def written_date(written: str) -> str:
    """Return ``2026-11-22`` as 2026年11月22日; empty for an empty one."""
    if not written:
        return ""
    year, month, day = written.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def _points(millimetres: float) -> float:
    return millimetres / 25.4 * 72


def _box(left: float, top: float, size: float) -> str:
    low, high = PAGE_HEIGHT - top - size, PAGE_HEIGHT - top
    return f"[ {_points(left):.2f} {_points(low):.2f} {_points(left + size):.2f} {_points(high):.2f} ]"


def _text(value: str) -> str:
    return f"<FEFF{value.encode('utf-16-be').hex().upper()}>"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
