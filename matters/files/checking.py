"""Prove what an uploaded file is by having it decoded, and return the clean file.

A name or a declared type proves nothing. Pictures are decoded and written anew, upright and without EXIF or position; PDFs are refused when
locked or active, else written anew. Both happen in limited processes (``portal.sandbox``): here only the first bytes are looked at.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import IO, Any, Self

import structlog
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from matters.files.limits import DECODING_MILLISECONDS, DECODING_STEP, DECODING_WINDOW, PAGE_LIMIT
from matters.files.scanning import ScannerUnavailable, find_virus, holds_test_virus, is_configured
from matters.models import Scan
from portal.lib.counting import count, counted
from portal.sandbox.running import Decoded, SandboxBusy, SandboxFailed, real_file, run

log = structlog.get_logger(__name__)

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
EXTENSIONS = {JPEG: "jpg", PNG: "png", PDF: "pdf"}
# What a name may end in besides; it says nothing and is replaced.
ENDING = re.compile(r"(?=.*[a-z])[a-z0-9$:~_-]{1,10}", re.IGNORECASE | re.ASCII)
NAME_ENDINGS = {"jpg", "jpeg", "jfif", "png", "pdf"}

# As many bytes as tell what a file is.
BEGINNING = 4096

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
    (0, b"\x00\x00\x00\x0cJXL ", "other_picture"),
    (0, b"\xff\x0a", "other_picture"),
    (0, b"\x00\x00\x00\x0cjP  ", "other_picture"),
)
# Brands of a file that begins with `ftyp` (ISO/IEC 14496-12), pictures and sequences of pictures; all others are films or sound.
BRANDS = {**dict.fromkeys((b"avif", b"avis"), "avif"), **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), "heic")}  # fmt: skip
ANY_PICTURE = (b"mif1", b"mif2", b"msf1", b"miaf")


class FileRefused(Exception):
    """The file cannot be taken. ``code`` names why (sentences in ``matters.wording.uploads``)."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that is what it says: clean bytes, true type, a name fit to be shown. To be closed by the caller (``with``).

    ``note``: code of what those who see it are told about it (``matters.wording.uploads``). ``scan``: what the virus scanner said.
    """

    file: IO[bytes]
    size: int
    sha256: str
    content_type: str
    name: str
    note: str = ""
    scan: str = Scan.NONE

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.file.close()  # it has no name: nothing of it stays

    def __del__(self) -> None:
        self.file.close()

    @property
    def content(self) -> bytes:
        """The whole file in memory."""
        self.file.seek(0)
        return self.file.read()


def check_file(
    content: bytes | UploadedFile, name: str, accept: Collection[str] = (JPEG, PNG, PDF), *, lane: str = ""
) -> CheckedFile:
    """Return the clean file, or raise ``FileRefused``.

    ``accept`` holds content types; ``lane`` names whose file it is: of one person's, one is decoded at a time. Codes: empty, program,
    page, archive, office, heic, avif, other_picture, video, unknown_type, not_accepted, broken_picture, odd_picture, too_many_pixels, too_small,
    broken_pdf, locked_pdf, script_pdf, attachment_pdf, mixed_file, no_pages, too_many_pages,
    too_much_pdf, too_fast, virus, busy.
    """
    with real_file(content) as source:
        source.seek(0)
        beginning = source.read(BEGINNING)
        if not beginning:
            raise FileRefused("empty")
        shown = clean_name(name)
        kind = sniff(beginning)
        if kind not in accept:
            raise FileRefused("not_accepted", kind=EXTENSIONS[kind].upper())
        spent = counted("decoding", lane, DECODING_WINDOW) if lane else 0
        if spent > DECODING_MILLISECONDS:
            raise FileRefused("too_fast")
        scan = _scanned(source)
        outcome = _clean(source, kind, lane, spent // DECODING_STEP)
    size, sha256 = _measured(outcome.file)
    note = outcome.said.get("note", "")
    return CheckedFile(outcome.file, size, sha256, kind, with_ending(shown, EXTENSIONS[kind]), note, scan)


def _scanned(source: IO[bytes]) -> Scan:
    """Return what the virus scanner says of a file as it came in: clean, pending while it does not answer, or nothing without a scanner."""
    if holds_test_virus(source):
        raise FileRefused("virus")
    if not is_configured():
        return Scan.NONE
    try:
        found = find_virus(source)
    except ScannerUnavailable as error:
        log.warning("scanner_unavailable", error=str(error))
        return Scan.PENDING
    if found:
        log.warning("virus_refused", virus=found)
        raise FileRefused("virus")
    return Scan.CLEAN


def _measured(file: IO[bytes]) -> tuple[int, str]:
    digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
    size = file.tell()
    file.seek(0)
    return size, digest.hexdigest()


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
    if content[4:8] == b"ftyp":
        raise FileRefused(_of_brand(content))
    if content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise FileRefused("page")
    if b"%PDF-" in content[:2048]:
        raise FileRefused("mixed_file")
    raise FileRefused("unknown_type")


def _of_brand(content: bytes) -> str:
    """Name a file by its brand, or where that says only that it is a picture, by those it is compatible with."""
    length = min(int.from_bytes(content[:4], "big"), 256)
    brands = [content[8:12], *(content[place : place + 4] for place in range(16, length, 4))]
    if brands[0] not in (*BRANDS, *ANY_PICTURE):
        return "video"
    return next((BRANDS[brand] for brand in brands if brand in BRANDS), "heic")


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
    """Return the name with the ending of its true type, in place of whatever it ended in."""
    stem, dot, old = name.rpartition(".")
    if dot and ENDING.fullmatch(old):
        name = stem
        while name.rpartition(".")[2].lower() in NAME_ENDINGS and "." in name:
            name = name.rpartition(".")[0]
    return f"{name or '材料'}.{ending}"


def _clean(source: IO[bytes], kind: str, lane: str, spent: int) -> Decoded:
    """Have the file written anew by a limited process: a few kilobytes can claim gigabytes, and then only that process ends."""
    seconds = 0.0
    try:
        if kind == PDF:
            own = f"{settings.YIJIAN_PUBLIC_URL}/verify/"
            outcome = run("matters.files.pdf:clean_pdf", source, lane, spent=spent, own=own)
        else:
            form = "JPEG" if kind == JPEG else "PNG"
            outcome = run("matters.files.pictures:clean_picture", source, lane, spent=spent, kind=form)
        seconds = outcome.seconds
    except SandboxBusy as busy:
        seconds = busy.seconds
        raise FileRefused("busy") from busy
    except SandboxFailed as failed:
        seconds = failed.seconds
        took_too_much = str(failed) in {"killed", "MemoryError"}
        code = "broken_picture" if kind != PDF else "too_much_pdf" if took_too_much else "broken_pdf"
        raise FileRefused(code) from failed
    finally:
        if lane and seconds:
            count("decoding", lane, DECODING_WINDOW, round(seconds * 1000))
    code = outcome.said.pop("code")
    if code != "clean":
        outcome.file.close()
        raise FileRefused(code, **outcome.said, **({"limit": PAGE_LIMIT} if kind == PDF else {}))
    return outcome
