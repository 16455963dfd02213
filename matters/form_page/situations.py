"""The answers to guide questions in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.merging.compiled import CompiledMatter
from matters.form_page.pieces import Translate


def situation_answers(
    matter: CompiledMatter, answers: Mapping[str, Any], translate: Translate
) -> list[tuple[str, str]]:
    """Return (question, answer) for each guide question that applies."""
    return [
        (translate(question.text), answer_in_words(matter, question.key, answers.get(question.key), translate))
        for question in matter.questions_for(answers)
    ]


def answer_in_words(matter: CompiledMatter, key: str, given: Any, translate: Translate) -> str:
    """Return an answer to a guide question as its options put it."""
    question = next(each for each in matter.questions if each.key == key)
    labels = {option.value: translate(option.label) for option in question.options}
    chosen = given if isinstance(given, list) else [given]
    texts = (labels.get(str(each), str(each)) for each in chosen if each not in (None, ""))
    return pgettext("between names", "、").join(texts) or _("无")
