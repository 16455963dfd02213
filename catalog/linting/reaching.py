"""Whether any guide answers can make rules hold: decided by trying all answers to the questions that matter to them.

What matters is every question that the rules read, and every question on which those or their options depend: the rest of the guide cannot
change the outcome, so it is left out. Of these questions every answer is tried: each option, every choice of several among up to
``MOST_OPTIONS`` options, every number of a short range, of a long one each that a rule names with its neighbours and both ends.
With more than ``limit`` combinations of them the answer is ``None``: not decided.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from catalog.definitions import GuideQuestion, Rule
from catalog.merging.selection import Questionnaire
from catalog.rules.language import compile_condition, operands, variables

LIMIT = 16_384
MOST_OPTIONS = 8
SHORT_RANGE = 24

Answers = Mapping[str, Any]
PREFIX = "answers."


class Undecided(Exception):
    """There are too many combinations to try them all."""


class Reach:
    """The guide of a matter, to be asked what its answers can lead to."""

    def __init__(self, questions: Sequence[GuideQuestion], limit: int = LIMIT) -> None:
        self._questions = {question.key: question for question in questions}
        self._limit = limit
        self._guide = Questionnaire(questions)
        rules = [question.condition for question in questions]
        rules += [option.condition for question in questions for option in question.options]
        self._reads = {key: self._read_by_question(question) for key, question in self._questions.items()}
        self._own_rules = rules

    def first(self, rules: Sequence[Rule]) -> Answers | None:
        """Return answers to the questions that matter with which all rules hold, None if there are none. Raises ``Undecided``."""
        tests = [compile_condition(rule) for rule in rules]
        names = {name for rule in rules for name in variables(rule)}
        return self.find(names, lambda known: all(test(known) for test in tests), rules)

    def find(
        self, names: Iterable[str], wanted: Callable[[Mapping[str, Any]], bool], rules: Sequence[Rule] = ()
    ) -> Answers | None:
        """Return the first answers that are ``wanted`` (a test of answers as rules read them); ``names``: what it reads."""
        for answers in self.every(names, rules):
            if wanted({f"{PREFIX}{key}": value for key, value in answers.items()}):
                return answers
        return None

    def every(self, names: Iterable[str], rules: Sequence[Rule] = ()) -> Iterator[Answers]:
        """Yield every set of answers to the questions that matter to these variables. Raises ``Undecided`` after ``limit``."""
        keys = self._mattering(name.removeprefix(PREFIX) for name in names)
        questions = [question for key, question in self._questions.items() if key in keys]
        literals = _numbers([*rules, *self._own_rules])
        choices = {question.key: exact_choices(question, literals) for question in questions}
        paths = Questionnaire(questions).paths(lambda question: _still_open(question, choices[question.key]))
        for tried, answers in enumerate(paths):
            if tried >= self._limit:
                raise Undecided
            yield answers

    def complete(self, wanted: Answers) -> Answers:
        """Return complete answers with the wanted ones where they apply; elsewhere the first choice that stops nobody."""

        def choose(question: GuideQuestion) -> list[Any]:
            if question.key in wanted:
                return [wanted[question.key]]
            stopping = {option.value for option in question.options if option.stops}
            free = [option.value for option in question.options if option.value not in stopping]
            values = free or [option.value for option in question.options]
            if question.multiple:
                return [values[:1] if question.required else None]
            return values[:1] if question.options else [question.minimum]

        return next(self._guide.paths(choose))

    def _mattering(self, keys: Iterable[str]) -> set[str]:
        found: set[str] = set()
        pending = [key for key in keys if key in self._questions]
        while pending:
            key = pending.pop()
            if key not in found:
                found.add(key)
                pending.extend(self._reads[key])
        return found

    def _read_by_question(self, question: GuideQuestion) -> list[str]:
        rules = [question.condition, *(option.condition for option in question.options)]
        names = {name.removeprefix(PREFIX) for rule in rules for name in variables(rule)}
        return [name for name in names if name in self._questions]


def exact_choices(question: GuideQuestion, numbers: Iterable[int] = ()) -> list[Any]:
    """Return every answer that rules could tell apart; None stands for no answer. ``numbers``: those that rules name.

    Raises ``Undecided`` for a choice of several among too many options.
    """
    none = [] if question.required else [None]
    values: list[Any] = [option.value for option in question.options]
    if question.multiple:
        if len(values) > MOST_OPTIONS:
            raise Undecided
        chosen = (list(each) for size in range(1, len(values) + 1) for each in itertools.combinations(values, size))
        return [*none, *chosen]
    if values:
        return [*none, *values]
    most = question.minimum if question.maximum is None else question.maximum
    if most - question.minimum <= SHORT_RANGE:
        return [*none, *range(question.minimum, most + 1)]
    near = {number + step for number in numbers for step in (-1, 0, 1)} | {question.minimum, most}
    return [*none, *sorted(number for number in near if question.minimum <= number <= most)]


def _still_open(question: GuideQuestion, choices: Sequence[Any]) -> list[Any]:
    """Return the choices whose options are offered where the question now stands."""
    if not question.options:
        return list(choices)
    offered = {option.value for option in question.options}
    return [
        each for each in choices if each is None or (set(each) if isinstance(each, list) else {each}) <= offered
    ] or [None]


def _numbers(rules: Iterable[Rule]) -> set[int]:
    """Return the whole numbers that rules name."""
    found: set[int] = set()
    pending = list(rules)
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            pending.extend(each for argument in node.values() for each in operands(argument))
        elif isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, int | float) and not isinstance(node, bool) and abs(node) < 10**9:
            found.add(int(node))
    return found
