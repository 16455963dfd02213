"""Checks of how a matter is composed: names, questions, groups, dependencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.compiling.items import bad_rules, duplicates, found
from catalog.definitions import DEPENDENCY_KINDS, Finding, ItemDefinition, MatterDefinition, RoleDefinition
from catalog.merging.selection import GROUP_PREFIX, ITEMS_QUESTION
from catalog.rules.language import variables
from catalog.rules.persons import quantified


def check_composition(matter: MatterDefinition, items: Mapping[str, ItemDefinition]) -> list[Finding]:
    """Return what is wrong with the matter itself."""
    return [
        *duplicates("item", "", (use.item for use in matter.items)),
        *duplicates("role", "", (role.key for role in matter.roles)),
        *duplicates("question", "", (question.key for question in matter.questions)),
        *duplicates("section", "", (section.key for section in matter.sections)),
        *duplicates("department", "", (department.code for department in matter.departments)),
        *_check_names(matter),
        *_check_questions(matter),
        *_check_roles(matter),
        *_check_uses(matter, items),
    ]


def _check_names(matter: MatterDefinition) -> Iterator[Finding]:
    keys = [("role", role.key) for role in matter.roles] + [("item", use.item) for use in matter.items]
    keys += [("question", question.key) for question in matter.questions]
    for kind, key in keys:
        implied = kind == "question" and (key == ITEMS_QUESTION or key.startswith(GROUP_PREFIX))
        if not key or implied or any(mark in key for mark in ":#@"):
            yield found("bad_key", "", key, kind=kind, key=key)
    departments = {department.code for department in matter.departments}
    if departments and matter.lead_department and matter.lead_department not in departments:
        yield found("unknown_reference", "", "lead_department", kind="department", name=matter.lead_department)


def _check_questions(matter: MatterDefinition) -> Iterator[Finding]:
    all_answers = {f"answers.{question.key}" for question in matter.questions}
    earlier: set[str] = set()
    for question in matter.questions:
        place = f"question:{question.key}"
        yield from duplicates("option", place, (option.value for option in question.options))
        if not question.options and (
            question.maximum is None or question.maximum < question.minimum or question.multiple
        ):
            yield found("options_missing", "", place)
        rules = [(place, question.condition)]
        rules += [(f"{place}/{option.value}", option.condition) for option in question.options]
        for where, rule in rules:
            yield from bad_rules("", where, rule)
            yield from _asked_of_persons("", where, rule)
            for name in sorted(variables(rule) - earlier):
                if name in all_answers:
                    yield found("question_order", "", where, variable=name)
                else:
                    yield found("unknown_reference", "", where, kind="variable", name=name)
        earlier.add(f"answers.{question.key}")


def _check_roles(matter: MatterDefinition) -> Iterator[Finding]:
    for role in matter.roles:
        if role.maximum < 1:
            yield found("bad_value", "", f"role:{role.key}", kind="maximum", value=role.maximum)
        yield from _answers_only(matter, "", f"role:{role.key}", role.count)
        yield from _answers_only(matter, "", f"role:{role.key}", role.is_applicant)
        yield from _answers_only(matter, "", f"role:{role.key}", role.same_as)
        yield from _answers_only(matter, "", f"role:{role.key}", role.kin_of)
        yield from _check_kin(matter, role)
        if role.same_as is not None and role.maximum > 1:
            yield found("bad_value", "", f"role:{role.key}", kind="same_as", value=role.key)


def _check_kin(matter: MatterDefinition, role: RoleDefinition) -> Iterator[Finding]:
    """Refuse kin of roles that there are not, and one half without the other."""
    where = f"role:{role.key}"
    if bool(role.kin) != (role.kin_of is not None):
        yield found("bad_value", "", where, kind="kin", value=role.kin)
    keys = {each.key for each in matter.roles}
    for name in _texts_of(role.kin_of):
        if name not in keys or name == role.key:
            yield found("unknown_reference", "", where, kind="role", name=name)


def _texts_of(rule: Any) -> set[str]:
    """Return the texts that a rule can come to: itself, or the branches of its ``if``."""
    if isinstance(rule, str):
        return {rule}
    if isinstance(rule, dict) and isinstance(rule.get("if"), list):
        branches = rule["if"]
        chosen = [*branches[1::2], *(branches[-1:] if len(branches) % 2 else [])]
        return set().union(*map(_texts_of, chosen)) if chosen else set()
    return set()


def _check_uses(matter: MatterDefinition, items: Mapping[str, ItemDefinition]) -> Iterator[Finding]:
    roles = {role.key for role in matter.roles}
    slugs = {use.item for use in matter.items}
    for use in matter.items:
        if use.item not in items:
            yield found("unknown_reference", use.item, "item", kind="item", name=use.item)
        yield from _answers_only(matter, use.item, "condition", use.condition)
        if use.per and use.per not in roles:
            yield found("unknown_reference", use.item, "per", kind="role", name=use.per)
        for name in use.roles.values():
            if name not in roles:
                yield found("unknown_reference", use.item, "roles", kind="role", name=name)
        for dependency in use.after:
            if dependency.item not in slugs:
                yield found("unknown_reference", use.item, "after", kind="item", name=dependency.item)
            if dependency.kind not in DEPENDENCY_KINDS:
                yield found("bad_value", use.item, "after", kind="dependency", value=dependency.kind)


def _answers_only(matter: MatterDefinition, item: str, place: str, rule: Any) -> Iterator[Finding]:
    yield from bad_rules(item, place, rule)
    yield from _asked_of_persons(item, place, rule)
    for name in sorted(variables(rule) - {f"answers.{question.key}" for question in matter.questions}):
        yield found("unknown_reference", item, place, kind="variable", name=name)


def _asked_of_persons(item: str, place: str, rule: Any) -> Iterator[Finding]:
    """Yield what is asked of persons where only answers are known."""
    for role, _asked, _given in quantified(rule):
        yield found("asked_of_nobody", item, place, role=role)
