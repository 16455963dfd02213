"""Rules about persons of whom there are several: written out for those of one plan, and checked for reading only the first. Pure.

``{"any": ["child", {"==": [{"var": "child:person.sex"}, "2"]}]}`` holds where any child is a girl. Within the rule ``child:…`` is the child
in question; elsewhere it is one child's only where that child is given: in a line of the child's own, or in an item done for each child.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from catalog.rules.language import is_quantified, operands, variables

Numbers = Mapping[str, int]


def of_persons(
    rule: Any, numbers: Numbers, name: Callable[[str, Numbers], str], persons: Callable[[str], Sequence[int]]
) -> Any:
    """Return a sound rule with its variables named for certain persons, and what is asked of all persons of a role written out.

    ``numbers``: role → which of its persons is meant. ``name``: what a variable is called, given those. ``persons``: who plays a role.
    """
    if isinstance(rule, list):
        return [of_persons(each, numbers, name, persons) for each in rule]
    if not isinstance(rule, dict) or len(rule) != 1:
        return rule
    ((operator, argument),) = rule.items()
    given = operands(argument)
    if operator == "var" and isinstance(given[0], str):
        default = [of_persons(each, numbers, name, persons) for each in given[1:]]
        return {"var": [name(given[0], numbers), *default] if default else name(given[0], numbers)}
    if is_quantified(operator, given) and isinstance(given[0], str):
        role, asked = given
        each = [of_persons(asked, {**numbers, role: number}, name, persons) for number in persons(role)]
        return _WRITTEN_OUT[operator](each)
    return {operator: of_persons(argument, numbers, name, persons)}


_WRITTEN_OUT: Mapping[str, Callable[[list[Any]], Any]] = {
    "any": lambda each: {"or": each} if each else False,
    "all": lambda each: {"and": each} if each else True,
    "none": lambda each: {"!": [{"or": each}]} if each else True,
    "count": lambda each: {"how_many": each} if each else 0,
}


def quantified(rule: Any, bound: Collection[str] = ()) -> Iterator[tuple[str, Any, frozenset[str]]]:
    """Yield (role, rule asked of its persons, roles already given there) for all that is asked of the persons of a role. For sound rules."""
    for _name, node, given_roles in _walk(rule, frozenset(bound)):
        if node is not None:
            yield node[0], node[1], given_roles


def read_of_first(rule: Any, several: Collection[str], bound: Collection[str] = ()) -> list[str]:
    """Return the variables that a sound rule reads of the first person of a role only, in order.

    ``several``: the roles that several persons play; ``bound``: those of which the person is given.
    """
    found = {
        name
        for name, node, given_roles in _walk(rule, frozenset(bound))
        if node is None and (role := name.partition(":")[0]) in several and role not in given_roles
    }
    return sorted(name for name in found if ":" in name)


def _walk(rule: Any, bound: frozenset[str]) -> Iterator[tuple[str, Any, frozenset[str]]]:
    """Yield (variable, None, roles given there) and ("", what is asked of persons, roles given there)."""
    pending = [(rule, bound)]
    while pending:
        node, given_roles = pending.pop()
        if isinstance(node, list):
            pending.extend((each, given_roles) for each in node)
        elif isinstance(node, dict):
            for operator, argument in node.items():
                given = operands(argument)
                if operator == "var" and given and isinstance(given[0], str):
                    yield given[0], None, given_roles
                    pending.extend((each, given_roles) for each in given[1:])
                elif is_quantified(operator, given) and isinstance(given[0], str):
                    yield "", given, given_roles
                    pending.append((given[1], given_roles | {given[0]}))
                else:
                    pending.extend((each, given_roles) for each in given)


def reads_of(role: str, rule: Any) -> bool:
    """Return whether a rule reads a fact of a role."""
    return any(name.startswith(f"{role}:") for name in variables(rule))
