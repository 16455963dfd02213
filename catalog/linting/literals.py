"""Values that rules compare with, and that no answer and no field can have. Pure.

``==`` with such a value never holds and shows as a condition that nothing meets; ``!=`` always holds, and ``in`` loses one of its values, so
that nothing shows. All are named here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from catalog.definitions import (
    ElementDefinition,
    Finding,
    GuideQuestion,
    ItemDefinition,
    MatterDefinition,
    Rule,
    Source,
)
from catalog.rules.language import operations

CHOICES = frozenset({"select", "multiselect", "id_kind"})
Fits = Callable[[Any], bool]


def strange_values(
    matter: MatterDefinition, items: Sequence[ItemDefinition], elements: Mapping[str, ElementDefinition]
) -> Iterator[Finding]:
    """Yield each comparison with an option that does not exist, or with a number outside of a question's range."""
    questions = {f"answers.{question.key}": question for question in matter.questions}

    def fits(name: str) -> Fits | None:
        if name in questions:
            return _answer(questions[name])
        element = elements.get(name.partition(":")[2])
        return None if element is None else _value(element)

    for source, rule in _rules(matter, items):
        for name, value in _compared(rule):
            test = fits(name)
            if test is not None and not test(value):
                yield Finding("no_such_value", (source,), params={"variable": name, "value": str(value)})


def _answer(question: GuideQuestion) -> Fits | None:
    if question.options:
        return _one_of([option.value for option in question.options])
    most = question.minimum if question.maximum is None else question.maximum
    return lambda value: _is_whole(value) and question.minimum <= value <= most


def _value(element: ElementDefinition) -> Fits | None:
    if element.type in CHOICES:
        return _one_of([option.value for option in element.options])
    if element.type == "boolean":
        return lambda value: isinstance(value, bool)
    if element.type == "integer":
        return _is_whole
    return None


def _one_of(options: Sequence[str]) -> Fits:
    return lambda value: isinstance(value, str) and value in options


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _compared(rule: Rule) -> Iterator[tuple[str, Any]]:
    """Yield (variable, value) for each comparison of a variable with a fixed value; with nothing at all is no comparison."""
    for operator, given in operations(rule):
        if operator not in ("==", "!=", "in") or len(given) != 2:
            continue
        for one, other in (given, reversed(given)):
            name = one.get("var") if isinstance(one, dict) and len(one) == 1 else None
            name = name[0] if isinstance(name, list) and name else name
            if not isinstance(name, str) or isinstance(other, dict):
                continue
            values = other if isinstance(other, list) else [other]
            yield from ((name, each) for each in values if each is not None and not isinstance(each, dict | list))


def _rules(matter: MatterDefinition, items: Sequence[ItemDefinition]) -> Iterator[tuple[Source, Rule]]:
    for question in matter.questions:
        yield Source("", f"question:{question.key}"), question.condition
        for option in question.options:
            yield Source("", f"question:{question.key}/{option.value}"), option.condition
    for role in matter.roles:
        for rule in (role.is_applicant, role.count, role.same_as, role.kin_of):
            yield Source("", f"role:{role.key}"), rule
    for use in matter.items:
        yield Source(use.item, "condition"), use.condition
    for item in items:
        for line in item.lines:
            for rule in (line.condition, line.required):
                yield Source(item.slug, line.code), rule
        for need in item.materials:
            yield Source(item.slug, f"material:{need.material}"), need.condition
        for cross in item.cross_rules:
            yield Source(item.slug, f"cross_rule:{cross.code}"), cross.violated
        for clause in item.decision_rule.clauses:
            yield Source(item.slug, f"decision_rule:{clause.code}"), clause.rule
