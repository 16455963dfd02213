"""The cache that all processes share, in Valkey beside the broker; each process counts for itself while it is away.

What stands here is only ever a brake (how often somebody tried) or a mark of a minute (a code that was used). Without Valkey the brakes hold
all the same, once per process instead of once for all: nobody is locked out, nothing is let through without end, and no page fails.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, ClassVar

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

# How long a server that did not answer is left in peace: a page waits for it once, not each page.
PAUSE_SECONDS = 5


class JsonSerializer:
    """Values as JSON: what lies in the cache is only ever read, never run as a pickle would be. A whole number stays one that INCR takes."""

    def dumps(self, value: Any) -> int | str:
        return value if type(value) is int else json.dumps(value)

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


class SharedCache(RedisCache):
    """Django's Redis cache, with a cache of this process behind it."""

    away_until: ClassVar[float] = 0.0

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache("behind the shared cache", {})

    def _ask(self, ask: Callable[[Any], Any]) -> Any:
        if time.monotonic() >= SharedCache.away_until:
            try:
                return ask(super())
            except (RedisError, OSError) as error:
                SharedCache.away_until = time.monotonic() + PAUSE_SECONDS
                log.warning("shared_cache_away", error=type(error).__name__)
        return ask(self._own)

    def add(self, key: Any, value: Any, *more: Any, **options: Any) -> Any:
        return self._ask(lambda cache: cache.add(key, value, *more, **options))

    def get(self, key: Any, *more: Any, **options: Any) -> Any:
        return self._ask(lambda cache: cache.get(key, *more, **options))

    def set(self, key: Any, value: Any, *more: Any, **options: Any) -> Any:
        return self._ask(lambda cache: cache.set(key, value, *more, **options))

    def incr(self, key: Any, *more: Any, **options: Any) -> Any:
        return self._ask(lambda cache: cache.incr(key, *more, **options))

    def touch(self, key: Any, *more: Any, **options: Any) -> Any:
        return self._ask(lambda cache: cache.touch(key, *more, **options))

    def delete(self, key: Any, *more: Any, **options: Any) -> Any:
        return self._ask(lambda cache: cache.delete(key, *more, **options))

    def get_many(self, keys: Any, *more: Any, **options: Any) -> Any:
        return self._ask(lambda cache: cache.get_many(keys, *more, **options))

    def has_key(self, key: Any, *more: Any, **options: Any) -> Any:
        return self._ask(lambda cache: cache.has_key(key, *more, **options))

    def clear(self) -> Any:
        return self._ask(lambda cache: cache.clear())
