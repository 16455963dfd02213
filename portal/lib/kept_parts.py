"""Parts of pages that are drawn once in a process, for everybody who is shown the same (the tag ``{% kept %}``).

A part is drawn from what it names and from nothing else of the page: neither request nor account is in sight inside it, so that nobody's can
stay in what the next reader is shown. Where a token or an address of the reader's has to stand it has a hole, filled each time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from uuid import uuid4

# The oldest go when there are more.
MOST = 1000

_parts: dict[Hashable, tuple[str | int, ...]] = {}
_lock = threading.Lock()
# What stands in a hole while the part is drawn; new with each process, so that nothing that is typed can look like it.
_stand_ins: list[str] = [str(uuid4()) for _ in range(8)]


def part(key: Hashable, holes: Sequence[str], draw: Callable[[Sequence[str]], str]) -> str:
    """Return a part with its holes filled, drawing it unless one of this ``key`` is kept.

    ``draw``: given what stands in each hole meanwhile. What fills a hole is as it shall stand there, escaped.
    """
    pieces = _parts.get(key)
    if pieces is None:
        stand_ins = _stand_ins[: len(holes)]
        pieces = _pieces(draw(stand_ins), stand_ins)
        with _lock:
            while len(_parts) >= MOST:
                del _parts[next(iter(_parts))]
            _parts[key] = pieces
    return "".join(each if isinstance(each, str) else holes[each] for each in pieces)


def nested(paths: Mapping[str, str]) -> dict[str, object]:
    """Return what a template finds under dotted names: ``draft.pk`` → ``{"draft": {"pk": …}}``."""
    found: dict[str, object] = {}
    for path, value in paths.items():
        place: dict[str, object] = found
        *above, last = path.split(".")
        for name in above:
            place = place.setdefault(name, {})  # type: ignore[assignment]
        place[last] = value
    return found


def _pieces(drawn: str, stand_ins: Sequence[str]) -> tuple[str | int, ...]:
    """Return what was drawn in pieces, with the numbers of the holes between them."""
    pieces: list[str | int] = [drawn]
    for number, stand_in in enumerate(stand_ins):
        split: list[str | int] = []
        for piece in pieces:
            if not isinstance(piece, str):
                split.append(piece)
                continue
            first, *others = piece.split(stand_in)
            split.append(first)
            for other in others:
                split += [number, other]
        pieces = split
    return tuple(each for each in pieces if each != "")
