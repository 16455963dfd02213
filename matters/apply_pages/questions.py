"""The guide questions for display: all of them, those not asked (yet) marked, with what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.guides.questions import Asked, ask
from catalog.merging.compiled import CompiledMatter
from catalog.wording.translating import translator_for


@dataclass(frozen=True)
class QuestionView(Asked):
    """A guide question as the page asks it. ``is_open`` False: it follows from another answer and is not asked (yet).

    ``closed``: the choices that are not offered under the other answers.
    """

    is_open: bool
    closed: frozenset[str]
    error: str


def question_views(matter: CompiledMatter, answers: Mapping[str, Any], errors: Mapping[str, str]) -> list[QuestionView]:
    """Return every question of the matter, open or not under these answers. ``errors``: question key → sentence."""
    translate = translator_for(matter)
    offered = {question.key: {each.value for each in question.options} for question in matter.questions_for(answers)}
    views = []
    for question in matter.questions:
        all_values = {option.value for option in question.options}
        views.append(
            QuestionView(
                **vars(ask(question, answers.get(question.key), translate, spell_out=True)),
                is_open=question.key in offered,
                closed=frozenset(all_values - offered.get(question.key, all_values)),
                error=errors.get(question.key, ""),
            )
        )
    return views
