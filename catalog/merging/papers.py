"""From the chosen items' papers to one list: each once, the strictest need, and every way to be exempt from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from catalog.definitions import NECESSITY_ORDER, ElementDefinition, Exemption, MaterialDefinition
from catalog.definitions.naming import numbered
from catalog.merging.graph import reaches
from catalog.merging.lines import Instance, Naming, persons, settle
from catalog.merging.planned import MaterialAsker, PlannedMaterial


def material_key(code: str, role: str, number: int) -> str:
    """Return what a paper is stored under: a role's own paper names its owner."""
    return f"{numbered(role, number)}:{code}" if role else code


def ask_materials(
    planned: Sequence[Instance],
    counts: Mapping[str, int],
    elements: Mapping[str, ElementDefinition],
    known: Mapping[str, Any],
) -> dict[str, list[MaterialAsker]]:
    """Return who needs which paper, before anything is exempted, in the order of first need. ``known``: guide answers."""
    asked: dict[str, list[MaterialAsker]] = {}
    for instance in planned:
        names = Naming(instance, counts, elements)
        for need in instance.item.materials:
            for number in persons(need.role, instance, counts) if need.role else [instance.number]:
                key = material_key(need.material, need.role, number)
                condition = settle(names.rule(need.condition, need.role, number), known)
                if condition is False:
                    continue
                asker = MaterialAsker(
                    instance.key,
                    instance.item.slug,
                    instance.item.department,
                    dataclasses.replace(need, condition=None if condition is True else condition),
                )
                asked.setdefault(key, []).append(asker)
    return asked


def producers(exemption: Exemption, asker: Instance, role: str, number: int, planned: Sequence[Instance]) -> list[str]:
    """Return the sub-items of the plan whose result meets a need: the same person's one where both are per person."""
    found = []
    for instance in planned:
        results = {result.certificate_type for result in instance.item.results}
        if instance.key == asker.key or exemption.reference not in {instance.item.slug, *results}:
            continue
        if instance.use.per:
            whose = asker.number if asker.use.per == instance.use.per else number if role == instance.use.per else None
            if whose is not None and whose != instance.number:
                continue
        found.append(instance.key)
    return found


def supply_results(
    asked: Mapping[str, list[MaterialAsker]], planned: Sequence[Instance], waits: dict[str, set[str]]
) -> dict[str, list[MaterialAsker]]:
    """Return the askers with the sub-items that supply them (law 5), adding what they wait for to ``waits``.

    Once any asker takes a paper from a sub-item, every other asker of the plan does, except those that sub-item itself waits for.
    """
    by_key = {instance.key: instance for instance in planned}
    supplied: dict[str, list[MaterialAsker]] = {}
    for key, askers in asked.items():
        sources: dict[str, None] = {}
        for asker in askers:
            sources.update(dict.fromkeys(_declared(asker, key, by_key, planned)))
        done = []
        for asker in askers:
            own = _declared(asker, key, by_key, planned)
            usable = [
                source for source in (own or sources) if source != asker.item and not reaches(source, asker.item, waits)
            ]
            waits.setdefault(asker.item, set()).update(usable)
            done.append(dataclasses.replace(asker, supplied_by=tuple(usable)))
        supplied[key] = done
    return supplied


def _declared(asker: MaterialAsker, key: str, by_key: Mapping[str, Instance], planned: Sequence[Instance]) -> list[str]:
    owner, colon, _ = key.partition(":")
    plain, mark, number = owner.partition("#")
    person = int(number) if mark else 1
    for exemption in asker.need.exemptions:
        if exemption.kind == "result":
            found = producers(exemption, by_key[asker.item], plain if colon else "", person, planned)
            if found:
                return found
    return []


def merge_material(key: str, askers: Sequence[MaterialAsker], material: MaterialDefinition) -> PlannedMaterial:
    """Return the one paper that all these needs become: the strictest necessity, most copies, only exemptions all accept."""
    owner, colon, _ = key.partition(":")
    role, mark, number = owner.partition("#") if colon else ("", "", "")
    handing_in = [asker for asker in askers if not asker.supplied_by]
    supplied_by = tuple(dict.fromkeys(source for asker in askers for source in asker.supplied_by))
    alternatives: tuple[Exemption, ...]
    if handing_in:
        others = [[e for e in asker.need.exemptions if e.kind != "result"] for asker in handing_in]
        alternatives = tuple(each for each in others[0] if all(each in more for more in others[1:]))
    else:
        alternatives = (Exemption("result", supplied_by[0]),)
    binding = handing_in or askers
    common = alternatives[0] if alternatives else None
    return PlannedMaterial(
        key=key,
        code=material.code,
        role=role,
        instance=int(number) if mark else 1,
        name=material.name,
        standard_code=material.standard_code,
        accept=material.accept,
        note=material.note,
        necessity=max((asker.need.necessity for asker in binding), key=NECESSITY_ORDER.index),
        form=_form([asker.need.form for asker in binding]),
        copies=max(asker.need.copies for asker in binding),
        exemption=common,
        alternatives=alternatives,
        supplied_by=supplied_by,
        conditional=all(asker.need.condition is not None for asker in askers),
        asked_by=tuple(
            dataclasses.replace(
                asker, exemption=Exemption("result", asker.supplied_by[0]) if asker.supplied_by else common
            )
            for asker in askers
        ),
    )


def _form(forms: Sequence[str]) -> str:
    """Return the form that satisfies every department."""
    demanded = {form for form in forms if form != "paper_or_electronic"}
    if not demanded:
        return "paper_or_electronic"
    return demanded.pop() if len(demanded) == 1 else "paper_and_electronic"
