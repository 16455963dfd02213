"""Whether a condition on a form can hold at all: only a certain no counts. Pure.

A rule over form values splits each field's values at the values it names. Trying one value of every stretch between them (and each
named one, and none) decides it, as long as each comparison is between one field and fixed values. Rules that compare fields with each other
or compute ages and spans are not decided, and neither is one with more than ``LIMIT`` combinations.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from catalog.definitions import ElementDefinition, Rule
from catalog.linting.reaching import PREFIX
from catalog.rules.language import compile_condition, is_quantified, operations, variables

LIMIT = 8192
_COMPARING = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
_COMPUTING = frozenset({"years_between", "days_between"})
_CHOICES = frozenset({"select", "id_kind"})


def can_hold(
    rules: Sequence[Rule],
    elements: Mapping[str, ElementDefinition],
    answers: Mapping[str, Sequence[Any]],
) -> bool:
    """Return False only when it is certain that no values make all rules hold.

    ``elements``: element code → definition; ``answers``: question key → everything it may be answered with.
    """
    if any(_is_beyond(rule) for rule in rules):
        return True
    named = _named(rules)
    names = sorted({name for rule in rules for name in variables(rule)})
    values: list[list[Any]] = []
    for name in names:
        tried = _values(name, named.get(name, []), elements, answers)
        if tried is None:
            return True
        values.append(tried)
    if math.prod(len(each) for each in values) > LIMIT:
        return True
    tests = [compile_condition(rule) for rule in rules]
    return any(all(test(dict(zip(names, each, strict=True))) for test in tests) for each in itertools.product(*values))


def _is_beyond(rule: Rule) -> bool:
    """Return whether a rule compares fields with each other, computes with dates, or asks something of several persons."""
    return any(
        operator in _COMPUTING
        or is_quantified(operator, given)
        or (operator in _COMPARING and sum(bool(variables(each)) for each in given) > 1)
        for operator, given in operations(rule)
    )


def _named(rules: Sequence[Rule]) -> dict[str, list[Any]]:
    """Return the fixed values that each variable is compared with."""
    found: dict[str, list[Any]] = {}
    for operator, given in operations(list(rules)):
        if operator in _COMPARING:
            fixed = [each for part in given for each in _fixed(part)]
            for name in variables({operator: given}):
                found.setdefault(name, []).extend(fixed)
    return found


def _fixed(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return []
    return [each for part in node for each in _fixed(part)] if isinstance(node, list) else [node]


def _values(
    name: str, named: Sequence[Any], elements: Mapping[str, ElementDefinition], answers: Mapping[str, Sequence[Any]]
) -> list[Any] | None:
    """Return one value of every kind that the rules can tell apart; None where that is not certain."""
    if name.startswith(PREFIX):
        known = answers.get(name.removeprefix(PREFIX))
        return None if known is None else [None, *known]
    element = elements.get(name.partition(":")[2])
    if element is None:
        return None
    options = [option.value for option in element.options]
    if element.type in _CHOICES:
        return [None, *options]
    if element.type == "multiselect":
        if len(options) > 8:
            return None
        return [None, *(list(c) for size in range(1, len(options) + 1) for c in itertools.combinations(options, size))]
    if element.type == "boolean":
        return [None, True, False]
    if element.type == "integer":
        return [None, *_around(named)]
    if element.type == "date":
        return [None, *_days_around(named)]
    return None


def _around(named: Sequence[Any]) -> list[int]:
    """Return whole numbers below, at, between and above those named."""
    numbers = sorted({math.floor(float(each)) for each in named if _is_number(each)}) or [1]
    return sorted({number + step for number in [*numbers, 0] for step in (-1, 0, 1)})


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def _days_around(named: Sequence[Any]) -> list[str]:
    days = [date(2000, 1, 1)]
    for each in named:
        try:
            days.append(date.fromisoformat(str(each)[:10]))
        except ValueError:
            continue
    steps = (timedelta(days=-1), timedelta(), timedelta(days=1))
    return sorted({(day + step).isoformat() for day in days if date.min < day < date.max for step in steps})
