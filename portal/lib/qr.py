"""Codes to scan: an address, dark modules as rectangles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

QUIET_ZONE = 4
# One mask for all: choosing the best of eight takes five times as long and readers accept each of them.
MASK = 3

Modules = tuple[int, tuple[tuple[int, int, int], ...]]


@dataclass(frozen=True, slots=True)
class Code:
    """A code as a page draws it: the SVG's ``viewBox`` with the quiet zone, and the path of its dark modules."""

    box: str
    path: str


def code_of(address: str) -> Code:
    """Return the code that leads to `address`, for ``components/code.html``. Raises `ValueError` beyond about 2,300 bytes."""
    modules = address_modules(address)
    size = modules[0] + 2 * QUIET_ZONE
    return Code(f"-{QUIET_ZONE} -{QUIET_ZONE} {size} {size}", svg_path(modules))


@lru_cache(maxsize=128)
def address_modules(address: str) -> Modules:
    """Return the symbol's width in modules (without quiet zone) and its dark runs (column, row, length). Error level M."""
    import segno

    symbol = segno.make(address, error="m", micro=False, boost_error=False, mask=MASK)
    runs = []
    for row, modules in enumerate(symbol.matrix):
        column = 0
        for is_dark, same in groupby(modules):
            length = len(list(same))
            if is_dark:
                runs.append((column, row, length))
            column += length
    return len(symbol.matrix), tuple(runs)


def svg_path(modules: Modules) -> str:
    """Return the dark modules as SVG path data, one unit to a module."""
    return "".join(f"M{column} {row}h{length}v1h-{length}z" for column, row, length in modules[1])
