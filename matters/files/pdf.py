"""Prove that a PDF is only something to look at, and write it anew.

Run as a program (``python -m matters.files.pdf``) it takes the file on standard input and answers with one line, ``clean``
or the code of the refusal, and the clean bytes; it gives itself little memory, so that a bomb ends this process alone.
Imports no Django.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import Any

from matters.files.limits import OBJECT_LIMIT, PAGE_LIMIT

MEMORY_BYTES = 1_000_000_000
PROCESSOR_SECONDS = 20

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


class PdfRefused(Exception):
    """The PDF cannot be taken. ``code``: broken_pdf, locked_pdf, script_pdf, attachment_pdf, mixed_file, no_pages, too_many_pages."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def clean_pdf(content: bytes) -> bytes:
    """Return the PDF written anew, or as it is when it is signed. Raises ``PdfRefused``."""
    import pikepdf

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
            if is_signed:
                return content  # writing it anew would break the signature
            if "/OpenAction" in document.Root:
                del document.Root["/OpenAction"]
            out = io.BytesIO()
            document.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
            return out.getvalue()
    except PdfRefused:
        raise
    except pikepdf.PasswordError as error:
        raise PdfRefused("locked_pdf") from error
    except (
        pikepdf.PdfError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RuntimeError,
        MemoryError,
    ) as error:
        raise PdfRefused("broken_pdf") from error


def _refuse_active_parts(document: Any) -> bool:
    """Walk every object once; raise on what acts or carries files; return whether the document is signed."""
    import pikepdf

    is_signed = False
    opening = document.Root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and str(opening.get("/S", "/GoTo")) != "/GoTo":
        raise PdfRefused("script_pdf")
    waiting: list[Any] = list(document.objects)
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
            if key == "/Type" and isinstance(value, pikepdf.Name):
                if str(value) in ACTIVE_TYPES:
                    raise PdfRefused(f"{ACTIVE_TYPES[str(value)]}_pdf")
                is_signed |= str(value) == "/Sig"
            if not _is_shared(value):
                waiting.append(value)
    return is_signed


def _is_shared(part: Any) -> bool:
    """Whether the part is an indirect object, which the walk over all objects meets by itself."""
    return bool(getattr(part, "is_indirect", False))


def main() -> None:
    """Clean what comes on standard input, within limits of memory and time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    try:
        clean = clean_pdf(sys.stdin.buffer.read())
    except PdfRefused as refused:
        sys.stdout.buffer.write(refused.code.encode() + b"\n")
    else:
        sys.stdout.buffer.write(b"clean\n" + clean)


if __name__ == "__main__":
    main()
