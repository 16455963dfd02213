"""Conditions on form values that nothing can meet, and rules that nobody can keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalog.definitions import ElementDefinition, Finding, ItemDefinition, MatterDefinition, Rule, Source
from catalog.linting.reaching import Undecided, exact_choices
from catalog.linting.satisfying import can_hold
from catalog.linting.situations import by_answers
from catalog.rules.exclusion import never_together


def contradictions(
    matter: MatterDefinition, items: Sequence[ItemDefinition], elements: Mapping[str, ElementDefinition]
) -> Iterator[Finding]:
    """Yield each condition that no values meet, and each rule over several fields that all values violate.

    A condition on guide answers alone is not looked at here: whether any answers meet it, the situations show.
    """
    questions = {question.key: question for question in matter.questions}
    answers: dict[str, Sequence[Any]] = {}
    for question in matter.questions:
        try:
            answers[question.key] = exact_choices(question)
        except Undecided:
            continue

    def impossible(*rules: Rule) -> bool:
        given = [rule for rule in rules if rule is not None]
        return never_together(given, questions) or not can_hold(given, elements, answers)

    for item in items:
        placed = [(line.code, rule) for line in item.lines for rule in (line.condition, line.required)]
        placed += [(f"material:{need.material}", need.condition) for need in item.materials]
        placed += [(f"cross_rule:{rule.code}", rule.violated) for rule in item.cross_rules]
        for place, rule in placed:
            if isinstance(rule, dict) and not by_answers(rule) and impossible(rule):
                yield Finding("contradictory_condition", (Source(item.slug, place),))
        for cross in item.cross_rules:
            if impossible({"!": [cross.violated]}):
                yield Finding("always_refused", (Source(item.slug, f"cross_rule:{cross.code}"),))
