"""Examples of what a field takes, made from its own demands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor, sqrt
from typing import Any, Final

SOME_DECIMAL: Final = "3.25"


def whole_number(constraints: Mapping[str, Any]) -> str:
    """Return a whole number that a field takes, as round as its limits allow: 30 for weeks from 20 to 45, 2030 for years from 2026."""
    least, most = _limit(constraints, "min"), _limit(constraints, "max")
    low = ceil(least) if least is not None else 1 if most is None else min(1, floor(most))
    high = floor(most) if most is not None else max(low * 2, 3)
    middle = round(sqrt(low * high)) if low > 0 else (low + high) // 2
    for digits in range(1, len(str(abs(middle))) + 1):
        unit = 10 ** (len(str(abs(middle))) - digits)
        if low <= (rounded := round(middle / unit) * unit) <= high:
            return str(rounded)
    return str(middle)


def _limit(constraints: Mapping[str, Any], name: str) -> float | None:
    given = constraints.get(name)
    return None if given is None else float(given)
