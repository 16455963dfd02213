"""Special procedures of a case: what its item lists, what is under way, and with whom one may go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.definitions.naming import split_instance
from catalog.versions.matters import compiled
from matters.core.states import AFTER_ACCEPTANCE, State
from matters.models import Bundle, SpecialProcedure, SubItem


@dataclass(frozen=True, slots=True)
class ListedProcedure:
    """A procedure as the published item lists it. ``days``: working days that the applicant is told; ``is_counted``: within the limit."""

    kind: str
    name: str
    days: int
    is_counted: bool


@dataclass(frozen=True, slots=True)
class CaseProcedures:
    """What a case shows: ``rows`` begun so far, ``open_rows`` under way, ``listed`` that may be begun now, ``others``: inspections of other
    departments of the same application that this one may join."""

    rows: Sequence[SpecialProcedure] = ()
    listed: Sequence[ListedProcedure] = ()
    others: Sequence[SpecialProcedure] = ()

    @property
    def open_rows(self) -> list[SpecialProcedure]:
        return [row for row in self.rows if row.is_open]


def listed_procedures(sub_item: SubItem) -> list[ListedProcedure]:
    """Return what the version under which the case was filed lets an officer begin. No query."""
    facts = compiled(sub_item.bundle.matter_version_id).facts
    listed = facts.get("items", {}).get(split_instance(sub_item.key)[0], {}).get("special_procedures") or []
    return [
        ListedProcedure(row["kind"], row["name"], int(row["days"]), bool(row.get("counted")))
        for row in listed
        if row.get("kind")
    ]


def procedures_of(sub_item: SubItem) -> CaseProcedures:
    """Return the procedures of a case. No query where its item lists none, else at most two."""
    listed = listed_procedures(sub_item)
    if not listed:
        return CaseProcedures()
    found = SpecialProcedure.objects.filter(sub_item__bundle=sub_item.bundle_id).select_related(
        "sub_item__department", "joins__sub_item__department", "started_by", "ended_by"
    )
    everyones = list(found.order_by("started_at", "pk"))
    own = [row for row in everyones if row.sub_item_id == sub_item.pk]
    if State(sub_item.state) not in AFTER_ACCEPTANCE:
        return CaseProcedures(own)
    under_way = {row.kind for row in own if row.is_open}
    free = [one for one in listed if one.kind not in under_way]
    return CaseProcedures(own, free, _joinable(sub_item, everyones) if _lists_inspection(free) else ())


def lists_procedures(bundle: Bundle) -> bool:
    """Whether any item of the version under which it was filed lists a procedure that an officer may begin. No query."""
    items = compiled(bundle.matter_version_id).facts.get("items", {}).values()
    return any(row.get("kind") for item in items for row in item.get("special_procedures") or ())


def procedures_told(bundle: Bundle) -> list[SpecialProcedure]:
    """Return the procedures of an application that its applicant reads of, oldest first. No query where its version lists none."""
    if not lists_procedures(bundle):
        return []
    rows = SpecialProcedure.objects.filter(sub_item__bundle=bundle)
    return list(rows.select_related("joins").order_by("started_at", "pk"))


def _lists_inspection(listed: Sequence[ListedProcedure]) -> bool:
    return any(one.kind == "inspection" for one in listed)


def _joinable(sub_item: SubItem, rows: Sequence[SpecialProcedure]) -> list[SpecialProcedure]:
    """Return the inspections that others have planned for a day, each once, however many have joined it."""
    return [
        row
        for row in rows
        if row.kind == "inspection"
        and row.is_open
        and row.held_on is not None
        and row.joins_id is None
        and row.sub_item_id != sub_item.pk
    ]
