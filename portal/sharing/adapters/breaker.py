"""A circuit breaker for each source, shared by all processes: a source that fails again and again is left in peace for a while.

Written here in some lines because pybreaker keeps its state in a Redis client of its own, where ours goes on without Valkey
(`portal.lib.shared_cache`), and lets every process try at once when the pause is over, where here one does.
"""

from __future__ import annotations

from typing import Final

from django.core.cache import cache

FAILURES: Final = 5
PAUSE_SECONDS: Final = 30
REMEMBERED_SECONDS: Final = 10 * 60  # failures further apart are not "in a row"
TRY_SECONDS: Final = 10  # longer than any question takes


def lets_through(source: str) -> bool:
    """Return whether `source` may be asked now. After a pause one question goes through, and what comes of it decides."""
    if (cache.get(_failures(source)) or 0) < FAILURES:
        return True
    return not cache.get(_paused(source)) and bool(cache.add(_trying(source), 1, TRY_SECONDS))


def succeeded(source: str) -> None:
    """Forget the failures of `source`."""
    if cache.get(_failures(source)):
        for key in (_failures(source), _paused(source), _trying(source)):
            cache.delete(key)


def failed(source: str) -> None:
    """Count a failure of `source`; pause after `FAILURES` in a row."""
    cache.add(_failures(source), 0, REMEMBERED_SECONDS)
    try:
        count = cache.incr(_failures(source))
    except ValueError:  # forgotten in between
        return
    cache.touch(_failures(source), REMEMBERED_SECONDS)
    if count >= FAILURES:
        cache.set(_paused(source), 1, PAUSE_SECONDS)
        cache.delete(_trying(source))


def _failures(source: str) -> str:
    return f"sharing:{source}:failures"


def _paused(source: str) -> str:
    return f"sharing:{source}:paused"


def _trying(source: str) -> str:
    return f"sharing:{source}:trying"
