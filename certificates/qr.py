"""The code on a certificate: its public address, dark modules as rectangles."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["QUIET_ZONE", "Modules", "address_modules", "svg_path"]

QUIET_ZONE = 4
# One mask for all: choosing the best of eight takes five times as long and readers accept each of them.
MASK = 3

Modules = tuple[int, tuple[tuple[int, int, int], ...]]


@lru_cache(maxsize=8)
def address_modules(address: str) -> Modules:
    """Return the symbol's width in modules (without quiet zone) and its dark runs (column, row, length). Error level M."""
    import segno

    symbol = segno.make(address, error="m", micro=False, boost_error=False, mask=MASK)
    runs = []
    for row, modules in enumerate(symbol.matrix):
        column = 0
        while column < len(modules):
            if not modules[column]:
                column += 1
                continue
            start = column
            while column < len(modules) and modules[column]:
                column += 1
            runs.append((start, row, column - start))
    return len(symbol.matrix), tuple(runs)


def svg_path(modules: Modules) -> str:
    """Return the dark modules as SVG path data, one unit to a module."""
    return "".join(f"M{column} {row}h{length}v1h-{length}z" for column, row, length in modules[1])
