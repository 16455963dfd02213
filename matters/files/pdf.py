"""Prove that a PDF is only something to look at, and write it anew. A task of the sandbox: imports no Django.

What is written anew holds what a page needs (`matters.files.pdf_parts`) and nothing else: no earlier revision, no comment, nothing before,
between or behind. A signed file would lose its signature so; it stays as it is when `matters.files.signed_pdf` and the table find nothing to
clean in it.
"""

from __future__ import annotations

import io
import zipfile
from typing import IO, Any

import pikepdf

from matters.files.limits import OBJECT_LIMIT, PAGE_LIMIT
from matters.files.pdf_contents import Drawing
from matters.files.pdf_marks import settle_marks
from matters.files.pdf_of_signed import holds_known_shapes
from matters.files.pdf_parts import Cleaning
from matters.files.pdf_programs import settle_programs
from matters.files.pdf_streams import TestVirus, TooMuch, Unpacking
from matters.files.signed_pdf import is_kept

# Parts of a PDF that act by themselves or carry other files.
ACTIVE_KEYS = {
    "/JS": "script",
    "/JavaScript": "script",
    "/AA": "script",
    "/XFA": "script",
    "/EmbeddedFiles": "attachment",
    "/EF": "attachment",
    "/RichMedia": "attachment",
}
ACTIVE_ACTIONS = {"/JavaScript": "script", "/Launch": "script", "/SubmitForm": "script", "/ImportData": "script", "/GoToR": "script", "/GoToE": "script", "/Rendition": "script", "/Movie": "script", "/Sound": "script"}  # fmt: skip
ACTIVE_TYPES = {"/EmbeddedFile": "attachment", "/Filespec": "attachment"}
# What may lie in a signed document beside its pages and yet stay, for the signature's sake: what programs write into every file, of
# the shapes of `matters.files.pdf_of_signed`.
OF_CATALOG = "Metadata Outlines PageLabels PageMode PageLayout ViewerPreferences StructTreeRoot MarkInfo Lang Version Extensions OutputIntents"
OF_SIGNED = {f"catalog/{key}" for key in (*OF_CATALOG.split(), "Perms")} | {
    *("form_fields/SigFlags", "field/P", "field/TU", "page/Tabs"),
    *("page/StructParents", "form/StructParents", "link/StructParent"),
}


class PdfRefused(Exception):
    """The PDF cannot be taken. ``code``: broken_pdf, locked_pdf, script_pdf, attachment_pdf, mixed_file, no_pages, too_many_pages, too_much_pdf, virus."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def clean_pdf(source: IO[bytes], target: IO[bytes], own: str = "") -> dict[str, Any]:
    """Write the clean PDF. ``own``: how addresses begin that a signed one may lead to, those of our own certificates. Answers ``code`` (``clean`` or why not) and ``note``: what was lost (``matters.wording.uploads``)."""
    content = source.read()
    try:
        clean, note = cleaned(content, own)
    except PdfRefused as refused:
        return {"code": refused.code}
    target.write(clean)
    return {"code": "clean", "note": note}


def cleaned(content: bytes, own: str = "") -> tuple[bytes, str]:
    """Return the PDF written anew, or as it is when it is signed, whole and clean, and the code of what was lost. Raises ``PdfRefused``."""
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise PdfRefused("broken_pdf")
    if content[end + 5 :].strip(b"\r\n\t \x00\x1a\x0c"):
        raise PdfRefused("mixed_file")
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if document.is_encrypted:
                raise PdfRefused("locked_pdf")
            if len(document.objects) > OBJECT_LIMIT:
                raise PdfRefused("too_many_pages")
            pages = len(document.pages)
            if pages == 0:
                raise PdfRefused("no_pages")
            if pages > PAGE_LIMIT:
                raise PdfRefused("too_many_pages")
            is_signed = _refuse_active_parts(document)
            may_stay = is_signed and "/OpenAction" not in document.Root and is_kept(content, document)
            may_stay = may_stay and holds_known_shapes(content, own)
            taken, is_comment_lost = _bare(document, may_stay)
            if may_stay and not is_comment_lost and taken <= OF_SIGNED:
                return _unmixed(content), ""
            note = "signature_lost" if is_signed else "comments_lost" if is_comment_lost else ""
            return _unmixed(_written(document)), note
    except PdfRefused:
        raise
    except TestVirus as error:
        raise PdfRefused("virus") from error
    except TooMuch as error:
        raise PdfRefused("too_much_pdf") from error
    except pikepdf.PasswordError as error:
        raise PdfRefused("locked_pdf") from error
    except (pikepdf.PdfError, OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise PdfRefused("broken_pdf") from error


def _bare(document: pikepdf.Pdf, may_stay: bool) -> tuple[set[str], bool]:
    """Leave what the pages need; return what was taken away (``kind/Key``), and whether a comment was. Raises ``TooMuch``."""
    _empty_signature_fields(document)
    is_comment_lost = settle_marks(document)
    cleaning = Cleaning({page.obj.objgen for page in document.pages})
    cleaning.walk(document.Root)
    for key in list(document.trailer.keys()):
        if key not in ("/Root", "/Size", "/ID"):
            del document.trailer[key]
    unpacking, seen = Unpacking(), set()
    for stream, kind in cleaning.streams:
        if stream.objgen not in seen:
            seen.add(stream.objgen)
            unpacking.check(stream, kind)
    drawn = Drawing(document, is_signed=may_stay).settle()
    return cleaning.taken | drawn | settle_programs(document), is_comment_lost


def _written(document: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    document.save(
        out,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        compress_streams=True,  # what somebody put into a stream in the clear can then be read as nothing else
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,  # the same file handed in twice is one paper
    )
    return out.getvalue()


def _empty_signature_fields(document: pikepdf.Pdf) -> None:
    """Take what was signed out of the fields: a reader would call it broken."""
    for part in document.objects:
        if isinstance(part, pikepdf.Dictionary) and part.get("/FT") == "/Sig" and "/V" in part:
            del part["/V"]


def _unmixed(content: bytes) -> bytes:
    """Refuse what an unpacker would read as an archive."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise PdfRefused("mixed_file")
    return content


def _refuse_active_parts(document: pikepdf.Pdf) -> bool:
    """Walk every object once; raise on what acts or carries files; return whether the document is signed."""
    is_signed = False
    opening = document.Root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and str(opening.get("/S", "/GoTo")) != "/GoTo":
        raise PdfRefused("script_pdf")
    waiting: list[Any] = [document.trailer, *document.objects]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Array):
            waiting.extend(item for item in part if not _is_shared(item))
            continue
        if not isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
            continue
        for key, value in part.items():
            if key in ACTIVE_KEYS and value is not None:
                raise PdfRefused(f"{ACTIVE_KEYS[key]}_pdf")
            if key == "/S" and isinstance(value, pikepdf.Name) and str(value) in ACTIVE_ACTIONS:
                raise PdfRefused(f"{ACTIVE_ACTIONS[str(value)]}_pdf")
            if key == "/Type" and isinstance(value, pikepdf.Name) and str(value) in ACTIVE_TYPES:
                raise PdfRefused(f"{ACTIVE_TYPES[str(value)]}_pdf")
            is_signed |= (
                (key == "/Type" and value == "/Sig")
                or key == "/ByteRange"
                or (key == "/FT" and value == "/Sig" and "/V" in part)
            )
            if not _is_shared(value):
                waiting.append(value)
    return is_signed


def _is_shared(part: Any) -> bool:
    """Whether the part is an indirect object, which the walk over all objects meets by itself."""
    return bool(getattr(part, "is_indirect", False))
