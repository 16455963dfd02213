"""What may be asked for: open sources that supply it, for items whose departments were granted it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Q, QuerySet

from portal.lib.prepared import Among, BuiltOnce, Slot
from portal.sharing.models import DataSource, Grant, Provision


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a source can be asked for. ``path``: where it keeps it; ``about``: a person or an organisation; ``items``: the items it was granted for."""

    source: DataSource
    asked: str
    path: str
    about: str
    items: frozenset[str]


def _supplied() -> QuerySet[Provision]:
    return (
        Provision.objects.filter(Among("code", Slot("codes", ArrayField(CharField()))), source__is_open=True)
        .select_related("source__department")
        .annotate(granted=ArrayAgg("grants__item", filter=Q(grants__state=Grant.State.GRANTED), default=[]))
        .order_by("-source__certainty", "source__code")
    )


_SUPPLIED = BuiltOnce(_supplied)


def find_offers(wanted: Collection[tuple[str, str]]) -> list[Offer]:
    """Return what open sources supply of (department code, ``kind:code``), the most certain first. One query, none without.

    No department: whoever supplies it.
    """
    pairs = frozenset(wanted)
    if not pairs:
        return []
    rows = _SUPPLIED(codes=sorted({asked.partition(":")[2] for _department, asked in pairs}))
    return [
        Offer(row.source, row.asked, row.path or row.code, row.about, frozenset(row.granted))  # type: ignore[attr-defined]
        for row in rows
        if ("", row.asked) in pairs or (row.source.department.code, row.asked) in pairs
    ]
