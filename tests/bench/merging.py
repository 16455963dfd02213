"""Compiling, evaluating and publishing, each against the time it may take: processor time, the shortest of several runs."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from catalog.compiling import compile_matter
from catalog.linting.matters import lint_matter
from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.typical import typical_answers
from catalog.models import Matter
from catalog.packages.importing import CONTENT, import_package
from catalog.versions.defining import define
from tests.bench.figures import say, tell
from tests.catalog.merging.large import large

SAMPLES: dict[str, Any] = {"text": "词", "integer": 12, "date": "2024-01-02"}


def measure(*, rounds: int) -> None:
    """Print a line per figure: ``ours`` and ``limit`` in milliseconds, and their ratio. Needs the newborn matter's rows."""
    say(f"merging: best of {rounds * 4}")
    matter, items, elements = large()
    import_package(CONTENT)
    definition = define(Matter.objects.get(slug="newborn"))
    newborn = CompiledMatter(compile_matter(*definition))
    plan_json = compile_matter(matter, items, elements, {})
    compiled = CompiledMatter(plan_json)
    answers = {question.key: "a" for question in compiled.questions}
    plan = compiled.plan_for(answers)
    values = {key: SAMPLES[field.type] for key, field in plan.fields.items()}
    lines = sum(len(item.lines) for item in items.values())
    _tell("compile_newborn", 20, rounds, lambda: compile_matter(*definition), items=len(definition.items))
    _tell("compile_large", 200, rounds, lambda: compile_matter(matter, items, elements, {}), items=30, lines=lines)
    _tell("load_newborn", 20, rounds, lambda: CompiledMatter(newborn.content))
    _tell("load_large", 200, rounds, lambda: CompiledMatter(plan_json), lines=lines)
    _tell("plan_newborn", 20, rounds, lambda: Plan(newborn, typical_answers(newborn)))
    _tell("conditions_large", 2, rounds * 4, lambda: plan.visible(values), fields=len(values))
    _tell("check_large_form", 20, rounds, lambda: plan.clean(values, date(2025, 6, 1)), fields=len(values))
    _tell("publish_large", 5000, 1, lambda: _publish(8), questions=8, combinations=1296)
    _tell("publish_large_many_answers", 5000, 1, lambda: _publish(16), questions=16, combinations=1679616)


def _publish(questions: int) -> None:
    """Do what publishing does once the rows are read: compile, and lint over the situations."""
    matter, items, elements = large(questions)
    compile_matter(matter, items, elements, {})
    lint_matter(matter, items, elements, {})


def _tell(figure: str, limit: float, rounds: int, action: Callable[[], object], **notes: Any) -> None:
    best = min(_time(action) for _round in range(rounds * 4 if rounds > 1 else 2)) * 1000
    shown = {"figure": figure, "unit": "ms", "ours": round(best, 2), "limit": limit, "ratio": round(best / limit, 3)}
    tell(json.dumps(shown | {"cores": os.cpu_count()} | notes, ensure_ascii=False))


def _time(action: Callable[[], object]) -> float:
    started = time.process_time()
    action()
    return time.process_time() - started
