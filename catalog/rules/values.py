"""What values mean to conditions: when they are true, the same, smaller, dates. ``static/js/rules.js`` means the same."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any, Final

MAX_DEPTH: Final = 20
MAX_SAFE: Final = 2**53 - 1  # what a browser's number holds exactly

_DECIMAL = re.compile(r"-?(?:[0-9]{1,15}|[0-9]{1,11}\.[0-9]{1,4})")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2})?")
_SURROGATE = re.compile("[\ud800-\udfff]")


def truthy(value: Any) -> bool:
    """Return whether a value counts as true."""
    return not (value is None or value is False or value == "" or value == [] or (number(value) == 0))


def same(left: object, right: object, depth: int = 1) -> bool:
    """Return whether two values have the same type and value. Numbers beyond ±(2⁵³−1) are the same as nothing."""
    if isinstance(left, bool):
        return left is right
    if left is None or isinstance(left, str):
        return left == right
    if isinstance(left, list) or isinstance(right, list):
        if not (isinstance(left, list) and isinstance(right, list)) or len(left) != len(right) or depth >= MAX_DEPTH:
            return False
        return all(same(one, other, depth + 1) for one, other in zip(left, right, strict=True))
    first, second = number(left), number(right)
    if first is None or second is None:
        return False
    return first == second


def plain(value: Any) -> Any:
    """Return JSON scalars and lists as they are, anything else (objects, dates) as null."""
    return value if value is None or isinstance(value, str | bool | int | float | list) else None


def number(value: object) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if -MAX_SAFE <= value <= MAX_SAFE else None


def is_moment(value: object) -> bool:
    """Return whether this is text that says a day, or a day and a time."""
    return isinstance(value, str) and bool(_MOMENT.fullmatch(value))


def size(value: object) -> int | float | None:
    """Return a number, or decimal text as a number, for ordering."""
    if isinstance(value, str):
        return float(value) if _DECIMAL.fullmatch(value) else None
    return number(value)


def less(left: object, right: object, or_equal: bool) -> bool:
    first, second = size(left), size(right)
    if first is not None and second is not None:
        return first <= second if or_equal else first < second
    if not (isinstance(left, str) and isinstance(right, str) and _MOMENT.fullmatch(left) and _MOMENT.fullmatch(right)):
        return False
    if len(left) != len(right):
        left, right = left[:10], right[:10]
    return left <= right if or_equal else left < right


def _day(value: Any) -> date | None:
    if not (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return None
    try:
        return date(int(value[:4]), int(value[5:7]), int(value[8:10]))
    except ValueError:
        return None


def years_between(start: Any, end: Any) -> int | None:
    """Return whole years from one date to another; someone born on 29 February is a year older on 1 March."""
    first, last = _day(start), _day(end)
    if first is None or last is None:
        return None
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def days_between(start: Any, end: Any) -> int | None:
    """Return days from one date to another, negative backwards."""
    first, last = _day(start), _day(end)
    return None if first is None or last is None else (last - first).days


def contains(needle: Any, whole: Any) -> bool:
    """Return whether a list holds a value, or a text a non-empty part."""
    if isinstance(whole, list):
        return any(same(needle, each) for each in whole)
    if not (isinstance(needle, str) and isinstance(whole, str)):
        return False
    return needle != "" and needle in whole and not _SURROGATE.search(needle)
