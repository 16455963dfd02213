"""What may be asked for: open sources that supply it, for items whose departments were granted it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from portal.sharing.models import DataSource, Grant, Provision


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a source can be asked for. ``path``: where it keeps it; ``about``: a person or an organisation; ``items``: the items it was granted for."""

    source: DataSource
    asked: str
    path: str
    about: str
    items: frozenset[str]


def find_offers(wanted: Collection[tuple[str, str]]) -> list[Offer]:
    """Return what open sources supply of (department code, ``kind:code``), the most certain first. One query, none without.

    No department: whoever supplies it.
    """
    pairs = Q()
    for department, asked in sorted(set(wanted)):
        kind, _colon, code = asked.partition(":")
        pairs |= Q(source__department__code=department, kind=kind, code=code) if department else Q(kind=kind, code=code)
    if not pairs:
        return []
    rows = (
        Provision.objects.filter(pairs, source__is_open=True)
        .select_related("source__department")
        .annotate(granted=ArrayAgg("grants__item", filter=Q(grants__state=Grant.State.GRANTED), default=[]))
        .order_by("-source__certainty", "source__code")
    )
    return [Offer(row.source, row.asked, row.path or row.code, row.about, frozenset(row.granted)) for row in rows]
