"""Damage done in the database itself, with its guards switched off, is found and named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import connection

from portal.ledger.chain import NewEvent, append_events, open_chain, verify_chain, verify_chains
from portal.lib.uuid7 import uuid7


@contextmanager
def guards_off() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("ledger_event", "ledger_chain"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("ledger_event", "ledger_chain"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def chain_id(db: None) -> UUID:
    id = uuid7()
    open_chain(id)
    append_events(id, [NewEvent("submitted", data={"n": n}) for n in range(5)])
    return id


@pytest.mark.parametrize(
    ("damage", "sequence", "code"),
    [
        ("UPDATE ledger_event SET kind = 'approved' WHERE chain_id = %s AND sequence = 2", 2, "content_altered"),
        ("UPDATE ledger_event SET data = '{\"n\": 1.0}' WHERE chain_id = %s AND sequence = 2", 2, "content_altered"),
        (
            "UPDATE ledger_event SET at = at + interval '1 hour' WHERE chain_id = %s AND sequence = 5",
            5,
            "content_altered",
        ),
        ("UPDATE ledger_event SET hash = '\\x00' WHERE chain_id = %s AND sequence = 3", 3, "hash_altered"),
        ("DELETE FROM ledger_event WHERE chain_id = %s AND sequence = 1", 1, "missing"),
        ("DELETE FROM ledger_event WHERE chain_id = %s AND sequence = 3", 3, "missing"),
        ("DELETE FROM ledger_event WHERE chain_id = %s AND sequence = 5", 5, "truncated"),
        ("DELETE FROM ledger_event WHERE chain_id = %s", 1, "truncated"),
        ("UPDATE ledger_chain SET length = 4 WHERE id = %s", 0, "length_altered"),
        ("UPDATE ledger_chain SET head = '\\x00' WHERE id = %s", 5, "head_differs"),
    ],
)
def test_it_names_what_was_done(chain_id: UUID, damage: str, sequence: int, code: str) -> None:
    whole = uuid7()
    open_chain(whole)
    append_events(whole, [NewEvent("submitted")])
    with guards_off(), connection.cursor() as cursor:
        cursor.execute(damage, [chain_id])
    assert [(b.sequence, b.code) for b in verify_chain(chain_id)] == [(sequence, code)]
    assert {b.chain_id for b in verify_chains()} == {chain_id}
    assert list(verify_chains([whole])) == []


def test_a_chain_that_was_never_opened_is_named(db: None) -> None:
    assert [b.code for b in verify_chain(uuid7())] == ["chain_missing"]


def test_the_triggers_can_be_taken_back(db: None) -> None:
    from importlib import import_module

    migration = import_module("portal.ledger.migrations.0002_triggers")
    later = import_module("portal.ledger.migrations.0003_security_events")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for done in (
            (migration.SHRINK, migration.GROW),
            (later.ALLOW + migration.ALLOW, migration.REFUSE + later.REFUSE),
        ):
            for statements in done:
                cursor.execute(statements)
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'ledger%%'")
        assert cursor.fetchone() == (7,)
