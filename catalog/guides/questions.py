"""The guide questions one at a time: which one is next, how far one has come, and what was answered so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext

from catalog.definitions import GuideQuestion
from catalog.guides.answers import Given, query_of
from catalog.merging.compiled import CompiledMatter
from catalog.merging.typical import typical_answers
from catalog.wording.translating import translator_for


@dataclass(frozen=True)
class AnswerChoice:
    """An answer to choose. ``stops``: why this way is not open online; said at the choice, so that nobody is led astray."""

    value: str
    label: str
    note: str
    stops: str
    is_chosen: bool


@dataclass(frozen=True)
class Asked:
    """A question with the answer given. Without choices it asks for a number from ``minimum`` to ``maximum``."""

    key: str
    text: str
    help: str
    multiple: bool
    is_required: bool
    is_implied: bool
    choices: tuple[AnswerChoice, ...]
    number: str
    minimum: int
    maximum: int


@dataclass(frozen=True)
class Answered:
    """A question that was answered, in words, and the query string that leads back to it."""

    key: str
    text: str
    answer: str
    change: str


@dataclass(frozen=True)
class Progress:
    """The ``number``-th of about ``total`` questions; later answers may add or spare some."""

    number: int
    total: int
    percent: int


def next_question(matter: CompiledMatter, given: Given, change: str = "") -> GuideQuestion | None:
    """Return the question to ask now: the one to change, one refused, or the first that is still open; None when all are answered."""
    open_questions = matter.questions_for(given.answers)
    wanted = [question for question in open_questions if question.key == change]
    refused = [question for question in open_questions if question.key in given.refused]
    left = [
        question
        for question in open_questions
        if question.key not in given.answers and (question.required or question.key not in given.seen)
    ]
    return next(iter([*wanted, *refused, *left]), None)


def is_complete(matter: CompiledMatter, given: Given) -> bool:
    """Return whether nothing must be asked any more; what may stay open counts as not wanted."""
    must = [question for question in matter.questions_for(given.answers) if question.required]
    return not given.refused and all(question.key in given.answers for question in must)


def ask(question: GuideQuestion, value: Any, translate: Callable[[str], str], *, spell_out: bool = False) -> Asked:
    """Return a question in the reader's language, with the answer given. ``spell_out``: offer a few numbers as choices."""
    chosen = {str(each) for each in value} if isinstance(value, list) else {str(value)}
    most = question.maximum if question.maximum is not None else question.minimum
    choices = tuple(
        AnswerChoice(
            option.value,
            translate(option.label),
            translate(option.note),
            translate(option.stops),
            option.value in chosen,
        )
        for option in question.options
    )
    if spell_out and not question.options and question.maximum is not None and most - question.minimum < 8:
        numbers = range(question.minimum, most + 1)
        choices = tuple(AnswerChoice(str(number), str(number), "", "", str(number) in chosen) for number in numbers)
    return Asked(
        key=question.key,
        text=translate(question.text),
        help=translate(question.help),
        multiple=question.multiple,
        is_required=question.required,
        is_implied=bool(question.implied),
        choices=choices,
        number="" if value is None or isinstance(value, list) else str(value),
        minimum=question.minimum,
        maximum=most,
    )


def answered(matter: CompiledMatter, given: Given) -> list[Answered]:
    """Return the answers given so far, each with the way back to its question."""
    translate = translator_for(matter)
    shown = []
    for question in matter.questions_for(given.answers):
        if question.key in given.answers or question.key in given.seen:
            change = query_of(matter, given.answers, given.seen, division=given.division, change=question.key)
            words = answer_words(question, given.answers.get(question.key), translate)
            shown.append(Answered(question.key, translate(question.text), words, change))
    return shown


def answer_words(question: GuideQuestion, value: Any, translate: Any = str) -> str:
    """Return an answer in the words of its options; nothing chosen is said to be so."""
    picked = value if isinstance(value, list) else [] if value is None else [value]
    labels = {option.value: translate(option.label) for option in question.options}
    words = pgettext("between names", "、").join(labels.get(str(each), str(each)) for each in picked)
    return words or pgettext("answer to a question", "都不需要")


def progress(matter: CompiledMatter, question: GuideQuestion, given: Given) -> Progress:
    """Return how far one has come, taking the usual answers for questions that are still to come."""
    keys = [each.key for each in matter.questions_for({**typical_answers(matter), **given.answers})]
    number = keys.index(question.key) + 1 if question.key in keys else len(keys)
    return Progress(number, len(keys), round(100 * (number - 1) / max(len(keys), 1)))


def hidden_answers(matter: CompiledMatter, given: Given, question: GuideQuestion) -> list[tuple[str, str]]:
    """Return (name, value) of everything the form must carry along besides the question on the page."""
    carried = [("division", given.division)] if given.division else []
    for each in matter.questions:
        value = given.answers.get(each.key)
        if each.key == question.key:
            continue
        if isinstance(value, list) and value:
            carried += [(each.key, str(one)) for one in value]
        elif value is not None and not isinstance(value, list):
            carried.append((each.key, str(value)))
        elif each.key in given.seen:
            carried.append((each.key, ""))
    return carried


def step_back(matter: CompiledMatter, question: GuideQuestion, given: Given) -> str:
    """Return the query string of the question before this one; empty at the first."""
    before = [each.key for each in matter.questions_for(given.answers)]
    place = before.index(question.key) if question.key in before else 0
    return (
        query_of(matter, given.answers, given.seen, division=given.division, change=before[place - 1]) if place else ""
    )
