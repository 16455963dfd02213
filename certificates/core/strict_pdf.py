"""The one shape of file that we issue, and the refusal of every other (pure).

A signature covers bytes; what a reader shows depends on how it reads them. Attacks on signed PDFs (shadow objects,
incremental saving, signature wrapping, missing ranges) live in that gap. So we do not ask whether a file is a tolerable
PDF but whether it is *exactly* such a file as our issuer writes: a header, objects that follow each other without a byte
between them, one cross-reference table, one trailer, one signature over all of it.
"""

from __future__ import annotations

import re

LARGEST_FILE = 4 * 1024 * 1024
LONGEST_TAIL = 400
HEADER = b"%PDF-1.7\n"
FORBIDDEN = re.compile(
    rb"/(JavaScript|JS|OpenAction|AA|Launch|EmbeddedFiles?|EF|Filespec|XFA|RichMedia|Rendition|Movie|Sound|Screen|3D|SubmitForm|"
    rb"ImportData|ResetForm|GoTo[RE]|Named|Hide|ObjStm|XRef|XRefStm|Prev|Encrypt|NeedAppearances|Collection|OCProperties|"
    rb"OCG|PieceInfo|PS|Threads|DSS|Names|Requirements|Legal|AF)(?![A-Za-z0-9])"
)
RANGE = re.compile(rb"/ByteRange \[ ?(\d+) (\d+) (\d+) (\d+) ?\] */Contents (?=<)")
TAIL = re.compile(rb"trailer\n<< ([^>]*(?:<[0-9A-F]+>[^>]*)*)>>\nstartxref\n(\d+)\n%%EOF\n")
STREAM = re.compile(rb"/Length (\d+)(?! \d+ R)")


def find_faults(data: bytes) -> list[str]:
    """Return why `data` is not exactly such a file as we issue, as codes; empty when it is. Never raises.

    Codes: ``size``, ``header``, ``tail``, ``table``, ``objects``, ``active_content``, ``escaped_name``, ``signature``,
    ``coverage``, ``fields``, ``annotations``, ``certification``.
    """
    if not 0 < len(data) <= LARGEST_FILE:
        return ["size"]
    if not data.startswith(HEADER):
        return ["header"]
    table_at = _table_place(data)
    if table_at is None:
        return ["tail"]
    offsets = _offsets(data, table_at)
    if offsets is None:
        return ["table"]
    spoken = _dictionaries(data, offsets, table_at)
    if spoken is None:
        return ["objects"]
    return _content_faults(data, spoken + data[table_at:])


def signature_range(data: bytes) -> tuple[int, int] | None:
    """Return where the signature's hole starts and ends, brackets included, when it is the only thing left uncovered."""
    found = RANGE.findall(data)
    if len(found) != 1 or data.count(b"/ByteRange") != 1:
        return None
    first, start, end, rest = map(int, found[0])
    if first != 0 or end + rest != len(data) or not 0 < start < end < len(data):
        return None
    match = RANGE.search(data)
    if match is None or match.end() != start:
        return None
    return (start, end) if _holds_one_structure(data[start:end]) else None


def signature_of(data: bytes) -> bytes:
    """Return the DER in the signature's hole, without the zeros that fill it up. Raises ``ValueError`` where there is none."""
    place = signature_range(data)
    if place is None:
        raise ValueError("no hole with one structure")
    filled = bytes.fromhex(data[place[0] + 1 : place[1] - 1].decode())
    return filled[: _length_of(filled[:5])]


def _length_of(head: bytes) -> int:
    """Return how long a DER structure is whose first five bytes are these, and whose length has a form of its own."""
    count = head[1] & 0x7F
    return 2 + count + int.from_bytes(head[2 : 2 + count], "big")


def _holds_one_structure(hole: bytes) -> bool:
    """Return whether a hole is one DER structure in hexadecimal, then zeros to its end."""
    if len(hole) < 20 or not re.fullmatch(rb"<[0-9a-f]*>", hole):
        return False
    head = bytes.fromhex(hole[1:11].decode())
    if head[0] != 0x30 or not 0x81 <= head[1] <= 0x83:
        return False
    length = _length_of(head)
    rest = hole[1 + 2 * length : -1]
    return 2 * length <= len(hole) - 2 and rest == b"0" * len(rest)


def _table_place(data: bytes) -> int | None:
    start = data.rfind(b"trailer\n")
    match = TAIL.fullmatch(data, start) if start >= 0 and len(data) - start <= LONGEST_TAIL else None
    return int(match[2]) if match and data.count(b"startxref") == 1 and data.count(b"%%EOF") == 1 else None


def _offsets(data: bytes, table_at: int) -> list[int] | None:
    """Return the places of objects 1, 2, …: every one in use, each in another place."""
    header = re.compile(rb"xref\n0 (\d{1,5})\n0000000000 65535 f \n").match(data, table_at)
    if header is None:
        return None
    count = int(header[1]) - 1
    end = header.end() + 20 * count
    rows = re.compile(rb"(?:\d{10} 00000 n \n)*").fullmatch(data, header.end(), end)
    if rows is None or data[end : end + 8] != b"trailer\n":
        return None
    offsets = [int(data[place : place + 10]) for place in range(header.end(), end, 20)]
    return offsets if len(set(offsets)) == count else None


def _dictionaries(data: bytes, offsets: list[int], table_at: int) -> bytes | None:
    """Return all that is said outside streams, if the objects fill the file from the header to the table without a gap."""
    order = sorted((place, number) for number, place in enumerate(offsets, 1))
    preamble = data[len(HEADER) : order[0][0]] if order else b"?"
    if not re.fullmatch(rb"%[^\n]{4}\n", preamble):
        return None
    ends = [place for place, _ in order[1:]] + [table_at]
    spoken = []
    for (place, number), end in zip(order, ends, strict=True):
        opening = b"%d 0 obj\n" % number
        piece = data[place:end]
        if not piece.startswith(opening):
            return None
        body = piece[len(opening) :]
        cut = body.find(b">>\nstream\n")
        if cut >= 0:
            said = body[: cut + 2]
            length = STREAM.findall(said)
            if len(length) != 1:
                return None
            closing = body[cut + 10 + int(length[0]) :]
            if not re.fullmatch(rb"\n?endstream\nendobj\n\n?", closing):
                return None
        else:
            match = re.fullmatch(rb"(.*)\nendobj\n\n?", body, re.DOTALL)
            if match is None:
                return None
            said = match[1]
        if any(word in said for word in (b" obj", b"endobj", b"endstream", b"%")):
            return None
        spoken.append(said)
    return b"\n".join(spoken)


def _content_faults(data: bytes, spoken: bytes) -> list[str]:
    faults = []
    names = re.sub(rb"/URI \([^()\\]*\)", b"", spoken)
    if FORBIDDEN.search(names):
        faults.append("active_content")
    if re.search(rb"/[^\s/<>\[\]()]*#", names):
        faults.append("escaped_name")
    if spoken.count(b"/Type /Sig ") != 1 or spoken.count(b"/SubFilter /ETSI.CAdES.detached") != 1:
        faults.append("signature")
    if signature_range(data) is None or spoken.count(b"/ByteRange") != 1:
        faults.append("coverage")
    if (
        spoken.count(b"/AcroForm") != 1
        or len(re.findall(rb"/FT(?![A-Za-z0-9])", spoken)) != 1
        or spoken.count(b"/FT /Sig ") != 1
    ):
        faults.append("fields")
    kinds = [spoken.count(b"/Type /Annot "), spoken.count(b"/Subtype /Widget"), spoken.count(b"/Subtype /Link")]
    actions = (
        spoken.count(b"/Type /Action"),
        spoken.count(b"/S /URI /URI "),
        len(re.findall(rb"/A(?![A-Za-z0-9])", names)),
    )
    if spoken.count(b"/Annots") != 1 or kinds != [2, 1, 1] or actions != (1, 1, 1):
        faults.append("annotations")
    if (
        spoken.count(b"/Perms") != 1
        or spoken.count(b"/TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P 1 ") != 1
    ):
        faults.append("certification")
    return faults
