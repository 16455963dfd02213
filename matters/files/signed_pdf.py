"""Whether a signed PDF may stay byte for byte: whole, signed over all of it, and written so that nothing can hide in it. No Django.

A signature proves who wrote a file, not that it is harmless: anybody can sign. So the file must be as clean as what we write ourselves:
one revision, object after object without a byte between them, no comment, nothing that no page leads to.
"""

from __future__ import annotations

import itertools
import re
from io import BytesIO
from typing import Any

import pikepdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

HEADER = re.compile(rb"%PDF-[12]\.\d\r?\n(?:%[\x80-\xff]{4,8}\r?\n)?")
OPENING = re.compile(rb"\s*(\d+) (\d+) obj\b")
STREAM = re.compile(rb"\bstream\r?\n")
CLOSING_STREAM = re.compile(rb"\s*endstream\s*endobj\s*")
CLOSING = re.compile(rb"endobj\s*$")


def is_kept(content: bytes, document: pikepdf.Pdf) -> bool:
    """Return whether a PDF without active parts may stay as it is for its signature's sake."""
    try:
        return _is_one_clean_revision(content, document) and is_signed_over_all(content)
    except Exception:
        return False  # whatever a hostile file does to the parsers: it is written anew


def is_signed_over_all(content: bytes) -> bool:
    """Return whether there is exactly one signature, intact, over the whole file. Who signed is not asked."""
    reader = PdfFileReader(BytesIO(content), strict=True)
    if reader.xrefs.total_revisions != 1 or len(reader.embedded_signatures) != 1:
        return False
    (signature,) = reader.embedded_signatures
    signature.compute_integrity_info()
    if signature.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return False
    intact, valid = _validity(signature)
    return intact and valid


def _validity(signature: Any) -> tuple[bool, bool]:
    return validate_sig_integrity(  # type: ignore[no-any-return]
        signature.signer_info, signature.signer_cert, "data", actual_digest=signature.compute_digest()
    )


def _is_one_clean_revision(content: bytes, document: pikepdf.Pdf) -> bool:
    if content.count(b"startxref") != 1 or content.count(b"%%EOF") != 1 or "/Prev" in document.trailer:
        return False
    places = _places(content)
    return places is not None and set(places) == _reached(document) and _leaves_no_gap(content, sorted(places.values()))


def _places(content: bytes) -> dict[int, int] | None:
    """Return object number → place by the one table of the file; None where it is not a plain table."""
    start = int(content[content.rfind(b"startxref") + 9 :].split()[0])
    header = re.compile(rb"xref\s+0 (\d{1,6})\s*\n").match(content, start)
    if header is None:
        return None
    count = int(header[1])
    found = {}
    for number in range(count):
        row = content[header.end() + 20 * number : header.end() + 20 * number + 20]
        if not re.fullmatch(rb"\d{10} \d{5} [nf][ \r][\r\n]", row):
            return None
        if row[17:18] == b"n":
            found[number] = int(row[:10])
    rest = content[header.end() + 20 * count :]
    if not rest.lstrip().startswith(b"trailer") or b"%" in rest.replace(b"%%EOF", b""):
        return None
    found[-1] = start
    return found


def _reached(document: pikepdf.Pdf) -> set[int]:
    """Return the numbers of the objects that the catalog leads to (and -1, for the table)."""
    reached = {-1}
    waiting: list[Any] = [document.trailer.get("/Root"), document.trailer.get("/Info")]
    while waiting:
        part = waiting.pop()
        if getattr(part, "is_indirect", False):
            if part.objgen[0] in reached:
                continue
            reached.add(part.objgen[0])
        if isinstance(part, pikepdf.Array):
            waiting.extend(part)
        elif isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
            waiting.extend(value for _key, value in part.items())
    return reached


def _leaves_no_gap(content: bytes, places: list[int]) -> bool:
    """Return whether header, objects and table follow each other, and nothing else is said between them."""
    header = HEADER.match(content)
    if header is None or content[header.end() : places[0]].strip():
        return False
    return all(_is_one_object(content[place:end]) for place, end in itertools.pairwise(places))


def _is_one_object(piece: bytes) -> bool:
    opening = OPENING.match(piece)
    if opening is None:
        return False
    stream = STREAM.search(piece)
    said = piece[opening.end() : stream.start() if stream else len(piece)]
    if b"%" in said or b" obj" in said:
        return False
    if stream is None:
        return said.count(b"endobj") == 1 and CLOSING.search(said) is not None
    length = re.findall(rb"/Length (\d+)(?! \d+ R)", said)
    return len(length) == 1 and CLOSING_STREAM.fullmatch(piece, stream.end() + int(length[0])) is not None
