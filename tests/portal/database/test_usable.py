"""Whether a kept connection is good is seen without asking, but where something speaks against it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, connections

from portal.database import base

pytestmark = pytest.mark.django_db(transaction=True)


def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The server's answers, each time that it was asked."""
    answers: list[bool] = []
    ask = base.base.DatabaseWrapper.is_usable

    def asking(self: base.DatabaseWrapper) -> bool:
        answers.append(ask(self))
        return answers[-1]

    monkeypatch.setattr(base.base.DatabaseWrapper, "is_usable", asking)
    return answers


def used() -> Any:
    """The connection as the last request left it, looked at just now."""
    connection.ensure_connection()
    assert connection.is_usable()
    return connection


def test_a_connection_that_was_just_used_is_taken_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, kept = asked(monkeypatch), used()
    answers.clear()
    assert kept.is_usable()
    assert answers == []


def test_one_that_the_server_has_ended_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, kept = asked(monkeypatch), used()
    answers.clear()
    end(kept)
    assert not kept.is_usable()
    assert answers == [False]
    kept.close()


@pytest.mark.parametrize("reason", ["an error", "half a minute"])
def test_the_server_is_asked_after(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    answers, kept = asked(monkeypatch), used()
    answers.clear()
    monkeypatch.setattr(kept, "errors_occurred", reason == "an error")
    if reason == "half a minute":
        kept._looked_at -= 31
    assert kept.is_usable()
    assert answers == [True]


def test_the_next_request_gets_a_new_connection_where_the_server_has_ended_the_old_one() -> None:
    kept = used()
    kept.health_check_enabled, kept.health_check_done = True, False
    end(kept)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    kept.health_check_enabled = False


def end(kept: Any) -> None:
    """End it from another connection, as a server that stops does."""
    pid = kept.connection.info.backend_pid
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            assert cursor.fetchone() == (True,)
    finally:
        other.close()
