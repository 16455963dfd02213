"""Dispatch (分办): sub-items whose turn has come enter their departments' queues; those that lost their ground end.

Set based: a fixed number of statements for a whole batch of bundles. Doing it again changes nothing: a transition
is an UPDATE of what still waits, a task is there once, an event belongs to a row that was changed. Lock order as in
``matters.reviewing.transitions``: bundle, sub-items, tasks, jobs, and the chains last.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import structlog
from django.db import connection, transaction

from catalog.definitions import LICENCE
from catalog.merging.planned import PlannedItem
from catalog.versions.matters import compiled
from matters.calendars.limits import answer_due
from matters.core.clocks import official_date
from matters.core.progress import DueTransition, SubItemPosition, due_transitions
from matters.core.states import IN_QUEUE, State, step_of
from matters.dispatching.conclusion import conclude_bundle_if_done
from matters.dispatching.sub_items import INSERT_SUB_ITEMS, sub_item_columns
from portal.ledger.chain import NewEvent, append_events_to_many
from portal.outbox.claiming import Claim, complete
from portal.outbox.enqueueing import Job, enqueue_many

log = structlog.get_logger(__name__)

_LOCK = """
SELECT id, number, matter_version_id, answers::text FROM matters_bundle
 WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""
_SUB_ITEMS = """
SELECT s.id, s.bundle_id, s.key, s.state, s.after::text, d.code, s.state_since
  FROM matters_subitem s JOIN catalog_department d ON d.id = s.department_id
 WHERE s.bundle_id = ANY(%s::uuid[]) ORDER BY s.number
"""
_TRANSITION = """
UPDATE matters_subitem s
   SET state = due.state, state_since = statement_timestamp(),
       concluded_at = CASE WHEN due.state = 'terminated' THEN statement_timestamp() END
  FROM unnest(%s::uuid[], %s::text[]) AS due (id, state)
 WHERE s.id = due.id AND s.state = 'waiting'
RETURNING s.id, s.state_since
"""
# Also for a sub-item that stands in the queue without a task, whatever removed it. What came just now is answered by ``answer_by``.
_OPEN_TASKS = """
INSERT INTO matters_reviewtask (sub_item_id, department_id, opened_at, stage, is_deemed_when_late, due_on)
SELECT s.id, s.department_id, statement_timestamp(),
       CASE WHEN s.state IN ('accepted', 'under_review') THEN 'review' ELSE 'acceptance' END, s.id = ANY(%(licences)s::uuid[]),
       CASE WHEN s.accepted_at IS NULL THEN answer_by.day ELSE s.due_on END
  FROM matters_subitem s
  LEFT JOIN unnest(%(received)s::date[], %(days)s::date[]) AS answer_by (received, day)
    ON answer_by.received = (s.state_since AT TIME ZONE 'Asia/Shanghai')::date
 WHERE s.bundle_id = ANY(%(bundles)s::uuid[]) AND s.state = ANY(%(states)s)
   AND NOT EXISTS (SELECT 1 FROM matters_reviewtask t WHERE t.sub_item_id = s.id AND t.closed_at IS NULL)
 ORDER BY s.id
    ON CONFLICT (sub_item_id) WHERE closed_at IS NULL DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class _Bundle:
    id: uuid.UUID
    number: str
    items: Sequence[PlannedItem]


@dataclass(frozen=True, slots=True)
class _SubItem:
    id: uuid.UUID
    bundle_id: uuid.UUID
    key: str
    state: State
    after: list[str]
    department: str
    state_since: datetime


def dispatch_sub_items(claims: Sequence[Claim]) -> None:
    """Handle ``fan_out``: give each named bundle's sub-items their turn, and conclude it when nothing is left.

    Effect and completion are one transaction; raises ``StaleLease`` with nothing done.
    """
    bundle_ids = {uuid.UUID(claim.payload["bundle"]) for claim in claims}
    first_time = {uuid.UUID(claim.subject) for claim in claims if claim.subject == claim.payload["bundle"]}
    with transaction.atomic():
        complete(claims)
        advance_bundles(bundle_ids, received=first_time)


def advance_bundles(bundle_ids: Collection[uuid.UUID], received: Collection[uuid.UUID] = ()) -> None:
    """Make every transition that is due in these bundles. The applicants of ``received`` are told that it arrived.

    Inside the caller's transaction. Cost: at most eleven statements plus conclusion, however many bundles.
    """
    bundles = _lock(bundle_ids)
    sub_items = _sub_items_of(bundles)
    restored = _restore_missing(bundles, sub_items)
    if restored:
        sub_items = _sub_items_of(bundles)
    made = _apply_due(sub_items)
    _open_tasks(bundles, [part for part in sub_items if part.state in IN_QUEUE] + [part for part, _due in made])
    enqueue_many([*_arrivals(bundles.keys() & set(received)), *_endings(made), *_decidable(bundles, made)])
    append_events_to_many(_events(sub_items, restored, made))
    concluded = conclude_bundle_if_done(bundles.keys())
    log.info("bundles_advanced", bundles=len(bundles), moved=len(made), concluded=len(concluded))


def _lock(bundle_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, _Bundle]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [[str(bundle_id) for bundle_id in bundle_ids]])
        rows = cursor.fetchall()
    return {
        bundle_id: _Bundle(bundle_id, number, _planned_items(version, answers))
        for bundle_id, number, version, answers in rows
    }


@lru_cache(maxsize=1024)
def _planned_items(version_id: int, answers: str) -> Sequence[PlannedItem]:
    return compiled(version_id).plan_for(json.loads(answers)).items


def _sub_items_of(bundles: Collection[uuid.UUID]) -> list[_SubItem]:
    with connection.cursor() as cursor:
        cursor.execute(_SUB_ITEMS, [[str(bundle_id) for bundle_id in bundles]])
        return [
            _SubItem(row_id, bundle_id, key, State(state), json.loads(after), department, since)
            for row_id, bundle_id, key, state, after, department, since in cursor.fetchall()
        ]


def _restore_missing(bundles: dict[uuid.UUID, _Bundle], sub_items: Sequence[_SubItem]) -> set[uuid.UUID]:
    """Write the sub-items that the version plans and nobody finds; return the ids of those written."""
    there = {(sub_item.bundle_id, sub_item.key) for sub_item in sub_items}
    missing = [
        (bundle.id, bundle.number, place, item)
        for bundle in bundles.values()
        for place, item in enumerate(bundle.items, start=1)
        if (bundle.id, item.key) not in there
    ]
    if not missing:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT_SUB_ITEMS + "ON CONFLICT (bundle_id, key) DO NOTHING RETURNING id",
            {"now": None, **sub_item_columns(missing)},
        )
        written = {row[0] for row in cursor.fetchall()}
    log.error("sub_items_restored", count=len(written), bundles=sorted({number for _id, number, *_rest in missing}))
    return written


def _apply_due(sub_items: Sequence[_SubItem]) -> list[tuple[_SubItem, DueTransition]]:
    """Make the transitions that are due; return those made. A sub-item that somebody else changed meanwhile is left to them."""
    by_bundle: dict[uuid.UUID, dict[str, _SubItem]] = defaultdict(dict)
    for sub_item in sub_items:
        by_bundle[sub_item.bundle_id][sub_item.key] = sub_item
    wanted = {
        parts[key].id: (parts[key], due)
        for parts in by_bundle.values()
        for key, due in due_transitions(
            {key: SubItemPosition(part.state, part.after) for key, part in parts.items()}
        ).items()
    }
    if not wanted:
        return []
    targets = [due.transition.target.value for _part, due in wanted.values()]
    with connection.cursor() as cursor:
        cursor.execute(_TRANSITION, [[str(row_id) for row_id in wanted], targets])
        return [(replace(wanted[row_id][0], state_since=now), wanted[row_id][1]) for row_id, now in cursor.fetchall()]


def _open_tasks(bundles: Mapping[uuid.UUID, _Bundle], in_queue: Sequence[_SubItem]) -> None:
    """Put what stands in a queue into it, with the day by which the department says whether it accepts."""
    licences = {
        (bundle.id, item.key) for bundle in bundles.values() for item in bundle.items if item.item_type == LICENCE
    }
    due = {official_date(part.state_since): answer_due(part.state_since).date for part in in_queue}
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN_TASKS,
            {
                "bundles": [str(bundle_id) for bundle_id in bundles],
                "states": sorted(IN_QUEUE),
                "licences": [str(part.id) for part in in_queue if (part.bundle_id, part.key) in licences],
                "received": list(due),
                "days": list(due.values()),
            },
        )


def _arrivals(bundle_ids: Collection[uuid.UUID]) -> list[Job]:
    return [
        Job("notify", f"{bundle_id}:received", {"bundle": str(bundle_id), "event": "received"})
        for bundle_id in bundle_ids
    ]


def _endings(made: Sequence[tuple[_SubItem, DueTransition]]) -> list[Job]:
    return [
        Job(
            "notify",
            f"{part.id}:terminated",
            {"bundle": str(part.bundle_id), "sub_item": str(part.id), "event": "terminated"},
        )
        for part, due in made
        if due.transition.name == "terminate"
    ]


def _decidable(bundles: dict[uuid.UUID, _Bundle], made: Sequence[tuple[_SubItem, DueTransition]]) -> list[Job]:
    """Return the jobs that let rules decide what came into a queue just now."""
    ruled = {
        (bundle.id, item.key) for bundle in bundles.values() for item in bundle.items if item.decision_rule.clauses
    }
    return [
        Job("decide_by_rule", str(part.id), {"sub_item": str(part.id)})
        for part, due in made
        if due.transition.name == "queue" and (part.bundle_id, part.key) in ruled
    ]


def _events(
    sub_items: Sequence[_SubItem], restored: Collection[uuid.UUID], made: Sequence[tuple[_SubItem, DueTransition]]
) -> dict[uuid.UUID, list[NewEvent]]:
    """Return the events by chain, in the order of the sub-items' numbers, each restoration before its transition."""
    due_of = {part.id: due for part, due in made}
    events: dict[uuid.UUID, list[NewEvent]] = defaultdict(list)
    for part in sub_items:
        if part.id in restored:
            events[part.bundle_id].append(NewEvent("restored", department=part.department, sub_item=part.key))
        if due := due_of.get(part.id):
            kind = due.transition.event
            data = step_of(kind, State.WAITING) | ({"because": due.because} if due.because else {})
            events[part.bundle_id].append(NewEvent(kind, department=part.department, sub_item=part.key, data=data))
    return events
