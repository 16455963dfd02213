"""Claims: who holds a row, for how long, and who may say that it is done."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from portal.outbox import Job, enqueue, enqueue_many
from portal.outbox.claiming import (
    STARTS,
    Claim,
    StaleLease,
    claim_again,
    claim_batch,
    complete,
    describe,
    kinds_due,
    quarantine_exhausted,
    release,
    retry,
    start_again,
)
from portal.outbox.models import OutboxMessage

AT_ONCE = timedelta(0)


def _one(subject: str = "a", lease: timedelta = timedelta(seconds=20)) -> Claim:
    enqueue("work", subject)
    (claim,) = claim_batch("work", lease=lease)
    return claim


@transaction.atomic
def _finish_with_effect(claim: Claim) -> None:
    OutboxMessage.objects.update(payload={"effect": "of the sleeper"})
    complete([claim])


@pytest.mark.django_db
class TestTaking:
    def test_it_takes_rows_in_the_order_they_were_enqueued(self) -> None:
        for subject in "cab":
            enqueue("work", subject)
        assert [claim.subject for claim in claim_batch("work", limit=2)] == ["c", "a"]
        assert [claim.subject for claim in claim_batch("work", limit=2)] == ["b"]

    def test_it_counts_the_start_and_numbers_the_lease(self) -> None:
        claim = _one()
        assert (claim.attempts, claim.lease_number) == (1, 1)
        assert claim_batch("work") == []

    def test_it_leaves_other_kinds_alone(self) -> None:
        enqueue("chain", "a")
        assert claim_batch("work") == []

    def test_a_row_whose_lease_ran_out_is_taken_alone(self) -> None:
        enqueue_many([Job("work", "a"), Job("work", "b")])
        claim_batch("work", lease=AT_ONCE)
        assert claim_batch("work") == []
        first, second = claim_again("work"), claim_again("work")
        assert first is not None
        assert second is not None
        assert [(c.subject, c.attempts, c.lease_number) for c in (first, second)] == [("a", 2, 2), ("b", 2, 2)]
        assert claim_again("work") is None


@pytest.mark.django_db
class TestCompleting:
    def test_it_marks_the_row_done(self) -> None:
        claim = _one()
        with transaction.atomic():
            complete([claim])
        assert OutboxMessage.objects.get().done_at is not None

    def test_it_refuses_a_lease_that_somebody_else_took_over(self) -> None:
        stale = _one(lease=AT_ONCE)
        current = claim_again("work")
        assert current is not None
        with pytest.raises(StaleLease):
            _finish_with_effect(stale)
        assert OutboxMessage.objects.get().payload == {}
        with transaction.atomic():
            complete([current])

    def test_it_refuses_the_whole_batch_for_one_stale_lease(self) -> None:
        enqueue_many([Job("work", "a"), Job("work", "b")])
        first, second = claim_batch("work", lease=AT_ONCE)
        claim_again("work")
        with pytest.raises(StaleLease), transaction.atomic():
            complete([first, second])
        assert not OutboxMessage.objects.filter(done_at__isnull=False).exists()

    def test_it_refuses_to_be_said_twice(self) -> None:
        claim = _one()
        with transaction.atomic():
            complete([claim])
        with pytest.raises(StaleLease), transaction.atomic():
            complete([claim])


@pytest.mark.django_db
def test_completing_outside_a_transaction_is_refused() -> None:
    claim = _one()
    with pytest.raises(TransactionManagementError):
        complete([claim])


@pytest.mark.django_db
class TestFailing:
    def test_a_released_row_waits_before_its_next_start(self) -> None:
        release(_one(), ValueError("no"))
        assert claim_again("work") is None
        row = OutboxMessage.objects.get()
        assert row.lease_until is None
        assert row.not_before > row.created_at

    def test_it_is_set_aside_after_its_last_start(self) -> None:
        claim: Claim | None = _one()
        for _ in range(STARTS - 1):
            assert claim is not None
            claim = start_again(claim)
        assert claim is not None
        assert claim.attempts == STARTS
        release(claim, ValueError("no"))
        row = OutboxMessage.objects.get()
        assert row.quarantined_at is not None
        assert row.last_error.startswith("ValueError at")
        assert start_again(claim) is None

    def test_a_row_that_kills_its_worker_each_time_is_set_aside_too(self) -> None:
        _one(lease=AT_ONCE)
        while claim_again("work", lease=AT_ONCE):
            pass
        assert OutboxMessage.objects.get().attempts == STARTS
        assert quarantine_exhausted() == 1
        assert OutboxMessage.objects.get().quarantined_at is not None

    def test_a_running_last_start_is_not_set_aside(self) -> None:
        _one()
        OutboxMessage.objects.update(attempts=STARTS)
        assert quarantine_exhausted() == 0

    def test_a_release_under_a_lost_lease_changes_nothing(self) -> None:
        stale = _one(lease=AT_ONCE)
        claim_again("work")
        release(stale, ValueError("late"))
        assert OutboxMessage.objects.get().last_error == ""

    def test_a_retry_gives_three_fresh_starts(self) -> None:
        claim = _one()
        OutboxMessage.objects.update(attempts=STARTS)
        release(Claim(claim.id, "work", "a", {}, claim.lease_number, STARTS), ValueError("no"))
        assert retry([claim.id]) == 1
        (fresh,) = claim_batch("work")
        assert fresh.attempts == 1
        assert fresh.lease_number > claim.lease_number

    def test_a_retry_leaves_rows_alone_that_are_not_set_aside(self) -> None:
        assert retry([_one().id]) == 0

    def test_the_error_is_named_without_the_rows_it_quotes(self) -> None:
        try:
            raise ValueError("duplicate key\nDETAIL: Key (number)=(360100202611211234)")
        except ValueError as error:
            text = describe(error)
        assert "duplicate key" in text
        assert "test_claiming.py" in text
        assert "360100" not in text


@pytest.mark.django_db
class TestLooking:
    def test_it_names_the_kinds_that_wait_unclaimed(self) -> None:
        enqueue("work", "a")
        assert kinds_due(["work", "chain"]) == ["work"]
        assert kinds_due(["work", "chain"], timedelta(seconds=2)) == []
        OutboxMessage.objects.update(not_before="2026-01-01T00:00:00Z")
        assert kinds_due(["work", "chain"], timedelta(seconds=2)) == ["work"]

    def test_held_done_and_set_aside_rows_are_not_due(self) -> None:
        _one()
        assert kinds_due(["work"]) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_take_every_row_exactly_once() -> None:
    enqueue_many([Job("work", str(number)) for number in range(200)])
    barrier = threading.Barrier(8)
    taken: list[int] = []

    def take() -> None:
        barrier.wait()
        while batch := claim_batch("work", limit=7):
            taken.extend(claim.id for claim in batch)
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 200
