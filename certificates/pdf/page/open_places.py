"""A page's static objects as finished bytes, with numbered places left open for what differs (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass

SLOTS = ("Font", "Link", "Widget", "Signature")


def stamp_slots(pages: int) -> tuple[str, ...]:
    """Return the names of the places of what is stamped onto each page."""
    return tuple(f"Stamp{number}" for number in range(pages))


@dataclass(frozen=True, slots=True)
class PageTemplate:
    """`body` is the file from its first byte up to the open places; `offsets` the place of each object in it (0: open)."""

    body: bytes
    offsets: tuple[int, ...]
    slots: dict[str, int]
    root: int


def cut_open(data: bytes, pages: int) -> PageTemplate:
    """Return the template of a file of `pages` pages with one classic cross-reference table, its open objects cut out."""
    table_at = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    header = re.compile(rb"xref\n0 (\d+)\n").match(data, table_at)
    trailer = re.compile(rb"/Root (\d+) 0 R").search(data, table_at)
    if header is None or trailer is None:
        raise ValueError("the drawn page has no plain cross-reference table")
    count, start = int(header[1]), header.end()
    found = sorted((int(data[start + 20 * n : start + 20 * n + 10]), n) for n in range(1, count))
    ends = [place for place, _ in found[1:]] + [table_at]
    offsets, slots = [0] * count, {}
    pieces, length = [data[: found[0][0]]], found[0][0]
    for (place, number), end in zip(found, ends, strict=True):
        piece = data[place:end]
        opened = re.fullmatch(rb"\d+ 0 obj\n<< /Open /(\w+) >>\nendobj\n+", piece)
        if opened:
            slots[opened[1].decode()] = number
            continue
        offsets[number] = length
        pieces.append(piece)
        length += len(piece)
    if set(slots) != {*SLOTS, *stamp_slots(pages)}:
        raise ValueError("the drawn page lost a place")
    return PageTemplate(b"".join(pieces), tuple(offsets), slots, int(trailer[1]))
