"""What is to be combined: matters or some of their items, what these depend on, and who may be one person. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.definitions import GuideQuestion, ItemDefinition, MatterItemDefinition, RoleDefinition
from catalog.merging.compiled import CompiledMatter
from catalog.rules.conjuncts import conjuncts
from catalog.rules.language import holds, operations, variables

ANSWERS = "answers."
# The option by which a question of one answer says that a thing is not wanted: 要申领报销吗 → 不申领.
DECLINED = "no"


@dataclass(frozen=True, slots=True)
class ChosenPart:
    """A published matter, and which of its items are wanted (slugs); None: the matter as it is, with its own choices."""

    matter: CompiledMatter
    chosen: frozenset[str] | None = None

    @property
    def uses(self) -> tuple[MatterItemDefinition, ...]:
        """The wanted items as the matter uses them. An item that was chosen by name is no longer optional."""
        if self.chosen is None:
            return self.matter.uses
        kept = [use for use in self.matter.uses if use.item in self.chosen]
        return tuple(
            dataclasses.replace(
                use,
                optional=False,
                group=use.group if sum(other.group == use.group for other in kept) > 1 else "",
                after=tuple(wait for wait in use.after if wait.item in self.chosen),
            )
            for use in kept
        )

    @property
    def roles(self) -> tuple[RoleDefinition, ...]:
        """Those whose facts or papers the wanted items ask for, and those that one of them may be the same person as."""
        needed = {role for use in self.uses for role in _roles_of(self.matter.items[use.item])}
        needed |= {use.per for use in self.uses}
        needed |= {one for role in self.matter.roles if role.key in needed for one in _texts(role.same_as)}
        return tuple(role for role in self.matter.roles if role.key in needed or is_surely_applicant(role))

    @property
    def settled(self) -> dict[str, str | list[str]]:
        """The answers that choosing items by name has given already: question → options, or its one option.

        A question that asks which of several things is wanted is settled where each chosen item that depends on it does so by
        one option, and nothing else hangs on the others; one that asks whether a thing is wanted (its other option is `DECLINED`),
        where each does so. Whoever chose 异地就医备案 need not say so again. Facts are asked, whatever was chosen.
        """
        found: dict[str, str | list[str]] = {}
        for question in self.matter.questions if self.chosen is not None else ():
            readers = self._readers(question)
            if not readers or question.implied or any(option.stops for option in question.options):
                continue
            if question.multiple:
                wanted = [self._wanted_options(use, question) for use in readers]
                chosen = set().union(*wanted)
                if all(len(options) == 1 for options in wanted) and not self._options_read(question) - chosen:
                    found[question.key] = [option.value for option in question.options if option.value in chosen]
            elif self._is_declinable(question) and len(question.options) == 2:
                found[question.key] = next(each.value for each in question.options if each.value != DECLINED)
        return found

    def _readers(self, question: GuideQuestion) -> list[MatterItemDefinition]:
        name = f"{ANSWERS}{question.key}"
        return [use for use in self.uses if name in variables(use.condition)]

    def _wanted_options(self, use: MatterItemDefinition, question: GuideQuestion) -> set[str]:
        """Return the options that lead to an item; of several, those that lead to no other item of the matter."""
        name = f"{ANSWERS}{question.key}"
        options = options_in(use.condition, name)
        others = [options_in(other.condition, name) for other in self.matter.uses if other.item != use.item]
        return options if len(options) == 1 else options.difference(*others)

    def _options_read(self, question: GuideQuestion) -> set[str]:
        """Return the options that lines, papers, rules and people of the wanted items depend on."""
        rules = [rule for use in self.uses for rule in _rules_of(self.matter.items[use.item])]
        rules += [rule for role in self.roles for rule in (role.is_applicant, role.count, role.same_as, role.kin_of)]
        return set().union(*(options_in(rule, f"{ANSWERS}{question.key}") for rule in rules))

    def _is_declinable(self, question: GuideQuestion) -> bool:
        """Return whether the question asks if the chosen things are wanted: `DECLINED` leaves each out, another answer does not."""
        name = f"{ANSWERS}{question.key}"
        others = [option.value for option in question.options if option.value != DECLINED]

        def is_for_this(rule: Any) -> bool:
            return variables(rule) == {name} and not holds(rule, {name: DECLINED})

        return bool(others) and all(
            any(
                is_for_this(rule) and all(holds(rule, {name: each}) for each in others)
                for rule in conjuncts(use.condition)
            )
            for use in self._readers(question)
        )

    @property
    def questions(self) -> tuple[GuideQuestion, ...]:
        """The questions that something wanted depends on, directly or through another question, and that are not settled.

        What was chosen by name is wanted: of 要迁户口吗 the answer “no” is not offered, how it is to be done is asked.
        """
        settled = self.settled
        own = [question for question in self.matter.questions if not question.implied and question.key not in settled]
        if self.chosen is None:
            return tuple(own)
        read = {name for use in self.uses for name in variables(use.condition)}
        read |= {
            name for use in self.uses for rule in _rules_of(self.matter.items[use.item]) for name in variables(rule)
        }
        for role in self.roles:
            read |= variables(role.is_applicant) | variables(role.count) | variables(role.same_as)
            read |= variables(role.kin_of)
        needed: list[GuideQuestion] = []
        for question in reversed(own):
            if f"{ANSWERS}{question.key}" in read or any(option.stops for option in question.options):
                needed.append(self._without_declining(question))
                read |= variables(question.condition)
                read |= {name for option in question.options for name in variables(option.condition)}
        return tuple(reversed(needed))

    def _without_declining(self, question: GuideQuestion) -> GuideQuestion:
        if question.multiple or any(option.stops for option in question.options):
            return question
        if not self._readers(question) or not self._is_declinable(question):
            return question
        options = tuple(option for option in question.options if option.value != DECLINED)
        return dataclasses.replace(question, options=options)


def options_in(rule: Any, name: str) -> set[str]:
    """Return the options of a multiple-choice question (a variable's name) that a rule asks for with ``in``."""
    return {
        given[0]
        for operator, given in operations(rule)
        if operator == "in" and given[1:] == [{"var": name}] and isinstance(given[0], str)
    }


@dataclass(frozen=True, slots=True)
class Namesake:
    """Two roles that may be the same person: ``(matter, role)`` twice, and what both are called."""

    first: tuple[str, str]
    second: tuple[str, str]
    label: str


def namesakes(parts: Sequence[ChosenPart]) -> list[Namesake]:
    """Return the pairs of roles of different matters that bear one name and could be one person: what to ask the applicant."""
    found = []
    for at, part in enumerate(parts):
        for other in parts[at + 1 :]:
            for role in part.roles:
                for like in other.roles:
                    if role.label == like.label and could_be_one(role, like):
                        found.append(Namesake((part.matter.slug, role.key), (other.matter.slug, like.key), role.label))
    return found


def is_surely_applicant(role: RoleDefinition) -> bool:
    return role.is_applicant is True and role.count is None and role.maximum == 1


def could_be_one(role: RoleDefinition, other: RoleDefinition) -> bool:
    """Whether two roles may be taken for one person: they come in the same number, and are the applicant under the same rule."""
    if is_surely_applicant(role) or is_surely_applicant(other):
        return False
    return (role.is_applicant, role.count, role.maximum) == (other.is_applicant, other.count, other.maximum)


def _texts(rule: Any) -> Iterator[str]:
    """Yield every text of a rule: of one whose value is a role, that role among them."""
    if isinstance(rule, str):
        yield rule
    elif isinstance(rule, dict | list):
        for each in rule.values() if isinstance(rule, dict) else rule:
            yield from _texts(each)


def _roles_of(item: ItemDefinition) -> Iterator[str]:
    yield from (line.role for line in item.lines)
    yield from (need.role for need in item.materials)
    yield from (role for result in item.results for role in (result.holder, *result.co_holders, result.founds) if role)
    yield from (output.feeds.partition(":")[0] for output in item.outputs)
    for result in item.results:
        yield from (source.removeprefix("field:").partition(":")[0] for source in result.face.values())
    yield from (role for fact in item.decision_rule.facts for role in (fact.role, *fact.about) if role)


def _rules_of(item: ItemDefinition) -> Iterator[Any]:
    for line in item.lines:
        yield line.condition
        yield line.required
    yield from (need.condition for need in item.materials)
    yield from (rule.violated for rule in item.cross_rules)
    yield from (clause.rule for clause in item.decision_rule.clauses)
