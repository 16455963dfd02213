"""What work needs and is away: it waits without a counted start, longer each time, and resumes by itself."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from portal.outbox import Job, enqueue_many
from portal.outbox.claiming import POSTPONED_AT_MOST, STARTS
from portal.outbox.faults import is_of_environment, may_be_of_one
from portal.outbox.models import OutboxMessage
from portal.outbox.poller import poll_once
from portal.outbox.processing import process
from tests.portal.outbox.handlers import AWAY, effects

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = timezone.now() - timedelta(hours=1)
DISK_FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture(autouse=True)
def _nothing_is_away() -> Iterator[None]:
    AWAY.clear()
    yield
    AWAY.clear()


def _enqueue(*subjects: str) -> None:
    enqueue_many([Job("disk", subject, not_before=LONG_AGO) for subject in subjects])


def _rows() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind="disk").order_by("id"))


def _time_passes() -> None:
    OutboxMessage.objects.filter(done_at=None).update(not_before=LONG_AGO)


@pytest.mark.parametrize(
    "fault", [DISK_FULL, ConnectionRefusedError(), TimeoutError(), OSError(errno.EROFS, "Read-only file system")]
)
def test_a_fault_of_the_environment_counts_as_no_start_however_often(fault: Exception) -> None:
    AWAY.append(fault)
    _enqueue("a", "b")
    for _ in range(2 * STARTS):
        assert process("disk") == (0, False)
        _time_passes()
    assert [(row.attempts, row.quarantined_at, row.postponements) for row in _rows()] == [(0, None, 2 * STARTS)] * 2
    assert all(row.postponed_since is not None for row in _rows())
    AWAY.clear()
    assert process("disk")[0] == 2
    assert effects() == {"a", "b"}


def test_it_waits_longer_each_time_while_the_oldest_goes_on_looking() -> None:
    AWAY.append(DISK_FULL)
    _enqueue("a", "b")
    for _ in range(12):
        process("disk")
        _time_passes()
    process("disk")
    oldest, other = ((row.not_before - timezone.now()).total_seconds() for row in _rows())
    assert oldest < 15
    assert 0.7 * POSTPONED_AT_MOST.total_seconds() < other < 1.3 * POSTPONED_AT_MOST.total_seconds()


def test_all_resume_within_seconds_once_one_of_them_is_done() -> None:
    AWAY.append(DISK_FULL)
    _enqueue("a", "b", "c")
    process("disk")
    OutboxMessage.objects.filter(subject__in=["b", "c"]).update(not_before=timezone.now() + timedelta(minutes=9))
    OutboxMessage.objects.filter(subject="a").update(not_before=LONG_AGO)
    AWAY.clear()
    process("disk")
    assert effects() == {"a"}
    assert all(row.not_before < timezone.now() + timedelta(seconds=6) for row in _rows())


def test_one_that_wants_too_much_memory_keeps_no_neighbour_waiting() -> None:
    _enqueue("a", "greedy", "b")
    process("disk")
    assert effects() == {"a", "b"}
    greedy = OutboxMessage.objects.get(subject="greedy", kind="disk")
    assert (greedy.postponements, greedy.quarantined_at) == (1, None)


def test_work_whose_line_was_cut_waits_uncounted() -> None:
    enqueue_many([Job("cut", "a", not_before=LONG_AGO)])
    for _ in range(STARTS + 1):
        process("cut")
        row = OutboxMessage.objects.get(kind="cut")
        assert (row.attempts, row.quarantined_at, row.lease_until) == (0, None, None)
        _time_passes()


def test_what_was_held_when_the_database_went_away_is_given_back_uncounted() -> None:
    enqueue_many([Job("gone", "a", not_before=LONG_AGO)])
    port = connection.settings_dict["PORT"]
    for _ in range(STARTS + 1):
        try:
            with pytest.raises(OperationalError):
                process("gone")
        finally:
            connection.settings_dict["PORT"] = port
        poll_once()
        row = OutboxMessage.objects.get(kind="gone")
        assert (row.attempts, row.quarantined_at, row.lease_until) == (0, None, None)
        _time_passes()


@pytest.mark.parametrize(
    ("sql", "passing"),
    [("SELECT 1 / 0", False), ("SELECT pg_sleep(1)", True), ("SELECT repeat('a', 2000000000)", False)],
)
def test_it_tells_by_the_state_what_the_database_said(sql: str, passing: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '20ms'")
        try:
            with pytest.raises(Exception) as caught:  # noqa: PT011 - which of Django's errors is what is asked
                cursor.execute(sql)
        finally:
            cursor.execute("SET statement_timeout = DEFAULT")
    assert is_of_environment(caught.value) is passing


def test_a_statement_that_takes_too_long_may_be_one_rows_own_doing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '20ms'")
        try:
            with pytest.raises(OperationalError) as caught:
                cursor.execute("SELECT pg_sleep(1)")
        finally:
            cursor.execute("SET statement_timeout = DEFAULT")
    assert may_be_of_one(caught.value)
    assert not may_be_of_one(DISK_FULL)


def test_a_missing_file_is_the_works_own_fault() -> None:
    assert not is_of_environment(FileNotFoundError(errno.ENOENT, "No such file"))


def test_a_fault_is_found_behind_what_was_raised_from_it() -> None:
    outer = RuntimeError("could not store")
    outer.__cause__ = DISK_FULL
    assert is_of_environment(outer)
