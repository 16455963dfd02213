"""When a certificate may be renewed. Pure: the day is passed in."""

from __future__ import annotations

from datetime import date


def days_to_renew(status: str, expires_on: date | None, window: int | None, today: date) -> int | None:
    """Return how many days a certificate is valid after `today` if it may be renewed on that day; None where it may not.

    ``window``: how many days before its last day that begins; None: never. What is suspended or ended is not renewed, nor what has expired:
    that is applied for anew (Administrative Licence Law art. 50: before the term ends).
    """
    if status != "valid" or expires_on is None or window is None:
        return None
    left = (expires_on - today).days
    return left if 0 <= left <= window else None
