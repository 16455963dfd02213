"""What choosing an answer changes: which items and papers it brings that the question's other answers do not all bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.definitions import GuideQuestion
from catalog.merging.compiled import CompiledMatter
from catalog.merging.typical import typical_answers


@dataclass(frozen=True, slots=True)
class AnswerEffect:
    """Names of the items and papers an answer brings (``more``) or spares (``less``), and whether it stops the application."""

    label: str
    items: tuple[str, ...]
    papers: tuple[str, ...]
    stops: bool


def effects_of(matter: CompiledMatter) -> dict[str, list[AnswerEffect]]:
    """Return question's key → the effect of each of its options, the other questions answered in the simplest way."""
    typical = typical_answers(matter)
    found: dict[str, list[AnswerEffect]] = {}
    for question in matter.questions:
        if question.implied or not question.options:
            continue
        base = _asking(matter, question, typical)
        if base is not None:
            found[question.key] = _effects(matter, question, base)
    return found


def _asking(matter: CompiledMatter, question: GuideQuestion, typical: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return answers under which the question is asked: the simplest ones, or those with one answer changed."""
    if _is_asked(matter, question, typical):
        return typical
    for other in matter.questions:
        for option in other.options:
            answers = {**typical, other.key: [option.value] if other.multiple else option.value}
            if _is_asked(matter, question, answers):
                return answers
    return None


def _is_asked(matter: CompiledMatter, question: GuideQuestion, answers: Mapping[str, Any]) -> bool:
    return any(each.key == question.key for each in matter.questions_for(answers))


def _effects(matter: CompiledMatter, question: GuideQuestion, base: Mapping[str, Any]) -> list[AnswerEffect]:
    plans = {}
    for option in question.options:
        answers = {**base, question.key: [option.value] if question.multiple else option.value}
        plans[option.value] = matter.plan_for({**typical_answers(matter, given=answers), **answers})
    items = {value: {item.slug: item.short_name for item in plan.items} for value, plan in plans.items()}
    papers = {
        value: {paper.code: paper.name for paper in plan.materials if paper.exemption is None}
        for value, plan in plans.items()
    }
    everywhere = set.intersection(*(set(each) for each in items.values()))
    always = set.intersection(*(set(each) for each in papers.values()))
    return [
        AnswerEffect(
            option.label,
            tuple(name for slug, name in items[option.value].items() if slug not in everywhere),
            tuple(name for code, name in papers[option.value].items() if code not in always),
            bool(option.stops),
        )
        for option in question.options
    ]
