"""Merging stays quick where pages wait for it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date

from catalog.definitions import (
    Dependency,
    ElementDefinition,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MatterDefinition,
    MatterItemDefinition,
    RoleDefinition,
)
from catalog.lints import lint_matter
from catalog.merging import compile_matter
from catalog.plans import CompiledMatter
from tests.catalog.pure.family import ELEMENTS, ITEMS, MATERIALS, MATTER, var


def best(action: Callable[[], object], times: int = 7) -> float:
    """Return the shortest time in seconds: what it costs when nothing else runs."""
    taken = []
    for _ in range(times):
        started = time.process_time()
        action()
        taken.append(time.process_time() - started)
    return min(taken)


def large() -> tuple[MatterDefinition, dict[str, ItemDefinition], dict[str, ElementDefinition]]:
    """Thirty items with four hundred lines, two thirds of them conditional."""
    pick = random.Random(1)
    elements = {
        f"fact.n{n}": ElementDefinition(f"fact.n{n}", f"事实{n}", ("text", "integer", "date")[n % 3]) for n in range(60)
    }
    items, uses = {}, []
    for at in range(30):
        facts = pick.sample(
            [(role, code) for role in ("applicant", "child", "firm") for code in elements], 14 if at < 10 else 13
        )
        lines = []
        for n, (role, code) in enumerate(facts):
            rule = {"!=": [var("answers.q1"), "b"]}
            if n % 3:
                rule = {"or": [rule, {"!!": [var(":".join(facts[n - 1]))]}]}
            lines.append(LineDefinition(f"L{n}", role, code, f"名称{n}", n % 2 == 0, rule if n % 3 else None))
        items[f"i{at}"] = ItemDefinition(f"i{at}", f"事项{at}", "d", tuple(lines), promised_limit_days=3)
        condition = {"==": [var(f"answers.q{at % 8}"), "a"]} if at % 3 == 0 else None
        uses.append(MatterItemDefinition(f"i{at}", condition, after=(Dependency(f"i{at - 1}"),) if at % 4 else ()))
    questions = tuple(
        GuideQuestion(f"q{n}", "?", options=tuple(GuideOption(v, v) for v in "abc"[: 2 + n % 2])) for n in range(8)
    )
    roles = (RoleDefinition("applicant", "a"), RoleDefinition("child", "c"), RoleDefinition("firm", "f"))
    return MatterDefinition("large", "大", roles=roles, questions=questions, items=tuple(uses)), items, elements


def test_it_compiles_the_newborn_matter_in_a_moment() -> None:
    assert best(lambda: compile_matter(MATTER, ITEMS, ELEMENTS, MATERIALS)) < 0.020


def test_it_compiles_thirty_items_with_four_hundred_lines_in_a_fifth_of_a_second() -> None:
    matter, items, elements = large()
    assert len(items) == 30
    assert sum(len(item.lines) for item in items.values()) == 400
    assert best(lambda: compile_matter(matter, items, elements, {})) < 0.200


def test_it_evaluates_the_conditions_of_a_large_form_in_two_milliseconds() -> None:
    matter, items, elements = large()
    compiled = CompiledMatter(compile_matter(matter, items, elements, {}))
    plan = compiled.plan_for({f"q{n}": "a" for n in range(8)})
    values = {
        key: {"text": "词", "integer": 12, "date": "2024-01-02"}[field.type] for key, field in plan.fields.items()
    }
    assert len(plan.items) == 30
    assert len(values) > 150
    assert best(lambda: plan.visible(values), 30) < 0.002
    assert best(lambda: plan.clean(values, date(2025, 6, 1)), 10) < 0.020
    assert best(lambda: compiled.plan_for({f"q{n}": "a" for n in range(8)})) < 0.001


def test_it_tries_thousands_of_situations_before_publishing_in_seconds() -> None:
    matter, items, elements = large()
    assert best(lambda: lint_matter(matter, items, elements, {}), 1) < 5
