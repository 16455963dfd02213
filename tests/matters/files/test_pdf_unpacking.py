"""A stream that unpacks to far more than a page needs is refused in words, and never unpacked as a whole."""

from __future__ import annotations

import base64
import io
import resource
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import pikepdf
import pytest

from matters.files.checking import FileRefused, check_file
from matters.files.limits import UNPACKED_LIMIT, UNPACKED_PICTURE, UNPACKED_TOTAL
from matters.files.pdf import PdfRefused, cleaned
from matters.files.pdf_streams import unpacked
from matters.wording.uploads import upload_sentence

Name, Dictionary = pikepdf.Name, pikepdf.Dictionary
Filters = pikepdf.Name | pikepdf.Array
MEGABYTE = 1024 * 1024
TOO_MUCH = UNPACKED_LIMIT // MEGABYTE + 1


@cache
def zeros(megabytes: int) -> bytes:
    """Some hundred kilobytes that unpack to so many megabytes."""
    packer = zlib.compressobj()
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + block * megabytes + packer.flush()


@cache
def lzw_zeros(rounds: int) -> bytes:
    """LZW codes each of which says one zero more than the one before, 7 million a round."""
    codes = [(9, 0)] + [(9 + sum(n > edge for edge in (510, 1022, 2046)), n) for n in range(258, 4090)] + [(12, 256)]
    bits = format(256, "09b") + "".join(format(number, f"0{width}b") for width, number in codes) * rounds
    bits += format(257, "09b")
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


class Paper:
    """A page and what hangs on it."""

    def __init__(self) -> None:
        self.document = pikepdf.new()
        self.page = self.document.add_blank_page().obj
        self.page.Resources = Dictionary(XObject=Dictionary(), Font=Dictionary(), ColorSpace=Dictionary())

    def stream(self, packed: bytes, filters: Filters = Name.FlateDecode, **keys: Any) -> pikepdf.Object:
        made = self.document.make_stream(b"", **keys)
        made.write(packed, filter=filters)
        return made

    @property
    def content(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
        return out.getvalue()


def page_of(packed: bytes, filters: Filters = Name.FlateDecode) -> bytes:
    paper = Paper()
    paper.page.Contents = paper.stream(packed, filters)
    return paper.content


def font_of(packed: bytes) -> bytes:
    paper = Paper()
    descriptor = Dictionary(Type=Name.FontDescriptor, FontFile2=paper.stream(packed))
    paper.page.Resources.Font.F = Dictionary(Type=Name.Font, Subtype=Name.TrueType, FontDescriptor=descriptor)
    return paper.content


def profile_of(packed: bytes) -> bytes:
    paper = Paper()
    paper.page.Resources.ColorSpace.C = pikepdf.Array([Name.ICCBased, paper.stream(packed, N=3)])
    return paper.content


def picture_of(packed: bytes, width: int = 1000, height: int = 1000, count: int = 1) -> bytes:
    paper = Paper()
    for number in range(count):
        paper.page.Resources.XObject[f"/P{number}"] = paper.stream(
            packed, Subtype=Name.Image, Width=width, Height=height, BitsPerComponent=8, ColorSpace=Name.DeviceGray
        )
    return paper.content


BOMBS: dict[str, Callable[[], bytes]] = {
    "page": lambda: page_of(zeros(300)),
    "page packed twice": lambda: page_of(zlib.compress(zeros(TOO_MUCH)), pikepdf.Array([Name.FlateDecode] * 2)),
    "page in text": lambda: page_of(
        zeros(TOO_MUCH).hex().encode(), pikepdf.Array([Name.ASCIIHexDecode, Name.FlateDecode])
    ),
    "page by LZW": lambda: page_of(lzw_zeros(10), Name.LZWDecode),
    "page by runs": lambda: page_of(b"\x81\x00" * (UNPACKED_LIMIT // 128 + 1), Name.RunLengthDecode),
    "page as a picture": lambda: page_of(b"\xff\xd8", Name.DCTDecode),
    "font": lambda: font_of(zeros(TOO_MUCH)),
    "profile": lambda: profile_of(zeros(TOO_MUCH)),
    "picture": lambda: picture_of(zeros(UNPACKED_PICTURE // MEGABYTE + 1)),
    "picture that says so": lambda: picture_of(zeros(1), 50_000, 50_000),
}


@pytest.mark.parametrize("which", BOMBS)
def test_it_is_refused(which: str) -> None:
    source = BOMBS[which]()
    assert len(source) < 2 * MEGABYTE
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(PdfRefused, match="too_much_pdf"):
        cleaned(source)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


def test_all_streams_of_a_file_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert UNPACKED_TOTAL > 4 * UNPACKED_PICTURE
    monkeypatch.setattr("matters.files.pdf_streams.UNPACKED_TOTAL", 20 * MEGABYTE)
    cleaned(picture_of(zeros(4), count=4))
    with pytest.raises(PdfRefused, match="too_much_pdf"):
        cleaned(picture_of(zeros(4), count=8))


def test_it_is_refused_in_words() -> None:
    with pytest.raises(FileRefused, match="too_much_pdf"):
        check_file(page_of(zeros(300)), "a.pdf")
    assert "展开后内容太多" in upload_sentence("too_much_pdf")


@pytest.mark.parametrize(
    "source",
    [page_of(zeros(50)), font_of(zeros(30)), picture_of(zeros(100), 4960, 7016)],
    ids=["a dense map", "a large font", "a scan of a page at 600 dots per inch"],
)
def test_what_people_have_is_taken(source: bytes) -> None:
    assert cleaned(source)[1] == ""


@pytest.mark.parametrize("name", ["FlateDecode", "ASCII85Decode", "ASCIIHexDecode", "LZWDecode", "RunLengthDecode"])
@pytest.mark.parametrize("broken", [False, True])
def test_it_counts_as_much_as_others_unpack(name: str, broken: bool) -> None:
    """Held against another reader of the format, and for data that end in an error."""
    text = bytes(range(256)) * 40 + b"\0" * 5000
    packed = {
        "FlateDecode": zlib.compress(text),
        "ASCII85Decode": base64.a85encode(text) + b"~>",
        "ASCIIHexDecode": text.hex().encode() + b">",
        "LZWDecode": lzw_zeros(2),
        "RunLengthDecode": b"\x02abc\xfex\x80",
    }[name]
    if broken:
        unpacked_parts = list(unpacked(packed[: len(packed) // 2] + b"\xff\xff", [f"/{name}"]))
        assert sum(map(len, unpacked_parts)) <= 20_000_000
        return
    document = pikepdf.new()
    stream = document.make_stream(b"")
    stream.write(packed, filter=Name(f"/{name}"))
    assert b"".join(unpacked(packed, [f"/{name}"])) == stream.read_bytes(pikepdf.StreamDecodeLevel.specialized)
