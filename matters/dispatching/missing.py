"""Searches that find work which should have been enqueued and was not."""

from __future__ import annotations

from django.db import connection, transaction

from matters.core.states import CONCLUDED, IN_QUEUE
from portal.outbox.enqueueing import Job, enqueue_again

# What is younger may still be on its way.
SETTLED_SECONDS = 30
LIMIT = 1000

_MISSING = """
SELECT bundle_id FROM (
    -- waits although its turn has come, or for what can no longer come
    SELECT s.bundle_id FROM matters_subitem s
     WHERE s.state = 'waiting' AND s.state_since < statement_timestamp() - make_interval(secs => %(settled)s)
       AND (NOT EXISTS (SELECT 1 FROM jsonb_array_elements_text(s.after) AS need (key)
                          LEFT JOIN matters_subitem p ON p.bundle_id = s.bundle_id AND p.key = need.key
                         WHERE p.state IS DISTINCT FROM 'approved')
            OR EXISTS (SELECT 1 FROM matters_subitem p
                        WHERE p.bundle_id = s.bundle_id AND s.after ? p.key
                          AND p.state = ANY(%(concluded)s) AND p.state <> 'approved'))
    UNION
    -- in the queue, but nobody can see it
    SELECT s.bundle_id FROM matters_subitem s
     WHERE s.state = ANY(%(in_queue)s)
       AND NOT EXISTS (SELECT 1 FROM matters_reviewtask t WHERE t.sub_item_id = s.id AND t.closed_at IS NULL)
    UNION
    -- all concluded but the bundle itself, or sub-items missing
    SELECT b.id FROM matters_bundle b
      JOIN ledger_event e ON e.chain_id = b.id AND e.sequence = 1
     WHERE b.concluded_at IS NULL AND b.submitted_at < statement_timestamp() - make_interval(secs => %(settled)s)
       AND (NOT EXISTS (SELECT 1 FROM matters_subitem s WHERE s.bundle_id = b.id AND s.state <> ALL(%(concluded)s))
            OR jsonb_array_length(e.data -> 'sub_items') >
               (SELECT count(*) FROM matters_subitem s WHERE s.bundle_id = b.id))
) AS found LIMIT %(limit)s
"""


def enqueue_missing_fan_outs() -> int:
    """Enqueue the dispatch of every bundle that stands still without a reason; return how many.

    Reads all open sub-items: for a search once in a while, not for each tick.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _MISSING,
            {
                "settled": SETTLED_SECONDS,
                "concluded": sorted(CONCLUDED),
                "in_queue": sorted(IN_QUEUE),
                "limit": LIMIT,
            },
        )
        found = [str(row[0]) for row in cursor.fetchall()]
        enqueue_again(Job("fan_out", bundle_id, {"bundle": bundle_id}) for bundle_id in found)
    return len(found)
