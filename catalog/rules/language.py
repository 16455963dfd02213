"""Conditions as data: a small, total, type-strict subset of JSON-Logic. ``static/js/rules.js`` is its twin in the browser.

A rule is JSON: a literal, a list, or an object with one operator.

``{"var": key}`` or ``{"var": [key, default]}``  the value under ``key`` (flat, never a path); null when absent
``==  !=``                   same type and same value; true is not 1, "1" is not 1
``<  <=  >  >=``             2 or 3 operands: numbers (also as decimal text) or dates (compared by the day unless both have a time);
                             any other pair is false
``in``                       [needle, list] or [part, text]
``and  or  !  !!``           true or false, never an operand
``if``                       [condition, then, …, else]
``count``                    how many are in a list; null for anything else
``how_many``                 how many of the operands are true
``any  all  none  count``    [role, rule]: of the persons who play a role, whether any, all or none are so, or how many. ``catalog.rules.persons``
                             writes these out for the persons of a plan before anything is evaluated; here they are null
``years_between``            [from, to] whole years, ``days_between`` days; null unless both are dates

Empty text, 0, null, false and an empty list are false. ``today`` is an ordinary variable that the caller may provide. Whatever the rule and
the values are, evaluating never raises: what has no meaning is null. Both implementations are held to ``tests/vectors/rules.json``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from catalog.rules.values import MAX_DEPTH, contains, days_between, less, number, plain, same, truthy, years_between

Rule = Any
Compiled = Callable[[Mapping[str, Any]], Any]

MAX_NODES: Final = 500
MAX_TEXT: Final = 500

# Operator → least and most operands (None: any number).
ARITY: Final[Mapping[str, tuple[int, int | None]]] = {
    "var": (1, 2),
    "==": (2, 2),
    "!=": (2, 2),
    "<": (2, 3),
    "<=": (2, 3),
    ">": (2, 3),
    ">=": (2, 3),
    "in": (2, 2),
    "and": (1, None),
    "or": (1, None),
    "!": (1, 1),
    "!!": (1, 1),
    "if": (2, None),
    "count": (1, 2),
    "how_many": (1, None),
    "any": (2, 2),
    "all": (2, 2),
    "none": (2, 2),
    "years_between": (2, 2),
    "days_between": (2, 2),
}
# What is asked of all persons of a role together; ``count`` only where it has a role and a rule.
QUANTIFIERS: Final = frozenset({"any", "all", "none", "count"})


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """Why a rule is not in the language. ``path`` leads to the place: operators and operand numbers.

    Codes: ``unknown_operator`` (operator), ``wrong_arity`` (operator, given), ``not_one_operator``, ``bad_variable``, ``bad_role`` (operator),
    ``bad_literal``, ``text_too_long``, ``too_deep``, ``too_large``.
    """

    code: str
    path: tuple[str | int, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """A variable that decided a rule, with the value it had; of a list only what decided: of five choices the one that the rule asks for."""

    variable: str
    value: Any


def operands(argument: Any) -> list[Any]:
    """Return an operator's operands; a single one may be written without its list."""
    return argument if isinstance(argument, list) else [argument]


def is_quantified(operator: str, given: list[Any]) -> bool:
    """Return whether this asks something of all persons of a role: ``{"any": ["child", …]}``."""
    return operator in QUANTIFIERS and len(given) == 2


def check(rule: Rule) -> list[RuleProblem]:
    """Return everything that is not in the language; empty for a sound rule. Safe on any nesting."""
    problems: list[RuleProblem] = []
    pending: list[tuple[Any, tuple[str | int, ...], int]] = [(rule, (), 1)]
    nodes = 0
    while pending:
        node, path, depth = pending.pop()
        nodes += 1
        if nodes > MAX_NODES:
            problems.append(RuleProblem("too_large", (), {"limit": MAX_NODES}))
            break
        if depth > MAX_DEPTH:
            problems.append(RuleProblem("too_deep", path, {"limit": MAX_DEPTH}))
        elif isinstance(node, dict):
            if len(node) != 1:
                problems.append(RuleProblem("not_one_operator", path))
                continue
            ((operator, argument),) = node.items()
            given = operands(argument)
            least, most = ARITY.get(operator, (0, None))
            if operator not in ARITY:
                problems.append(RuleProblem("unknown_operator", path, {"operator": str(operator)[:60]}))
            elif len(given) < least or (most is not None and len(given) > most):
                problems.append(
                    RuleProblem("wrong_arity", (*path, operator), {"operator": operator, "given": len(given)})
                )
            elif operator == "var" and (not isinstance(given[0], str) or not given[0]):
                problems.append(RuleProblem("bad_variable", (*path, operator)))
            elif is_quantified(operator, given) and (not isinstance(given[0], str) or not given[0]):
                problems.append(RuleProblem("bad_role", (*path, operator), {"operator": operator}))
            else:
                pending.extend((each, (*path, operator, i), depth + 1) for i, each in enumerate(given))
        elif isinstance(node, list):
            pending.extend((each, (*path, i), depth + 1) for i, each in enumerate(node))
        elif isinstance(node, str):
            if len(node) > MAX_TEXT:
                problems.append(RuleProblem("text_too_long", path, {"limit": MAX_TEXT}))
        elif node is not None and not isinstance(node, bool) and number(node) is None:
            problems.append(RuleProblem("bad_literal", path))
    return problems


def variables(rule: Rule) -> frozenset[str]:
    """Return the names of all variables a rule reads."""
    names = set()
    if rule is not None:
        for operator, given in operations(rule):
            if operator == "var" and given and isinstance(given[0], str):
                names.add(given[0])
    return frozenset(names)


def operations(rule: Rule) -> Iterator[tuple[str, list[Any]]]:
    """Yield every operator within a rule with its operands, in no particular order. Safe on any nesting."""
    pending = [rule]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            for operator, argument in node.items():
                given = operands(argument)
                yield operator, given
                pending.extend(given)
        elif isinstance(node, list):
            pending.extend(node)


def rename(rule: Rule, new_name: Callable[[str], str], roles: Mapping[str, str] | None = None) -> Rule:
    """Return the rule with every variable renamed, and the roles of whose persons something is asked. For sound rules (bounded depth)."""
    if isinstance(rule, dict):
        if len(rule) == 1 and "var" in rule:
            given = operands(rule["var"])
            if given and isinstance(given[0], str):
                default = [rename(each, new_name, roles) for each in given[1:]]
                return {"var": [new_name(given[0]), *default] if default else new_name(given[0])}
        return {
            operator: _with_role(operator, rename(argument, new_name, roles), roles)
            for operator, argument in rule.items()
        }
    if isinstance(rule, list):
        return [rename(each, new_name, roles) for each in rule]
    return rule


def _with_role(operator: str, argument: Any, roles: Mapping[str, str] | None) -> Any:
    given = operands(argument)
    if not roles or not is_quantified(operator, given) or not isinstance(given[0], str):
        return argument
    return [roles.get(given[0], given[0]), given[1]]


def evaluate(rule: Rule, values: Mapping[str, Any]) -> Any:
    """Return the rule's value. Never raises."""
    return compile_rule(rule)(values)


def holds(rule: Rule, values: Mapping[str, Any]) -> bool:
    """Return whether a condition holds; ``None`` means always."""
    return rule is None or truthy(evaluate(rule, values))


def compile_condition(rule: Rule) -> Callable[[Mapping[str, Any]], bool]:
    """Return a function that says whether the condition holds; ``None`` means always."""
    if rule is None or rule is True:
        return lambda values: True
    compiled = compile_rule(rule)
    return lambda values: truthy(compiled(values))


def compile_rule(rule: Rule, depth: int = 1) -> Compiled:
    """Return the rule as a function of the values. Nodes that are not in the language, or too deep, are null."""
    if depth > MAX_DEPTH:
        return _null
    if isinstance(rule, list):
        parts = [compile_rule(each, depth + 1) for each in rule]
        return lambda values: [part(values) for part in parts]
    if not isinstance(rule, dict):
        literal = plain(rule)
        return lambda values: literal
    if len(rule) != 1:
        return _null
    ((operator, argument),) = rule.items()
    given = operands(argument)
    least, most = ARITY.get(operator, (1, 0))
    if len(given) < least or (most is not None and len(given) > most):
        return _null
    if operator == "var":
        return _compile_var(given, depth)
    if is_quantified(operator, given):
        return _null
    parts = [compile_rule(each, depth + 1) for each in given]
    return _COMPILERS[operator](parts)


def explain(rule: Rule, values: Mapping[str, Any]) -> list[Ground]:
    """Return the variables that made the rule come out as it does, each once, in the rule's order."""
    grounds: dict[str, Ground] = {}
    _explain(rule, values, grounds, 1)
    return list(grounds.values())


def _explain(rule: Rule, values: Mapping[str, Any], grounds: dict[str, Ground], depth: int) -> None:
    if depth > MAX_DEPTH:
        return
    if isinstance(rule, list):
        for each in rule:
            _explain(each, values, grounds, depth + 1)
        return
    if not isinstance(rule, dict) or len(rule) != 1:
        return
    ((operator, argument),) = rule.items()
    given = operands(argument)
    if operator == "var":
        if given and isinstance(given[0], str):
            grounds.setdefault(given[0], Ground(given[0], plain(values.get(given[0]))))
    elif operator == "in" and len(given) == 2 and (chosen := _choices_read(given[1], values)) is not None:
        needle = evaluate(given[0], values)
        _add_choices(grounds, given[1], [each for each in chosen if same(each, needle)])
        _explain(given[0], values, grounds, depth)
    elif operator in ("and", "or"):
        # Only the operands that decide: all of a true "and", the false ones of a false one; the reverse for "or".
        outcome = truthy(evaluate(rule, values))
        for each in given:
            if truthy(evaluate(each, values)) == outcome:
                _explain(each, values, grounds, depth + 1)
    elif operator == "if":
        for index in range(0, len(given) - 1, 2):
            _explain(given[index], values, grounds, depth + 1)
            if truthy(evaluate(given[index], values)):
                _explain(given[index + 1], values, grounds, depth + 1)
                return
        if len(given) % 2:
            _explain(given[-1], values, grounds, depth + 1)
    else:
        _explain(given, values, grounds, depth)


def _choices_read(node: Any, values: Mapping[str, Any]) -> list[Any] | None:
    """Return the choices that a variable holds; None where it is no variable, or holds no list."""
    value = evaluate(node, values) if isinstance(node, dict) and list(node) == ["var"] else None
    return value if isinstance(value, list) else None


def _add_choices(grounds: dict[str, Ground], variable: Any, chosen: list[Any]) -> None:
    """Add choices to those of the same variable that decided elsewhere in the rule."""
    name = operands(variable["var"])[0]
    before = grounds[name].value if name in grounds else []
    if isinstance(before, list):
        grounds[name] = Ground(name, [*before, *(each for each in chosen if each not in before)])


def _null(values: Mapping[str, Any]) -> Any:
    return None


def _compile_var(given: list[Any], depth: int) -> Compiled:
    name = given[0]
    if not isinstance(name, str):
        return _null
    if len(given) == 1:
        return lambda values: plain(values.get(name))
    default = compile_rule(given[1], depth + 1)

    def read(values: Mapping[str, Any]) -> Any:
        value = plain(values.get(name))
        return default(values) if value is None else value

    return read


def _compile_if(parts: list[Compiled]) -> Compiled:
    branches = list(zip(parts[0:-1:2], parts[1::2], strict=False))
    otherwise = parts[-1] if len(parts) % 2 else _null

    def choose(values: Mapping[str, Any]) -> Any:
        for condition, outcome in branches:
            if truthy(condition(values)):
                return outcome(values)
        return otherwise(values)

    return choose


def _compile_order(parts: list[Compiled], or_equal: bool) -> Compiled:
    def compare(values: Mapping[str, Any]) -> bool:
        seen = [part(values) for part in parts]
        return all(less(one, other, or_equal) for one, other in itertools.pairwise(seen))

    return compare


def _two(parts: list[Compiled], operation: Callable[[Any, Any], Any]) -> Compiled:
    first, second = parts
    return lambda values: operation(first(values), second(values))


def _one(parts: list[Compiled], operation: Callable[[Any], Any]) -> Compiled:
    (only,) = parts
    return lambda values: operation(only(values))


_COMPILERS: Final[Mapping[str, Callable[[list[Compiled]], Compiled]]] = {
    "==": lambda parts: _two(parts, same),
    "!=": lambda parts: _two(parts, lambda left, right: not same(left, right)),
    "<": lambda parts: _compile_order(parts, or_equal=False),
    "<=": lambda parts: _compile_order(parts, or_equal=True),
    ">": lambda parts: _compile_order(parts[::-1], or_equal=False),
    ">=": lambda parts: _compile_order(parts[::-1], or_equal=True),
    "in": lambda parts: _two(parts, contains),
    "and": lambda parts: lambda values: all(truthy(part(values)) for part in parts),
    "or": lambda parts: lambda values: any(truthy(part(values)) for part in parts),
    "!": lambda parts: _one(parts, lambda value: not truthy(value)),
    "!!": lambda parts: _one(parts, truthy),
    "if": lambda parts: _compile_if(parts),
    "count": lambda parts: _one(parts, lambda value: len(value) if isinstance(value, list) else None),
    "how_many": lambda parts: lambda values: sum(truthy(part(values)) for part in parts),
    "years_between": lambda parts: _two(parts, years_between),
    "days_between": lambda parts: _two(parts, days_between),
}
