"""How much a stream of a PDF unpacks to, counted without keeping it; and a photo in it without its notes. No Django."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf

from matters.files.limits import PIXEL_LIMIT, TEST_VIRUS, UNPACKED_LIMIT, UNPACKED_PICTURE, UNPACKED_TOTAL

PIECE = 16 * 1024
PART = 1024 * 1024
SHORT = {"/Fl": "/FlateDecode", "/LZW": "/LZWDecode", "/RL": "/RunLengthDecode", "/A85": "/ASCII85Decode", "/AHx": "/ASCIIHexDecode", "/DCT": "/DCTDecode", "/CCF": "/CCITTFaxDecode"}  # fmt: skip
OF_PICTURES = {"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"}
# Parts of a JPEG that hold no pixel: notes, position, previews, comment. What stays tells how its colours are meant (JFIF, ICC, Adobe).
KEPT_PARTS = {0xE0, 0xE2, 0xEE}
SCAN_END = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")


class TooMuch(Exception):
    """A stream unpacks to more than any page needs."""


class TestVirus(Exception):
    """A stream holds the file by which scanners are tried."""

    __test__ = False


class Unpacking:
    """Counts what the streams of one document unpack to. Every method raises ``TooMuch``."""

    def __init__(self) -> None:
        self.total = 0

    def check(self, stream: pikepdf.Stream, kind: str) -> None:
        """Count one stream; take the notes off a photo."""
        filters, raw = filters_of(stream), stream.read_raw_bytes()
        of_picture = [number for number, name in enumerate(filters) if name in OF_PICTURES]
        if of_picture and (kind != "image" or of_picture != [len(filters) - 1]):
            raise TooMuch
        parms = _parms_of(stream)
        if kind == "image":
            _check_size(stream, parms)
        early = min((int(each.get("/EarlyChange", 1)) for each in parms), default=1)
        parts = self._counted(unpacked(raw, filters[:-1] if of_picture else filters, early), kind)
        if of_picture and filters[-1] == "/DCTDecode":
            bare = without_notes(b"".join(parts))
            stream.write(bare, filter=pikepdf.Name.DCTDecode, decode_parms=parms[-1] if parms else None)
        else:
            for _part in parts:
                pass

    def _counted(self, parts: Iterable[bytes], kind: str) -> Iterator[bytes]:
        count, limit = 0, UNPACKED_PICTURE if kind == "image" else UNPACKED_LIMIT
        before = b""
        for part in parts:
            if TEST_VIRUS in before + part:
                raise TestVirus
            before = (before + part)[-len(TEST_VIRUS) :]
            count += len(part)
            self.total += len(part)
            if count > limit or self.total > UNPACKED_TOTAL:
                raise TooMuch
            yield part


def filters_of(stream: pikepdf.Stream) -> list[str]:
    """Return the names of the filters, in the order in which they are undone."""
    named: Any = stream.get("/Filter")
    names = [] if named is None else [str(name) for name in named] if isinstance(named, pikepdf.Array) else [str(named)]
    return [SHORT.get(name, name) for name in names]


def unpacked(raw: bytes, filters: list[str], early: int = 1) -> Iterator[bytes]:
    """Undo the filters part by part. What follows an error is not read: viewers stop there as well. ``early``: how codes of LZW grow."""
    parts: Iterator[bytes] = iter([raw])
    for name in filters:
        match name:
            case "/FlateDecode":
                parts = _inflated(parts)
            case "/ASCII85Decode" | "/ASCIIHexDecode":
                parts = _from_text(parts, name)
            case "/LZWDecode":
                parts = _lzw(parts, early)
            case "/RunLengthDecode":
                parts = _runs(parts)
    return parts


def _inflated(parts: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    for part in parts:
        for start in range(0, len(part), PIECE):
            waiting = part[start : start + PIECE]
            while waiting and not unpacker.eof:
                try:
                    yield unpacker.decompress(waiting, PART)
                except zlib.error:
                    return
                waiting = unpacker.unconsumed_tail


def _from_text(parts: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Text is longer than what it stands for: it may be read at once, as far as what was undone before is bounded."""
    text = re.sub(rb"\s", b"", b"".join(parts))
    try:
        if name == "/ASCIIHexDecode":
            text = text.partition(b">")[0]
            yield binascii.unhexlify(text + b"0" * (len(text) % 2))
        else:
            yield base64.a85decode(text.partition(b"~")[0].removeprefix(b"<~"))
    except ValueError:
        return


def _runs(parts: Iterator[bytes]) -> Iterator[bytes]:
    data = b"".join(parts)
    place = 0
    while place < len(data) and data[place] != 128:
        length = data[place]
        if length < 128:
            yield data[place + 1 : place + 2 + length]
            place += 2 + length
        else:
            yield data[place + 1 : place + 2] * (257 - length)
            place += 2


def _lzw(parts: Iterator[bytes], early: int) -> Iterator[bytes]:
    """Undo LZW (ISO 32000-1, 7.4.4.2)."""
    table: list[bytes] = []
    before, width, bits, have = b"", 9, 0, 0
    for part in parts:
        for byte in part:
            bits, have = (bits << 8 | byte) & 0xFFFFFF, have + 8
            if have < width:
                continue
            have -= width
            code = bits >> have & (1 << width) - 1
            if code == 257:
                return
            if code == 256 or not table:
                table, before, width = [bytes([n]) for n in range(256)] + [b"", b""], b"", 9
                if code == 256:
                    continue
            if code > len(table) or (code == len(table) and not before):
                return
            said = table[code] if code < len(table) else before + before[:1]
            if before and len(table) < 4096:
                table.append(before + said[:1])
            before = said
            width = 9 + sum(len(table) + early >= edge for edge in (512, 1024, 2048))
            yield said


def _parms_of(stream: pikepdf.Stream) -> list[Any]:
    parms: Any = stream.get("/DecodeParms")
    return [
        each
        for each in (parms if isinstance(parms, pikepdf.Array) else [parms])
        if isinstance(each, pikepdf.Dictionary)
    ]


def _check_size(stream: pikepdf.Stream, parms: list[Any]) -> None:
    width, height = int(stream.get("/Width", 0)), int(stream.get("/Height", 0))
    is_plain = bool(stream.get("/ImageMask", False)) or stream.get("/BitsPerComponent") == 1
    _check_pixels(width * height, 4 if is_plain else 1)
    for each in parms:
        _check_pixels(int(each.get("/Columns", 0)) * max(height, int(each.get("/Rows", 0))), 4)


def _check_pixels(pixels: int, times: int = 1) -> None:
    if pixels > PIXEL_LIMIT * times:
        raise TooMuch


def without_notes(photo: bytes) -> bytes:
    """Return a JPEG without notes, position, previews, comment, and without what follows it. Raises ``ValueError``, ``TooMuch``."""
    if not photo.startswith(b"\xff\xd8"):
        raise ValueError("no JPEG")
    kept, place = bytearray(b"\xff\xd8"), 2
    while True:
        while photo[place : place + 2] == b"\xff\xff":
            place += 1
        if photo[place : place + 1] != b"\xff":
            raise ValueError("no marker where one must be")
        kind = photo[place + 1]
        if kind == 0xD9:
            return bytes(kept + b"\xff\xd9")
        end = place + 2 + int.from_bytes(photo[place + 2 : place + 4], "big")
        if end < place + 4 or end > len(photo):
            raise ValueError("a part that is cut off")
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            _check_pixels(
                int.from_bytes(photo[place + 5 : place + 7], "big")
                * int.from_bytes(photo[place + 7 : place + 9], "big")
            )
        if kind == 0xDA:
            found = SCAN_END.search(photo, end)
            end = found.end() - 2 if found else len(photo)
            kept += photo[place:end]
            if found is None:
                return bytes(kept + b"\xff\xd9")
        elif kind in KEPT_PARTS or not (0xE0 <= kind <= 0xEF or kind == 0xFE):
            kept += photo[place:end]
        place = end
