"""A soft brake on what anybody may ask for: fairness, not security (what cannot be guessed needs no lock)."""

from __future__ import annotations

import hashlib

import structlog
from django.core.cache import cache
from django.http import HttpRequest

from portal.lib.lockout import client_address

log = structlog.get_logger(__name__)

WINDOW_SECONDS = 60


def is_too_fast(request: HttpRequest, what: str, limit: int, window: int = WINDOW_SECONDS) -> bool:
    """Return whether this visitor has asked for `what` more than `limit` times within `window` seconds. Lets pass when in doubt."""
    address = client_address(request) or ""
    key = f"{what}:{hashlib.sha256(address.encode()).hexdigest()[:24]}"
    try:
        if cache.add(key, 1, window):
            return False
        return cache.incr(key) > limit
    except Exception as error:
        log.warning("throttle_unavailable", error=type(error).__name__)
        return False
