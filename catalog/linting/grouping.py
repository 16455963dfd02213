"""Rows that have something in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Row = TypeVar("Row")


def grouped(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    """Return the rows by key, in the order of the first of each; rows whose key is empty or None are left out."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        if key(row) not in ("", None):
            found.setdefault(key(row), []).append(row)
    return found
