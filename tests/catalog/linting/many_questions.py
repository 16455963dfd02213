"""A matter of many questions for the lints of situations, and what they find in it."""

from __future__ import annotations

from typing import Any

from catalog.definitions import (
    Finding,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MaterialDefinition,
    MatterDefinition,
    MatterItemDefinition,
    RoleDefinition,
)
from catalog.linting.matters import lint_matter
from tests.worlds.family import ELEMENTS, var


def question(key: str, options: str = "abc", **changes: Any) -> GuideQuestion:
    return GuideQuestion(key, f"{key}?", options=tuple(GuideOption(v, v) for v in options), **changes)


def is_(key: str, value: Any) -> dict[str, Any]:
    return {"==": [var(f"answers.{key}"), value]}


MANY = tuple(question(f"q{n}") for n in range(9))  # 19,683 combinations: more than are tried
RARE = {"and": [is_("q0", "b"), is_("q3", "c"), is_("q5", "b"), is_("q8", "c")]}
PAPERS = {code: MaterialDefinition(code, f"材料{code}") for code in ("x", "y")}


def item(slug: str, **changes: Any) -> ItemDefinition:
    lines = changes.pop("lines", (LineDefinition("name", "applicant", "person.name"),))
    known = {"promised_limit_days": 1, "visits": 0, "visits_together": 0, "legal_basis": "法"}
    return ItemDefinition(slug, slug, "d", lines, **{**known, **changes})


def lint(
    *uses: MatterItemDefinition,
    items: Any = (),
    questions: Any = MANY,
    declared: Any = None,
    status: str = "open",
) -> list[Finding]:
    known = {use.item: item(use.item) for use in uses} | {each.slug: each for each in items}
    materials = {n.material: PAPERS[n.material] for each in known.values() for n in each.materials}
    matter = MatterDefinition(
        "m",
        "m",
        roles=(RoleDefinition("applicant", "a"),),
        questions=questions,
        items=uses,
        declared=declared or {},
        status=status,
    )
    return lint_matter(matter, known, ELEMENTS, materials)


def codes(found: list[Finding]) -> list[str]:
    return [finding.code for finding in found]
