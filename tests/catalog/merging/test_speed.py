"""Merging stays quick where pages wait for it: what a large matter costs grows with its size, counted in steps, not seconds.

The seconds themselves are measured by ``python -m tests.bench merging``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from catalog.compiling import compile_matter
from catalog.definitions import MatterDefinition
from catalog.linting.coverage import LIMIT, cover
from catalog.linting.matters import lint_matter
from catalog.merging.compiled import CompiledMatter
from tests.catalog.merging.large import large
from tests.worlds.family import ELEMENTS, ITEMS, MATERIALS, MATTER

# A call of Python takes about a tenth of a microsecond: what may be called so often stays within the time that is promised.
CALLS_PER_MILLISECOND = 10_000


def calls(action: Callable[[], object]) -> int:
    """Return how many functions an action calls: the same on every machine, however busy."""
    counted = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(before)
    return counted


def first(matter: MatterDefinition, count: int) -> MatterDefinition:
    """Return the matter with only its first items."""
    return replace(matter, items=matter.items[:count])


def test_it_compiles_the_newborn_matter_in_a_moment() -> None:
    assert calls(lambda: compile_matter(MATTER, ITEMS, ELEMENTS, MATERIALS)) < 20 * CALLS_PER_MILLISECOND


def test_it_compiles_thirty_items_with_four_hundred_lines_in_a_fifth_of_a_second() -> None:
    matter, items, elements = large()
    assert len(items) == 30
    assert sum(len(item.lines) for item in items.values()) == 400
    assert calls(lambda: compile_matter(matter, items, elements, {})) < 200 * CALLS_PER_MILLISECOND


def test_compiling_grows_with_the_size_and_not_with_its_square() -> None:
    matter, items, elements = large()
    ten = calls(lambda: compile_matter(first(matter, 10), items, elements, {}))
    thirty = calls(lambda: compile_matter(matter, items, elements, {}))
    assert thirty < 5 * ten


def test_it_evaluates_the_conditions_of_a_large_form_in_two_milliseconds() -> None:
    matter, items, elements = large()
    compiled = CompiledMatter(compile_matter(matter, items, elements, {}))
    plan = compiled.plan_for({f"q{n}": "a" for n in range(8)})
    values = {
        key: {"text": "词", "integer": 12, "date": "2024-01-02"}[field.type] for key, field in plan.fields.items()
    }
    assert len(plan.items) == 30
    assert len(values) > 150
    plan.visible(values)
    assert calls(lambda: plan.visible(values)) < 2 * CALLS_PER_MILLISECOND
    assert calls(lambda: plan.clean(values, date(2025, 6, 1))) < 20 * CALLS_PER_MILLISECOND
    assert calls(lambda: compiled.plan_for({f"q{n}": "a" for n in range(8)})) < CALLS_PER_MILLISECOND


def test_it_looks_at_no_more_situations_than_it_says_however_many_there_are() -> None:
    few, items, elements = large(8)
    assert cover(few.questions).complete
    assert len(cover(few.questions).answers) == 2**4 * 3**4
    bounded = cover(large(16)[0].questions)
    assert not bounded.complete
    assert len(bounded.answers) <= LIMIT
    assert calls(lambda: lint_matter(few, items, elements, {})) < 5000 * CALLS_PER_MILLISECOND / 5
