"""Of what a page draws, and draws with, stays what is drawn: no comment, no word that is no operator, nothing unused, nothing that is no font."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import weasyprint

from matters.files.pdf import PdfRefused, cleaned
from matters.files.scanning import TEST_VIRUS
from tests.certificates.conftest import poppler  # noqa: F401 - a fixture
from tests.matters.files.test_pdf_cleaning import SECRET, TEXT, everything_in, pictures_of

Name, Dictionary, Array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array
PROFILE = (Path(weasyprint.__file__).parent / "pdf" / "sRGB2014.icc").read_bytes()


class Page:
    """A page with resources of every kind, each drawn."""

    def __init__(self, drawing: bytes = b"", **resources: Any) -> None:
        self.document = pikepdf.new()
        page = self.document.add_blank_page(page_size=(200, 200)).obj
        page.Contents = self.document.make_stream(drawing)
        page.Resources = Dictionary({f"/{name}": Dictionary(value) for name, value in resources.items()})
        self.resources = page.Resources

    def stream(self, content: bytes, **keys: Any) -> Any:
        return self.document.make_stream(content, **keys)

    def put(self, category: str, value: Any) -> None:
        if f"/{category}" not in self.resources:
            self.resources[f"/{category}"] = Dictionary()
        self.resources[f"/{category}"]["/A"] = value

    @property
    def content(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()


def form(page: Page, content: bytes) -> Any:
    return page.stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 99, 99])


def programs(page: Page, unused: bytes, drawn: bytes = b"500 0 d0 0 0 500 500 re f") -> Any:
    return page.document.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 1, 1], FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
            FirstChar=97, LastChar=98, Widths=[500, 500],
            Encoding=Dictionary(Type=Name.Encoding, Differences=[97, Name.a, Name.b]),
            CharProcs=Dictionary(a=page.stream(drawn), b=page.stream(unused)),
        )
    )  # fmt: skip


def font(page: Page, **more: Any) -> Any:
    return Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Helvetica, FirstChar=97, LastChar=97, Widths=[500], **more
    )


def descriptor(page: Page, key: str, program: bytes) -> Any:
    found = Dictionary(Type=Name.FontDescriptor, FontName=Name.Helvetica, Flags=4)
    found[f"/{key}"] = page.stream(program)
    return page.document.make_indirect(found)


def state(page: Page, content: bytes) -> Any:
    function = page.stream(content, FunctionType=4, Domain=[0, 1], Range=[0, 1])
    return Dictionary(Type=Name.ExtGState, TR=function)


USED = b"BT /A 9 Tf 10 10 Td (a) Tj ET"
PLACES: dict[str, Callable[[bytes], Page]] = {
    "comment": lambda hidden: Page(b"0 0 9 9 re f % " + hidden + b"\nBT ET"),
    "no operator": lambda hidden: Page(b"BT ET <script> " + hidden.replace(b" ", b"") + b" </script> 0 0 9 9 re f"),
    "operand": lambda hidden: Page(b"(" + hidden.replace(b")", b"") + b") 0 0 9 9 re f"),
    "tag": lambda hidden: Page(b"/Span <</ActualText <" + hidden.hex().encode() + b">>> BDC 0 0 9 9 re f EMC"),
    "point": lambda hidden: Page(b"/Span <</A <" + hidden.hex().encode() + b">>> DP 0 0 9 9 re f"),
    "inline picture": lambda hidden: Page(b"BI /W 1 /H 1 /BPC 8 /CS /G /Hidden <" + hidden.hex().encode() + b"> ID a EI"),
    "unused form": lambda hidden: with_resource("XObject", lambda page: form(page, hidden)),
    "unused font": lambda hidden: with_resource("Font", lambda page: font(page, ToUnicode=page.stream(hidden))),
    "comment in a form": lambda hidden: with_resource("XObject", lambda page: form(page, b"0 0 9 9 re f %" + hidden), b"/A Do"),
    "unused glyph": lambda hidden: with_resource("Font", lambda page: programs(page, hidden), USED),
    "comment in a glyph": lambda hidden: with_resource("Font", lambda page: programs(page, b"", b"500 0 d0 0 0 500 500 re f %" + hidden), USED),
    "tile": lambda hidden: with_resource("Pattern", lambda page: page.stream(b"0 0 4 4 re f %" + hidden, Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, BBox=[0, 0, 9, 9], XStep=9, YStep=9, Resources=Dictionary()), b"/Pattern cs /A scn 0 0 99 99 re f"),
    "colour profile": lambda hidden: with_resource("ColorSpace", lambda page: Array([Name.ICCBased, page.stream(hidden, N=3)]), b"/A cs 1 0 0 sc 0 0 99 99 re f"),
    "behind a colour profile": lambda hidden: with_resource("ColorSpace", lambda page: Array([Name.ICCBased, page.stream(PROFILE + hidden, N=3)]), b"/A cs 1 0 0 sc 0 0 99 99 re f"),
    "map of codes": lambda hidden: with_resource("Font", lambda page: font(page, ToUnicode=page.stream(b"1 beginbfchar <61> <0061> endbfchar %" + hidden)), USED),
    "font file": lambda hidden: with_resource("Font", lambda page: font(page, FontDescriptor=descriptor(page, "FontFile2", hidden)), USED),
    "compact font": lambda hidden: with_resource("Font", lambda page: font(page, FontDescriptor=descriptor(page, "FontFile3", hidden)), USED),
    "old font": lambda hidden: with_resource("Font", lambda page: font(page, FontDescriptor=descriptor(page, "FontFile", hidden)), USED),
    "comment in a function": lambda hidden: with_resource("ExtGState", lambda page: state(page, b"{ dup pop %" + hidden + b"\n}"), b"/A gs 0 0 9 9 re f"),
    "function": lambda hidden: with_resource("ExtGState", lambda page: state(page, b"{" + hidden + b"}"), b"/A gs 0 0 9 9 re f"),
    "layer": lambda hidden: with_resource("Properties", lambda page: page.document.make_indirect(Dictionary(Type=Name.OCG, Name=TEXT)), b"/OC /A BDC 0 0 9 9 re f EMC"),
    "unused layer": lambda hidden: with_resource("Properties", lambda page: page.document.make_indirect(Dictionary(Type=Name.OCG, Name=TEXT)), b"/P /A BDC EMC"),
}  # fmt: skip


def with_resource(category: str, make: Callable[[Page], Any], drawing: bytes = b"BT ET") -> Page:
    page = Page(drawing)
    page.put(category, make(page))
    return page


@pytest.mark.parametrize("place", PLACES)
def test_nothing_that_is_not_drawn_stays(place: str) -> None:
    source = PLACES[place](SECRET).content
    assert SECRET in everything_in(source) or SECRET.hex().encode() in everything_in(source)
    try:
        clean, _note = cleaned(source)
    except PdfRefused:
        assert place == "function"
        return
    assert SECRET not in everything_in(clean)
    assert SECRET.hex().encode() not in everything_in(clean).lower()


@pytest.mark.parametrize("place", [place for place in PLACES if "layer" not in place])
def test_the_test_virus_is_found_or_gone_wherever_it_lies(place: str) -> None:
    try:
        clean, _note = cleaned(PLACES[place](TEST_VIRUS).content)
    except PdfRefused:
        return
    assert TEST_VIRUS not in everything_in(clean)


def test_what_is_drawn_through_forms_glyphs_tiles_and_states_looks_the_same(poppler: Path) -> None:  # noqa: F811
    page = Page(
        b"/OC /L BDC /C cs .2 .5 .9 sc 5 5 40 40 re f EMC /Span <</MCID 0>> BDC /Pattern cs /T scn 60 5 40 40 re f EMC "
        b"q /S gs 1 0 0 rg 120 5 40 40 re f Q q 1 0 0 1 0 60 cm /F Do Q BT /G 40 Tf 10 150 Td [(ab) -200 (a)] TJ ET "
        b"BT /H 20 Tf 90 150 Td (Hello) Tj ET BI /W 2 /H 2 /BPC 8 /CS /G ID \x00\xff\xff\x00 EI"
    )
    tile = page.stream(b"0 .6 .2 rg 0 0 4 4 re f", Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1)
    tile.BBox, tile.XStep, tile.YStep, tile.Resources = Array([0, 0, 9, 9]), 9, 9, Dictionary()
    mask = form(page, b"0.5 g 0 0 200 200 re f")
    mask.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    outer = form(page, b"0 0 1 rg 0 0 30 30 re f /Inner Do BT /G 30 Tf 40 40 Td (a) Tj ET")
    inner = form(page, b"/S gs 1 0 1 rg 20 20 30 30 re f")
    page.resources.update(
        Dictionary(
            Properties=Dictionary(L=page.document.make_indirect(Dictionary(Type=Name.OCG, Name=TEXT))),
            ColorSpace=Dictionary(C=Array([Name.ICCBased, page.stream(PROFILE, N=3)])),
            Pattern=Dictionary(T=tile),
            ExtGState=Dictionary(S=Dictionary(Type=Name.ExtGState, ca=0.5, SMask=Dictionary(S=Name.Luminosity, G=mask))),
            XObject=Dictionary(F=outer, Inner=inner),
            Font=Dictionary(G=programs(page, b"500 0 d0 0 0 300 300 re f"), H=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)),
        )
    )  # fmt: skip
    source = page.content
    clean, note = cleaned(source)
    assert note == ""
    assert pictures_of(source, poppler / "before") == pictures_of(clean, poppler / "after")
    again, _note = cleaned(clean)
    assert pictures_of(again, poppler / "again") == pictures_of(clean, poppler / "once more")


LONG = b"1 0 0 RG 10.5 20 m .5 -4. l 1 2 3 4 5 6 c S\n" * 10_000


@pytest.mark.parametrize(
    "place", ["comment", "no operator", "operand", "tag", "point", "inline picture", "unused form"]
)
def test_nor_does_it_in_a_long_program(place: str) -> None:
    page = PLACES[place](SECRET)
    contents = page.document.pages[0].obj["/Contents"]
    contents.write(LONG + contents.read_bytes())
    clean, _note = cleaned(page.content)
    assert SECRET not in everything_in(clean)
    assert SECRET.hex().encode() not in everything_in(clean).lower()


def test_a_font_within_its_resources_is_drawn_with() -> None:
    page = Page(USED)
    made = programs(page, SECRET)
    page.put("Font", Dictionary({key: made[key] for key in made.keys()}))  # noqa: SIM118 - no dictionary of Python's
    with pikepdf.open(io.BytesIO(cleaned(page.content)[0])) as document:
        assert list(document.pages[0].obj["/Resources"]["/Font"]["/A"].CharProcs.keys()) == ["/a"]


@pytest.mark.parametrize(
    "drawing",
    [
        b"Q EMC EMC ET /OC /X BDC q",
        b"( " * 300_000,
        b"1 " * 500_000,
        b"[" * 200_000,
        b"<<" * 100_000,
        b"(" + b"\\" * 900_001,
    ],
)
def test_no_program_makes_it_slow_or_stays_without_drawing(drawing: bytes) -> None:
    with pikepdf.open(io.BytesIO(cleaned(Page(drawing).content)[0])) as document:
        assert len(document.pages[0].obj["/Contents"].read_bytes()) < 10


def test_a_long_program_of_lines_and_words_stays_as_it_is() -> None:
    drawing = (
        LONG
        + b"/Artifact BMC q BT /A 9 Tf 1 0 0 1 5 5 Tm (a\\)b) Tj [(a) -20 <61>] TJ ET EMC /P <</MCID 3>> BDC [3] 0 d f* EMC Q"
    )
    page = Page(drawing)
    page.put("Font", font(page))
    with pikepdf.open(io.BytesIO(cleaned(page.content)[0])) as document:
        assert document.pages[0].obj["/Contents"].read_bytes() == drawing
        assert document.pages[0].obj["/Resources"]["/Font"]["/A"].BaseFont == "/Helvetica"
