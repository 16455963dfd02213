"""Whose facts a matter asks for: persons of whom there may be too many, and one person asked in two roles. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalog.definitions import (
    NEVER_MERGED,
    ElementDefinition,
    Finding,
    ItemDefinition,
    LineDefinition,
    MatterDefinition,
    RoleDefinition,
    Source,
)
from catalog.definitions.naming import field_key
from catalog.linting.reaching import PREFIX, Reach, Undecided
from catalog.merging.selection import count_of, same_persons
from catalog.rules.language import compile_condition, variables


def too_many_persons(matter: MatterDefinition) -> Iterator[Finding]:
    """Yield each role that answers can give more persons than its ``maximum``: those beyond would be cut off and nobody told."""
    reach = Reach(matter.questions)
    for role in matter.roles:
        if role.count is None:
            continue
        most = 0
        try:
            for answers in reach.every(variables(role.count), [role.count]):
                most = max(most, count_of(role, _known(answers)))
        except Undecided:
            pass
        if most > role.maximum:
            params = {"role": role.label, "declared": role.maximum, "found": most}
            yield Finding("too_many_persons", (Source("", f"role:{role.key}"),), params=params)


def one_person_twice(
    matter: MatterDefinition, items: Sequence[ItemDefinition], elements: Mapping[str, ElementDefinition]
) -> Iterator[Finding]:
    """Yield each two roles that the applicant can play at once, and in which the same is asked: what is one person's fact is asked twice.

    ``same_as`` of one of them is the remedy.
    """
    reach = Reach(matter.questions)
    conditions = {use.item: use.condition for use in matter.items}
    asked: dict[str, dict[str, list[tuple[ItemDefinition, LineDefinition]]]] = {}
    for item in items:
        for line in item.lines:
            if line.element in elements and elements[line.element].type not in NEVER_MERGED:
                asked.setdefault(line.role, {}).setdefault(line.element, []).append((item, line))
    applying = [role for role in matter.roles if role.is_applicant not in (None, False) and role.key in asked]
    for one, other in itertools.combinations(applying, 2):
        for element in asked[one.key].keys() & asked[other.key].keys():
            pairs = itertools.product(asked[one.key][element], asked[other.key][element])
            found = next((pair for pair in pairs if _together(matter, (one, other), pair, conditions, reach)), None)
            if found is not None:
                sources = tuple(Source(item.slug, line.code) for item, line in found)
                roles = [one.label, other.label]
                params = {"roles": roles, "field": field_key(one.key, element)}
                yield Finding("one_person_twice", sources, "warning", params)
                break


def _together(
    matter: MatterDefinition,
    roles: tuple[RoleDefinition, RoleDefinition],
    lines: Sequence[tuple[ItemDefinition, LineDefinition]],
    conditions: Mapping[str, Any],
    reach: Reach,
) -> bool:
    """Return whether answers certainly make one person play both roles, with both lines asked and nothing saying that they are one."""
    rules = [conditions.get(item.slug) for item, _line in lines]
    rules += [line.condition for _item, line in lines if _by_answers(line.condition)]
    rules += [role.is_applicant for role in roles]
    tests = [compile_condition(rule) for rule in rules]
    identities = [role.same_as for role in matter.roles]
    names = {name for rule in [*rules, *identities] for name in variables(rule)}
    first, second = roles

    def apart(known: Mapping[str, Any]) -> bool:
        same = same_persons(matter.roles, known)
        return same.get(first.key, first.key) != same.get(second.key, second.key)

    try:
        return reach.find(names, lambda known: all(test(known) for test in tests) and apart(known), rules) is not None
    except Undecided:
        return False


def _by_answers(condition: Any) -> bool:
    return condition is None or all(name.startswith(PREFIX) for name in variables(condition))


def _known(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{PREFIX}{key}": value for key, value in answers.items()}
