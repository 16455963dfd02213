"""A job is one row per kind and subject, written with what makes it necessary."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.outbox import Job, enqueue, enqueue_again, enqueue_many
from portal.outbox.claiming import claim_batch, complete
from portal.outbox.models import OutboxMessage

pytestmark = pytest.mark.django_db


def test_it_writes_one_row_however_often_it_is_said() -> None:
    enqueue("work", "a", {"bundle": 1})
    enqueue("work", "a", {"bundle": 2})
    assert OutboxMessage.objects.get().payload == {"bundle": 1}


def test_it_writes_any_number_in_one_statement() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        enqueue_many([Job("work", str(number)) for number in range(40)] + [Job("work", "3")])
    assert len(queries) == 1
    assert OutboxMessage.objects.count() == 40


def test_it_is_not_there_when_the_transaction_is_rolled_back() -> None:
    with transaction.atomic():
        enqueue("work", "a")
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


def test_it_waits_until_its_moment() -> None:
    enqueue("work", "later", not_before=timezone.now() + timedelta(minutes=1))
    enqueue("work", "sooner", not_before=timezone.now() - timedelta(minutes=1))
    assert [claim.subject for claim in claim_batch("work")] == ["sooner"]


def test_it_opens_done_work_again_but_never_what_was_set_aside() -> None:
    enqueue_many([Job("work", "done"), Job("work", "quarantined")])
    claims = {claim.subject: claim for claim in claim_batch("work")}
    with transaction.atomic():
        complete([claims["done"]])
    OutboxMessage.objects.filter(subject="quarantined").update(quarantined_at=timezone.now(), lease_until=None)
    enqueue_again([Job("work", "done"), Job("work", "quarantined"), Job("work", "new")])
    assert [claim.subject for claim in claim_batch("work")] == ["done", "new"]


def test_the_database_refuses_a_row_that_is_done_and_set_aside() -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMessage.objects.create(kind="work", subject="a", not_before=now, done_at=now, quarantined_at=now)
