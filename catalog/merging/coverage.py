"""Every combination of guide answers, or a bounded part of them that still pairs every two answers (law 6).

Combinations are walked as an applicant would answer: only questions that apply, only options that apply. Of a choice of several, none,
each alone and all are tried; of a number, the least, the next and the greatest. With more than ``limit`` combinations, every pair
of answers is tried once instead, the other questions answered with their first option; ``Coverage.complete`` tells.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.definitions import GuideQuestion
from catalog.merging.selection import Guide

LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Coverage:
    """Sets of answers in the order they were found, and whether they are all there are."""

    answers: tuple[Mapping[str, Any], ...]
    complete: bool


def cover(questions: Sequence[GuideQuestion], limit: int = LIMIT) -> Coverage:
    """Return the combinations of answers to try."""
    guide = Guide(questions)
    found = list(itertools.islice(_walk(guide), limit + 1))
    if len(found) <= limit:
        return Coverage(tuple(found), complete=True)
    wanted = [(question.key, answer) for question in questions for answer in _choices(question)]
    distinct: dict[str, Mapping[str, Any]] = {}
    for pair in itertools.islice(itertools.combinations(wanted, 2), limit):
        if pair[0][0] != pair[1][0]:
            answers = _complete(guide, dict(pair))
            distinct.setdefault(json.dumps(answers, sort_keys=True), answers)
    return Coverage(tuple(distinct.values()), complete=False)


def _choices(question: GuideQuestion) -> list[Any]:
    values: list[Any] = [option.value for option in question.options]
    if question.multiple:
        several = [values] if len(values) > 1 else []
        return [*([] if question.required else [[]]), *([value] for value in values), *several]
    if not values and question.maximum is not None:
        numbers = {question.minimum, min(question.minimum + 1, question.maximum), question.maximum}
        return sorted(numbers)
    return values


def _walk(guide: Guide) -> Iterator[Mapping[str, Any]]:
    """Yield complete sets of valid answers, depth first."""
    pending: list[tuple[dict[str, Any], frozenset[str]]] = [({}, frozenset())]
    while pending:
        answers, asked = pending.pop()
        following = next((q for q in guide.questions_for(answers) if q.key not in asked), None)
        if following is None:
            yield answers
            continue
        for choice in reversed(_choices(following)):
            given = {**answers, following.key: choice} if choice != [] else answers
            pending.append((given, asked | {following.key}))


def _complete(guide: Guide, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return complete answers with the wanted ones where they apply and the first choice elsewhere."""
    answers: dict[str, Any] = {}
    asked: set[str] = set()
    while following := next((q for q in guide.questions_for(answers) if q.key not in asked), None):
        asked.add(following.key)
        choices = _choices(following)
        choice = wanted.get(following.key)
        answers[following.key] = choice if choice in choices else choices[0]
    return {key: value for key, value in answers.items() if value != []}
