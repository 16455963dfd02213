"""An item's own conditions over its own record, ready to run: which lines show, which are required, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.definitions import CrossRule, ElementDefinition, Value
from catalog.merging.lines import Instance, PlacedLine, evaluation_order, renamer
from catalog.rules import compile_condition, rename, variables
from catalog.validation import Validator

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


class ItemProgram:
    """One sub-item's own form. Its rules see guide answers and its own visible lines, nothing else (laws 2 and 3)."""

    def __init__(
        self,
        instance: Instance,
        placed: Sequence[PlacedLine],
        decided: frozenset[str],
        elements: Mapping[str, ElementDefinition],
    ) -> None:
        self.key = instance.key
        self.instance = instance
        self.placed = tuple(placed)
        self.steps = tuple(
            Step(
                each,
                compile_condition(each.condition),
                compile_condition(each.required),
                Validator(elements[each.line.element].type, elements[each.line.element].constraints, each.constraints),
                each.key in decided,
            )
            for each in evaluation_order(placed)
        )
        self.cross = tuple(self._cross_step(rule, elements) for rule in instance.item.cross_rules)
        rules = [each.condition for each in placed] + [each.required for each in placed]
        self.reads = frozenset(name for rule in rules for name in variables(rule)) & {each.key for each in placed}

    def _cross_step(self, rule: CrossRule, elements: Mapping[str, ElementDefinition]) -> CrossStep:
        names = renamer(self.instance, "", 1, elements)
        codes = {each.code: each.key for each in self.placed}
        return CrossStep(
            rule,
            compile_condition(rename(rule.violated, names)),
            tuple(codes.get(name, names(name)) for name in rule.fields),
        )

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
