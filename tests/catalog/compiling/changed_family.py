"""The family's matter with one thing changed, and what compiling finds in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catalog.compiling import CompileRefused, compile_matter, examine
from catalog.definitions import (
    Finding,
    MaterialNeed,
)
from tests.worlds.family import (
    ELEMENTS,
    INSURANCE,
    ITEMS,
    MATERIALS,
    MATTER,
    REGISTRATION,
    with_line,
)


def findings(matter: Any = MATTER, elements: Any = ELEMENTS, **items: Any) -> list[Finding]:
    return examine(matter, {**ITEMS, **items}, elements, MATERIALS)


def the_one(
    matter: Any = MATTER, elements: Any = ELEMENTS, **items: Any
) -> tuple[str, list[tuple[str, str]], dict[str, Any]]:
    """Return code, sources and params of the only finding."""
    (finding,) = findings(matter, elements, **items)
    if finding.severity == "error":
        with pytest.raises(CompileRefused) as refusal:
            compile_matter(matter, {**ITEMS, **items}, elements, MATERIALS)
        assert refusal.value.findings == (finding,)
        assert finding.code in str(refusal.value)
    return finding.code, [(source.item, source.code) for source in finding.sources], dict(finding.params)


def line(item: Any, code: str, /, **changes: Any) -> Any:
    return with_line(item, code, **changes)


def question(at: int, **changes: Any) -> Any:
    questions = list(MATTER.questions)
    questions[at] = replace(questions[at], **changes)
    return replace(MATTER, questions=tuple(questions))


def use(at: int, **changes: Any) -> Any:
    uses = list(MATTER.items)
    uses[at] = replace(uses[at], **changes)
    return replace(MATTER, items=tuple(uses))


def need(**changes: Any) -> Any:
    return replace(INSURANCE, materials=(replace(MaterialNeed("photo"), **changes),))


def output(**changes: Any) -> Any:
    return replace(REGISTRATION, outputs=(replace(REGISTRATION.outputs[0], **changes),))
