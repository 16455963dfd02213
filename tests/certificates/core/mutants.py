"""Certificates that somebody changed: from a seed, byte by byte and object by object."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

OTHER_OBJECT = b"9 0 obj\n<< /Type /Annot /Subtype /FreeText /Contents (paid) >>\nendobj\n"
WORDS = (
    b"/JS",
    b"/AA",
    b"/OpenAction",
    b"/EmbeddedFile",
    b"/Launch",
    b"endobj",
    b"%%EOF",
    b"startxref",
    b"stream",
    b"\x00",
    b"<script>",
)


def mutants(genuine: bytes, number: int, seed: int = 1) -> Iterator[bytes]:
    """Yield so many files that differ from the genuine one, each in one to four ways."""
    choice = random.Random(seed)
    made = 0
    while made < number:
        data = bytearray(genuine)
        for _ in range(choice.choice((1, 1, 1, 2, 4))):
            choice.choice(_WAYS)(data, choice)
        if bytes(data) != genuine:
            made += 1
            yield bytes(data)


def _place(data: bytearray, choice: random.Random) -> int:
    return choice.randrange(max(len(data), 1))


def _flip(data: bytearray, choice: random.Random) -> None:
    data[_place(data, choice)] ^= 1 << choice.randrange(8)


def _replace(data: bytearray, choice: random.Random) -> None:
    at = _place(data, choice)
    length = choice.randrange(1, 40)
    data[at : at + length] = choice.randbytes(length)


def _insert(data: bytearray, choice: random.Random) -> None:
    at = _place(data, choice)
    data[at:at] = choice.choice(
        (choice.randbytes(choice.randrange(1, 9)), choice.choice(WORDS), OTHER_OBJECT, b" ", b"\n")
    )


def _remove(data: bytearray, choice: random.Random) -> None:
    at = _place(data, choice)
    del data[at : at + choice.randrange(1, 30)]


def _move(data: bytearray, choice: random.Random) -> None:
    at, length = _place(data, choice), choice.randrange(1, 60)
    piece = data[at : at + length]
    del data[at : at + length]
    to = _place(data, choice)
    data[to:to] = piece


def _truncate(data: bytearray, choice: random.Random) -> None:
    del data[_place(data, choice) :]


def _append(data: bytearray, choice: random.Random) -> None:
    tail = choice.choice(
        (b"\n", b" ", b"%%EOF\n", OTHER_OBJECT, bytes(data[-200:]), bytes(data), choice.randbytes(20), b"<html>")
    )
    data += tail


def _put_before(data: bytearray, choice: random.Random) -> None:
    data[0:0] = choice.choice((b"\n", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"\xef\xbb\xbf"))


def _number(data: bytearray, choice: random.Random) -> None:
    """Change a number: a length, an offset, a reference, a range of the signature."""
    numbers = list(re.finditer(rb"\d+", bytes(data)))
    if numbers:
        found = choice.choice(numbers)
        data[found.start() : found.end()] = str(max(0, int(found[0][:9]) + choice.choice((-1, 1, 10, 1_000)))).encode()


def _name(data: bytearray, choice: random.Random) -> None:
    names = list(re.finditer(rb"/[A-Za-z]+", bytes(data)))
    if names:
        found = choice.choice(names)
        data[found.start() : found.end()] = choice.choice((b"/AA", b"/JS", found[0] + b"x", found[0].lower(), b"/#41A"))


def _signature(data: bytearray, choice: random.Random) -> None:
    """Change a digit of the signature itself."""
    found = re.search(rb"/Contents <([0-9a-f]+)>", bytes(data))
    if found:
        at = choice.randrange(found.start(1), found.end(1))
        data[at] = choice.choice(b"0123456789abcdefABCDEF g")


def _update(data: bytearray, choice: random.Random) -> None:
    """Append a revision, as editors do."""
    start = bytes(data).rfind(b"startxref")
    offset = len(data)
    data += (
        OTHER_OBJECT
        + b"xref\n9 1\n%010d 00000 n \ntrailer\n<< /Size 10 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            offset,
            max(start, 0),
            offset + len(OTHER_OBJECT),
        )
    )


_WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip, _flip, _replace, _insert, _remove, _move, _truncate, _append, _put_before, _number, _number, _name, _signature, _update,
)  # fmt: skip
