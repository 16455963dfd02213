"""A signed PDF stays as it is only when it is whole and clean; every other is written anew, and its owner told so."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates.pdf.rendering import render_certificate
from matters.files.checking import FileRefused, check_file
from matters.wording.uploads import NOTES
from tests.certificates.faces import TOKEN, a_face
from tests.matters.files import upload_corpus as corpus
from tests.matters.files.signing import signed

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE_OBJECT = b"<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 1 2 3]/Contents<00>>>"
JAVASCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"


def with_object(content: bytes, body: bytes) -> bytes:
    """Append a revision that holds one more object, as programs do."""
    document = pikepdf.open(io.BytesIO(content))
    number = len(document.objects) + 1
    start = int(content[content.rfind(b"startxref") + 9 :].split()[0])
    place = len(content) + 1
    head = b"\n%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        number,
        place,
        number + 1,
        document.Root.objgen[0],
        start,
        len(content) + len(head),
    )
    return content + head + table


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("run.exe", b"MZ" + bytes(64))
    return out.getvalue()


def changed(content: bytes) -> bytes:
    """Change one byte of what was signed, outside of any structure."""
    place = content.index(b"/MediaBox")
    digit = content.index(b"6", place)
    return content[:digit] + b"5" + content[digit + 1 :]


def rewritten(content: bytes) -> bytes:
    checked = check_file(content, "证明.pdf")
    assert checked.content != content
    assert checked.note == "signature_lost"
    assert NOTES["signature_lost"]
    written = checked.content
    with opened(written) as document:
        assert not [
            part
            for part in document.objects
            if isinstance(part, pikepdf.Dictionary) and (part.get("/Type") == "/Sig" or "/ByteRange" in part)
        ]
        assert "/Perms" not in document.Root
    reader = PdfFileReader(io.BytesIO(written))
    assert reader.xrefs.total_revisions == 1
    assert not reader.embedded_signatures
    return written


def test_one_that_is_whole_stays_byte_for_byte() -> None:
    source = signed(corpus.pdf())
    checked = check_file(source, "证明.pdf")
    assert checked.content == source
    assert checked.note == ""


def test_our_own_certificate_stays_byte_for_byte() -> None:
    source = render_certificate(a_face(), TOKEN, moment=datetime.now(UTC))
    assert check_file(source, "出生证明.pdf").content == source


LOSSES: dict[str, Callable[[], bytes]] = {
    "an object that calls itself a signature": lambda: corpus.pdf(X=pikepdf.Dictionary(Type=pikepdf.Name.Sig)),
    "a certification that certifies nothing": lambda: corpus.pdf(
        Perms=pikepdf.Dictionary(DocMDP=pikepdf.Dictionary(Type=pikepdf.Name.Sig))
    ),
    "an object that nothing leads to": lambda: with_object(
        corpus.pdf(X=pikepdf.Dictionary(Type=pikepdf.Name.Sig)), SIGNATURE_OBJECT
    ),
    "a changed byte": lambda: changed(signed(corpus.pdf())),
    "a second revision with the signature": lambda: signed(corpus.pdf(), in_one=False),
    "something added behind the signature": lambda: with_object(signed(corpus.pdf()), b"<</Added true>>"),
    "two signatures": lambda: signed(signed(corpus.pdf()), in_one=False, field="Second"),
    "an opening place": lambda: signed(
        corpus.pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.String("x")))
    ),
    "a signature emptied": lambda: signed(corpus.pdf()).replace(b"/Contents <30", b"/Contents <00"),
}


@pytest.mark.parametrize("fault", LOSSES)
def test_it_is_written_anew_with(fault: str) -> None:
    rewritten(LOSSES[fault]())


def in_comment(content: bytes, hidden: bytes) -> bytes:
    """Put bytes between the header and the first object, and move the table accordingly, before anything is signed."""
    head = content.index(b"\n") + 1
    comment = b"%" + hidden.replace(b"\n", b" ") + b"\n"
    return shifted(content, head, comment)


def shifted(content: bytes, at: int, inserted: bytes) -> bytes:
    """Insert bytes and correct the places in the table."""
    start = int(content[content.rfind(b"startxref") + 9 :].split()[0])
    table = content[start:]
    for row in sorted(set(re.findall(rb"(\d{10}) 00000 n", table)), reverse=True):
        table = table.replace(row + b" 00000 n", b"%010d 00000 n" % (int(row) + len(inserted)))
    table = table.replace(b"startxref\n%d" % start, b"startxref\n%d" % (start + len(inserted)))
    return content[:at] + inserted + content[at:start] + table


@pytest.mark.parametrize(
    "hidden", [EICAR[:-1], zipped()[:40], b"<html><script>alert(1)</script></html>"], ids=["virus", "archive", "page"]
)
def test_nothing_hides_in_a_comment_of_a_file_that_calls_itself_signed(hidden: bytes) -> None:
    source = in_comment(corpus.pdf(X=pikepdf.Dictionary(Type=pikepdf.Name.Sig)), hidden)
    assert hidden in source
    assert hidden not in rewritten(source)


def test_a_script_in_an_older_revision_does_not_stay() -> None:
    old = corpus.pdf(X=pikepdf.Dictionary(Type=pikepdf.Name.Sig), OpenAction=corpus.JAVASCRIPT)
    with opened(old) as document:
        number = document.Root.objgen[0]
        pages = document.Root.Pages.objgen[0]
    catalog = b"<</Type/Catalog/Pages %d 0 R/X<</Type/Sig>>>>" % pages
    start = int(old[old.rfind(b"startxref") + 9 :].split()[0])
    head = b"\n%d 0 obj\n%s\nendobj\n" % (number, catalog)
    update = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size 9/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    source = old + head + update % (number, len(old) + 1, number, start, len(old) + len(head))
    assert b"JavaScript" in source
    written = rewritten(source)
    with opened(written) as document:
        assert b"JavaScript" not in b"".join(part.unparse() for part in document.objects)


def test_an_archive_in_a_stream_is_no_archive_afterwards() -> None:
    document = pikepdf.new()
    document.add_blank_page()
    picture = document.make_stream(zipped(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
    picture.Width, picture.Height, picture.BitsPerComponent, picture.ColorSpace = 10, 10, 8, pikepdf.Name.DeviceGray
    document.pages[0].obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=picture))
    document.pages[0].obj["/Contents"] = document.make_stream(b"/A Do")
    document.Root["/X"] = pikepdf.Dictionary(Type=pikepdf.Name.Sig)
    out = io.BytesIO()
    document.save(out, compress_streams=False)
    assert zipfile.is_zipfile(io.BytesIO(out.getvalue()))
    assert not zipfile.is_zipfile(io.BytesIO(rewritten(out.getvalue())))


def test_an_archive_that_would_stay_one_is_refused() -> None:
    """The bytes of a picture in JPEG 2000 are not packed again: what follows it in its stream stays."""
    document = pikepdf.new()
    document.add_blank_page()
    picture = document.make_stream(corpus.jpeg() + zipped())
    picture.Type, picture.Subtype, picture.Filter = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.JPXDecode
    picture.Width, picture.Height, picture.BitsPerComponent = 320, 200, 8
    document.pages[0].obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=picture))
    document.pages[0].obj["/Contents"] = document.make_stream(b"/A Do")
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(FileRefused, match="mixed_file"):
        check_file(out.getvalue(), "a.pdf")


def test_the_test_virus_of_all_scanners_is_named_without_a_scanner() -> None:
    for content in (corpus.pdf() + EICAR, corpus.jpeg() + EICAR, in_comment(corpus.pdf(), EICAR)):
        with pytest.raises(FileRefused, match="virus"):
            check_file(content, "a.pdf")
