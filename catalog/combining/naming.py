"""What the people, questions and parts of the form of several matters are called when they become one. Pure."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.combining.parts import ANSWERS, ChosenPart, could_be_one, is_surely_applicant
from catalog.definitions import GuideQuestion, ItemDefinition, RoleDefinition, SectionDefinition
from catalog.definitions.naming import rename_role
from catalog.merging.compiled import CompiledMatter
from catalog.rules.language import operands, rename
from catalog.rules.renaming import rename_roles


@dataclass
class Names:
    """What a part's own names are called in the combination."""

    roles: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    settled: dict[str, str | list[str]] = field(default_factory=dict)

    def rule(self, rule: Any) -> Any:
        return rename(settle(rule, self.settled), self.variable)

    def variable(self, name: str) -> str:
        if name.startswith(ANSWERS):
            key = name.removeprefix(ANSWERS)
            return f"{ANSWERS}{self.questions.get(key, key)}"
        return rename_role(name, self.roles)


def settle(rule: Any, answers: Mapping[str, str | list[str]]) -> Any:
    """Return a rule with the answers that are given already in the place of their questions."""
    if isinstance(rule, dict):
        name = operands(rule["var"])[0] if set(rule) == {"var"} and operands(rule["var"]) else ""
        if isinstance(name, str) and name.startswith(ANSWERS) and name.removeprefix(ANSWERS) in answers:
            given = answers[name.removeprefix(ANSWERS)]
            return given if isinstance(given, str) else list(given)
        return {operator: settle(operands, answers) for operator, operands in rule.items()}
    return [settle(each, answers) for each in rule] if isinstance(rule, list) else rule


def name_questions(part: ChosenPart, names: Names, taken: dict[str, GuideQuestion]) -> None:
    for question in part.questions:
        new = dataclasses.replace(
            question,
            condition=names.rule(question.condition),
            options=tuple(
                dataclasses.replace(option, condition=names.rule(option.condition)) for option in question.options
            ),
        )
        key = question.key
        if key in taken and taken[key] != new:
            key = free_name(key, part, taken)
        names.questions[question.key] = key
        taken.setdefault(key, dataclasses.replace(new, key=key))


def tell_apart(
    questions: Mapping[str, GuideQuestion], named: Sequence[tuple[ChosenPart, Names]]
) -> tuple[tuple[GuideQuestion, ...], dict[str, dict[str, str]]]:
    """Return the questions, those of one wording with their matter's name: 您是（结婚落户）; and these texts in other languages."""
    times = Counter(question.text for question in questions.values())
    asked_by: dict[str, CompiledMatter] = {}
    for part, names in named:
        for key in names.questions.values():
            asked_by.setdefault(key, part.matter)
    told: list[GuideQuestion] = []
    translations: dict[str, dict[str, str]] = {}
    for key, question in questions.items():
        if times[question.text] > 1:
            matter = asked_by[key]
            text = f"{question.text}（{matter.name}）"
            for language, known in matter.content["translations"].items():
                said = f"{known.get(question.text, question.text)} ({known.get(matter.name, matter.name)})"
                translations.setdefault(language, {})[text] = said
            question = dataclasses.replace(question, text=text)
        told.append(question)
    return tuple(told), translations


def name_roles(
    part: ChosenPart,
    names: Names,
    taken: dict[str, RoleDefinition],
    same: Mapping[tuple[str, str], tuple[str, str]],
    before: Sequence[tuple[ChosenPart, Names]],
) -> None:
    known = {(other.matter.slug, role): name for other, given in before for role, name in given.roles.items()}
    for role in part.roles:
        new = dataclasses.replace(
            role,
            is_applicant=names.rule(role.is_applicant),
            count=names.rule(role.count),
            same_as=None,
            kin="",
            kin_of=None,
        )
        applicant = next((each.key for each in taken.values() if is_surely_applicant(each)), "")
        as_before = known.get(same.get((part.matter.slug, role.key), ("", "")), "")
        if is_surely_applicant(role) and applicant:
            names.roles[role.key] = applicant
        elif as_before and could_be_one(taken[as_before], new):
            names.roles[role.key] = as_before
        else:
            key = free_name(role.key, part, taken)
            names.roles[role.key] = key
            taken[key] = dataclasses.replace(new, key=key)
    for role in part.roles:
        if role.same_as is not None and names.roles[role.key] in taken:
            key = names.roles[role.key]
            rule = _rename_texts(names.rule(role.same_as), names.roles)
            taken[key] = dataclasses.replace(taken[key], same_as=rule)
        if role.kin_of is not None and names.roles[role.key] in taken:
            key = names.roles[role.key]
            rule = _rename_texts(names.rule(role.kin_of), names.roles)
            taken[key] = dataclasses.replace(taken[key], kin=role.kin, kin_of=rule)


def name_sections(part: ChosenPart, names: Names, taken: dict[str, SectionDefinition]) -> None:
    by_label = {section.label: section.key for section in taken.values()}
    for section in part.matter.sections:
        key = by_label.get(section.label) or free_name(section.key, part, taken)
        names.sections[section.key] = key
        taken.setdefault(key, dataclasses.replace(section, key=key))


def renamed(item: ItemDefinition, names: Names) -> ItemDefinition:
    """Return an item as the combination names people, questions and parts of the form."""
    item = rename_roles(item, names.roles)
    return dataclasses.replace(
        item,
        lines=tuple(
            dataclasses.replace(
                line,
                condition=names.rule(line.condition),
                required=names.rule(line.required),
                section=names.sections.get(line.section, line.section),
            )
            for line in item.lines
        ),
        materials=tuple(dataclasses.replace(need, condition=names.rule(need.condition)) for need in item.materials),
        cross_rules=tuple(dataclasses.replace(rule, violated=names.rule(rule.violated)) for rule in item.cross_rules),
        decision_rule=dataclasses.replace(
            item.decision_rule,
            clauses=tuple(dataclasses.replace(each, rule=names.rule(each.rule)) for each in item.decision_rule.clauses),
        ),
    )


def _rename_texts(rule: Any, roles: Mapping[str, str]) -> Any:
    """Return a rule whose value is a role's key, with the roles' new keys."""
    if isinstance(rule, dict):
        return {
            operator: rule[operator] if operator == "var" else _rename_texts(each, roles)
            for operator, each in rule.items()
        }
    if isinstance(rule, list):
        return [_rename_texts(each, roles) for each in rule]
    return roles.get(rule, rule) if isinstance(rule, str) else rule


def free_name(key: str, part: ChosenPart, taken: Any) -> str:
    """Return the key, or one made of the matter's slug where another matter has it already."""
    if key not in taken:
        return key
    plain = f"{part.matter.slug}_{key}"
    number, name = 2, plain
    while name in taken:
        name, number = f"{plain}_{number}", number + 1
    return name
