"""An item's own conditions over its own record, ready to run: which lines show, which are required, what is wrong."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalog.definitions import CrossRule, DecisionRule, ElementDefinition, Value
from catalog.fields.validation import Validator
from catalog.merging.lines import Instance, Naming, PlacedLine, evaluation_order
from catalog.rules.language import compile_condition, variables

Test = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """One line in evaluation order. ``decided``: an earlier sub-item's decision answers it, so conditions read null."""

    placed: PlacedLine
    shows: Test
    requires: Test
    validator: Validator
    decided: bool


@dataclass(frozen=True, slots=True)
class CrossStep:
    rule: CrossRule
    violated: Test
    fields: tuple[str, ...]
    reads: frozenset[str]


class ItemProgram:
    """One sub-item's own form. Its rules see guide answers and its own visible lines, nothing else (laws 2 and 3)."""

    def __init__(
        self,
        instance: Instance,
        placed: Sequence[PlacedLine],
        decided: frozenset[str],
        elements: Mapping[str, ElementDefinition],
        counts: Mapping[str, int],
    ) -> None:
        self.key = instance.key
        self.instance = instance
        self.placed = tuple(placed)
        self._decided = decided
        self._elements = elements
        self._counts = counts

    @functools.cached_property
    def reads(self) -> frozenset[str]:
        """Return the own fields that conditions read."""
        rules = [each.condition for each in self.placed] + [each.required for each in self.placed]
        return frozenset(name for rule in rules for name in variables(rule)) & {each.key for each in self.placed}

    @functools.cached_property
    def steps(self) -> tuple[Step, ...]:
        """Return the lines in evaluation order. Made when a form is first read: a guide page needs none of them."""
        return tuple(
            Step(
                each,
                compile_condition(each.condition),
                compile_condition(each.required),
                Validator(element.type, element.constraints, each.constraints),
                each.key in self._decided,
            )
            for each in evaluation_order(self.placed)
            for element in (self._elements[each.line.element],)
        )

    @functools.cached_property
    def cross(self) -> tuple[CrossStep, ...]:
        """Return the rules over several lines, ready to run."""
        return tuple(self._cross_step(rule) for rule in self.instance.item.cross_rules)

    @functools.cached_property
    def decision_rule(self) -> DecisionRule:
        """Return the item's rule with its names as those of this instance: the second child's fields are ``child#2:…``."""
        rule = self.instance.item.decision_rule
        if not rule.clauses:
            return rule
        names = Naming(self.instance, self._counts, self._elements)
        return replace(rule, clauses=tuple(replace(each, rule=names.rule(each.rule)) for each in rule.clauses))

    def _cross_step(self, rule: CrossRule) -> CrossStep:
        names = Naming(self.instance, self._counts, self._elements)
        codes = {each.code: each.key for each in self.placed}
        violated = names.rule(rule.violated)
        fields = [key for name in rule.fields for key in ([codes[name]] if name in codes else names.keys(name))]
        own = {each.key for each in self.placed}
        reads = (variables(violated) | set(fields)) & own
        return CrossStep(rule, compile_condition(violated), tuple(fields), reads)

    def run(self, values: Mapping[str, Value], answers: Mapping[str, Any]) -> tuple[list[Step], dict[str, Any]]:
        """Return the visible lines (in evaluation order) and the item's record: answers and visible values by field key.

        ``values``: read values, without those that a decision supplies.
        """
        record = dict(answers)
        shown = []
        for step in self.steps:
            if step.shows(record):
                shown.append(step)
                record[step.placed.key] = values.get(step.placed.key)
        return shown, record
