"""What each sub-item waits for: as declared, for a decided field, for a paper that is a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.definitions import WAITING_KINDS
from catalog.definitions.naming import numbered
from catalog.merging.lines import Instance, PlacedLine
from catalog.merging.planned import MaterialAsker, Supply, Wait


def declared_waits(planned: Sequence[Instance]) -> list[Wait]:
    """Return the declared dependencies between items of the plan: the same person's where both are done per person."""
    found = []
    for instance in planned:
        for dependency in instance.use.after:
            if dependency.kind not in WAITING_KINDS:
                continue
            for other in planned:
                same_person = other.use.per != instance.use.per or other.number == instance.number
                if other.item.slug == dependency.item and other.key != instance.key and same_person:
                    found.append(Wait(instance.key, other.key, dependency.kind, dependency.what, "declared"))
    return found


def supplies(planned: Sequence[Instance]) -> dict[str, Supply]:
    """Return which decision answers which field. The first sub-item that decides a field is its source."""
    found: dict[str, Supply] = {}
    for instance in planned:
        for output in instance.item.outputs:
            role, colon, element = output.feeds.partition(":")
            if colon:
                number = instance.number if role == instance.use.per else 1
                found.setdefault(f"{numbered(role, number)}:{element}", Supply(instance.key, output.code))
    return found


def decided_fields(placed: Mapping[str, Sequence[PlacedLine]], supply: Mapping[str, Supply]) -> dict[str, Supply]:
    """Return the supplies that answer a line of another item. A field that its decider asks for itself stays asked."""
    own = {(key, each.key) for key, lines in placed.items() for each in lines}
    used = {each.key for lines in placed.values() for each in lines}
    return {field: source for field, source in supply.items() if field in used and (source.item, field) not in own}


def field_waits(placed: Mapping[str, Sequence[PlacedLine]], decided: Mapping[str, Supply]) -> list[Wait]:
    """Return the waits that decided fields cause."""
    return [
        Wait(key, decided[each.key].item, "result_feeds", "", f"field:{each.key}")
        for key, lines in placed.items()
        for each in lines
        if each.key in decided
    ]


def material_waits(asked: Mapping[str, Sequence[MaterialAsker]]) -> list[Wait]:
    """Return the waits that papers cause."""
    return [
        Wait(asker.item, source, "result_feeds", "", f"material:{key}")
        for key, askers in asked.items()
        for asker in askers
        for source in asker.supplied_by
    ]


def edges(waits: Sequence[Wait]) -> dict[str, set[str]]:
    """Return the waits as sub-item → what it waits for."""
    found: dict[str, set[str]] = {}
    for wait in waits:
        found.setdefault(wait.item, set()).add(wait.after)
    return found
