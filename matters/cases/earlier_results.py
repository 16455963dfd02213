"""What parts of the same application decided before, as far as another part's own form receives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedItem, Supply
from catalog.wording.translating import translator_for
from matters.cases.answers_in_words import decided_in_words
from matters.models import SubItem
from matters.wording.states import standing


class EarlierOutput(NamedTuple):
    """One thing that was decided. ``fact``: the name by which whom it is about may dispute it (`FactDispute`)."""

    label: str
    text: str
    fact: str


@dataclass(frozen=True, slots=True)
class EarlierResult:
    """What a prerequisite was decided. ``outputs`` are only those that this item's own form receives."""

    name: str
    department: str
    state: str
    standing: str  # in words
    decided_at: datetime | None
    outputs: list[EarlierOutput]


def decided_fact(supply: Supply, numbers: Mapping[str, str]) -> str:
    """Return the name of what another part decided. ``numbers``: sub-item key → number; without its number there is no fact."""
    number = numbers.get(supply.item)
    return "" if number is None else f"decision:{number}:{supply.output}"


def earlier_results(
    parts: Iterable[SubItem], planned: PlannedItem, plan: Plan, outputs: Mapping[str, Mapping[str, Any]]
) -> list[EarlierResult]:
    """Return what this item waited for: how each was decided, and what of it its own form receives."""
    received = {
        (line.supplied_by.item, line.supplied_by.output): line
        for line in plan.own_form(planned.key)
        if line.supplied_by is not None
    }
    found = []
    translate = translator_for(plan.matter)
    for sub_item in (part for part in parts if part.key in planned.after):
        decided = outputs.get(sub_item.key, {})
        known = [
            output
            for output in plan.item(sub_item.key).outputs
            if (sub_item.key, output.code) in received and decided.get(output.code) is not None
        ]
        texts = decided_in_words(known, decided, translate)
        lines = [
            EarlierOutput(output.label, texts[output.code], f"decision:{sub_item.number}:{output.code}")
            for output in known
        ]
        decision = getattr(sub_item, "decision", None)
        found.append(
            EarlierResult(
                sub_item.name,
                sub_item.office.name,
                sub_item.state,
                standing(sub_item),
                decision.decided_at if decision else None,
                lines,
            )
        )
    return found
