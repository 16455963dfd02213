"""A soft brake on what anybody may ask for, by address: fairness, not security (what cannot be guessed needs no lock)."""

from __future__ import annotations

from django.http import HttpRequest

from portal.lib.counting import count
from portal.lib.lockout import counted_address

WINDOW_SECONDS = 60


def is_too_fast(request: HttpRequest, what: str, limit: int, window: int = WINDOW_SECONDS) -> bool:
    """Return whether this visitor has asked for `what` more than `limit` times within `window` seconds."""
    return count(what, counted_address(request), window) > limit
