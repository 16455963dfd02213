"""Counting what somebody does in a stretch of time, for all processes together: the one way to a limit.

A stretch has its own key and lives as long as two: the count of a stretch that is over is never raised again, so that none is left
without an end. Counting is one INCR, so that no two processes take the same number.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from typing import cast

from django.core.cache import cache

from portal.lib.shared_cache import OwnCache, SharedCache


def count(what: str, whose: str, seconds: int, amount: int = 1) -> int:
    """Return how often (or how much) this has happened in the present stretch of `seconds`, this `amount` included."""
    return count_for_each(what, [whose], seconds, amount)[0]


def count_for_each(what: str, whose: Sequence[str], seconds: int, amount: int = 1) -> list[int]:
    """Count the same for several, an account and its address, in one exchange with the cache; return each one's count."""
    return _cache().count([_key(what, each, seconds) for each in whose], amount, 2 * seconds)


def counted(what: str, whose: str, seconds: int) -> int:
    """Return how often this has happened in the present stretch, without adding to it."""
    return int(cache.get(_key(what, whose, seconds), 0))


def forget(what: str, whose: str, seconds: int) -> None:
    """Begin the present stretch anew."""
    cache.delete(_key(what, whose, seconds))


def seconds_left(seconds: int) -> int:
    """Return how long the present stretch still lasts."""
    return seconds - int(time.time()) % seconds


def _cache() -> SharedCache | OwnCache:
    return cast(SharedCache | OwnCache, cache)


def _key(what: str, whose: str, seconds: int) -> str:
    """Name a count; whose it is stands there only as a hash."""
    digest = hashlib.sha256(whose.encode()).hexdigest()[:32]
    return f"count:{what}:{digest}:{int(time.time()) // seconds}"
