"""Prove what an uploaded file is by decoding it, and return clean bytes.

Pure apart from the decoding libraries: bytes in, bytes out. A name or a declared type proves nothing. Pictures are
decoded and written anew, upright and without EXIF or position; PDFs are refused when locked or active.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matters.files.limits import (
    DECODED_SIDE,
    KEPT_SIDE,
    PAGE_LIMIT,
    PDF_SECONDS,
    PIXEL_LIMIT,
    SIDE_LIMIT,
    SIDE_MINIMUM,
)

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
EXTENSIONS = {JPEG: "jpg", PNG: "png", PDF: "pdf"}
NAME_ENDINGS = {"jpg": JPEG, "jpeg": JPEG, "jfif": JPEG, "png": PNG, "pdf": PDF}

PROJECT = Path(__file__).resolve().parents[2]

# How other files begin, so that the refusal can name what was chosen.
OTHER_KINDS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"MZ", "program"),
    (0, b"\x7fELF", "program"),
    (0, b"\xca\xfe\xba\xbe", "program"),
    (0, b"#!", "program"),
    (0, b"PK\x03\x04", "archive"),
    (0, b"PK\x05\x06", "archive"),
    (0, b"Rar!", "archive"),
    (0, b"7z\xbc\xaf", "archive"),
    (0, b"\x1f\x8b", "archive"),
    (0, b"\xd0\xcf\x11\xe0", "office"),
    (0, b"GIF8", "other_picture"),
    (0, b"BM", "other_picture"),
    (0, b"II*\x00", "other_picture"),
    (0, b"MM\x00*", "other_picture"),
    (8, b"WEBP", "other_picture"),
    (4, b"ftypheic", "heic"),
    (4, b"ftypheix", "heic"),
    (4, b"ftypmif1", "heic"),
    (4, b"ftyp", "video"),
)


class FileRefused(Exception):
    """The file cannot be taken. ``code`` names why (sentences in ``matters.wording.uploads``)."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that is what it says: clean bytes, true type, a name fit to be shown."""

    content: bytes
    content_type: str
    name: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check_file(content: bytes, name: str, accept: Collection[str] = (JPEG, PNG, PDF)) -> CheckedFile:
    """Return the clean file, or raise ``FileRefused``.

    ``accept`` holds content types. Codes: empty, name_type, program, page, archive, office, heic, other_picture, video,
    unknown_type, not_accepted, broken_picture, too_many_pixels, too_small, broken_pdf, locked_pdf, script_pdf,
    attachment_pdf, mixed_file, no_pages, too_many_pages.
    """
    if not content:
        raise FileRefused("empty")
    shown = clean_name(name)
    ending = shown.rpartition(".")[2].lower() if "." in shown else ""
    kind = sniff(content)
    if ending and ending not in NAME_ENDINGS:
        raise FileRefused("name_type", ending=ending)
    if kind not in accept:
        raise FileRefused("not_accepted", kind=EXTENSIONS[kind].upper())
    clean = _clean_pdf(content) if kind == PDF else _clean_picture(content, kind)
    return CheckedFile(clean, kind, with_ending(shown, EXTENSIONS[kind]))


def sniff(content: bytes) -> str:
    """Return the content type the first bytes claim, or raise ``FileRefused`` naming what else it looks like."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"%PDF-"):
        return PDF
    for offset, mark, kind in OTHER_KINDS:
        if content[offset : offset + len(mark)] == mark:
            raise FileRefused(kind)
    if content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise FileRefused("page")
    if b"%PDF-" in content[:2048]:
        raise FileRefused("mixed_file")
    raise FileRefused("unknown_type")


def clean_name(name: str, limit: int = 100) -> str:
    """Return a file name fit to be shown: no path, no control, direction or invisible characters, not too long."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(
        " " if c.isspace() else c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    name = " ".join(name.split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: limit - len(ending) - 1]}.{ending}" if stem else ending
    return name[:limit]


def with_ending(name: str, ending: str) -> str:
    """Return the name with the ending of its true type."""
    stem, dot, old = name.rpartition(".")
    if dot and old.lower() in NAME_ENDINGS:
        name = stem
    return f"{name or '材料'}.{ending}"


def _clean_picture(content: bytes, kind: str) -> bytes:
    from PIL import Image, ImageFile, ImageOps

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once imported, sets it for the whole process

    try:
        with Image.open(io.BytesIO(content), formats=["JPEG" if kind == JPEG else "PNG"]) as picture:
            width, height = picture.size
            if width * height > PIXEL_LIMIT or max(width, height) > SIDE_LIMIT:
                raise FileRefused("too_many_pixels", width=width, height=height)
            if min(width, height) < SIDE_MINIMUM:
                raise FileRefused("too_small", width=width, height=height)
            if kind == JPEG:
                picture.draft("RGB", (DECODED_SIDE, DECODED_SIDE))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
                with_alpha = upright.convert("RGBA")
                upright = Image.new("RGB", with_alpha.size, "white")
                upright.paste(with_alpha, mask=with_alpha.getchannel("A"))
            upright = upright.convert("RGB")
            upright.thumbnail((KEPT_SIDE, KEPT_SIDE))
            bare = Image.new("RGB", upright.size)
            bare.paste(upright)
            out = io.BytesIO()
            if kind == JPEG:
                bare.save(out, "JPEG", quality=88)
            else:
                bare.save(out, "PNG")
            return out.getvalue()
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused("too_many_pixels", width=0, height=0) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError, MemoryError) as error:
        raise FileRefused("broken_picture") from error


def _clean_pdf(content: bytes) -> bytes:
    """Clean a PDF in a process of its own: a few kilobytes can claim gigabytes, and then only that process ends."""
    command = [sys.executable, "-m", "matters.files.pdf"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, nothing of the file on the command line
            command, input=content, capture_output=True, timeout=PDF_SECONDS, cwd=PROJECT, check=False
        )
    except subprocess.TimeoutExpired as expired:
        raise FileRefused("broken_pdf") from expired
    verdict, _line, clean = done.stdout.partition(b"\n")
    if done.returncode or not verdict:
        raise FileRefused("broken_pdf")
    code = verdict.decode()
    if code != "clean":
        raise FileRefused(code, limit=PAGE_LIMIT)
    return clean
