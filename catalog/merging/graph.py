"""What waits for what: cycles, an order to work in, and the longest path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Edges = Mapping[str, Iterable[str]]  # node → what it waits for


@dataclass(frozen=True, slots=True)
class Schedule:
    """Working days: when each node starts and ends at the earliest, how late it may be, and the longest path."""

    starts: Mapping[str, int]
    ends: Mapping[str, int]
    slack: Mapping[str, int]
    path: tuple[str, ...]
    length: int


def reaches(start: str, goal: str, edges: Edges) -> bool:
    """Return whether ``start`` waits for ``goal``, directly or through others."""
    seen: set[str] = set()
    pending = [start]
    while pending:
        node = pending.pop()
        for before in edges.get(node, ()):
            if before == goal:
                return True
            if before not in seen:
                seen.add(before)
                pending.append(before)
    return False


def in_order(nodes: Sequence[str], edges: Edges) -> list[str]:
    """Return the nodes so that each comes after what it waits for, otherwise in the given order. Nodes of a cycle come last, as given."""
    known = set(nodes)
    waiting = {node: {before for before in edges.get(node, ()) if before in known} for node in nodes}
    done: dict[str, None] = {}
    while len(done) < len(waiting):
        ready = [node for node in nodes if node not in done and waiting[node] <= done.keys()]
        for node in ready or [node for node in nodes if node not in done]:
            done[node] = None
    return list(done)


def cycles(nodes: Sequence[str], edges: Edges) -> list[tuple[str, ...]]:
    """Return the sets of nodes that wait for each other, each in the given order."""
    known = set(nodes)
    inner = {node: [before for before in edges.get(node, ()) if before in known] for node in nodes}
    found: list[tuple[str, ...]] = []
    placed: set[str] = set()
    for node in nodes:
        if node not in placed and reaches(node, node, inner):
            ring = tuple(
                other
                for other in nodes
                if other == node or (reaches(node, other, inner) and reaches(other, node, inner))
            )
            placed.update(ring)
            found.append(ring)
    return found


def schedule(nodes: Sequence[str], edges: Edges, days: Mapping[str, int]) -> Schedule:
    """Return when each node starts and ends. Ties on the longest path go to the node that comes first."""
    order = in_order(nodes, edges)
    place = {node: index for index, node in enumerate(order)}
    before = {
        node: [each for each in edges.get(node, ()) if each in place and place[each] < place[node]] for node in order
    }
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    for node in order:
        starts[node] = max((ends[each] for each in before[node]), default=0)
        ends[node] = starts[node] + days[node]
    length = max(ends.values(), default=0)
    latest = dict.fromkeys(order, length)
    for node in reversed(order):
        for each in before[node]:
            latest[each] = min(latest[each], latest[node] - days[node])
    path: list[str] = []
    at = min((node for node in order if ends[node] == length), key=place.__getitem__, default=None)
    while at is not None:
        path.append(at)
        start = starts[at]
        at = min((each for each in before[at] if ends[each] == start), key=place.__getitem__, default=None)
    path.reverse()
    return Schedule(starts, ends, {node: latest[node] - ends[node] for node in order}, tuple(path), length)


def least_schedule(days: Mapping[str, int | None], edges: Edges) -> Schedule:
    """Return the schedule where some durations are not known (None): everything is then the least it takes.

    What is not known counts as less than any day, and not as nothing: the longest path runs through it.
    """
    parts = len(days) + 1 if None in days.values() else 1
    fine = schedule(list(days), edges, {node: 1 if known is None else known * parts for node, known in days.items()})

    def whole(times: Mapping[str, int]) -> dict[str, int]:
        return {node: time // parts for node, time in times.items()}

    return Schedule(whole(fine.starts), whole(fine.ends), whole(fine.slack), fine.path, fine.length // parts)
