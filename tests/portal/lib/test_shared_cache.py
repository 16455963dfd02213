"""What is counted is counted once for all processes, and still counted while the cache is away."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import override_settings

from portal.lib.counting import count, count_for_each, counted, forget
from portal.lib.shared_cache import SharedCache
from portal.lib.uuid7 import uuid7
from portal.settings import base

# What counts needs the settings alone: loading the apps takes seconds.
ONE_PROCESS = """
from portal.lib.counting import count
for _ in range(50): print(count("test", {whose!r}, 3600))
"""


def cache_at(address: str) -> dict[str, dict[str, Any]]:
    return {"default": {**base.CACHES["default"], "LOCATION": address}}


@pytest.fixture
def whose() -> str:
    return uuid7().hex


@pytest.fixture
def valkey(broker: None) -> Iterator[None]:
    with override_settings(CACHES=cache_at(settings.REDIS_URL)):
        SharedCache.away_until = 0
        yield


@pytest.fixture
def away() -> Iterator[None]:
    with override_settings(CACHES=cache_at("redis://127.0.0.1:1/0")):
        SharedCache.away_until = 0
        yield
        SharedCache.away_until = 0


def test_no_two_processes_take_the_same_number(valkey: None, whose: str, tmp_path: Any) -> None:
    (tmp_path / "shared_settings.py").write_text(
        f"from portal.settings.test import *\nCACHES = {cache_at(settings.REDIS_URL)!r}\n"
    )
    command = [sys.executable, "-c", ONE_PROCESS.format(whose=whose)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "shared_settings"}
    environment["PYTHONPATH"] = f"{tmp_path}:{base.BASE_DIR}"
    processes = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=base.BASE_DIR)
        for _ in range(4)
    ]
    numbers = [int(line) for process in processes for line in process.communicate()[0].split()]
    assert sorted(numbers) == list(range(1, 201))
    assert counted("test", whose, 3600) == 200


def test_a_count_ends_and_can_be_forgotten(valkey: None, whose: str) -> None:
    assert [count("test", whose, 3600) for _ in range(3)] == [1, 2, 3]
    cache: Any = caches["default"]
    client = cache._cache.get_client()
    (key,) = client.keys(f"yijian-cache:*count:test:{hashlib.sha256(whose.encode()).hexdigest()[:32]}:*")
    assert 3600 < client.ttl(key) <= 7200
    assert whose.encode() not in key
    forget("test", whose, 3600)
    assert count("test", whose, 3600) == 1


@pytest.mark.parametrize("cache", ["valkey", "away"])
def test_several_are_counted_at_once(cache: str, request: pytest.FixtureRequest, whose: str) -> None:
    request.getfixturevalue(cache)
    assert count_for_each("test", [whose, f"{whose} too"], 3600, 2) == [2, 2]
    assert count_for_each("test", [whose], 3600) == [3]
    assert counted("test", f"{whose} too", 3600) == 2


def test_what_lies_in_the_cache_is_no_pickle(valkey: None, whose: str) -> None:
    cache: Any = caches["default"]
    cache.set(whose, [1.5, "二"], 60)
    assert cache._cache.get_client().get(cache.make_key(whose)) == b'[1.5, "\\u4e8c"]'
    assert cache.get(whose) == [1.5, "二"]


def test_a_process_counts_for_itself_while_the_cache_is_away(away: None, whose: str) -> None:
    assert [count("test", whose, 3600) for _ in range(3)] == [1, 2, 3]
    assert counted("test", whose, 3600) == 3
    assert SharedCache.away_until > 0
    cache: Any = caches["default"]
    assert cache.get("nothing", "default") == "default"
    cache.set(whose, "x", 60)
    assert (cache.get(whose), cache.has_key(whose), cache.touch(whose, 5), cache.delete(whose)) == (
        "x",
        True,
        True,
        True,
    )
