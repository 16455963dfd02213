"""Combine items of several matters into one: N 件事自由组合. Pure.

An applicant may put together what they need: whole matters, or single items of them. ``combine`` makes one definition of the published
plans, and the same engine merges it (``catalog.compiling``). What may be taken for the same is taken so only where it surely is:

* **Who**: the person (or company) applying is one and the same. Of two other people, a mother here and a mother there, only the
  applicant knows (``same``); by default they are different people and are asked for separately.
* **Questions** with the same key, text and options are asked once; others of the same key are kept apart, and told apart by
  their matter's name where they are worded alike. A question that nothing chosen depends on is not asked, unless one of its answers
  stops the matter.
* **Parts of the form** with the same title are one part.
* An item that two matters share is done once, if it is for the same people; else it cannot be combined.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalog.combining.naming import Names, free_name, name_questions, name_roles, name_sections, renamed, tell_apart
from catalog.combining.parts import ChosenPart, Namesake, namesakes
from catalog.definitions import (
    Definition,
    DepartmentDefinition,
    GuideQuestion,
    ItemDefinition,
    MatterDefinition,
    MatterItemDefinition,
    RoleDefinition,
    SectionDefinition,
)
from catalog.definitions.naming import rename_role

__all__ = ["ChosenPart", "CombiningRefused", "Namesake", "combine", "namesakes"]


class CombiningRefused(Exception):
    """These things cannot be one application. ``code``: nothing_chosen, subjects_differ or item_for_different_people; ``params`` says of what."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def combine(parts: Sequence[ChosenPart], *, slug: str, name: str, same: Sequence[Namesake] = ()) -> Definition:
    """Return one definition of all parts. ``same``: those of `namesakes` that the applicant says are one person.

    Raises `CombiningRefused`. Compiling the result may still refuse it, where two departments' demands contradict each other.
    """
    parts = [part for part in parts if part.uses]
    if not parts:
        raise CombiningRefused("nothing_chosen")
    if len({part.matter.subject for part in parts}) > 1:
        raise CombiningRefused("subjects_differ")
    named: list[tuple[ChosenPart, Names]] = []
    roles: dict[str, RoleDefinition] = {}
    questions: dict[str, GuideQuestion] = {}
    sections: dict[str, SectionDefinition] = {}
    groups: set[str] = set()
    for part in parts:
        names = Names(settled=part.settled)
        name_questions(part, names, questions)
        name_roles(part, names, roles, {pair.second: pair.first for pair in same}, named)
        name_sections(part, names, sections)
        for group in {use.group for use in part.uses if use.group}:
            names.groups[group] = free_name(group, part, groups)
        groups.update(names.groups.values())
        named.append((part, names))
    items: dict[str, ItemDefinition] = {}
    uses: dict[str, MatterItemDefinition] = {}
    for part, names in named:
        for use in part.uses:
            _add_item(part.matter.items[use.item], use, names, items, uses)
    asked, texts = tell_apart(questions, named)
    elements = {code: each for part in reversed(parts) for code, each in part.matter.elements.items()}
    materials = {code: each for part in reversed(parts) for code, each in part.matter.materials.items()}
    return Definition(
        matter=_matter(slug, name, named, tuple(roles.values()), asked, texts, uses, sections),
        items=tuple(items.values()),
        elements=tuple(elements.values()),
        materials=tuple(materials.values()),
    )


def _add_item(
    item: ItemDefinition,
    use: MatterItemDefinition,
    names: Names,
    items: dict[str, ItemDefinition],
    uses: dict[str, MatterItemDefinition],
) -> None:
    new_item = renamed(item, names)
    new_use = dataclasses.replace(
        use,
        condition=names.rule(use.condition),
        per=names.roles.get(use.per, use.per),
        group=names.groups.get(use.group, use.group),
        roles={},
    )
    if use.item not in items:
        items[use.item], uses[use.item] = new_item, new_use
        return
    held = uses[use.item]
    if not _is_for_the_same(items[use.item], new_item) or held.per != new_use.per:
        raise CombiningRefused("item_for_different_people", item=item.name)
    either = (
        None if held.condition is None or new_use.condition is None else {"or": [held.condition, new_use.condition]}
    )
    waits = {wait.item: wait for wait in (*new_use.after, *held.after)}
    uses[use.item] = dataclasses.replace(
        held,
        condition=held.condition if held.condition == new_use.condition else either,
        optional=held.optional and new_use.optional,
        group="",
        after=tuple(waits.values()),
    )


def _matter(
    slug: str,
    name: str,
    named: Sequence[tuple[ChosenPart, Names]],
    roles: tuple[RoleDefinition, ...],
    questions: tuple[GuideQuestion, ...],
    translations: dict[str, dict[str, str]],
    uses: Mapping[str, MatterItemDefinition],
    sections: Mapping[str, SectionDefinition],
) -> MatterDefinition:
    matters = [part.matter for part, _names in named]
    departments: dict[str, DepartmentDefinition] = {}
    for matter in matters:
        for code, each in matter.departments.items():
            departments.setdefault(code, DepartmentDefinition(code, each["name"], each.get("short_name", "")))
        for language, texts in matter.content["translations"].items():
            translations[language] = {**texts, **translations.get(language, {})}
    return MatterDefinition(
        slug=slug,
        name=name,
        subject=matters[0].subject,
        lead_department=next((matter.lead_department for matter in matters if matter.lead_department), ""),
        roles=roles,
        questions=questions,
        items=tuple(uses.values()),
        sections=tuple(sections.values()),
        departments=tuple(departments.values()),
        is_listed=False,
        labels=_first_wins(
            {rename_role(key, names.roles): text for key, text in part.matter.labels.items()} for part, names in named
        ),
        placement=_first_wins(
            {
                rename_role(key, names.roles): names.sections.get(text, text)
                for key, text in part.matter.placement.items()
            }
            for part, names in named
        ),
        declared={"figures": []},
        translations=translations,
        facts=_facts(named),
    )


def _facts(named: Sequence[tuple[ChosenPart, Names]]) -> dict[str, Any]:
    facts = [(part, part.matter.facts) for part, _names in named]
    return {
        "division": next((each.get("division", "") for _part, each in facts), ""),
        "conditions": list(dict.fromkeys(text for _part, each in facts for text in each.get("conditions", []))),
        "faqs": [faq for _part, each in facts for faq in each.get("faqs", [])],
        "items": {use.item: each.get("items", {}).get(use.item, {}) for part, each in facts for use in part.uses},
        "departments": _first_wins(each.get("departments", {}) for _part, each in facts),
        "combines": [_told(part) for part, _each in facts],
    }


def _told(part: ChosenPart) -> dict[str, Any]:
    """Return what was chosen of a matter: its items, those by name first of all (``chosen``, null: the whole matter)."""
    items = [use.item for use in part.uses]
    chosen = None if part.chosen is None else items
    return {"matter": part.matter.slug, "name": part.matter.name, "items": items, "chosen": chosen}


def _first_wins(maps: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for each in maps:
        merged = {**each, **merged}
    return merged


def _is_for_the_same(item: ItemDefinition, other: ItemDefinition) -> bool:
    return (item.lines, item.materials, item.outputs, item.results) == (
        other.lines,
        other.materials,
        other.outputs,
        other.results,
    )
