"""A matter as one division does it: the standard's definition with the division's implementations of its items in place of what they override."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils import translation

from catalog.definitions import Definition
from catalog.definitions.overrides import implement, implement_facts, parents
from catalog.models import Division, ItemImplementation, Material, Matter, ServiceItem
from catalog.versions.defining import define, material_definition


def define_in(matter: Matter, division: Division) -> Definition:
    """Read a matter's definition as it holds in a division. Cost: that of ``define`` and three queries."""
    definition = define(matter)
    with translation.override("zh-hans"):
        own = implementations(matter, division)
        items = tuple(_item(item, own) for item in definition.items)
        facts = _facts(definition.matter.facts, own, division)
    return definition._replace(
        matter=replace(definition.matter, facts=facts),
        items=items,
        materials=(*definition.materials, *_more_materials(definition, own)),
    )


def implementations(matter: Matter, division: Division) -> dict[str, ItemImplementation]:
    """Return item slug → the implementation that holds in a division: its own, else that of the nearest division around it."""
    rows = ItemImplementation.objects.filter(item__matter_items__matter=matter, division_id__in=parents(division.code))
    found: dict[str, ItemImplementation] = {}
    # The code of a division is greater than that of the divisions around it.
    for row in rows.select_related("item", "department__division", "division").order_by("item__slug", "-division_id"):
        found.setdefault(row.item.slug, row)
    return found


def divisions_of(matter: Matter) -> list[Division]:
    """Return the divisions that do something of a matter in their own way, by code."""
    codes = ItemImplementation.objects.filter(item__matter_items__matter=matter).values("division_id")
    return list(Division.objects.filter(code__in=codes).order_by("code"))


def _item(item: Any, own: Mapping[str, ItemImplementation]) -> Any:
    row = own.get(item.slug)
    return item if row is None else implement(item, row.overrides, row.department.code if row.department else "")


def _facts(facts: Mapping[str, Any], own: Mapping[str, ItemImplementation], division: Division) -> dict[str, Any]:
    immediate = str(ServiceItem.Handling.IMMEDIATE.label)
    items = {
        slug: implement_facts(said, own[slug].overrides, immediate) if slug in own else said
        for slug, said in facts["items"].items()
    }
    departments = dict(facts["departments"])
    for row in own.values():
        if row.department is not None:
            place = row.department.division.name if row.department.division else ""
            departments[row.department.code] = {"phone": row.department.phone, "division": place}
    local = {"code": division.code, "items": sorted(own)}
    return {**facts, "division": division.name, "items": items, "departments": departments, "local": local}


def _more_materials(definition: Definition, own: Mapping[str, ItemImplementation]) -> list[Any]:
    known = {material.code for material in definition.materials}
    codes = {row["material"] for each in own.values() for row in each.overrides.get("extra_materials", ())} - known
    return (
        [material_definition(row) for row in Material.objects.filter(code__in=codes).order_by("code")] if codes else []
    )
