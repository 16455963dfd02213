"""The situation a guide shows before anyone has answered: the first answer of every question. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from catalog.definitions import GuideQuestion
from catalog.merging.compiled import CompiledMatter

MOST_QUESTIONS = 100


def typical_answers(
    matter: CompiledMatter, wanted: Collection[str] = (), given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return an answer to every question that must be answered: its first option that does not stop, or its least number.

    ``wanted``: items (slugs) to be included, for which one answer more is changed each where one will do. ``given``: answers to begin with.
    """
    answers = _first_answers(matter, given)
    for slug in wanted:
        answers = _with_item(matter, answers, slug)
    return answers


def _with_item(matter: CompiledMatter, answers: dict[str, Any], slug: str) -> dict[str, Any]:
    """Return the answers, changed in one question so that the item is included and no other is lost; as they are where that cannot be."""
    included = {item.slug for item in matter.plan_for(answers).items}
    if slug in included:
        return answers
    for question in matter.questions_for(answers):
        for option in question.options:
            chosen = answers.get(question.key)
            value = [*(chosen or []), option.value] if question.multiple else option.value
            changed = matter.clean_answers(_first_answers(matter, {**answers, question.key: value}))
            plan = matter.plan_for(changed)
            if not option.stops and not plan.stops and {item.slug for item in plan.items} >= included | {slug}:
                return changed
    return answers


def _first_answers(matter: CompiledMatter, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    answers: dict[str, Any] = dict(given or {})
    for _round in range(MOST_QUESTIONS):
        open_questions = [each for each in matter.questions_for(answers) if each.required and each.key not in answers]
        if not open_questions:
            break
        answers[open_questions[0].key] = _first_answer(open_questions[0])
    return matter.clean_answers(answers)


def _first_answer(question: GuideQuestion) -> Any:
    if not question.options:
        return question.minimum
    option = next((each for each in question.options if not each.stops), question.options[0])
    return [option.value] if question.multiple else option.value
