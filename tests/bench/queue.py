"""The queue page over HTTP: page 1 against page 10,000 of a department with a million open sub-items."""

from __future__ import annotations

import statistics
import time

from django.db import connection

from catalog.models import Department
from matters.models import ReviewTask
from matters.reviewing.queue import PAGE_SIZE, _cursor, queue_page
from tests.bench.figures import Figure, in_turns, say, tell
from tests.bench.serving import request, server
from tests.worlds.measured import Town

DEPTH = 10_000

# Rows as dispatch leaves them, five sub-items to a bundle; foreign keys are not checked while they are copied in.
_FILL = """
SET session_replication_role = replica;
INSERT INTO matters_bundle (id, number, matter_version_id, applicant_id, entered_by_id, channel, idempotency_key, answers,
                            form_sealed, form_revision, submitted_at, promised_on)
SELECT gen_random_uuid(), 'q' || n, %(version)s, %(applicant)s, %(user)s, 'online', gen_random_uuid(), '{}', '', 1,
       now() - n * interval '1 second', current_date
  FROM generate_series(1, %(bundles)s) n;
INSERT INTO matters_subitem (id, bundle_id, key, number, name, department_id, after, state, state_since,
                             promised_limit_days)
SELECT gen_random_uuid(), b.id, 'item' || n, b.number || '-' || n, '出生户口登记', %(department)s, '[]', 'queued',
       b.submitted_at, 5
  FROM matters_bundle b CROSS JOIN generate_series(1, 5) n WHERE b.number LIKE 'q%%';
INSERT INTO matters_reviewtask (sub_item_id, department_id, opened_at, stage)
SELECT s.id, s.department_id, s.state_since, 'acceptance' FROM matters_subitem s
  JOIN matters_bundle b ON b.id = s.bundle_id WHERE b.number LIKE 'q%%';
SET session_replication_role = origin;
ANALYZE matters_bundle; ANALYZE matters_subitem; ANALYZE matters_reviewtask;
"""


def measure(town: Town, *, rounds: int, rows: int) -> None:
    department = Department.objects.get(code="police")
    say(f"queue: filling in {rows:,} open sub-items")
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            _FILL,
            {
                "version": town.version.pk,
                "applicant": town.applicant.pk,
                "user": town.user.pk,
                "bundles": rows // 5,
                "department": department.pk,
            },
        )
    say(f"queue: filled in {time.perf_counter() - begun:.0f} s")
    depth = min(DEPTH, rows // PAGE_SIZE // 2)
    deep = ReviewTask.objects.awaiting(department.pk).order_by("opened_at", "id")[depth * PAGE_SIZE]
    session = town.officer(department)
    pages = {
        "page_1": f"/review/{department.code}/",
        f"page_{depth}": f"/review/{department.code}/?after={_cursor(deep, 'opened_at')}",
    }
    figure = Figure("queue_page", "pages/s")
    with server() as running:

        def look(way: str, count: int = 60) -> None:
            figure.take(way, running.send([request("GET", pages[way], session)] * count, expect=b"HTTP/1.1 200"))

        first, last = pages
        look(first)
        look(last)
        figure.rates.clear()
        in_turns(rounds, lambda: look(first), lambda: look(last))
    cursors = {first: "", last: _cursor(deep, "opened_at")}
    figure.notes |= {
        "open_sub_items": rows,
        "query_ms": {way: _query_ms(department, town, cursor) for way, cursor in cursors.items()},
        "offset_query_ms": _offset_ms(department, depth),
    }
    tell(figure.line(last, first))


def _query_ms(department: Department, town: Town, cursor: str) -> float:
    """Return the median time of the page's one query, rows fetched."""
    times = []
    for _time in range(40):
        begun = time.perf_counter()
        assert len(queue_page(department, filter="all", user=town.user, after=cursor).lines) == PAGE_SIZE
        times.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(times), 2)


def _offset_ms(department: Department, depth: int) -> float:
    """Return how long the same page takes when it is counted off from the start."""
    begun = time.perf_counter()
    tasks = ReviewTask.objects.awaiting(department.pk).for_queue_page().order_by("opened_at", "id")
    list(tasks[depth * PAGE_SIZE : (depth + 1) * PAGE_SIZE])
    return round((time.perf_counter() - begun) * 1000, 1)
