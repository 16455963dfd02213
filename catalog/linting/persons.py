"""Whose facts a matter asks for: persons of whom there may be too many, and one person asked in two roles. Pure."""

from __future__ import annotations

import itertools
import json
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

Asking = tuple[ItemDefinition, LineDefinition]
MOST_PAIRS = 32  # pairs of lines looked at for one fact of two roles


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
    asked: dict[str, dict[str, list[Asking]]] = {}
    for item in items:
        for line in item.lines:
            if line.element in elements and elements[line.element].type not in NEVER_MERGED:
                asked.setdefault(line.role, {}).setdefault(line.element, []).append((item, line))
    applying = [role for role in matter.roles if role.is_applicant not in (None, False) and role.key in asked]
    for one, other in itertools.combinations(applying, 2):
        if not _can_be(matter, (one, other), [], reach):
            continue
        for element in sorted(asked[one.key].keys() & asked[other.key].keys()):
            found = _asked_together(matter, (one, other), asked[one.key][element], asked[other.key][element], reach)
            if found is not None:
                sources = tuple(Source(item.slug, line.code) for item, line in found)
                params = {"roles": [one.label, other.label], "field": field_key(one.key, element)}
                yield Finding("one_person_twice", sources, "warning", params)
                break


def _asked_together(
    matter: MatterDefinition,
    roles: tuple[RoleDefinition, RoleDefinition],
    ones: Sequence[Asking],
    others: Sequence[Asking],
    reach: Reach,
) -> tuple[Asking, Asking] | None:
    """Return a line of each role that both show where one person plays both. Lines that show under the same conditions are tried once."""
    conditions = {use.item: use.condition for use in matter.items}
    tried: set[str] = set()
    for pair in itertools.product(ones, others):
        rules = [conditions.get(item.slug) for item, _line in pair]
        rules += [line.condition for _item, line in pair if _by_answers(line.condition)]
        key = json.dumps(rules, sort_keys=True)
        if key in tried:
            continue
        if len(tried) >= MOST_PAIRS:
            return None
        tried.add(key)
        if _can_be(matter, roles, rules, reach):
            return pair
    return None


def _can_be(
    matter: MatterDefinition, roles: tuple[RoleDefinition, RoleDefinition], rules: Sequence[Any], reach: Reach
) -> bool:
    """Return whether answers certainly make the applicant play both roles and the rules hold, with nothing saying that the two are one."""
    wanted = [*rules, *(role.is_applicant for role in roles)]
    tests = [compile_condition(rule) for rule in wanted]
    names = {name for rule in (*wanted, *(role.same_as for role in matter.roles)) for name in variables(rule)}
    first, second = roles

    def apart(known: Mapping[str, Any]) -> bool:
        same = same_persons(matter.roles, known)
        return same.get(first.key, first.key) != same.get(second.key, second.key)

    try:
        return reach.find(names, lambda known: all(test(known) for test in tests) and apart(known), wanted) is not None
    except Undecided:
        return False


def _by_answers(condition: Any) -> bool:
    return condition is None or all(name.startswith(PREFIX) for name in variables(condition))


def _known(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{PREFIX}{key}": value for key, value in answers.items()}
