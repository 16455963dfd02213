"""The matrix of rights: every route × method × role × relation, against the one table."""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.urls import get_resolver
from pytest_django import Settings

from tests.rights.asking import IN, NO_METHOD, OUT, Asker
from tests.rights.routes import routes
from tests.rights.table import EVERYBODY, TABLE, Row
from tests.rights.town import ANONYMOUS, build_everything

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# Each builds the town once, so that workers share the matrix.
SHARDS = 8
CELLS = 20_000
# What only dresses an answer, or writes down that there was one: none of these lets anybody in or sends anybody away.
DRESSING = {
    "portal.ledger.security.RecordMalformed",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.lib.no_store.NoStore",
    "portal.ledger.security.RecordRefused",
    "portal.accounts.last_account.LastAccount",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "catalog.publishing.recording.RecordWhoChanges",
}


@pytest.fixture
def only_rights(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Draw and dress nothing, read a session and where an address leads once, and write nothing down: what is left is who is let in."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    resolver = get_resolver()
    monkeypatch.setattr(resolver, "resolve", functools.cache(resolver.resolve))  # sixty requests for each address
    templates: list[dict[str, Any]] = [dict(one) for one in configured.TEMPLATES]
    templates[0] |= {
        "APP_DIRS": False,
        "OPTIONS": {**templates[0]["OPTIONS"], "loaders": ["tests.rights.asking.BlankLoader"]},
    }
    settings.TEMPLATES = templates
    assert set(configured.MIDDLEWARE) >= DRESSING
    settings.MIDDLEWARE = [name for name in configured.MIDDLEWARE if name not in DRESSING]
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_every_route_has_its_row() -> None:
    known = routes()
    assert [name for name in known if name not in TABLE] == [], "say in tests/rights/table.py who may"
    assert [name for name in TABLE if name not in known] == []


def test_the_matrix_is_large_enough() -> None:
    assert sum(len(asked(row, method)) for rows in TABLE.values() for row in rows for method in METHODS) >= CELLS


@pytest.mark.parametrize("shard", range(SHARDS))
def test_nobody_is_let_in_whom_the_table_does_not_name(
    db: None, only_rights: None, settings: Settings, shard: int
) -> None:
    everything, asker, known = build_everything(), Asker(), routes()
    settings.SESSION_ENGINE = "tests.rights.asking"
    assert set(everything.cookies) == EVERYBODY
    cells = [(name, row) for name, rows in TABLE.items() for row in rows]
    unexpected: dict[str, list[str]] = {}
    for name, row in cells[shard::SHARDS]:
        address = known[name].address(**everything.objects[row.on] if row.on else {}) + row.query
        cache.clear()  # what counts against guessing counts them all together
        for method in METHODS:
            for who in asked(row, method):
                verdict = asker.ask(method, address, everything.cookies[who], row.sent)
                if verdict not in expected(row, method, who):
                    unexpected.setdefault(f"{method} {name} [{row.on}]: {verdict}", []).append(who)
    assert unexpected == {}, "\n".join(f"{cell} for {', '.join(who)}" for cell, who in unexpected.items())


def asked(row: Row, method: str) -> list[str]:
    """Return whom a cell is tried for: everybody; or one who may, one who may not and nobody known.

    So by HEAD, which is answered by the view of GET, and by PATCH and DELETE, which no page offers: a view that forgot to say by which
    methods it is asked answers PUT as well, and that is tried for everybody.
    """
    if method not in ("HEAD", "PATCH", "DELETE"):
        return sorted(EVERYBODY)
    may = sorted(row.get or row.post or ())
    return [*may[:1], *sorted(EVERYBODY - {*may, ANONYMOUS})[:1], ANONYMOUS]


def expected(row: Row, method: str, who: str) -> tuple[str, ...]:
    """Return the verdicts that the table allows. Where there is no such method, whoever may not come anyway may be told either."""
    allowed = row.allowed(method)
    if allowed is None:
        return (NO_METHOD, OUT)
    if who not in allowed:
        return (OUT, NO_METHOD)
    return (IN, NO_METHOD) if method == "HEAD" else (IN,)  # some pages answer GET alone
