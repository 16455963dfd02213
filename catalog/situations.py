"""The situation a guide shows before anyone has answered: the first answer of every question. Pure."""

from __future__ import annotations

from typing import Any

from catalog.definitions import GuideQuestion
from catalog.plans import CompiledMatter

MOST_QUESTIONS = 100


def typical_answers(matter: CompiledMatter) -> dict[str, Any]:
    """Return an answer to every question that must be answered: its first option that does not stop, or its least number."""
    answers: dict[str, Any] = {}
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
