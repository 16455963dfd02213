"""In which stage of a matter an item's turn comes: the first waits for nothing, each later one for something of the one before."""

from __future__ import annotations

from collections.abc import Iterable

from catalog.definitions import WAITING_KINDS
from catalog.models import MatterItem


def stages(entries: Iterable[MatterItem]) -> dict[int, int]:
    """Return pk → stage, from 1. Entries with their dependencies prefetched. Those that wait in a circle share the stage after all others."""
    waits = {
        entry.pk: {row.prerequisite_id for row in entry.after.all() if row.kind in WAITING_KINDS} for entry in entries
    }
    at: dict[int, int] = {}
    while True:
        ready = [
            pk
            for pk, befores in waits.items()
            if pk not in at and all(each in at or each not in waits for each in befores)
        ]
        if not ready:
            break
        found = {pk: 1 + max((at[each] for each in waits[pk] if each in at), default=0) for pk in ready}
        at |= found
    last = 1 + max(at.values(), default=0)
    return {pk: at.get(pk, last) for pk in waits}
