"""A matter as large as any: thirty items, four hundred lines, conditions on most of them."""

from __future__ import annotations

import random

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
from tests.worlds.family import var


def large(questions: int = 8) -> tuple[MatterDefinition, dict[str, ItemDefinition], dict[str, ElementDefinition]]:
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
        condition = {"==": [var(f"answers.q{at % questions}"), "a"]} if at % 3 == 0 else None
        uses.append(MatterItemDefinition(f"i{at}", condition, after=(Dependency(f"i{at - 1}"),) if at % 4 else ()))
    asked = tuple(
        GuideQuestion(f"q{n}", "?", options=tuple(GuideOption(v, v) for v in "abc"[: 2 + n % 2]))
        for n in range(questions)
    )
    roles = (RoleDefinition("applicant", "a"), RoleDefinition("child", "c"), RoleDefinition("firm", "f"))
    return MatterDefinition("large", "大", roles=roles, questions=asked, items=tuple(uses)), items, elements
