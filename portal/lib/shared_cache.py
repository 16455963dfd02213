"""The cache that all processes share, in Valkey beside the broker; each process counts for itself while it is away.

What stands here is only ever a brake (how often somebody tried) or a mark of a minute (a code that was used). Without Valkey the brakes hold
all the same, once per process instead of once for all: nobody is locked out, nothing is let through without end, and no page fails.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, cast

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
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


class _Client(RedisCacheClient):
    """Django's client, which makes one of the library's clients for each question: half of what a question costs. Here one asks them all."""

    def __init__(self, *servers: Any, **options: Any) -> None:
        super().__init__(*servers, **options)
        self._clients: dict[Any, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]
        client = self._clients.get(pool)
        if client is None:
            client = self._clients[pool] = self._client(connection_pool=pool)  # type: ignore[attr-defined]
        return client

    def count(self, keys: Sequence[str], amount: int, timeout: int) -> list[int]:
        """Add to each count, begun with its term where there is none, in one exchange; return what they are now."""
        pipeline = self.get_client(write=True).pipeline(transaction=False)
        for key in keys:
            pipeline.set(key, 0, ex=timeout, nx=True)
            pipeline.incrby(key, amount)
        return [int(number) for number in pipeline.execute()[1::2]]


class OwnCache(LocMemCache):
    """A cache of one process, which counts as the shared one does."""

    def count(self, keys: Sequence[str], amount: int, timeout: int) -> list[int]:
        return [self._count(key, amount, timeout) for key in keys]

    def _count(self, key: str, amount: int, timeout: int) -> int:
        self.add(key, 0, timeout)
        try:
            return self.incr(key, amount)
        except ValueError:  # thrown out between the two, to make room
            self.set(key, amount, timeout)
            return amount


class SharedCache(RedisCache):
    """Django's Redis cache, with a cache of this process behind it."""

    away_until: ClassVar[float] = 0.0

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
        self._own = OwnCache("behind the shared cache", {})

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

    def count(self, keys: Sequence[str], amount: int, timeout: int) -> list[int]:
        """Add `amount` to each count and return what they are now; a count that begins ends after ``timeout`` seconds."""
        return self._ask(
            lambda cache: (
                self._own.count(keys, amount, timeout) if cache is self._own else self._shared(keys, amount, timeout)
            )
        )

    def _shared(self, keys: Sequence[str], amount: int, timeout: int) -> list[int]:
        client = cast(_Client, self._cache)
        return client.count([self.make_and_validate_key(key) for key in keys], amount, timeout)

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
