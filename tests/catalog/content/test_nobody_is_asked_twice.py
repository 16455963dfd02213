"""In the matters that can be applied for, no fact of the applicant is asked in two roles."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.definitions import OPEN
from catalog.linting.coverage import cover
from catalog.merging.compiled import CompiledMatter

pytestmark = pytest.mark.django_db


def test_no_fact_of_the_applicant_is_asked_in_two_roles(content_plans: dict[str, dict[str, Any]]) -> None:
    asked_twice = set()
    for slug, content in content_plans.items():
        if content["matter"]["status"] != OPEN:
            continue
        matter = CompiledMatter(content)
        for answers in cover(matter.questions, limit=40).answers:
            plan = matter.plan_for(answers)
            applying = {role.key for role in plan.roles if role.is_applicant}
            seen: dict[str, str] = {}
            for field in plan.fields.values():
                other = seen.setdefault(field.element, field.role) if field.role in applying else field.role
                if other != field.role:
                    asked_twice.add((slug, field.element, other, field.role))
    assert asked_twice == set()


def test_the_mother_who_applies_is_the_guardian_too(newborn_plan: dict[str, Any]) -> None:
    matter = CompiledMatter(newborn_plan)
    for relation in ("mother", "father"):
        plan = matter.plan_for({"relation": relation, "children": "1", "marriage": "married", "household": "local"})
        assert not [key for key in plan.fields if key.startswith("carer:")]
        askers = {asker.slug for asker in plan.fields[f"{relation}:person.phone"].asked_by}
        assert {"ss_card", "vaccine_cert", "medical_ins"} <= askers
        face = next(result.face for item in plan.items for result in item.results if "guardian_name" in result.face)
        assert face["guardian_name"] == f"field:{relation}:person.name"
