"""Fixtures that every test may use."""

from __future__ import annotations

import functools
import gc
import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import hypothesis
import pytest
import time_machine
from django.core.cache import cache
from django.core.files.storage import default_storage, storages
from django.db import OperationalError, connection
from django.template import Context, Template
from django.test import TransactionTestCase
from django.test.signals import template_rendered
from django.test.utils import _TestState
from django.utils import timezone, translation
from django.utils.functional import empty
from django.utils.safestring import SafeString
from pytest_django import DjangoDbBlocker
from pytest_django import Settings as SettingsWrapper

from tests.once import drop_template, migrated_template

# No deadline on a machine that is busy. CI also says how to repeat an example by itself.
hypothesis.settings.register_profile("ci", deadline=None, derandomize=False, print_blob=True)
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """In CI, take the order of the tests and their random examples from one seed a day, or from ``YIJIAN_SEED``."""
    if os.environ.get("CI"):
        seed = int(os.environ.setdefault("YIJIAN_SEED", f"{datetime.now(UTC):%Y%m%d}"))  # xdist's workers inherit it
        if config.getoption("randomly_seed", "") == "default":
            config.option.randomly_seed = seed
        if config.getoption("hypothesis_seed", "") is None:
            config.option.hypothesis_seed = seed


def pytest_report_header(config: pytest.Config) -> str:
    """Say how the same order and the same examples are had again."""
    seeds = {name: config.getoption(name, None) for name in ("randomly_seed", "hypothesis_seed")}
    options = [f"--{name.replace('_', '-')}={seed}" for name, seed in seeds.items() if seed is not None]
    return f"the same run again: make test T='{' '.join(options)}'"


# What takes a minute begins first, so that no worker is left alone with it at the end; before all, what makes something for others.
# Whose tests share a site or a browser stand together, and so on one worker. The family comes before the newborn's certificates, from
# which more would be filled in for it.
LONGEST = (
    "::test_the_shipped_catalog_comes_back_as_it_is",
    "tests/journeys/test_known_family",
    "tests/journeys/test_newborn",
    "tests/journeys/",
    "tests/js/",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first, and those that need no database into the middle; the others keep their (random) order.

    The second of two workers begins in the middle, and need not stand still while the first one makes the database.
    """
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    first = sorted(
        (min(found), place)
        for place, item in enumerate(items)
        if (found := [ranks[name] for name in LONGEST if name in item.nodeid])
    )
    longest = [items[place] for _rank, place in first]
    others = [item for item in items if item not in set(longest)]
    without = [item for item in others if not needs_database(item)]
    rest = [item for item in others if needs_database(item)]
    before = max((len(items) - len(without)) // 2 - len(longest), 0)
    items[:] = [*longest, *rest[:before], *without, *rest[before:]]


def needs_database(item: pytest.Item) -> bool:
    """Whether a test has the database set up."""
    fixtures = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def pytest_collection(session: pytest.Session) -> None:
    """Collect no garbage while thousands of tests are collected, which all stay."""
    gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for garbage among what the tests leave alone, and less often than a program with little memory would."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what the workers have shared."""
    if not hasattr(config, "workerinput"):
        drop_template()


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Let a page that a test reads in English change the language of no other test, nor have it translated by versions that are gone.

    A process looks for them every half minute: a page in English failed where the one before it, of another test, was just read.
    """
    from catalog.wording.translating import forget_sources

    yield
    translation.deactivate()
    forget_sources()


@pytest.fixture(autouse=True)
def own_files() -> Iterator[None]:
    """Let no test find the files of another: they lie in memory, in one storage a process.

    A neighbour that lived in the past left a file that counted as old, and the integrity check named it, in one run of four.
    """
    yield
    storages._storages.pop("default", None)  # type: ignore[attr-defined]
    default_storage._wrapped = empty  # type: ignore[attr-defined]


def empty_again(self: TransactionTestCase, flush: Callable[[TransactionTestCase], None]) -> None:
    """Empty the tables after a test, and once more where a page's last request was still writing to them.

    PostgreSQL then names one of both as the one to try again (a deadlock). A browser test in one run of six ended so, and left its rows to
    the next. A server of somebody else's, where we may not rest the triggers, is emptied in Django's way.
    """
    from tests.worlds.emptying import empty_tables, may_be_emptied
    from tests.worlds.keeping import forget_all

    if not may_be_emptied():
        forget_all()
        return flush(self)
    for _attempt in range(5):
        try:
            return empty_tables()
        except OperationalError:
            time.sleep(0.5)
    return empty_tables()


TransactionTestCase._fixture_teardown = functools.partialmethod(  # type: ignore[attr-defined]
    empty_again,
    TransactionTestCase._fixture_teardown,  # type: ignore[attr-defined]
)


_rendering = threading.local()


def tell_of_the_page(self: Template, context: Context) -> SafeString:
    """Render as Django does in tests, but copy the context of the page alone (``answer.context``).

    Django copies it for each include and each widget as well: an eighth of the time of a page.
    """
    plain: Callable[[Template, Context], SafeString] = _TestState.saved_data.template_render
    if getattr(_rendering, "has_begun", False):
        return plain(self, context)
    _rendering.has_begun = True
    try:
        template_rendered.send(sender=self, template=self, context=context)
        return plain(self, context)
    finally:
        _rendering.has_begun = False


@pytest.fixture(scope="session", autouse=True)
def _lean_rendering(django_test_environment: None) -> None:
    Template._render = tell_of_the_page  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings: None,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """Let the workers of one run begin with copies of one database."""
    if hasattr(request.config, "workerinput"):
        with django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = migrated_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let the tests that commit empty the tables behind them: in test databases alone, the triggers that refuse TRUNCATE rest."""
    from tests.worlds.emptying import remember_the_beginning

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        remember_the_beginning()
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%%\\_no\\_truncate'")
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


@pytest.fixture
def limits_of_one_minute(settings: SettingsWrapper) -> Iterator[None]:
    """Count as a real site does, and within one minute however long the test takes: a new minute begins a new count."""
    settings.YIJIAN_LIMITS_FACTOR = 1
    cache.clear()
    with time_machine.travel(timezone.now(), tick=False):
        yield
    cache.clear()


@pytest.fixture(scope="session")
def broker() -> None:
    """Have the broker running (the embedded one, unless REDIS_URL names another)."""
    from portal.embedded import keep_running

    keep_running()
