"""Rules as rows that people can fill in, and rows as rules: exact inverses. Pure. ``static/js/rule_builder.js`` writes the same rules.

A condition is a list of rows joined by *all* or *any*, each a fact, a verb and a value; an entry may itself be such a list (one deep);
a list may be negated. A number of persons is a list of cases and what holds otherwise. Of the rules of ``catalog.rules.language`` some cannot be
shown so: for those `rows_of` and `cases_of` return None, and the rule stays what it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from catalog.rules.language import check

Join = Literal["and", "or"]
Scalar = str | int | float | bool

COMPARING: Final[Mapping[str, str]] = {
    "is": "==",
    "is_not": "!=",
    "more": ">",
    "at_least": ">=",
    "less": "<",
    "at_most": "<=",
}
_VERB_OF: Final = {operator: verb for verb, operator in COMPARING.items()}
# What may be measured of facts: operator → name.
MEASURES: Final[Mapping[str, str]] = {"count": "count", "years_between": "years", "days_between": "days"}
_OPERATOR_OF: Final = {name: operator for operator, name in MEASURES.items()}


@dataclass(frozen=True, slots=True)
class Fact:
    """What a row speaks of: a variable, or a measure of it: how many it holds, whole years or days from it to ``until``."""

    name: str
    measure: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One statement. ``value``: a scalar, a tuple for ``one_of`` and ``none_of``, another `Fact` to compare with, None for
    ``filled`` and ``empty``."""

    fact: Fact
    verb: str
    value: Scalar | tuple[Scalar, ...] | Fact | None = None


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """Rows within a condition, in brackets."""

    join: Join
    rows: tuple[ConditionRow, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A whole condition."""

    join: Join
    entries: tuple[ConditionRow | ConditionGroup, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """When this holds, it is so many: a number, or the number that a variable gives."""

    when: ConditionRow
    amount: int | Fact


@dataclass(frozen=True, slots=True)
class Cases:
    """How many there are: by the first case that holds, or ``otherwise``."""

    cases: tuple[Case, ...]
    otherwise: int | Fact


def rule_of(condition: Condition) -> Any:
    """Return the rule that a condition means."""
    return _joined(condition.join, [_entry_rule(entry) for entry in condition.entries], condition.negated)


def rows_of(rule: Any) -> Condition | None:
    """Return the condition that a rule says, or None where rows cannot say exactly that. Safe on any JSON value."""
    if check(rule):
        return None
    condition = _condition(rule)
    return condition if condition is not None and _identical(rule_of(condition), rule) else None


def count_rule_of(cases: Cases) -> Any:
    """Return the rule that gives the number."""
    otherwise = _amount_rule(cases.otherwise)
    if not cases.cases:
        return otherwise
    pairs = [part for case in cases.cases for part in (_row_rule(case.when), _amount_rule(case.amount))]
    return {"if": [*pairs, otherwise]}


def cases_of(rule: Any) -> Cases | None:
    """Return a number's rule as cases, or None where cases cannot say exactly that. Safe on any JSON value."""
    if check(rule):
        return None
    parts = rule["if"] if isinstance(rule, dict) and isinstance(rule.get("if"), list) else [rule]
    whens = [_row(each) for each in parts[:-1:2]]
    amounts = [_amount(each) for each in [*parts[1::2], parts[-1]]]
    if len(parts) % 2 == 0 or None in whens or None in amounts:
        return None
    cases = Cases(
        tuple(Case(when, amount) for when, amount in zip(whens, amounts, strict=False) if when and amount is not None),
        amounts[-1] or 0,
    )
    return cases if _identical(count_rule_of(cases), rule) else None


def to_json(condition: Condition) -> dict[str, Any]:
    """Return what the browser builds its rows from: ``{join, negated, entries: [row | {join, negated, rows}]}``.

    A row is ``{fact, measure, until, verb, value, other}``; ``other`` is the variable it is compared with, if it is one.
    """
    return {
        "join": condition.join,
        "negated": condition.negated,
        "entries": [
            row_to_json(entry)
            if isinstance(entry, ConditionRow)
            else {"join": entry.join, "negated": entry.negated, "rows": [row_to_json(row) for row in entry.rows]}
            for entry in condition.entries
        ],
    }


def cases_to_json(cases: Cases) -> dict[str, Any]:
    """Return ``{cases: [{when: row, amount}], otherwise}``; an amount is a number or ``{fact}``."""
    return {
        "cases": [{"when": row_to_json(case.when), "amount": _amount_json(case.amount)} for case in cases.cases],
        "otherwise": _amount_json(cases.otherwise),
    }


def row_to_json(row: ConditionRow) -> dict[str, Any]:
    """Return one row for the browser."""
    compared = row.value if isinstance(row.value, Fact) else None
    return {
        "fact": row.fact.name,
        "measure": row.fact.measure,
        "until": row.fact.until,
        "verb": row.verb,
        "value": None if compared else list(row.value) if isinstance(row.value, tuple) else row.value,
        "other": compared.name if compared else "",
    }


def _amount_json(amount: int | Fact) -> Any:
    return {"fact": amount.name} if isinstance(amount, Fact) else amount


def _amount_rule(amount: int | Fact) -> Any:
    return _fact_rule(amount) if isinstance(amount, Fact) else amount


def _amount(rule: Any) -> int | Fact | None:
    if isinstance(rule, int) and not isinstance(rule, bool):
        return rule
    fact = _fact(rule)
    return fact if fact is not None and not fact.measure else None


def _joined(join: Join, rules: list[Any], negated: bool) -> Any:
    whole = rules[0] if len(rules) == 1 else {join: rules}
    return {"!": whole} if negated else whole


def _entry_rule(entry: ConditionRow | ConditionGroup) -> Any:
    if isinstance(entry, ConditionRow):
        return _row_rule(entry)
    return _joined(entry.join, [_row_rule(row) for row in entry.rows], entry.negated)


def _fact_rule(fact: Fact) -> Any:
    if not fact.measure:
        return {"var": fact.name}
    if fact.measure == "count":
        return {"count": {"var": fact.name}}
    return {_OPERATOR_OF[fact.measure]: [{"var": fact.name}, {"var": fact.until}]}


def _row_rule(row: ConditionRow) -> Any:
    fact = _fact_rule(row.fact)
    if row.verb == "filled":
        return {"!!": fact}
    if row.verb == "empty":
        return {"!": fact}
    value = _fact_rule(row.value) if isinstance(row.value, Fact) else row.value
    if row.verb in COMPARING:
        return {COMPARING[row.verb]: [fact, value]}
    if row.verb in ("one_of", "none_of"):
        chosen = {"in": [fact, list(value) if isinstance(value, tuple) else [value]]}
        return chosen if row.verb == "one_of" else {"!": chosen}
    has = {"in": [value, fact]}
    return has if row.verb == "has" else {"!": has}


def _condition(rule: Any) -> Condition | None:
    row = _row(rule)
    if row is not None:
        return Condition("and", (row,))
    inner, negated = _unnegated(rule)
    join = _join(inner)
    if join is None:
        entry = _row(inner) or _group(inner)
        return Condition("and", (entry,), negated) if entry is not None and negated else None
    entries = [_row(each) or _group(each) for each in inner[join]]
    found = tuple(entry for entry in entries if entry is not None)
    return Condition(join, found, negated) if len(found) == len(entries) else None


def _group(rule: Any) -> ConditionGroup | None:
    inner, negated = _unnegated(rule)
    join = _join(inner)
    if join is None:
        row = _row(inner)
        return ConditionGroup("and", (row,), negated) if row is not None and negated else None
    rows = [_row(each) for each in inner[join]]
    found = tuple(row for row in rows if row is not None)
    return ConditionGroup(join, found, negated) if len(found) == len(rows) else None


def _unnegated(rule: Any) -> tuple[Any, bool]:
    if isinstance(rule, dict) and "!" in rule and not isinstance(rule["!"], list):
        return rule["!"], True
    return rule, False


def _join(rule: Any) -> Join | None:
    for join in ("and", "or"):
        if isinstance(rule, dict) and isinstance(rule.get(join), list) and len(rule[join]) > 1:
            return "and" if join == "and" else "or"
    return None


def _row(rule: Any) -> ConditionRow | None:
    if not isinstance(rule, dict):
        return None
    ((operator, argument),) = rule.items()
    if operator == "!!" or operator == "!":
        fact = _fact(argument)
        if fact is not None:
            return ConditionRow(fact, "filled" if operator == "!!" else "empty")
        return _turned(_row(argument)) if operator == "!" else None
    if not isinstance(argument, list) or len(argument) != 2:
        return None
    left, right = argument
    if operator == "in":
        return _choice(left, right)
    fact = _fact(left)
    value = _fact(right) if isinstance(right, dict) else right
    if operator not in _VERB_OF or fact is None or not isinstance(value, Scalar | Fact):
        return None
    return ConditionRow(fact, _VERB_OF[operator], value)


def _turned(row: ConditionRow | None) -> ConditionRow | None:
    """Return the row with the opposite verb, where that verb is written as a negation."""
    opposite = {"one_of": "none_of", "has": "has_not"}
    return ConditionRow(row.fact, opposite[row.verb], row.value) if row is not None and row.verb in opposite else None


def _choice(left: Any, right: Any) -> ConditionRow | None:
    fact = _fact(left)
    if fact is not None and isinstance(right, list) and right and all(isinstance(each, Scalar) for each in right):
        return ConditionRow(fact, "one_of", tuple(right))
    fact = _fact(right)
    return ConditionRow(fact, "has", left) if fact is not None and isinstance(left, Scalar) else None


def _fact(rule: Any) -> Fact | None:
    if not isinstance(rule, dict):
        return None
    ((operator, argument),) = rule.items()
    if operator == "var":
        return Fact(argument) if isinstance(argument, str) else None
    if operator == "count":
        counted = _fact(argument)
        return Fact(counted.name, "count") if counted is not None and not counted.measure else None
    if operator in MEASURES and isinstance(argument, list):
        ends = [end for end in map(_fact, argument) if end is not None and not end.measure]
        if len(ends) == len(argument):
            return Fact(ends[0].name, MEASURES[operator], ends[1].name)
    return None


def _identical(one: Any, other: Any) -> bool:
    """Return whether two JSON values are the same to the letter (1 is neither true nor 1.0)."""
    return json.dumps(one) == json.dumps(other)
