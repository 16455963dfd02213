"""Events are written once, in order, and stay."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from portal.ledger.chain import (
    ChainMissing,
    NewEvent,
    append_events,
    append_events_to_many,
    first_events,
    open_chain,
    open_chains,
    verify_chain,
    verify_chains,
)
from portal.ledger.models import Chain, Event
from portal.lib.uuid7 import uuid7

ODD = {"文": "陈·䶮𬱖", "quote": '"\\/\u2028', "nested": [{"b": None, "a": [True, 0, -1, 10**30]}], "": ""}


@pytest.fixture
def chain_id(db: None) -> UUID:
    id = uuid7()
    open_chain(id)
    return id


def test_it_chains_each_event_to_the_one_before(chain_id: UUID) -> None:
    first, second = append_events(
        chain_id, [NewEvent("submitted", data=ODD), NewEvent("queued", department="police", sub_item="hukou")]
    )
    (third,) = append_events(chain_id, [NewEvent("accepted", department="police", sub_item="hukou")])
    assert [event.sequence for event in (first, second, third)] == [1, 2, 3]
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
    assert Event.objects.get(pk=first.pk).data == ODD
    assert first.at <= third.at
    head = Chain.objects.get(id=chain_id)
    assert (head.length, bytes(head.head)) == (3, third.hash)
    assert verify_chain(chain_id) == []


def test_it_takes_two_statements_however_many_chains_and_events(
    db: None, django_assert_num_queries: Callable[..., Any]
) -> None:
    for count in (1, 7, 60):
        ids = [uuid7() for _ in range(count)]
        open_chains(ids)
        with django_assert_num_queries(2):
            written = append_events_to_many({id: [NewEvent("queued", sub_item=str(n)) for n in range(5)] for id in ids})
        assert [len(events) for events in written.values()] == [5] * count
        assert list(verify_chains(ids)) == []


def test_it_writes_nothing_when_there_is_nothing_to_write(
    chain_id: UUID, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(0):
        assert append_events(chain_id, []) == []


def test_it_names_the_chains_that_were_never_opened(chain_id: UUID) -> None:
    stranger = uuid7()
    with pytest.raises(ChainMissing) as refusal:
        append_events_to_many({chain_id: [NewEvent("a")], stranger: [NewEvent("a")]})
    assert refusal.value.ids == [stranger]
    assert not Event.objects.filter(chain_id=chain_id).exists()


def test_opening_twice_changes_nothing(chain_id: UUID) -> None:
    append_events(chain_id, [NewEvent("submitted")])
    open_chain(chain_id)
    assert Chain.objects.get(id=chain_id).length == 1


@pytest.mark.parametrize(
    "data", [{"x": 1.5}, {"x": "a\x00b"}, {"x": b"raw"}, {"x": datetime.now(tz=UTC)}, {"x": "\ud800"}, {1: "x"}]
)
def test_it_refuses_data_that_the_database_would_not_give_back_unchanged(chain_id: UUID, data: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        append_events(chain_id, [NewEvent("submitted", data=data)])


def test_rows_made_for_a_statement_of_the_callers_own_are_those_that_would_be_written(chain_id: UUID) -> None:
    at = datetime(2026, 3, 1, 8, tzinfo=UTC)
    rows = first_events(chain_id, at, [NewEvent("submitted", data=ODD), NewEvent("queued")])
    Event.objects.bulk_create(
        Event(
            chain_id=r.chain_id,
            sequence=r.sequence,
            at=r.at,
            kind=r.kind,
            data=r.data,
            previous_hash=r.previous_hash,
            hash=r.hash,
        )
        for r in rows
    )
    Chain.objects.filter(id=chain_id).update(length=len(rows), head=rows[-1].hash)
    assert verify_chain(chain_id) == []


@pytest.mark.django_db(transaction=True)
def test_it_wants_to_be_in_the_transaction_of_the_fact() -> None:
    id = uuid7()
    open_chain(id)
    with pytest.raises(TransactionManagementError):
        append_events(id, [NewEvent("submitted")])


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_event SET kind = 'x'", "UPDATE ledger_event SET id = id", "DELETE FROM ledger_event"]
)
def test_the_database_refuses_to_change_or_remove_an_event(chain_id: UUID, statement: str) -> None:
    append_events(chain_id, [NewEvent("submitted")])
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify_chain(chain_id) == []


def test_the_database_refuses_to_empty_the_table(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_event ENABLE TRIGGER ledger_event_no_truncate")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute("TRUNCATE ledger_event CASCADE")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger_chain SET length = length - 1", "UPDATE ledger_chain SET head = ''", "DELETE FROM ledger_chain"],
)
def test_the_database_refuses_to_shorten_a_chain(chain_id: UUID, statement: str) -> None:
    append_events(chain_id, [NewEvent("submitted")])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_writers_of_the_same_chains_at_once_leave_them_whole() -> None:
    ids = [uuid7() for _ in range(3)]
    open_chains(ids)
    writers, rounds = 4, 10
    barrier = threading.Barrier(writers)
    failures: list[BaseException] = []

    def write(turn: int) -> None:
        order = ids[turn % 3 :] + ids[: turn % 3]
        try:
            barrier.wait(10)
            for _ in range(rounds):
                with transaction.atomic():
                    append_events_to_many({id: [NewEvent("queued", data={"by": turn})] for id in order})
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(turn,)) for turn in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    with CaptureQueriesContext(connection) as queries:
        assert list(verify_chains(ids)) == []
    assert len(queries) == 2
    assert [chain.length for chain in Chain.objects.filter(id__in=ids)] == [writers * rounds] * 3
    for id in ids:
        times = list(Event.objects.filter(chain_id=id).order_by("sequence").values_list("at", flat=True))
        assert times == sorted(times)
