"""Answers to guide questions as a query string or a posted form carries them: read, judged in words, and written again.

A guide, its questions one by one, and the checklist share their addresses' form: ``?<question>=<value>``, a question that may have
several answers once for each. What is not an answer is never taken for one, and the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from catalog.merging.compiled import CompiledMatter
from catalog.wording.problems import sentence
from catalog.wording.translating import translator_for
from portal.lib.whole_numbers import whole_number

__all__ = ["LONGEST_ANSWER", "Given", "division_of", "given_answers", "query_of", "read_answers"]

LONGEST_ANSWER: Final = 60  # an option's value or a number; whatever is longer is none
MOST_VALUES: Final = 60
MOST_REFUSALS: Final = 5
# Sentences that put the question into quotes themselves.
_QUOTED: Final = frozenset({"missing_answer", "not_one_answer", "out_of_range"})
# What the same addresses carry besides answers.
CONTROLS: Final = frozenset({"change", "asked", "division", "q", "lang"})


@dataclass(frozen=True)
class Given:
    """What a query string answers.

    ``answers``: valid ones to questions that apply. ``seen``: keys of questions that were shown and may stay open. ``refused``: question key →
    what is wrong, for questions that apply. ``notes``: what was left out besides, in words. ``division``: the code of the place
    the address is about, carried along; empty for none.
    """

    answers: dict[str, Any]
    seen: frozenset[str]
    refused: dict[str, str]
    notes: tuple[str, ...]
    division: str


def given_answers(matter: CompiledMatter, query: QueryDict) -> Given:
    """Return what a query string answers, with everything that is no answer told in words. Never raises."""
    sent = read_answers(matter, query)
    translate = translator_for(matter)
    open_questions = {question.key: question for question in matter.questions_for(sent)}

    def named(key: str, code: str) -> str:
        text = translate(open_questions[key].text)
        return text if code in _QUOTED else _("“%(question)s”") % {"question": text}

    refused = {
        problem.field: sentence(problem, named(problem.field, problem.code))
        for problem in matter.check_answers(sent)
        if problem.code != "missing_answer" and problem.field in open_questions
    }
    answers = matter.clean_answers(sent)
    dropped = [key for key in sent if key not in open_questions and sent[key]]
    notes = [_("“%(name)s”不是这件事的问题，没有采用。") % {"name": name} for name in _strangers(matter, query)]
    if dropped:
        notes.append(_("改了前面的回答，有些后续问题不用再答了，它们的回答已经去掉。"))
    return Given(
        answers, frozenset(key for key in sent if key in open_questions), refused, tuple(notes), division_of(query)
    )


def read_answers(matter: CompiledMatter, query: QueryDict) -> dict[str, Any]:
    """Return what was sent for each question, not yet judged: text, a number where it is one, a list where there may be several.

    A question that was not sent is left out: an empty list says that it was shown and nothing was chosen.
    """
    sent: dict[str, Any] = {}
    for question in matter.questions:
        if question.key not in query:
            continue
        values = [value[: LONGEST_ANSWER + 1] for value in query.getlist(question.key)[:MOST_VALUES] if value]
        if question.multiple:
            sent[question.key] = values
        elif values:
            value = values[0].strip()
            number = None if question.options else whole_number(value, 5)
            sent[question.key] = value if number is None else number
    return sent


def query_of(
    matter: CompiledMatter, answers: Mapping[str, Any], seen: frozenset[str] = frozenset(), **more: str
) -> str:
    """Return answers as a query string without its question mark, in the questions' order.

    ``seen``: open questions to mark as shown. ``more``: what else the address carries; empty texts are left out.
    """
    query = QueryDict(mutable=True)
    for question in matter.questions:
        value = answers.get(question.key)
        if isinstance(value, list) and value:
            query.setlist(question.key, [str(each) for each in value])
        elif value is not None and not isinstance(value, list):
            query[question.key] = str(value)
        elif question.key in seen:
            query[question.key] = ""
    for name, text in more.items():
        if text:
            query[name] = text
    return query.urlencode()


def _strangers(matter: CompiledMatter, query: QueryDict) -> list[str]:
    known = {question.key for question in matter.questions} | CONTROLS
    names = ["".join(char for char in name if char.isprintable())[:20] for name in query if name not in known]
    return [name for name in dict.fromkeys(names) if name][:MOST_REFUSALS]


def division_of(query: QueryDict) -> str:
    """Return the code of the division that a query string names; empty if none, or if it is no code."""
    code = query.get("division", "")
    return code if len(code) == 6 and code.isascii() and code.isdigit() else ""
