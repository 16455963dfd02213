"""The ledger against the rows: replaying the events gives today's states, and the chains are whole."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext_lazy as _

from matters.core.states import OTHER_EVENTS, State, replay
from matters.integrity.findings import NAMED_AT_MOST, Breach, Check
from matters.models import Bundle
from portal.ledger.chain import verify_chains

_DIFFERS = Check(
    "I-06", "state_differs_from_history", _("子项 %(subject)s 的状态与事件记录推出的“%(detail)s”不符。"), ""
)
_IMPOSSIBLE = Check("I-06", "history_impossible", _("子项 %(subject)s 的事件记录不可能发生：%(detail)s。"), "")
_BROKEN = Check("I-14", "chain_broken", _("%(subject)s 的事件链被改动：%(detail)s。"), "")

CHECKS = [
    Check(
        "I-15",
        "history_missing",
        _("子项 %(subject)s 没有任何事件记录。"),
        """SELECT s.number, '' FROM matters_subitem s WHERE NOT EXISTS (
               SELECT 1 FROM ledger_event e WHERE e.chain_id = s.bundle_id AND e.sub_item = s.key)""",
    ),
    Check(
        "I-15",
        "conclusion_unrecorded",
        _("联办件 %(subject)s 的办结与事件记录不符。"),
        """SELECT b.number, '' FROM matters_bundle b
             LEFT JOIN ledger_event e ON e.chain_id = b.id AND e.kind = 'concluded' AND e.sub_item = ''
            GROUP BY b.id HAVING count(e.id) <> CASE WHEN b.concluded_at IS NULL THEN 0 ELSE 1 END""",
    ),
    Check(
        "I-07",
        "time_goes_back",
        _("%(subject)s 的事件时间倒退：第 %(detail)s 个事件。"),
        """SELECT coalesce(b.number, e.chain_id::text), e.sequence
             FROM (SELECT chain_id, sequence, at, lag(at) OVER (PARTITION BY chain_id ORDER BY sequence) AS before
                     FROM ledger_event) e
             LEFT JOIN matters_bundle b ON b.id = e.chain_id WHERE e.at < e.before""",
    ),
    Check(
        "I-06",
        "step_recorded_otherwise",
        _("子项 %(subject)s 的事件记录前后不接：%(detail)s。"),
        """SELECT s.number, e.before || ' / ' || e.source FROM (
               SELECT chain_id, sub_item, data ->> 'from' AS source,
                      lag(data ->> 'to') OVER (PARTITION BY chain_id, sub_item ORDER BY sequence) AS before
                 FROM ledger_event WHERE sub_item <> '' AND data ? 'from' AND data ? 'to') e
             JOIN matters_subitem s ON s.bundle_id = e.chain_id AND s.key = e.sub_item
            WHERE e.before <> e.source""",
    ),
    Check(
        "I-14",
        "chain_missing",
        _("联办件 %(subject)s 没有事件链。"),
        """SELECT b.number, '' FROM matters_bundle b LEFT JOIN ledger_chain c ON c.id = b.id WHERE c.id IS NULL""",
    ),
]

# Histories are few, however many sub-items: they are compared as kinds of history, and only the odd ones are named.
_HISTORIES = """
SELECT h.kinds, s.state, (array_agg(s.number))[1:%(limit)s]
  FROM (SELECT chain_id, sub_item, array_agg(kind ORDER BY sequence) FILTER (WHERE kind <> ALL(%(other)s)) AS kinds
          FROM ledger_event WHERE sub_item <> '' GROUP BY chain_id, sub_item) h
  JOIN matters_subitem s ON s.bundle_id = h.chain_id AND s.key = h.sub_item
 GROUP BY h.kinds, s.state
"""


def replay_histories() -> Iterator[Breach]:
    """Yield sub-items whose events lead elsewhere than their row says, or nowhere. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_HISTORIES, {"other": sorted(OTHER_EVENTS), "limit": NAMED_AT_MOST})
        for kinds, state, numbers in cursor.fetchall():
            try:
                reached = replay(kinds or [])
            except ValueError as impossible:
                yield from (_IMPOSSIBLE.breach(number, impossible) for number in numbers)
                continue
            if reached != State(state):
                yield from (_DIFFERS.breach(number, reached.value) for number in numbers)


def verify_histories() -> Iterator[Breach]:
    """Yield what is wrong with the hash chains, named by bundle."""
    for found in verify_chains():
        number = Bundle.objects.filter(pk=found.chain_id).values_list("number", flat=True).first()
        yield _BROKEN.breach(number or str(found.chain_id), f"#{found.sequence} {found.code}")
