"""Contradictions between items: demands on one field, two deciders, items that wait for each other (law 4)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from catalog.compiling.items import condition_cycles
from catalog.definitions import (
    NEVER_MERGED,
    WAITING_KINDS,
    ElementDefinition,
    Finding,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MatterDefinition,
    MatterItemDefinition,
    Source,
)
from catalog.definitions.naming import field_key
from catalog.fields.constraints import combine, contradiction
from catalog.merging.graph import cycles
from catalog.merging.selection import same_persons
from catalog.rules.exclusion import MAX_COMBINATIONS, never_together, possible_answers
from catalog.rules.language import evaluate, variables
from catalog.rules.renaming import rename_roles

MOST_TOGETHER = 200  # groups of demands of one size looked at for one field

Place = tuple[MatterItemDefinition, LineDefinition]


def conflicts(
    matter: MatterDefinition, items: Mapping[str, ItemDefinition], elements: Mapping[str, ElementDefinition]
) -> list[Finding]:
    """Return the contradictions of a matter whose parts are sound."""
    questions = {question.key: question for question in matter.questions}
    found: dict[str, Finding] = {}
    for same in _identities(matter, questions):
        roles = {role.key: role for role in matter.roles}
        if wrong := [(key, other) for key, other in same.items() if other not in roles or roles[other].maximum > 1]:
            ((key, other),) = wrong[:1]
            finding = Finding("unknown_reference", (Source("", f"role:{key}"),), params={"kind": "role", "name": other})
            found.setdefault(str(finding), finding)
            continue
        named = {use.item: rename_roles(items[use.item], same) for use in matter.items} if same else items
        for finding in _conflicts_of(matter, named, elements, questions):
            found.setdefault(str(finding), finding)
    return list(found.values())


def _identities(matter: MatterDefinition, questions: Mapping[str, GuideQuestion]) -> list[dict[str, str]]:
    """Return every way in which roles can be one person, none first; the first ``MAX_COMBINATIONS`` sets of answers."""
    rules = [role.same_as for role in matter.roles if role.same_as is not None]
    names = sorted({name for rule in rules for name in variables(rule)})
    choices = [possible_answers(questions.get(name.removeprefix("answers."))) for name in names]
    found: dict[str, dict[str, str]] = {"{}": {}}
    for values in itertools.islice(itertools.product(*choices), MAX_COMBINATIONS):
        known = dict(zip(names, values, strict=True))
        unknown = {
            role.key: other
            for role in matter.roles
            if role.same_as is not None
            and isinstance(other := evaluate(role.same_as, known), str)
            and other not in {each.key for each in matter.roles}
        }
        same = unknown or same_persons(matter.roles, known)
        found.setdefault(repr(sorted(same.items())), same)
    return list(found.values())


def _conflicts_of(
    matter: MatterDefinition,
    items: Mapping[str, ItemDefinition],
    elements: Mapping[str, ElementDefinition],
    questions: Mapping[str, GuideQuestion],
) -> list[Finding]:
    asked: dict[str, list[Place]] = {}
    for use in matter.items:
        for line in items[use.item].lines:
            asked.setdefault(field_key(line.role, line.element), []).append((use, line))
    return [
        *(finding for use in matter.items for finding in condition_cycles(items[use.item])),
        *_contradictions(asked, elements, questions),
        *_deciders(matter, items, questions),
        *_decided_in_condition(matter, items),
        *_waiting_rings(matter, items, asked, questions),
    ]


def apart(one: MatterItemDefinition, other: MatterItemDefinition, questions: Mapping[str, GuideQuestion]) -> bool:
    """Return whether two items are certainly never in one plan."""
    if one.item != other.item and one.group and one.group == other.group:
        return True
    return never_together([one.condition, other.condition], questions)


def _contradictions(
    asked: Mapping[str, list[Place]], elements: Mapping[str, ElementDefinition], questions: Mapping[str, GuideQuestion]
) -> Iterator[Finding]:
    for key, places in asked.items():
        element = elements[places[0][1].element]
        if element.type in NEVER_MERGED:
            continue
        values = [option.value for option in element.options]
        # A line that adds nothing to the element's own demands contradicts whoever contradicts those, and that is found with the item.
        demanding = [
            (use, line, combine([element.constraints, line.constraints], values))
            for use, line in places
            if line.constraints
        ]
        told: list[set[int]] = []
        # What two demands leave open, three may still rule out.
        for size in range(2, len(demanding) + 1):
            for places_of in itertools.islice(itertools.combinations(range(len(demanding)), size), MOST_TOGETHER):
                if any(already <= set(places_of) for already in told):
                    continue
                chosen = [demanding[at] for at in places_of]
                both = combine([own for _use, _line, own in chosen], values)
                name = contradiction(element.type, both, options=values)
                if not name or _never_all(chosen, questions):
                    continue
                told.append(set(places_of))
                sources = tuple(Source(use.item, line.code) for use, line, _own in chosen)
                yield Finding("contradiction", sources, params={"constraint": name, "field": key})


def _never_all(
    chosen: Sequence[tuple[MatterItemDefinition, LineDefinition, Mapping[str, Any]]],
    questions: Mapping[str, GuideQuestion],
) -> bool:
    """Return whether the lines certainly never show together."""
    if any(apart(one[0], other[0], questions) for one, other in itertools.combinations(chosen, 2)):
        return True
    rules = [rule for use, line, _own in chosen for rule in (use.condition, line.condition)]
    return never_together(rules, questions)


def _deciders(
    matter: MatterDefinition, items: Mapping[str, ItemDefinition], questions: Mapping[str, GuideQuestion]
) -> Iterator[Finding]:
    deciding: dict[str, list[tuple[MatterItemDefinition, str]]] = {}
    for use in matter.items:
        for output in items[use.item].outputs:
            if output.feeds:
                deciding.setdefault(output.feeds, []).append((use, output.code))
    for field, places in deciding.items():
        for (use, code), (other, other_code) in itertools.combinations(places, 2):
            if not apart(use, other, questions):
                sources = (Source(use.item, f"output:{code}"), Source(other.item, f"output:{other_code}"))
                yield Finding("two_deciders", sources, params={"field": field})


def _decided_in_condition(matter: MatterDefinition, items: Mapping[str, ItemDefinition]) -> Iterator[Finding]:
    deciders = {output.feeds: use.item for use in matter.items for output in items[use.item].outputs if output.feeds}
    for use in matter.items:
        for line in items[use.item].lines:
            for name in sorted((variables(line.condition) | variables(line.required)) & deciders.keys()):
                sources = (Source(use.item, line.code), Source(deciders[name], name))
                yield Finding("decided_in_condition", sources, "warning", {"field": name})


def _waiting_rings(
    matter: MatterDefinition,
    items: Mapping[str, ItemDefinition],
    asked: Mapping[str, list[Place]],
    questions: Mapping[str, GuideQuestion],
) -> Iterator[Finding]:
    """Yield the rings of items that wait for each other, unless two of them can never be in one plan."""
    waits: dict[str, set[str]] = {
        use.item: {each.item for each in use.after if each.kind in WAITING_KINDS} for use in matter.items
    }
    for use in matter.items:
        item = items[use.item]
        for output in item.outputs:
            for asker, _ in asked.get(output.feeds, []):
                waits[asker.item].add(use.item)
        given = {use.item, *(result.certificate_type for result in item.results)}
        for other in matter.items:
            needs = items[other.item].materials
            if other.item != use.item and any(
                e.kind == "result" and e.reference in given for n in needs for e in n.exemptions
            ):
                waits[other.item].add(use.item)
    uses = {use.item: use for use in matter.items}

    def never(one: str, other: str) -> bool:
        return apart(uses[one], uses[other], questions)

    for ring in _real_rings(list(uses), waits, never):
        yield Finding("dependency_cycle", tuple(Source(slug, "after") for slug in ring), params={"items": list(ring)})


def _real_rings(
    nodes: list[str], waits: Mapping[str, set[str]], never: Callable[[str, str], bool]
) -> list[tuple[str, ...]]:
    """Return the rings that remain whichever of two items that exclude each other is left out."""
    found: dict[tuple[str, ...], None] = {}
    for ring in cycles(nodes, waits):
        rivals = next((pair for pair in itertools.combinations(ring, 2) if never(*pair)), None)
        if rivals is None:
            found[ring] = None
            continue
        for left_out in rivals:
            found.update(dict.fromkeys(_real_rings([node for node in ring if node != left_out], waits, never)))
    return list(found)
