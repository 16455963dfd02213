"""Work that the tests enqueue: each effect is a row of the outbox itself, kind ``effect``."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

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


def chain_of_work(claims: Sequence[Claim]) -> None:
    """Enqueue the next piece of work in the transaction of this one."""
    with transaction.atomic():
        complete(claims)
        for claim in claims:
            enqueue("work", f"{claim.subject}-next")


def effects() -> set[str]:
    """Return what was done."""
    return set(OutboxMessage.objects.filter(kind="effect").values_list("subject", flat=True))
