"""Whether two conditions can ever hold together: only a certain no counts."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from catalog.definitions import GuideQuestion
from catalog.rules.conjuncts import conjuncts
from catalog.rules.language import compile_condition as compiled
from catalog.rules.language import operands, variables
from catalog.rules.values import same, truthy

MAX_COMBINATIONS = 4096


def never_together(rules: Sequence[Any], questions: Mapping[str, GuideQuestion]) -> bool:
    """Return True only when it is certain that not all rules can hold at once: by trying all guide answers they read,
    or because they demand different values of one field, or a part and its opposite."""
    parts = [part for rule in rules for part in conjuncts(rule)]
    if any({"!": [part]} == other or {"!": part} == other for part in parts for other in parts):
        return True
    demanded: dict[str, list[Any]] = {}
    for part in parts:
        for name, accepted in _accepts(part).items():
            known = demanded.get(name)
            demanded[name] = accepted if known is None else [v for v in known if any(same(v, w) for w in accepted)]
    if any(not accepted for accepted in demanded.values()):
        return True
    about_answers = [
        part for part in parts if variables(part) and all(n.startswith("answers.") for n in variables(part))
    ]
    return _no_answers_satisfy(about_answers, questions)


def _accepts(part: Any) -> dict[str, list[Any]]:
    """Return the values a part of a sound rule leaves to a variable, where it says so plainly."""
    if not isinstance(part, dict):
        return {}
    ((operator, argument),) = part.items()
    given = operands(argument)
    if operator not in ("==", "in") or len(given) != 2:
        return {}
    for variable, value in (given, reversed(given)) if operator == "==" else (given,):
        if isinstance(variable, dict) and list(variable) == ["var"] and isinstance(variable["var"], str):
            if operator == "==" and not isinstance(value, dict | list):
                return {variable["var"]: [value]}
            if operator == "in" and isinstance(value, list) and not any(isinstance(v, dict | list) for v in value):
                return {variable["var"]: list(value)}
    return {}


def _no_answers_satisfy(parts: Sequence[Any], questions: Mapping[str, GuideQuestion]) -> bool:
    names = sorted({name for part in parts for name in variables(part)})
    choices = [possible_answers(questions.get(name.removeprefix("answers."))) for name in names]
    if not names or math.prod(len(each) for each in choices) > MAX_COMBINATIONS:
        return False
    conditions = [compiled(part) for part in parts]
    return not any(
        all(truthy(condition(dict(zip(names, values, strict=True)))) for condition in conditions)
        for values in itertools.product(*choices)
    )


def possible_answers(question: GuideQuestion | None) -> list[Any]:
    """Return every answer a question may have, none at all included. Of several choices every subset up to eight options."""
    if question is None:
        return [None]
    values = [option.value for option in question.options]
    if question.multiple:
        if len(values) > 8:
            return [None] * (MAX_COMBINATIONS + 1)
        return [None] + [list(s) for n in range(1, len(values) + 1) for s in itertools.combinations(values, n)]
    if not values and question.maximum is not None:
        return [None, *range(question.minimum, min(question.maximum, question.minimum + MAX_COMBINATIONS) + 1)]
    return [None, *values]
