"""What may be asked for: open sources that supply it, for items whose departments were granted it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg, JSONBAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import JSONObject

from portal.lib.prepared import Among, BuiltOnce, Slot
from portal.sharing.models import DataSource, Grant, Provision


@dataclass(frozen=True, slots=True)
class LegalGround:
    """By which grant an item may have something asked without consent: the law and its article."""

    grant: int
    item: str
    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a source can be asked for. ``path``: where it keeps it; ``about``: a person or an organisation; ``items``: the items it was granted for.

    ``grounds``: those of these items for which the law lets it be asked without consent.
    """

    source: DataSource
    asked: str
    path: str
    about: str
    items: frozenset[str]
    grounds: tuple[LegalGround, ...] = ()

    def ground_for(self, items: Collection[str]) -> LegalGround | None:
        """Return the ground on which these items may have it asked; None where several ask, or the one has none."""
        return next((each for each in self.grounds if list(items) == [each.item]), None)


def _supplied() -> QuerySet[Provision]:
    granted = Q(grants__state=Grant.State.GRANTED)
    ground = JSONObject(grant="grants__pk", item="grants__item", text="grants__legal_ground")
    return (
        Provision.objects.filter(Among("code", Slot("codes", ArrayField(CharField()))), source__is_open=True)
        .select_related("source__department")
        .annotate(
            granted=ArrayAgg("grants__item", filter=granted, default=[]),
            grounds=JSONBAgg(ground, filter=granted & ~Q(grants__legal_ground="")),
        )
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
        Offer(row.source, row.asked, row.path or row.code, row.about, frozenset(row.granted), _grounds(row))  # type: ignore[attr-defined]
        for row in rows
        if ("", row.asked) in pairs or (row.source.department.code, row.asked) in pairs
    ]


def _grounds(row: Provision) -> tuple[LegalGround, ...]:
    return tuple(LegalGround(**each) for each in row.grounds or ())  # type: ignore[attr-defined]
