"""From guide answers to the items of a plan: which questions apply, which answers count, which items follow."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from catalog.definitions import GuideOption, GuideQuestion, ItemDefinition, MatterItemDefinition, RoleDefinition
from catalog.fields.validation import FieldProblem
from catalog.merging.planned import Reason
from catalog.rules.conjuncts import conjuncts
from catalog.rules.language import compile_condition, evaluate, explain
from portal.lib.whole_numbers import whole_number

ITEMS_QUESTION = "items"
GROUP_PREFIX = "group."
ITEMS_TEXT = "还可以一并办理下列事项，您需要哪些？"
GROUP_TEXT = "下列办理方式任选其一，您选哪一种？"
IMPLIED_TRANSLATIONS = {
    "en": {
        ITEMS_TEXT: "The following can be handled at the same time. Which do you need?",
        GROUP_TEXT: "Please choose one of the following ways.",
    }
}


def implied_questions(
    uses: Sequence[MatterItemDefinition], items: Mapping[str, ItemDefinition]
) -> tuple[GuideQuestion, ...]:
    """Return the questions that follow from the matter itself: one per exactly-one-of group, one for all optional items."""
    groups: dict[str, list[MatterItemDefinition]] = {}
    optional: list[MatterItemDefinition] = []
    for use in uses:
        if use.group:
            groups.setdefault(use.group, []).append(use)
        elif use.optional:
            optional.append(use)

    def options(members: list[MatterItemDefinition]) -> tuple[GuideOption, ...]:
        return tuple(
            GuideOption(use.item, items[use.item].name, note=use.reason, condition=use.condition)
            for use in members
            if use.item in items
        )

    made = [
        GuideQuestion(f"{GROUP_PREFIX}{group}", GROUP_TEXT, options=options(members), implied="group")
        for group, members in groups.items()
    ]
    if optional:
        made.append(
            GuideQuestion(
                ITEMS_QUESTION, ITEMS_TEXT, options=options(optional), multiple=True, required=False, implied="items"
            )
        )
    return tuple(made)


def group_conditions(uses: Sequence[MatterItemDefinition]) -> dict[str, Any]:
    """Return when each exactly-one-of group applies: whenever the parts hold that the conditions of all its members have in common.

    What the members do not have in common tells them apart. A group whose members share nothing, or of which one is
    unconditional, applies in every situation (None); where it does not apply it has no member, and none is missed.
    """
    members: dict[str, list[MatterItemDefinition]] = {}
    for use in uses:
        if use.group:
            members.setdefault(use.group, []).append(use)
    found: dict[str, Any] = {}
    for group, own in members.items():
        first, *others = [[] if use.condition is None else conjuncts(use.condition) for use in own]
        common = [part for part in first if all(part in more for more in others)]
        found[group] = {"and": common} if common else None
    return found


def flat(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as rules read them."""
    return {f"answers.{key}": value for key, value in answers.items()}


class Questionnaire:
    """The guide questions of a matter, ready to be asked."""

    def __init__(self, questions: Sequence[GuideQuestion]) -> None:
        self._questions = tuple(
            (
                question,
                compile_condition(question.condition),
                tuple((option, compile_condition(option.condition)) for option in question.options),
            )
            for question in questions
        )
        self._keys = frozenset(question.key for question in questions)

    def walk(self, answers: Mapping[str, Any]) -> Iterator[tuple[GuideQuestion, Any, FieldProblem | None]]:
        """Yield each question that applies (with the options that apply), its valid answer or None, and what is wrong.

        A question sees only valid answers to questions before it.
        """
        known: dict[str, Any] = {}
        for at in range(len(self._questions)):
            question = self._open(at, known)
            if question is None:
                continue
            value, problem = _answer(question, answers.get(question.key))
            if value is not None:
                known[f"answers.{question.key}"] = value
            yield question, value, problem

    def paths(self, choices: Callable[[GuideQuestion], Sequence[Any]]) -> Iterator[dict[str, Any]]:
        """Yield every complete set of answers, depth first. ``choices``: the valid answers to try; None stands for no answer."""
        pending: list[tuple[int, dict[str, Any]]] = [(0, {})]
        while pending:
            at, known = pending.pop()
            question = None
            while at < len(self._questions) and (question := self._open(at, known)) is None:
                at += 1
            if question is None:
                yield {name.removeprefix("answers."): value for name, value in known.items()}
                continue
            for choice in reversed(choices(question)):
                given = known if choice is None else {**known, f"answers.{question.key}": choice}
                pending.append((at + 1, given))

    def _open(self, at: int, known: Mapping[str, Any]) -> GuideQuestion | None:
        """Return the question with the options that apply, or None if it is not asked."""
        question, applies, options = self._questions[at]
        if not applies(known):
            return None
        open_options = tuple(option for option, is_open in options if is_open(known))
        if question.options:
            if len(open_options) < (2 if question.implied == "group" else 1):
                return None
            if len(open_options) < len(options):
                return dataclasses.replace(question, options=open_options)
        return question

    def questions_for(self, answers: Mapping[str, Any]) -> list[GuideQuestion]:
        return [question for question, _, _ in self.walk(answers)]

    def clean(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        return {question.key: value for question, value, _ in self.walk(answers) if value is not None}

    def problems(self, answers: Mapping[str, Any]) -> list[FieldProblem]:
        found = [problem for _, _, problem in self.walk(answers) if problem is not None]
        return found + [FieldProblem(str(key)[:60], "unknown_question") for key in answers if key not in self._keys]


def _answer(question: GuideQuestion, given: Any) -> tuple[Any, FieldProblem | None]:
    """Return (valid answer or None, problem or None)."""
    missing = FieldProblem(question.key, "missing_answer") if question.required else None
    if given is None or given == "" or given == []:
        return None, missing
    values = [option.value for option in question.options]
    if question.multiple:
        chosen = [given] if isinstance(given, str) else given
        if not isinstance(chosen, list) or not all(isinstance(each, str) and each in values for each in chosen):
            return None, FieldProblem(question.key, "not_an_option")
        return [value for value in values if value in chosen], None
    if question.options:
        if isinstance(given, list):
            return None, FieldProblem(question.key, "not_one_answer")
        if not isinstance(given, str) or given not in values:
            return None, FieldProblem(question.key, "not_an_option")
        return given, None
    return _number(question, given)


def _number(question: GuideQuestion, given: Any) -> tuple[int | None, FieldProblem | None]:
    if isinstance(given, str) and (number := whole_number(given.strip(), 15)) is not None:
        given = number
    if isinstance(given, bool) or not isinstance(given, int):
        return None, FieldProblem(question.key, "not_a_number")
    most = question.maximum if question.maximum is not None else question.minimum
    if not question.minimum <= given <= most:
        return None, FieldProblem(question.key, "out_of_range", {"minimum": question.minimum, "maximum": most})
    return given, None


def role_counts(roles: Sequence[RoleDefinition], known: Mapping[str, Any]) -> dict[str, int]:
    """Return how many play each role. ``known``: answers as rules read them. An unanswered count is one."""
    return {role.key: min(count_of(role, known), role.maximum) for role in roles}


def count_of(role: RoleDefinition, known: Mapping[str, Any]) -> int:
    """Return how many answers say there are, however many there may be."""
    count = 1 if role.count is None else evaluate(role.count, known)
    if isinstance(count, str) and (number := whole_number(count, 9)) is not None:
        count = number
    if isinstance(count, bool) or not isinstance(count, int):
        count = 1
    return max(count, 0)


def same_persons(roles: Sequence[RoleDefinition], known: Mapping[str, Any]) -> dict[str, str]:
    """Return role → the role that is the same person, for the roles of which that is so. ``known``: answers as rules read them."""
    keys = {role.key for role in roles}
    told = {role.key: evaluate(role.same_as, known) for role in roles if role.same_as is not None}
    found = {}
    for key in told:
        seen, at = {key}, told[key]
        while isinstance(at, str) and isinstance(told.get(at), str) and told[at] in keys and at not in seen:
            seen.add(at)
            at = told[at]
        if isinstance(at, str) and at in keys and at not in seen:
            found[key] = at
    return found


def kin_of(role: RoleDefinition, known: Mapping[str, Any], same: Mapping[str, str]) -> str:
    """Return the role whose records tell of this one, by the role that is the same person; empty where none does."""
    told = None if role.kin_of is None else evaluate(role.kin_of, known)
    return same.get(told, told) if isinstance(told, str) and told != role.key else ""


class Composition:
    """The items of a matter, ready to be chosen from."""

    def __init__(self, uses: Sequence[MatterItemDefinition]) -> None:
        self._uses = tuple((use, compile_condition(use.condition)) for use in uses)

    def chosen(self, answers: Mapping[str, Any]) -> list[MatterItemDefinition]:
        """Return the items that valid answers lead to, in the matter's order."""
        known = flat(answers)
        qualify = [use for use, applies in self._uses if applies(known)]
        rivals: dict[str, list[str]] = {}
        for use in qualify:
            if use.group:
                rivals.setdefault(use.group, []).append(use.item)
        wanted = answers.get(ITEMS_QUESTION) or []
        winners = {
            group: slugs[0] if len(slugs) == 1 else answers.get(f"{GROUP_PREFIX}{group}")
            for group, slugs in rivals.items()
        }
        return [
            use
            for use in qualify
            if (winners[use.group] == use.item if use.group else not use.optional or use.item in wanted)
        ]


def reasons(
    use: MatterItemDefinition, answers: Mapping[str, Any], questions: Sequence[GuideQuestion]
) -> tuple[Reason, ...]:
    """Return the answers that led to an item: 因为您选择了…"""
    grounds = grounds_of([use.condition], answers)
    if use.group and (group := f"{GROUP_PREFIX}{use.group}") in answers:
        grounds[group] = [use.item]
    elif use.optional and use.item in (answers.get(ITEMS_QUESTION) or []):
        grounds[ITEMS_QUESTION] = [use.item]
    return reasons_from(grounds, questions)


def grounds_of(rules: Sequence[Any], answers: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return the questions whose answers made rules come out as they do, each with the choices that did."""
    found: dict[str, list[Any]] = {}
    for rule in rules:
        for ground in explain(rule, flat(answers)):
            if ground.variable.startswith("answers.") and ground.value is not None:
                chosen = ground.value if isinstance(ground.value, list) else [ground.value]
                known = found.setdefault(ground.variable.removeprefix("answers."), [])
                known += [each for each in chosen if each not in known]
    return found


def reasons_from(grounds: Mapping[str, Sequence[Any]], questions: Sequence[GuideQuestion]) -> tuple[Reason, ...]:
    """Return each question with the labels of the choices that are grounds, and no others."""
    by_key = {question.key: question for question in questions}
    found = []
    for key, picked in grounds.items():
        question = by_key.get(key)
        if question is None or not picked:
            continue
        labels = [option.label for option in question.options if option.value in picked]
        found.append(Reason(key, question.text, "、".join(labels or [str(each) for each in picked])))
    return tuple(found)
