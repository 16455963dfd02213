"""Work that the tests enqueue: each effect is a row of the outbox itself, kind ``effect``."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from portal.outbox import enqueue
from portal.outbox.claiming import Claim, complete
from portal.outbox.models import OutboxMessage


def work(claims: Sequence[Claim]) -> None:
    """Leave one ``effect`` per claim; a subject that begins with ``poison`` fails after its neighbours' effects."""
    with transaction.atomic():
        complete(claims)
        for claim in claims:
            OutboxMessage.objects.create(
                kind="effect", subject=claim.subject, not_before="2026-01-01T00:00:00Z", done_at="2026-01-01T00:00:00Z"
            )
        if any(claim.subject.startswith("poison") for claim in claims):
            raise ValueError("cannot be done")


def work_on_a_disk(claims: Sequence[Claim]) -> None:
    """As `work`, but every piece needs what `AWAY` says is away, and one that begins with ``greedy`` needs more memory than there is."""
    with transaction.atomic():
        complete(claims)
        for claim in claims:
            OutboxMessage.objects.create(
                kind="effect", subject=claim.subject, not_before="2026-01-01T00:00:00Z", done_at="2026-01-01T00:00:00Z"
            )
            if claim.subject.startswith("greedy"):
                raise MemoryError
        if AWAY:
            raise AWAY[-1]


AWAY: list[Exception] = []


def work_whose_line_is_cut(claims: Sequence[Claim]) -> None:
    """Have the server end this connection in mid work, as one that restarts does."""
    with transaction.atomic(), connection.cursor() as cursor:
        complete(claims)
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def work_without_a_server(claims: Sequence[Claim]) -> None:
    """As `work_whose_line_is_cut`, and nobody listens any more until the test restores the port."""
    connection.settings_dict["PORT"] = "1"
    work_whose_line_is_cut(claims)


def chain_of_work(claims: Sequence[Claim]) -> None:
    """Enqueue the next piece of work in the transaction of this one."""
    with transaction.atomic():
        complete(claims)
        for claim in claims:
            enqueue("work", f"{claim.subject}-next")


def effects() -> set[str]:
    """Return what was done."""
    return set(OutboxMessage.objects.filter(kind="effect").values_list("subject", flat=True))
