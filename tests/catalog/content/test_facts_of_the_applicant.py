"""Whoever applies is one of the persons of a matter, by their answer: their own facts stand in that person's fields and in nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest

from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.typical import typical_answers
from matters.core.draft_document import ACCOUNT, DraftDocument

pytestmark = pytest.mark.django_db

# Every matter in which an answer says who the applicant is.
BY_ANSWER = (
    "newborn",
    "marriage",
    "ent_change",
    "restaurant",
    "med_claim",
    "transport",
    "retire",
    "disability",
    "dereg",
    "credit",
    "car_plate",
    "ss_card",
)
PROFILE = {
    "person.name": "李婉清",
    "person.id_kind": "111",
    "person.id_number": "360103199203120020",
    "person.birth_date": "1992-03-12",
    "person.sex": "2",
    "person.phone": "13800138000",
}


def asked_by(rule: Any) -> set[str]:
    """Return the questions that a rule reads."""
    if isinstance(rule, dict):
        name = rule.get("var")
        found = {name.removeprefix("answers.")} if isinstance(name, str) else set()
        return found.union(*(asked_by(each) for each in rule.values()))
    return set().union(*(asked_by(each) for each in rule)) if isinstance(rule, list) else set()


def plans_by_applicant(matter: CompiledMatter) -> Iterator[Plan]:
    """Yield the plan for each answer to the questions that say who applies."""
    typical = typical_answers(matter)
    wanted = set().union(*(asked_by(role.is_applicant) for role in matter.roles))
    for question in matter.questions:
        if question.key in wanted:
            for option in question.options:
                answers = {**typical, question.key: option.value}
                plan = matter.plan_for(matter.clean_answers({**typical_answers(matter), **answers}))
                if not plan.stops:
                    yield plan


def of_others(plan: Plan, document: DraftDocument) -> set[str]:
    """Return the fields that hold the applicant's facts although the applicant is not this person."""
    own = {role.key for role in plan.roles if role.is_applicant}
    return {key for key in document.values if key.partition(":")[0] not in own}


def test_these_are_all_of_them(content_plans: dict[str, dict[str, Any]]) -> None:
    found = {
        slug
        for slug, content in content_plans.items()
        if any(asked_by(role.is_applicant) for role in CompiledMatter(content).roles)
    }
    assert found == set(BY_ANSWER)


@pytest.mark.parametrize("slug", BY_ANSWER)
def test_the_facts_follow_the_applicant_from_one_person_to_the_other(
    content_plans: dict[str, dict[str, Any]], slug: str
) -> None:
    plans = list(plans_by_applicant(CompiledMatter(content_plans[slug])))
    assert len(plans) > 1
    moved = 0
    for first, second in permutations(plans, 2):
        document = DraftDocument()
        document.fill(first.known(PROFILE), ACCOUNT, 0)
        at_once = set(document.values)
        document.fill(second.known(PROFILE), ACCOUNT, 2)
        assert not of_others(second, document)
        assert document.values == second.known(PROFILE)
        moved += at_once != set(document.values)
        # What the applicant can see and correct is shown as a fact; the rest has its control.
        assert all(second.fields[key].known_from == "profile" for key in document.values)
        document.fill(first.known(PROFILE), ACCOUNT, 3)
        assert set(document.values) == at_once
    # Guides that ask nothing of the person whom an answer names have nothing to move.
    assert moved or slug in {"credit", "disability"}
