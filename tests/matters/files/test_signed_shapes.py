"""A signature that anybody makes keeps in a PDF nothing that is taken from every other, but what programs write into every file."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from matters.files.checking import FileRefused, check_file
from matters.files.limits import TEST_VIRUS
from tests.matters.files import upload_corpus as corpus
from tests.matters.files.signing import signed
from tests.matters.files.test_signed_pdfs import rewritten

Name, Dictionary, Array, String = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array, pikepdf.String
XMP = (
    b'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta><?xpacket end="w"?>'
)


def with_parts(put: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Return a signed page whose document had parts put into it first."""
    document = pikepdf.open(io.BytesIO(corpus.pdf()))
    put(document)
    out = io.BytesIO()
    document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False)
    return signed(out.getvalue())


def stream(document: pikepdf.Pdf, content: bytes, **keys: Any) -> Any:
    made = document.make_stream(zlib.compress(content), **keys)
    made.Filter = Name.FlateDecode
    return made


def elsewhere() -> Any:
    return Dictionary(S=Name.URI, URI=String("http://evil.example/"))


def outlined(document: pikepdf.Pdf, **entry: Any) -> None:
    root = document.make_indirect(Dictionary(Type=Name.Outlines, Count=1))
    root.First = root.Last = document.make_indirect(Dictionary(Title=String("一"), Parent=root, **entry))
    document.Root.Outlines = root


def tagged(document: pikepdf.Pdf, **entry: Any) -> None:
    root = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    page = document.pages[0].obj
    root.K = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=root, Pg=page, K=[0], **entry))
    root.ParentTree = Dictionary(Nums=[0, [root.K]])
    document.Root.StructTreeRoot = root


PROFILE = bytes(36) + b"acsp" + bytes(88)


def intended(document: pikepdf.Pdf, profile: bytes) -> None:
    made = stream(document, profile, N=3)
    document.Root.OutputIntents = Array([Dictionary(S=Name.GTS_PDFA1, DestOutputProfile=made)])


LOST: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "a bookmark to another host": lambda d: outlined(d, A=elsewhere()),
    "a link to another host": lambda d: d.pages[0].obj.__setitem__(
        "/Annots", Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=elsewhere())])
    ),
    "a tag that acts": lambda d: tagged(d, A=elsewhere()),
    "a program among certificates": lambda d: d.Root.__setitem__(
        "/DSS", Dictionary(Certs=[stream(d, b"MZ" + bytes(999))])
    ),
    "a stream among labels": lambda d: d.Root.__setitem__("/PageLabels", Dictionary(Nums=[0, stream(d, b"x" * 999)])),
    "a profile that is none": lambda d: intended(d, b"MZ" + bytes(999)),
    "a profile that unpacks to too much": lambda d: intended(d, PROFILE + bytes(70_000_000)),
    "a text for a number": lambda d: d.pages[0].obj.__setitem__("/Rotate", String("any text")),
    "a dictionary for a number": lambda d: d.pages[0].obj.__setitem__(
        "/StructParents", Dictionary(A=String("any text"))
    ),
    "a page's order with a stream": lambda d: d.pages[0].obj.__setitem__("/Tabs", stream(d, b"any text")),
    "an unknown part of the viewer's": lambda d: d.Root.__setitem__(
        "/ViewerPreferences", Dictionary(A=Dictionary(B=1))
    ),
}


@pytest.mark.parametrize("part", LOST)
def test_a_signature_keeps_no_such_part(part: str) -> None:
    content = rewritten(with_parts(LOST[part]))
    assert b"evil.example" not in content
    assert len(content) < 20_000


def test_the_scanners_test_file_is_found_in_what_the_signature_would_keep() -> None:
    for put in (
        lambda d: intended(d, PROFILE + TEST_VIRUS),
        lambda d: outlined(d, C=Array([String(TEST_VIRUS)])),
    ):
        with pytest.raises(FileRefused, match="virus"):
            check_file(with_parts(put), "a.pdf")


def usual(document: pikepdf.Pdf) -> None:
    """Put in what programs write into every file."""
    page = document.pages[0].obj
    outlined(document, Dest=Array([page, Name.Fit]))
    tagged(document, Alt=String("一"), A=Dictionary(O=Name.Layout, Placement=Name.Block))
    page.StructParents, page.Tabs = 0, Name.S
    document.Root.Metadata = stream(document, XMP, Type=Name.Metadata, Subtype=Name.XML)
    intended(document, PROFILE)
    document.Root.PageLabels = Dictionary(Nums=[0, Dictionary(S=Name.D, St=1)])
    document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True, Direction=Name.L2R)
    document.Root.MarkInfo, document.Root.Lang = Dictionary(Marked=True), String("zh-CN")
    document.trailer.Info = document.make_indirect(Dictionary(Producer=String("p"), CreationDate=String("D:2026")))


def test_what_programs_write_into_every_file_stays() -> None:
    content = with_parts(usual)
    assert check_file(content, "证明.pdf").content == content
