"""Rules that decide without a person: true, false, or unclear wherever anything that counts is not known. Pure.

The language is that of ``catalog.rules.language``, read strictly: what is absent, empty or of another kind makes nothing true or false
(Kleene's logic of three values). Where ``judge`` says true or false, ``evaluate`` says the same, and it stays so whatever else becomes known.
Nothing is asked of all persons of a role, and no variable has a default: ``check_kinds`` refuses both, and what compares things of two kinds.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from catalog.rules.language import ARITY, is_quantified, operands
from catalog.rules.values import (
    MAX_DEPTH,
    contains,
    days_between,
    is_moment,
    less,
    number,
    plain,
    same,
    size,
    years_between,
)

TEXT, NUMBER, DATE, TRUTH, LIST = "text", "number", "date", "truth", "list"
_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("integer", "decimal", "money"), NUMBER),
    **dict.fromkeys(("date", "datetime"), DATE),
    "boolean": TRUTH,
    "multiselect": LIST,
}


def kind_of_type(type: str) -> str:
    """Return what a field of this type is compared as."""
    return _KINDS.get(type, TEXT)


def judge(rule: Any, values: Mapping[str, Any]) -> bool | None:
    """Return whether a rule holds, None where that is not clear. Never raises."""
    value = _value(rule, values, 1)
    return value if isinstance(value, bool) else None


def all_of(verdicts: Sequence[bool | None]) -> bool | None:
    """Return whether all hold: false where one is false, unclear where one is unclear or there is none."""
    if any(each is False for each in verdicts):
        return False
    return True if verdicts and all(each is True for each in verdicts) else None


def _value(node: Any, values: Mapping[str, Any], depth: int) -> Any:
    if depth > MAX_DEPTH:
        return None
    if isinstance(node, list):
        return [_value(each, values, depth + 1) for each in node]
    if not isinstance(node, dict):
        return plain(node)
    if len(node) != 1:
        return None
    ((operator, argument),) = node.items()
    given = operands(argument)
    least, most = ARITY.get(operator, (1, 0))
    if len(given) < least or (most is not None and len(given) > most) or is_quantified(operator, given):
        return None
    if operator == "var":
        known = plain(values.get(given[0])) if isinstance(given[0], str) else None
        return None if known in ("", []) else known
    if operator == "if":
        return _chosen(given, values, depth)
    return _OPERATORS[operator]([_value(each, values, depth + 1) for each in given])


def _chosen(given: Sequence[Any], values: Mapping[str, Any], depth: int) -> Any:
    for condition, outcome in zip(given[0:-1:2], given[1::2], strict=False):
        holds = _value(condition, values, depth + 1)
        if holds is True:
            return _value(outcome, values, depth + 1)
        if holds is not False:
            return None
    return _value(given[-1], values, depth + 1) if len(given) % 2 else None


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return TRUTH
    if isinstance(value, list):
        return LIST
    if isinstance(value, str):
        return DATE if is_moment(value) else TEXT
    return NUMBER if number(value) is not None else ""


def _equal(one: Any, other: Any) -> bool | None:
    kinds = {TEXT if kind == DATE else kind for kind in (_kind(one), _kind(other))}
    return None if len(kinds) > 1 or kinds & {"", LIST} else same(one, other)


def _ordered(seen: Sequence[Any], or_equal: bool) -> bool | None:
    return all_of([_before(one, other, or_equal) for one, other in itertools.pairwise(seen)])


def _before(one: Any, other: Any, or_equal: bool) -> bool | None:
    both_sizes = size(one) is not None and size(other) is not None
    both_days = _kind(one) == DATE and _kind(other) == DATE
    return less(one, other, or_equal) if both_sizes or both_days else None


def _within(needle: Any, whole: Any) -> bool | None:
    if needle is None or isinstance(needle, list):
        return None
    if isinstance(whole, list):
        if contains(needle, [each for each in whole if each is not None]):
            return True
        return None if any(each is None for each in whole) else False
    return contains(needle, whole) if isinstance(needle, str) and isinstance(whole, str) else None


def _either(seen: Sequence[Any]) -> bool | None:
    return _not(all_of([_not(each) for each in seen]))


def _not(value: Any) -> bool | None:
    return not value if isinstance(value, bool) else None


def _how_many(seen: Sequence[Any]) -> int | None:
    return sum(seen) if all(isinstance(each, bool) for each in seen) else None


_OPERATORS: Final[Mapping[str, Callable[[list[Any]], Any]]] = {
    "==": lambda seen: _equal(*seen),
    "!=": lambda seen: _not(_equal(*seen)),
    "<": lambda seen: _ordered(seen, or_equal=False),
    "<=": lambda seen: _ordered(seen, or_equal=True),
    ">": lambda seen: _ordered(seen[::-1], or_equal=False),
    ">=": lambda seen: _ordered(seen[::-1], or_equal=True),
    "in": lambda seen: _within(*seen),
    "and": lambda seen: all_of([each if isinstance(each, bool) else None for each in seen]),
    "or": _either,
    "!": lambda seen: _not(seen[0]),
    "!!": lambda seen: seen[0] if isinstance(seen[0], bool) else None,
    "count": lambda seen: len(seen[0]) if isinstance(seen[0], list) else None,
    "how_many": _how_many,
    "years_between": lambda seen: years_between(*seen),
    "days_between": lambda seen: days_between(*seen),
    "any": lambda seen: None,
    "all": lambda seen: None,
    "none": lambda seen: None,
}


@dataclass(frozen=True, slots=True)
class KindProblem:
    """Why a sound rule cannot decide. Codes: ``unknown_name`` (name), ``has_default`` (name), ``empty_literal``, ``of_persons`` (operator),
    ``wrong_kind`` (operator, wanted, given), ``not_a_truth`` (given)."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def check_kinds(rule: Any, kinds: Mapping[str, str]) -> list[KindProblem]:
    """Return what keeps a sound rule from deciding. ``kinds``: name → what it is compared as; any other name is unknown."""
    problems: list[KindProblem] = []
    kind = _typed(rule, kinds, problems)
    if kind not in (TRUTH, ""):
        problems.append(KindProblem("not_a_truth", {"given": kind}))
    return problems


def _typed(node: Any, kinds: Mapping[str, str], problems: list[KindProblem]) -> str:
    """Return the kind of a node, empty where it could not be told and something was noted."""
    if isinstance(node, list):
        for each in node:
            _typed(each, kinds, problems)
        return LIST
    if not isinstance(node, dict):
        if plain(node) in (None, ""):
            problems.append(KindProblem("empty_literal"))
        return _kind(node)
    ((operator, argument),) = node.items()
    given = operands(argument)
    if operator == "var":
        return _named(given, kinds, problems)
    if is_quantified(operator, given) or operator in ("any", "all", "none"):
        problems.append(KindProblem("of_persons", {"operator": operator}))
        return ""
    found = [_typed(each, kinds, problems) for each in given]
    problems += [
        KindProblem("wrong_kind", {"operator": operator, "wanted": wanted, "given": kind})
        for kind, wanted in _misfits(operator, found)
    ]
    return _RESULTS.get(operator, TRUTH) if operator != "if" else _of_branches(found)


def _named(given: Sequence[Any], kinds: Mapping[str, str], problems: list[KindProblem]) -> str:
    name = str(given[0])
    if len(given) > 1:
        problems.append(KindProblem("has_default", {"name": name}))
    if name not in kinds:
        problems.append(KindProblem("unknown_name", {"name": name}))
    return kinds.get(name, "")


_RESULTS: Final = {"count": NUMBER, "how_many": NUMBER, "years_between": NUMBER, "days_between": NUMBER}


def _of_branches(found: Sequence[str]) -> str:
    outcomes = {*found[1::2], *(found[-1:] if len(found) % 2 else ())}
    return outcomes.pop() if len(outcomes) == 1 else ""


def _misfits(operator: str, found: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (kind given, kind wanted) for operands that an operator cannot compare. What is unknown was noted already."""
    if operator in ("years_between", "days_between"):
        yield from ((kind, DATE) for kind in found if kind not in (DATE, ""))
    elif operator in ("and", "or", "!", "!!", "how_many"):
        yield from ((kind, TRUTH) for kind in found if kind not in (TRUTH, ""))
    elif operator == "if":
        conditions = found[0 : len(found) - len(found) % 2 : 2]
        yield from ((kind, TRUTH) for kind in conditions if kind not in (TRUTH, ""))
    elif operator == "count":
        yield from ((kind, LIST) for kind in found if kind not in (LIST, ""))
    elif operator in ("<", "<=", ">", ">="):
        first = next((kind for kind in found if kind in (NUMBER, DATE)), NUMBER)
        yield from ((kind, first) for kind in found if kind not in (first, ""))
    elif operator in ("==", "!="):
        if "" not in found and found[0] != found[1]:
            yield found[1], found[0]
        yield from ((kind, TEXT) for kind in found if kind == LIST)
    elif operator == "in" and found[1] not in (LIST, TEXT, ""):
        yield found[1], LIST
