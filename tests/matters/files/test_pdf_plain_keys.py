"""Where a number, a name or nothing belongs no text of somebody's stays, and the scanners' test file is found there too."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from matters.files.limits import TEST_VIRUS
from matters.files.pdf import PdfRefused, cleaned
from tests.matters.files.test_pdf_cleaning import Sample

Name, Dictionary, Array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array
MARK = b"SECRETMARK 13912345678"


def said_in(content: bytes) -> bytes:
    """Return every text, name and key of a PDF, and its streams unpacked."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as document:
        for part in document.objects:
            found.append(part.unparse())
            if isinstance(part, pikepdf.Stream):
                found.append(part.read_raw_bytes() if "/DCT" in str(part.get("/Filter", "")) else part.read_bytes())
            strings(part, found)
    return b"\n".join(found)


def strings(part: Any, found: list[bytes]) -> None:
    if isinstance(part, pikepdf.String):
        found.append(bytes(part))
    elif isinstance(part, pikepdf.Array):
        for each in part:
            if not getattr(each, "is_indirect", False):
                strings(each, found)
    elif isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
        for _key, each in part.items():
            if not getattr(each, "is_indirect", False):
                strings(each, found)


def page_of(document: pikepdf.Pdf) -> Any:
    return document.pages[0].obj


def font_of(document: pikepdf.Pdf) -> Any:
    return page_of(document).Resources.Font.F


def state_of(document: pikepdf.Pdf) -> Any:
    return page_of(document).Resources.ExtGState.S


def layers(document: pikepdf.Pdf, **view: Any) -> None:
    layer = page_of(document).Resources.Properties.L
    document.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(ON=[layer], **view))


def colours(document: pikepdf.Pdf, space: Any) -> None:
    document.pages[0].obj.Resources.XObject.Picture.ColorSpace = space


PLACES: dict[str, Callable[[pikepdf.Pdf, pikepdf.String], None]] = {
    "the turn of a page": lambda d, text: page_of(d).__setitem__("/Rotate", text),
    "a box of a page": lambda d, text: page_of(d).__setitem__("/TrimBox", Array([0, 0, 9, text])),
    "widths of a font": lambda d, text: font_of(d).__setitem__("/Widths", Array([1, text])),
    "name of a font": lambda d, text: font_of(d).__setitem__("/Name", text),
    "a state's intent": lambda d, text: state_of(d).__setitem__("/RI", text),
    "a state's dashes": lambda d, text: state_of(d).__setitem__("/D", Array([Array([text]), 0])),
    "behind a space of colours": lambda d, text: colours(d, Array([Name.DeviceRGB, text])),
    "gamma": lambda d, text: colours(d, Array([Name.CalRGB, Dictionary(WhitePoint=[1, 1, 1], Gamma=[1, 1, text])])),
    "decoding of a picture": lambda d, text: page_of(d).Resources.XObject.Picture.__setitem__(
        "/Decode", Array([0, text])
    ),
    "behind the last colour": lambda d, text: colours(
        d, Array([Name.Indexed, Name.DeviceRGB, 1, pikepdf.String(bytes(6) + bytes(text))])
    ),
    "matrix of a form": lambda d, text: page_of(d).Resources.XObject.Outer.__setitem__(
        "/Matrix", Array([1, 0, 0, 1, 0, text])
    ),
    "border of a link": lambda d, text: page_of(d).Annots[0].__setitem__("/Border", Array([0, 0, text])),
    "state of layers": lambda d, text: layers(d, BaseState=text),
    "intent of layers": lambda d, text: layers(d, Intent=Array([text])),
    "a name beyond any length": lambda d, text: font_of(d).__setitem__("/Name", Name("/" + "SECRETMARK" * 20)),
}


def with_text(place: str, text: bytes) -> bytes:
    sample = Sample()
    PLACES[place](sample.document, pikepdf.String(text))
    out = io.BytesIO()
    sample.document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


@pytest.mark.parametrize("place", PLACES)
def test_no_text_stays_in_a_place_for_something_else(place: str) -> None:
    content = with_text(place, MARK)
    assert b"SECRETMARK" in said_in(content)
    assert b"SECRETMARK" not in said_in(cleaned(content)[0])


@pytest.mark.parametrize("place", [place for place in PLACES if place != "a name beyond any length"])
def test_the_scanners_test_file_is_found_in_a_text(place: str) -> None:
    with pytest.raises(PdfRefused, match="virus"):
        cleaned(with_text(place, TEST_VIRUS))


def test_what_a_field_says_and_where_a_link_leads_stays() -> None:
    document = Sample().document
    document.Root.Names = Dictionary(Dests=Dictionary(Names=[pikepdf.String("here"), [page_of(document), Name.Fit]]))
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=[0, 0, 9, 9], FT=Name.Tx, T=pikepdf.String("b"))
    field.V, field.DA = pikepdf.String("李大满"), pikepdf.String("/F 12 Tf 0 g")
    field = document.make_indirect(field)
    page_of(document).Annots.append(field)
    document.Root.AcroForm.Fields.append(field)
    out = io.BytesIO()
    document.save(out)
    said = said_in(cleaned(out.getvalue())[0])
    assert "李大满".encode("utf-16-be") in said
    assert b"/F 12 Tf 0 g" in said
    assert b"here" in said
