"""The guide questions for display: all of them, those not asked (yet) marked, with what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.merging.compiled import CompiledMatter
from catalog.wording.translating import translator_for


@dataclass(frozen=True, slots=True)
class OptionView:
    """An answer to choose: ``stops`` says why this way is not open online."""

    value: str
    label: str
    note: str
    stops: str
    is_chosen: bool
    is_open: bool
    condition: Any


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A guide question as the page asks it. ``is_open`` False: it follows from another answer and is not asked (yet)."""

    key: str
    text: str
    help: str
    multiple: bool
    options: list[OptionView]
    number: str
    minimum: int
    maximum: int
    is_open: bool
    condition: Any
    error: str


def question_views(matter: CompiledMatter, answers: Mapping[str, Any], errors: Mapping[str, str]) -> list[QuestionView]:
    """Return every question of the matter, open or not under these answers. ``errors``: question key → sentence."""
    translate = translator_for(matter)
    asked = {question.key: {option.value for option in question.options} for question in matter.questions_for(answers)}
    views = []
    for question in matter.questions:
        given = answers.get(question.key)
        chosen = {str(each) for each in given} if isinstance(given, list) else {str(given)}
        options = [
            OptionView(
                option.value,
                translate(option.label),
                translate(option.note),
                translate(option.stops),
                option.value in chosen,
                question.key not in asked or option.value in asked[question.key],
                option.condition,
            )
            for option in question.options
        ]
        if not options and question.maximum is not None and question.maximum - question.minimum < 6:
            options = [
                OptionView(str(number), str(number), "", "", str(number) in chosen, True, None)
                for number in range(question.minimum, question.maximum + 1)
            ]
        views.append(
            QuestionView(
                key=question.key,
                text=translate(question.text),
                help=translate(question.help),
                multiple=question.multiple,
                options=options,
                number="" if given is None or isinstance(given, list) else str(given),
                minimum=question.minimum,
                maximum=question.maximum if question.maximum is not None else 0,
                is_open=question.key in asked,
                condition=question.condition,
                error=errors.get(question.key, ""),
            )
        )
    return views
