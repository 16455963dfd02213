"""A bundle concludes by itself, with the last of its sub-items."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import connection

from matters.core.states import CONCLUDED
from portal.ledger.chain import NewEvent, append_events_to_many
from portal.outbox.enqueueing import Job, enqueue_many

_CONCLUDE = """
UPDATE matters_bundle b SET concluded_at = clock_timestamp()
 WHERE b.id = ANY(%s::uuid[]) AND b.concluded_at IS NULL
   AND EXISTS (SELECT 1 FROM matters_subitem s WHERE s.bundle_id = b.id)
   AND NOT EXISTS (SELECT 1 FROM matters_subitem s WHERE s.bundle_id = b.id AND s.state <> ALL(%s))
RETURNING b.id
"""


def conclude_bundle_if_done(bundle_ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Conclude those of the bundles whose sub-items are all concluded; return which. Inside the caller's transaction.

    The caller holds the bundles' rows, so that two departments that finish last together conclude it once.
    Cost: one statement, and four more if anything concludes, however many bundles.
    """
    if not bundle_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_CONCLUDE, [[str(bundle_id) for bundle_id in bundle_ids], sorted(CONCLUDED)])
        concluded: list[uuid.UUID] = [row[0] for row in cursor.fetchall()]
    enqueue_many(
        Job("notify", f"{bundle_id}:concluded", {"bundle": str(bundle_id), "event": "concluded"})
        for bundle_id in concluded
    )
    append_events_to_many({bundle_id: [NewEvent("concluded")] for bundle_id in concluded})
    return concluded
