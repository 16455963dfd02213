"""One person less of a kind: which answers that is, and what is then whose. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalog.definitions import GuideQuestion
from catalog.definitions.naming import numbered, split_instance
from catalog.merging.plan import Plan
from catalog.merging.selection import flat, role_counts


def answers_with_one_less(plan: Plan, role: str) -> dict[str, Any] | None:
    """Return the plan's answers with one person less in a role and every other role as it is; None where no answer says so, or it is the last."""
    matter = plan.matter
    counts = role_counts(matter.roles, plan.known_answers)
    definition = next((each for each in matter.roles if each.key == role), None)
    if definition is None or definition.count is None or counts[role] < 2:
        return None
    wanted = {**counts, role: counts[role] - 1}
    for question in matter.questions:
        for value in _other_answers(question, plan.answers.get(question.key)):
            answers = matter.clean_answers({**plan.answers, question.key: value})
            others_stay = all(answers.get(key) == given for key, given in plan.answers.items() if key != question.key)
            if others_stay and role_counts(matter.roles, flat(answers)) == wanted and not matter.check_answers(answers):
                return answers
    return None


def moved_up(key: str, role: str, gone: int, count: int) -> str:
    """Return the key under which something is kept once a person has been left out: those after them move up, and they come last.

    ``key``: of a field (``child#2:person.name``) or a material. Whoever is left out is last, and no longer asked for: nothing of them is lost.
    """
    whose, colon, rest = key.partition(":")
    name, number = split_instance(whose)
    if not colon or name != role or number < gone or number > count:
        return key
    return f"{numbered(role, count if number == gone else number - 1)}:{rest}"


def _other_answers(question: GuideQuestion, given: Any) -> Iterator[Any]:
    if question.options:
        yield from (option.value for option in question.options if option.value != given and not option.stops)
    elif isinstance(given, int) and not isinstance(given, bool):
        yield given - 1
