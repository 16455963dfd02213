"""The outbox, the messages people got, and the sequences behind the numbers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from matters.integrity.findings import Check
from portal.outbox.claiming import STARTS


@dataclass(frozen=True, slots=True)
class Waiting:
    """Jobs of a kind that nothing is wrong with and that are not done yet: work to come, no damage.

    ``waits_for``: ``worker``, or ``needs`` where what the work needs (a disk, a network, the signer) is away.
    """

    kind: str
    waits_for: str
    count: int
    oldest_seconds: int


def waiting_jobs() -> list[Waiting]:
    """Return what is still to be done and may be begun now, by kind and what it waits for. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT kind, CASE WHEN postponements > 0 THEN 'needs' ELSE 'worker' END AS waits_for, count(*),
                      extract(epoch FROM statement_timestamp() - min(least(not_before, coalesce(postponed_since, not_before))))::int
                 FROM outbox_outboxmessage
                WHERE done_at IS NULL AND quarantined_at IS NULL
                  AND (not_before <= statement_timestamp() OR postponements > 0)
                GROUP BY 1, 2 ORDER BY 1, 2"""
        )
        return [Waiting(*row) for row in cursor.fetchall()]


# The jobs of an application that is concluded may have been pruned (`portal.retention`): what they led to is proved by its own rows.
CHECKS = [
    Check(
        "I-12",
        "job_set_aside",
        _("投递 %(subject)s 开始三次都没有做成，已搁置 %(detail)s，等人处理。"),
        """SELECT kind || ' ' || subject, date_trunc('second', statement_timestamp() - quarantined_at)::text
             FROM outbox_outboxmessage WHERE quarantined_at IS NOT NULL ORDER BY quarantined_at""",
    ),
    Check(
        "I-12",
        "started_too_often",
        _("投递 %(subject)s 已开始 %(detail)s 次，却没有被搁置。"),
        """SELECT kind || ' ' || subject, attempts FROM outbox_outboxmessage
            WHERE done_at IS NULL AND quarantined_at IS NULL AND attempts > %(starts)s""",
        {"starts": STARTS},
    ),
    Check(
        "I-12",
        "job_missing",
        _("联办件 %(subject)s 没有分办投递。"),
        """SELECT b.number, '' FROM matters_bundle b LEFT JOIN outbox_outboxmessage o
               ON o.kind = 'fan_out' AND o.subject = b.id::text WHERE o.id IS NULL AND b.concluded_at IS NULL""",
    ),
    Check(
        "I-12",
        "job_of_dependents_missing",
        _("子项 %(subject)s 已办结，但没有促使后续子项开始的投递。"),
        """SELECT s.number, '' FROM matters_subitem s JOIN matters_bundle b ON b.id = s.bundle_id
             LEFT JOIN outbox_outboxmessage o
               ON o.kind = 'fan_out' AND o.subject = s.bundle_id::text || ':' || s.id::text
            WHERE s.state IN ('approved', 'rejected', 'not_accepted') AND o.id IS NULL AND b.concluded_at IS NULL""",
    ),
    Check(
        "I-12",
        "job_dangling",
        _("投递 %(subject)s 所指的联办件不存在。"),
        """SELECT o.kind || ' ' || o.subject, '' FROM outbox_outboxmessage o
             LEFT JOIN matters_bundle b ON b.id::text = o.payload ->> 'bundle'
            WHERE o.kind = 'fan_out' AND b.id IS NULL""",
    ),
    Check(
        "I-22",
        "notice_missing",
        _("通知 %(subject)s 标为已送达，收件人却没有收到。"),
        """SELECT o.subject, '' FROM outbox_outboxmessage o
             JOIN matters_bundle b ON b.id::text = o.payload ->> 'bundle'
             JOIN accounts_person p ON p.id = b.applicant_id
             JOIN accounts_user u ON u.id = p.user_id AND u.date_joined < o.done_at
             LEFT JOIN notices_message m ON m.recipient_id = p.user_id AND m.key = o.subject
            WHERE o.kind = 'notify' AND o.done_at IS NOT NULL AND m.id IS NULL AND b.organisation_id IS NULL""",
    ),
    Check(
        "I-24",
        "serial_behind",
        _("办件流水号序列落后于已用的编号：%(detail)s。"),
        """SELECT b.number, b.number FROM matters_bundle b
             JOIN pg_sequences q ON q.schemaname = current_schema() AND q.sequencename = 'matters_bundle_serial'
            WHERE split_part(b.number, '-', 3) ~ '^[0-9]{1,12}$'
              AND split_part(b.number, '-', 3)::bigint > coalesce(q.last_value, 0)
            ORDER BY split_part(b.number, '-', 3)::bigint DESC LIMIT 1""",
    ),
]
