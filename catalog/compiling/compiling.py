"""Compile definitions into the one immutable content, refusing what contradicts itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from catalog.compiling.checking import check_matter
from catalog.definitions import (
    ElementDefinition,
    Finding,
    ItemDefinition,
    MaterialDefinition,
    MatterDefinition,
    SectionDefinition,
)
from catalog.definitions.codec import to_json
from catalog.merging.selection import IMPLIED_TRANSLATIONS, implied_questions
from catalog.rules.renaming import rename_roles

SCHEMA = 1


class CompileRefused(Exception):
    """Definitions cannot be compiled. ``findings``: every error, each naming its sources."""

    code = "compile_refused"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(str(finding) for finding in findings[:5]))
        self.findings = tuple(findings)


_MATTER = (
    *("slug", "name", "subject", "stage", "lead_department", "summary", "declared", "facts"),
    *("theme", "position", "is_listed", "status"),
)


def compile_matter(
    matter: MatterDefinition,
    items: Mapping[str, ItemDefinition] | Sequence[ItemDefinition],
    elements: Mapping[str, ElementDefinition] | Sequence[ElementDefinition],
    materials: Mapping[str, MaterialDefinition] | Sequence[MaterialDefinition],
) -> dict[str, Any]:
    """Return the content of ``MatterVersion.content`` (see the package's docstring). Raises ``CompileRefused``."""
    own = with_matter_roles(matter, by_slug(items))
    known_elements: Mapping[str, ElementDefinition] = by_code(elements)
    known_materials: Mapping[str, MaterialDefinition] = by_code(materials)
    errors = [each for each in check_matter(matter, own, known_elements, known_materials) if each.severity == "error"]
    if errors:
        raise CompileRefused(errors)
    used = [own[use.item] for use in matter.items]
    questions = (*matter.questions, *implied_questions(matter.items, own))
    # Those that a decision feeds as well: its demands bind the decision, whether an item asks for the fact or not.
    fed = {output.feeds.partition(":")[2] for item in used for output in item.outputs if output.feeds}
    needed_elements = sorted({line.element for item in used for line in item.lines} | fed)
    needed_materials = sorted({need.material for item in used for need in item.materials})
    uses = [dataclasses.replace(use, roles={}) for use in matter.items]
    return {
        "schema": SCHEMA,
        "matter": {name: to_json(getattr(matter, name)) for name in _MATTER},
        "departments": _departments(matter, used, [known_elements[code] for code in needed_elements]),
        "roles": to_json(matter.roles),
        "questions": to_json(questions),
        "sections": to_json(_sections(matter, used)),
        "elements": {code: to_json(known_elements[code]) for code in needed_elements},
        "materials": {code: to_json(known_materials[code]) for code in needed_materials},
        "items": [{"definition": to_json(own[use.item]), "use": to_json(use)} for use in uses],
        "labels": dict(matter.labels),
        "placement": dict(matter.placement),
        "translations": {
            language: {**IMPLIED_TRANSLATIONS.get(language, {}), **matter.translations.get(language, {})}
            for language in sorted({*IMPLIED_TRANSLATIONS, *matter.translations})
        },
    }


def examine(
    matter: MatterDefinition,
    items: Mapping[str, ItemDefinition] | Sequence[ItemDefinition],
    elements: Mapping[str, ElementDefinition] | Sequence[ElementDefinition],
    materials: Mapping[str, MaterialDefinition] | Sequence[MaterialDefinition],
) -> list[Finding]:
    """Return everything that compiling finds, errors and warnings, in a fixed order."""
    own = with_matter_roles(matter, by_slug(items))
    return check_matter(matter, own, by_code(elements), by_code(materials))


def by_slug(items: Mapping[str, ItemDefinition] | Sequence[ItemDefinition]) -> Mapping[str, ItemDefinition]:
    return items if isinstance(items, Mapping) else {item.slug: item for item in items}


def by_code(definitions: Any) -> Any:
    return definitions if isinstance(definitions, Mapping) else {each.code: each for each in definitions}


def with_matter_roles(matter: MatterDefinition, items: Mapping[str, ItemDefinition]) -> dict[str, ItemDefinition]:
    """Return the matter's items with their roles renamed to the matter's."""
    return {
        use.item: rename_roles(items[use.item], use.roles) if use.roles else items[use.item]
        for use in matter.items
        if use.item in items
    }


def _departments(
    matter: MatterDefinition, used: Sequence[ItemDefinition], elements: Sequence[ElementDefinition]
) -> dict[str, Any]:
    """Return the departments this matter speaks of, so that another matter's department changes nothing here."""
    named = {matter.lead_department, *(item.department for item in used), *(element.authority for element in elements)}
    named |= {source.removeprefix("shared:") for element in elements for source in element.known_from}
    named |= {way.reference for item in used for need in item.materials for way in need.exemptions}
    chosen = (each for each in matter.departments if each.code in named)
    return {each.code: to_json(each) for each in sorted(chosen, key=lambda each: each.code)}


def _sections(matter: MatterDefinition, used: Sequence[ItemDefinition]) -> list[SectionDefinition]:
    """Return the matter's sections, then those only a line names, in order of first use."""
    listed = {section.key: section for section in matter.sections}
    for name in [*matter.placement.values(), *(line.section for item in used for line in item.lines)]:
        if name and name not in listed:
            listed[name] = SectionDefinition(name, name)
    return list(listed.values())
