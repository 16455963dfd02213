"""Publishing how certificates stand: a signed list each, replaced within moments of a change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from certificates.models import StatusChange, StatusList
from certificates.seal.signing import SignerAway, seal_provider
from portal.outbox.claiming import Claim, Postponed, complete
from portal.outbox.enqueueing import Job, enqueue, enqueue_again

KIND = "publish_status_list"
# A list that nothing changed is signed anew so often, so that whoever keeps one can have a fresh one.
RENEWED_AFTER = timedelta(minutes=10)


def publish_after(change: StatusChange) -> None:
    """Enqueue the list in which a change is to be read, in the caller's transaction. One statement."""
    enqueue(KIND, f"change:{change.pk}", {"list": change.certificate.status_list})


def publish_status_lists(claims: Sequence[Claim]) -> None:
    """Handle ``publish_status_list``: each list that is named is signed once. Raises `Postponed` while the signer is away, else `StaleLease`.

    A list is locked before it is signed: of two workers the one that stores last has also read last.
    """
    numbers = sorted({int(claim.payload["list"]) for claim in claims})
    try:
        with transaction.atomic():
            complete(claims)
            StatusList.objects.bulk_create([StatusList(number=each) for each in numbers], ignore_conflicts=True)
            locked = StatusList.objects.select_for_update().filter(number__in=numbers).order_by("number")
            for found in list(locked):
                found.token, found.signed_at = seal_provider().sign_status_list(found.number), timezone.now()
                found.save(update_fields=["token", "signed_at"])
    except SignerAway as away:
        raise Postponed(away.code) from away


def publish_again() -> int:
    """Enqueue every list in which certificates stand and that was not signed for ten minutes; return how many. Two statements or three."""
    with connection.cursor() as cursor:
        # The greatest by the index of places; lists are numbered from 0 without a gap.
        cursor.execute(
            """
            SELECT list.number FROM generate_series(0, (SELECT max(status_list) FROM certificates_certificate)) AS list (number)
             WHERE NOT EXISTS (SELECT 1 FROM certificates_statuslist s
                                WHERE s.number = list.number AND s.signed_at > statement_timestamp() - make_interval(secs => %s))
            """,
            [RENEWED_AFTER.total_seconds()],
        )
        due = [number for (number,) in cursor.fetchall()]
    enqueue_again(Job(KIND, f"list:{number}", {"list": number}) for number in due)
    return len(due)
