"""Running all checks on one snapshot."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection, transaction

from matters.integrity import cases, certified, contents, history, jobs, plans
from matters.integrity.findings import Breach, Check
from matters.integrity.jobs import Waiting, waiting_jobs

_QUERIES: list[Check] = [*cases.CHECKS, *history.CHECKS, *certified.CHECKS, *jobs.CHECKS]
_SEARCHES: list[Callable[[], Iterable[Breach]]] = [
    plans.compare_with_plans,
    history.replay_histories,
    history.verify_histories,
    contents.open_everything,
]


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. ``seconds``: how long it took; ``counted``: how many rows of each kind were there; ``waiting``: work to come, which
    is no damage: after a restore, or while workers are away, there is much of it."""

    breaches: list[Breach]
    seconds: float
    waiting: list[Waiting] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {
            "ok": not self.breaches,
            "seconds": round(self.seconds, 2),
            "counted": self.counted,
            "waiting": [asdict(one) for one in self.waiting],
            "found": dict(sorted(Counter(breach.code for breach in self.breaches).items())),
            "breaches": [breach.as_dict() for breach in self.breaches],
        }


def check_integrity(*, with_files: bool = True) -> Report:
    """Prove the invariants and name every breach; writes nothing. Reads all rows, and all files unless told not to.

    All questions are asked of one snapshot (REPEATABLE READ), so that work going on meanwhile is no breach.
    """
    begun = time.monotonic()
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        breaches = list(_find(with_files))
        waiting, counted = waiting_jobs(), _count()
    return Report(breaches, time.monotonic() - begun, waiting, counted)


def _find(with_files: bool) -> Iterator[Breach]:
    for check in _QUERIES:
        yield from check.run()
    for search in _SEARCHES:
        yield from search()
    if with_files:
        yield from contents.compare_files()


def _count() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM matters_bundle), (SELECT count(*) FROM matters_subitem),
                      (SELECT count(*) FROM ledger_event), (SELECT count(*) FROM certificates_certificate),
                      (SELECT count(*) FROM outbox_outboxmessage)"""
        )
        row = cursor.fetchone()
    return dict(zip(("bundles", "sub_items", "events", "certificates", "jobs"), row, strict=True))
