"""Of a PDF what its pages show stays, and nothing else, wherever it was put."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops
from weasyprint import HTML

from matters.files.checking import check_file
from matters.files.pdf import PdfRefused, cleaned
from matters.files.pdf_streams import without_notes
from tests.certificates.conftest import poppler  # noqa: F401 - a fixture
from tests.matters.files import upload_corpus as corpus

Name, Dictionary, Array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array
SECRET = b"SECRETMARK"
TEXT = pikepdf.String(SECRET.decode())


class Sample:
    """A page with a picture, a form in a form, a font, a layer, a link and a field: ``places`` names each dictionary of it."""

    def __init__(self) -> None:
        self.document = document = pikepdf.new()
        page = document.add_blank_page(page_size=(300, 300)).obj
        picture = document.make_stream(
            corpus.jpeg(gps=True), Type=Name.XObject, Subtype=Name.Image, Width=320, Height=200
        )
        picture.Filter, picture.BitsPerComponent, picture.ColorSpace = Name.DCTDecode, 8, Name.DeviceRGB
        inner = self.form(b"0 0 1 rg 0 0 9 9 re f")
        outer = self.form(b"/Inner Do 1 0 0 rg 20 20 9 9 re f", Inner=inner)
        font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        state = document.make_indirect(Dictionary(Type=Name.ExtGState, ca=0.5))
        layer = document.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String("layer")))
        resources = Dictionary(
            XObject=Dictionary(Picture=picture, Outer=outer),
            Font=Dictionary(F=font),
            ExtGState=Dictionary(S=state),
            Properties=Dictionary(L=layer),
        )
        page.Resources = document.make_indirect(resources)
        page.Contents = document.make_stream(
            b"q 100 0 0 60 50 200 cm /Picture Do Q /S gs /Outer Do /OC /L BDC BT /F 12 Tf 50 100 Td (Hello) Tj ET EMC"
        )
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.GoTo, D=[page, Name.Fit])
        )
        look = self.form(b"0 1 0 rg 0 0 20 9 re f")
        field = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=pikepdf.String("a"),
            V=pikepdf.String("typed"),
            Rect=[100, 100, 120, 109],
        )
        field.AP = Dictionary(N=look)
        link, field = document.make_indirect(link), document.make_indirect(field)
        page.Annots = Array([link, field])
        document.Root.AcroForm = document.make_indirect(Dictionary(Fields=[field]))
        document.Root.OCProperties = document.make_indirect(Dictionary(OCGs=[layer], D=Dictionary(ON=[layer])))
        self.places = {
            "catalog": document.Root,
            "tree": document.Root.Pages,
            "page": page,
            "resources": page.Resources,
            "contents": page.Contents,
            "picture": picture,
            "form": outer,
            "form in a form": inner,
            "font": font,
            "state": state,
            "layer": layer,
            "layers": document.Root.OCProperties,
            "link": link,
            "field": field,
            "look of a field": look,
            "form of fields": document.Root.AcroForm,
        }

    def form(self, content: bytes, **pictures: Any) -> pikepdf.Object:
        made = self.document.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 50, 50])
        made.Resources = Dictionary(XObject=Dictionary({f"/{key}": value for key, value in pictures.items()}))
        return made

    def hidden(self) -> pikepdf.Object:
        return self.document.make_stream(SECRET, Type=Name.Metadata, Subtype=Name.XML)

    def mark(self, kind: str, look: pikepdf.Object | None = None) -> None:
        """Lay a mark on the page, with or without a picture of itself."""
        made = Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), Rect=[150, 150, 200, 200], Contents=TEXT)
        if look is not None:
            made.AP = Dictionary(N=look)
        self.places["page"].Annots.append(self.document.make_indirect(made))

    @property
    def content(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out, fix_metadata_version=False)
        return out.getvalue()


HIDING: dict[str, Callable[[Sample], object]] = {
    "PieceInfo": lambda sample: Dictionary(Editor=Dictionary(LastModified=TEXT, Private=sample.hidden())),
    "Metadata": lambda sample: sample.hidden(),
    "Thumb": lambda sample: sample.hidden(),
    "OPI": lambda sample: Dictionary({"/2.0": Dictionary(F=TEXT)}),
    "PS": lambda sample: sample.hidden(),
    "Alternates": lambda sample: Array([Dictionary(Image=sample.hidden())]),
    "Ref": lambda sample: Dictionary(F=TEXT, Page=0),
    "Measure": lambda sample: Dictionary(R=TEXT),
    "StructTreeRoot": lambda sample: Dictionary(K=Dictionary(Alt=TEXT)),
    "Outlines": lambda sample: Dictionary(First=Dictionary(Title=TEXT, A=Dictionary(S=Name.URI, URI=TEXT))),
    "LastModified": lambda _sample: TEXT,
    "Group": lambda sample: Dictionary(S=Name.Transparency, Hidden=sample.hidden()),
    "Resources": lambda sample: Dictionary(Unknown=sample.hidden(), XObject=Dictionary(P=sample.hidden())),
    "Type": lambda sample: Array([sample.hidden()]),
    "BBox": lambda sample: Array([0, 0, 50, Dictionary(X=TEXT)]),
    "YetToBeInvented": lambda sample: sample.hidden(),
}


def everything_in(content: bytes) -> bytes:
    """Return all that a file says: objects written out, streams unpacked."""
    found = [content]
    with pikepdf.open(io.BytesIO(content)) as document:
        for part in (document.trailer, *document.objects):
            found.append(part.unparse(resolved=True))
            if isinstance(part, pikepdf.Stream):
                found.append(part.read_raw_bytes() if part.get("/Filter") == Name.DCTDecode else part.read_bytes())
    return b"\n".join(found)


@pytest.mark.parametrize("key", HIDING)
def test_nothing_hidden_at_any_place_stays(key: str) -> None:
    for place in Sample().places:
        sample = Sample()
        sample.places[place][f"/{key}"] = HIDING[key](sample)
        source = sample.content
        assert SECRET in everything_in(source)
        try:
            clean, _note = cleaned(source)
        except PdfRefused:
            continue  # a type where none may stand is no page
        assert SECRET not in everything_in(clean), place


def test_what_stays_is_the_page() -> None:
    sample = Sample()
    with pikepdf.open(io.BytesIO(cleaned(sample.content)[0])) as document:
        page = document.pages[0].obj
        drawn = [pikepdf.parse_content_stream(one) for one in (sample.places["contents"], page.Contents)]
        assert pikepdf.unparse_content_stream(drawn[0]) == pikepdf.unparse_content_stream(drawn[1])
        assert (
            page.Resources.XObject.Outer.Resources.XObject.Inner.read_bytes().split()
            == b"0 0 1 rg 0 0 9 9 re f".split()
        )
        assert page.Resources.Font.F.BaseFont == "/Helvetica"
        link, field = page.Annots
        assert link.A.D[0].objgen == page.objgen
        assert field.V == "typed"
        assert document.Root.AcroForm.Fields[0].objgen == field.objgen
        assert document.Root.OCProperties.OCGs[0].objgen == page.Resources.Properties.L.objgen


def test_who_made_it_with_what_and_when_does_not_stay() -> None:
    sample = Sample()
    with sample.document.open_metadata() as metadata:
        metadata["dc:creator"] = [SECRET.decode()]
    sample.document.docinfo["/Author"] = TEXT
    clean, _note = cleaned(sample.content)
    assert SECRET not in everything_in(clean)
    with pikepdf.open(io.BytesIO(clean)) as document:
        assert "/Info" not in document.trailer


@pytest.mark.parametrize(
    "kind", ["Text", "RichMedia", "3D", "Screen", "Movie", "Sound", "Projection", "Invented", "FreeText"]
)
def test_a_comment_or_a_film_is_taken_away_and_its_owner_told(kind: str) -> None:
    sample = Sample()
    sample.mark(kind)
    checked = check_file(sample.content, "a.pdf")
    assert checked.note == "comments_lost"
    assert SECRET not in everything_in(checked.content)


@pytest.mark.parametrize("kind", ["FreeText", "Ink", "Stamp", "Highlight", "Square"])
def test_what_was_drawn_on_a_page_becomes_part_of_it(kind: str) -> None:
    sample = Sample()
    sample.mark(kind, sample.form(b"0 0 0 rg 0 0 50 50 re f"))
    clean, note = cleaned(sample.content)
    assert note == ""
    assert SECRET not in everything_in(clean)
    with pikepdf.open(io.BytesIO(clean)) as document:
        assert document.pages[0].Resources.XObject.Mark0.read_bytes().split() == b"0 0 0 rg 0 0 50 50 re f".split()
        assert len(document.pages[0].Annots) == 2


def test_a_link_to_another_host_is_taken_away() -> None:
    source = corpus.pdf_with_page_action(Dictionary(S=Name.URI, URI=TEXT))
    clean, _note = cleaned(source)
    assert SECRET not in everything_in(clean)


def test_a_program_in_postscript_is_taken_away() -> None:
    sample = Sample()
    sample.places["resources"].XObject.P = sample.document.make_stream(SECRET, Type=Name.XObject, Subtype=Name.PS)
    second = sample.document.make_stream(SECRET, Type=Name.XObject, Subtype=Name.Form, Subtype2=Name.PS)
    sample.places["form"].Resources.XObject.P = second
    assert SECRET not in everything_in(cleaned(sample.content)[0])


def test_a_photo_in_it_loses_its_position_and_notes_and_no_pixel() -> None:
    photo = corpus.jpeg(gps=True)
    assert b"script" in photo
    bare = without_notes(photo + corpus.archive())
    assert b"script" not in bare
    assert b"PK" not in bare
    with Image.open(io.BytesIO(photo)) as before, Image.open(io.BytesIO(bare)) as after:
        assert ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox() is None
    assert b"script" not in everything_in(cleaned(Sample().content)[0])


def test_the_same_file_gives_the_same_bytes() -> None:
    sample = Sample()
    sample.mark("Stamp", sample.form(b"0 0 50 50 re f"))
    source = sample.content
    assert cleaned(source) == cleaned(source)


PAGE = """<h1>出生证明 <a href="#b">in</a></h1><svg width=90 height=90><defs><linearGradient id=g><stop offset=0 stop-color=red />
<stop offset=1 stop-color=blue stop-opacity=.3 /></linearGradient></defs><rect width=90 height=90 fill="url(#g)" /></svg>
<form><input value=typed><input type=checkbox checked></form><p id=b style="page-break-before:always">第二页"""


def scanned() -> bytes:
    out = io.BytesIO()
    noise = Image.effect_noise((210, 297), 60)
    noise.save(
        out, "PDF", save_all=True, append_images=[noise.convert("1"), noise.convert("RGB"), noise.convert("CMYK")]
    )
    return out.getvalue()


def drawn_on() -> bytes:
    sample = Sample()
    sample.mark("Ink", sample.form(b"0 0 0 rg 0 0 30 50 re f"))
    return sample.content


HONEST: dict[str, Callable[[], bytes]] = {
    "written": lambda: bytes(HTML(string=PAGE).write_pdf(pdf_forms=True)),
    "scanned": scanned,
    "drawn on": drawn_on,
}


@pytest.mark.parametrize("which", HONEST)
def test_an_honest_file_looks_the_same(which: str, poppler: Path) -> None:  # noqa: F811
    source = HONEST[which]()
    clean, note = cleaned(source)
    assert note == ""
    before, after = pictures_of(source, poppler / "before"), pictures_of(clean, poppler / "after")
    assert len(before) == len(after) > 0
    assert before == after


def pictures_of(content: bytes, folder: Path) -> list[bytes]:
    folder.mkdir()
    (folder / "file.pdf").write_bytes(content)
    subprocess.run(["pdftoppm", "-r", "36", folder / "file.pdf", folder / "page"], check=True, capture_output=True)
    return [path.read_bytes() for path in sorted(folder.glob("page*"))]
