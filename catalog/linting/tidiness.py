"""What definitions leave lying about: parts nobody uses, things under two names, facts asked again, figures that differ."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalog.definitions import ElementDefinition, Finding, ItemDefinition, MaterialDefinition, MatterDefinition, Source
from catalog.definitions.naming import field_key
from catalog.linting.grouping import grouped
from catalog.merging.compiled import CompiledMatter
from catalog.merging.selection import GROUP_PREFIX

IDENTITY = frozenset({"id_number", "id_kind"})
_FIGURES = ("forms", "materials", "steps", "visits", "days")
_NUMBER = re.compile(r"[0-9]+")


def tidiness(
    matter: MatterDefinition, items: Sequence[ItemDefinition], materials: Mapping[str, MaterialDefinition]
) -> Iterator[Finding]:
    """Yield sections, groups and papers that are not used as they are meant."""
    sections = {*matter.placement.values(), *(line.section for item in items for line in item.lines)}
    for section in matter.sections:
        if section.key not in sections:
            yield Finding("unused_section", (Source("", f"section:{section.key}"),), "warning")
    for group, count in Counter(use.group for use in matter.items if use.group).items():
        if count == 1:
            yield Finding("group_of_one", (Source("", f"{GROUP_PREFIX}{group}"),), "warning", {"group": group})
    uses = [(need.material, item.slug) for item in items for need in item.materials if need.material in materials]
    first = {code: Source(slug, f"material:{code}") for code, slug in reversed(uses)}
    reported: set[tuple[str, ...]] = set()
    plain_names = {code: _plain_name(materials[code]) for code in sorted(first)}
    standard_codes = {code: materials[code].standard_code for code in sorted(first)}
    for names in (plain_names, standard_codes):
        for codes in grouped(names, names.__getitem__).values():
            if len(codes) > 1 and tuple(codes) not in reported:
                reported.add(tuple(codes))
                params = {"name": materials[codes[0]].name}
                yield Finding("material_twice", tuple(first[code] for code in codes), "warning", params)


def earlier_uploads(items: Sequence[ItemDefinition], materials: Mapping[str, MaterialDefinition]) -> Iterator[Finding]:
    """Yield papers that are said to be spared where they were handed in before, and serve no other application."""
    for item in items:
        for need in item.materials:
            says = any(way.kind == "earlier_upload" for way in need.exemptions)
            if says and need.material in materials and materials[need.material].valid_days is None:
                params = {"material": materials[need.material].name}
                yield Finding(
                    "earlier_upload_never_serves", (Source(item.slug, f"material:{need.material}"),), "warning", params
                )


def _plain_name(material: MaterialDefinition) -> str:
    """Return a name without what writers vary: width, spaces, brackets, quotes."""
    text = unicodedata.normalize("NFKC", material.name).casefold()
    return "".join(each for each in text if each.isalnum())


def identity(items: Sequence[ItemDefinition], elements: Mapping[str, ElementDefinition]) -> Iterator[Finding]:
    """Yield identity data that somebody knows and a line asks for all the same, and facts that one form asks for twice."""
    for item in items:
        seen: dict[str, str] = {}
        for line in item.lines:
            element = elements.get(line.element)
            key = field_key(line.role, line.element)
            params = {"field": key}
            if element is not None and element.type in IDENTITY and element.known_from and line.reuse == "ask":
                yield Finding("identity_asked_again", (Source(item.slug, line.code),), "warning", params)
            if key in seen:
                sources = (Source(item.slug, seen[key]), Source(item.slug, line.code))
                yield Finding("asked_twice", sources, "warning", params)
            seen.setdefault(key, line.code)


def declared(compiled: CompiledMatter, samples: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield the declared figures that no situation comes to, and what one place declares twice and differently."""
    rows: Sequence[Mapping[str, str]] = compiled.declared.get("figures", ())
    said: dict[tuple[str, str], str] = {}
    computed = [compiled.plan_for(answers).figures.to_json() for answers in samples] if rows else []
    for row in rows:
        place, metric, number = row["place"], row["metric"], _NUMBER.search(row["after"])
        if said.setdefault((place, metric), row["after"]) != row["after"]:
            params = {"place": place, "metric": metric, "first": said[place, metric], "second": row["after"]}
            yield Finding("two_promises", (Source("", f"declared:{metric}"),), "warning", params)
        if number is None or metric not in _FIGURES or not computed:
            continue
        found = sorted({figures[metric]["after"] for figures in computed})
        # Where something is not published, what is computed is the least it takes.
        at_least = any(figures[metric].get("at_least") for figures in computed)
        if int(number[0]) < found[0] or (int(number[0]) > found[-1] and not at_least):
            params = {
                "place": place,
                "metric": metric,
                "declared": row["after"],
                "computed": "–".join(str(each) for each in dict.fromkeys((found[0], found[-1]))),
            }
            yield Finding("declared_differs", (Source("", f"declared:{metric}"),), "warning", params)
