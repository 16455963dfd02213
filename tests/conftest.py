"""Fixtures that every test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.db import connection
from django.utils import translation
from pytest_django import DjangoDbBlocker

# In CI the same examples every time; elsewhere new ones, and no deadline on a machine that is busy.
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


# What takes a minute begins first, so that no worker is left alone with it at the end.
LONGEST = ("tests/journeys/", "::test_the_shipped_catalog_comes_back_as_it_is")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first; the others keep their (random) order."""
    items.sort(key=lambda item: not any(name in item.nodeid for name in LONGEST))


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Let a page that a test reads in English change the language of no other test."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let the tests that commit empty the tables behind them: in test databases alone, the triggers that refuse TRUNCATE rest."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%%\\_no\\_truncate'")
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


@pytest.fixture(scope="session")
def broker() -> None:
    """Have the broker running (the embedded one, unless REDIS_URL names another)."""
    from portal.embedded import keep_running

    keep_running()
