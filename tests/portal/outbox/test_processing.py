"""Working off: batches, isolation of what fails, polling without a broker, the console."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from portal.accounts.models import User
from portal.outbox import Job, enqueue, enqueue_many
from portal.outbox.claiming import claim_batch, release
from portal.outbox.models import OutboxMessage
from portal.outbox.poller import poll_once
from portal.outbox.processing import process, run
from portal.outbox.tasks import drain, sweep
from tests.portal.outbox.handlers import effects

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = timezone.now() - timedelta(hours=1)


def _enqueue(*subjects: str, kind: str = "work") -> None:
    enqueue_many([Job(kind, subject, not_before=LONG_AGO) for subject in subjects])


def test_it_does_everything_that_waits() -> None:
    _enqueue(*(str(number) for number in range(120)))
    assert process("work") == (120, False)
    assert len(effects()) == 120


def test_it_stops_taking_when_its_time_is_up() -> None:
    _enqueue("a")
    assert process("work", budget=0) == (0, True)


def test_a_failing_row_costs_its_neighbours_nothing() -> None:
    _enqueue("a", "poison", "b")
    process("work")
    assert effects() == {"a", "b"}
    row = OutboxMessage.objects.get(subject="poison", kind="work")
    assert (row.attempts, row.done_at, row.quarantined_at) == (2, None, None)


def test_a_failing_row_is_set_aside_after_three_starts() -> None:
    _enqueue("a", "poison", "b")
    for _ in range(3):
        process("work")
        OutboxMessage.objects.filter(done_at=None).update(not_before=LONG_AGO)
    row = OutboxMessage.objects.get(subject="poison", kind="work")
    assert row.attempts == 3
    assert row.quarantined_at is not None
    assert "cannot be done" in row.last_error


def test_a_batch_that_killed_its_worker_is_started_again_one_by_one() -> None:
    _enqueue("a", "poison", "b")
    claim_batch("work", lease=timedelta(0))
    process("work")
    assert effects() == {"a", "b"}


def test_a_sleeper_that_wakes_after_its_lease_leaves_no_effect() -> None:
    _enqueue("a")
    slept = claim_batch("work", lease=timedelta(0))
    process("work")
    assert effects() == {"a"}
    OutboxMessage.objects.filter(kind="effect").delete()
    assert run(slept) == 0
    assert effects() == set()


def test_work_done_twice_is_done_once() -> None:
    _enqueue("a")
    claims = claim_batch("work")
    assert run(claims) == 1
    assert run(claims) == 0
    assert effects() == {"a"}


def test_jobs_enqueued_while_working_are_done_in_the_same_call() -> None:
    _enqueue("a", kind="chain")
    process("chain")
    process("work")
    assert effects() == {"a-next"}


def test_the_poller_takes_what_nobody_was_woken_for() -> None:
    _enqueue("a")
    enqueue("work", "fresh")
    assert poll_once() == 2
    assert effects() == {"a", "fresh"}


def test_the_poller_leaves_fresh_work_to_those_who_are_woken() -> None:
    enqueue("work", "fresh")
    assert poll_once() == 0


def test_the_sweep_names_what_waits_and_quarantines_what_is_exhausted(settings: Settings) -> None:
    settings.REDIS_URL = ""
    _enqueue("a")
    enqueue("work", "exhausted", not_before=LONG_AGO)
    OutboxMessage.objects.filter(subject="exhausted").update(attempts=3, lease_until=LONG_AGO)
    assert sweep() == ["work"]
    assert OutboxMessage.objects.get(subject="exhausted").quarantined_at is not None


def test_a_bell_for_unknown_work_is_ignored() -> None:
    assert drain("unheard of") == 0


class TestConsole:
    @pytest.fixture
    def _set_aside(self) -> None:
        enqueue("work", "poison")
        (claim,) = claim_batch("work")
        OutboxMessage.objects.update(attempts=3)
        release(
            type(claim)(claim.id, claim.kind, claim.subject, {}, claim.lease_number, 3), ValueError("cannot be done")
        )

    @pytest.mark.usefixtures("_set_aside")
    def test_it_shows_what_was_set_aside_and_starts_it_anew(self) -> None:
        client = Client()
        client.force_login(User.objects.create_superuser("root"), backend="portal.accounts.backends.AccountBackend")
        address = reverse("admin:outbox_outboxmessage_changelist")
        page = client.get(address, {"status": "quarantined"}).content.decode()
        assert "cannot be done" in page
        row = OutboxMessage.objects.get()
        answer = client.post(address, {"action": "start_anew", "_selected_action": [row.pk]}, follow=True)
        assert answer.status_code == 200
        row.refresh_from_db()
        assert (row.quarantined_at, row.attempts) == (None, 0)

    def test_nothing_is_enqueued_or_undone_by_hand(self) -> None:
        client = Client()
        client.force_login(User.objects.create_superuser("root"), backend="portal.accounts.backends.AccountBackend")
        assert client.get(reverse("admin:outbox_outboxmessage_add")).status_code == 403
