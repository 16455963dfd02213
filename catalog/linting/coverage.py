"""Every combination of guide answers, or a bounded part of them that still pairs every two answers (law 6).

Combinations are walked as an applicant would answer: only questions that apply, only options that apply. Of a choice of several, none,
each alone and all are tried; of a number, the least, the next and the greatest. With more than ``limit`` combinations, every pair
of answers is tried once instead, the other questions answered with their first option; ``Coverage.complete`` tells.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.definitions import GuideQuestion
from catalog.merging.selection import Questionnaire

LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Coverage:
    """Sets of answers in the order they were found, and whether they are all there are."""

    answers: tuple[Mapping[str, Any], ...]
    complete: bool


def cover(questions: Sequence[GuideQuestion], limit: int = LIMIT) -> Coverage:
    """Return the combinations of answers to try."""
    guide = Questionnaire(questions)
    found = list(itertools.islice(guide.paths(_choices), limit + 1))
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
        return [*([] if question.required else [None]), *([value] for value in values), *several]
    if not values and question.maximum is not None:
        return sorted({question.minimum, min(question.minimum + 1, question.maximum), question.maximum})
    return values


def _complete(guide: Questionnaire, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return complete answers with the wanted ones where they apply and the first choice elsewhere."""

    def choose(question: GuideQuestion) -> list[Any]:
        choices = _choices(question)
        wish = wanted.get(question.key)
        return [wish] if wish in choices else choices[:1]

    return next(guide.paths(choose))
