"""The copies there are of a matter or of an item: from the catalog's rows to what ``catalog.comparing.copies`` lines up."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from catalog.comparing.copies import Comparison, Copy, compare, copy_of_guide
from catalog.definitions import Definition
from catalog.linting.guides import read_guide
from catalog.linting.guides.names import department_family
from catalog.models import Department, Matter, RegionalGuide, ServiceItem
from catalog.versions.defining import define
from catalog.versions.regional import define_in, divisions_of


def compare_matter(matter: Matter) -> Comparison:
    """Line up the standard, what divisions make of it, and the guides of other places. Cost: about 25 queries for each division."""
    names = dict(Department.objects.values_list("code", "name"))
    own = matter.division.name if matter.division else ""
    first = _("标准（%(place)s）") % {"place": own} if own else _("标准")
    copies = [_of_definition(first, "standard", define(matter), names)]
    copies += [
        _of_definition(division.name, "implementation", define_in(matter, division), names)
        for division in divisions_of(matter)
    ]
    guides = RegionalGuide.objects.filter(matter=matter).order_by("position", "key")
    return compare([*copies, *(copy_of_guide(read_guide(guide.facts)) for guide in guides)])


def compare_item(item: ServiceItem) -> Comparison:
    """Line up a standard item, its implementations and the guides of other places. Cost: six queries."""
    needs = item.materials.select_related("material").prefetch_related("exemptions")
    standard: dict[str, Any] = {
        "statutory_limit_days": item.statutory_limit_days,
        "promised_limit_days": item.promised_limit_days,
        "handling": item.handling,
        "visits": item.visits,
        "visits_together": item.visits_together,
        "department": department_family(item.department.name),
        "office": item.department.name,
        "item_type": item.get_item_type_display() or None,
        "fees": None if item.fees is None else bool(item.fees),
        "places": _names(item.places),
        "consulting": item.consulting or None,
        "complaints": item.complaints or None,
        "limit_note": item.limit_note or None,
    }
    rows = list(item.implementations.select_related("division", "department").order_by("division_id"))
    for name in {name for row in rows for name in row.overrides if name in standard}:
        # Where a place says something of its own, the standard's silence is an answer as well.
        standard[name] = "" if standard[name] is None else standard[name]
    papers = {
        need.material.name: {
            "necessity": need.necessity,
            "exempt": bool(need.exemptions.all()),
            "form": need.form,
        }
        for need in needs
    }
    copies = [Copy(_("标准"), "standard", standard, {}, papers)]
    for row in rows:
        said = {name: value for name, value in row.overrides.items() if name in standard}
        if "places" in said:
            said["places"] = _names(said["places"])
        department = {"office": row.department.name} if row.department else {}
        extra = {
            each["material"]: {"necessity": each.get("necessity", "required"), "exempt": False}
            for each in row.overrides.get("extra_materials", ())
        }
        copies.append(
            Copy(row.division.name, "implementation", {**standard, **said, **department}, {}, {**papers, **extra})
        )
    guides = RegionalGuide.objects.filter(item=item).order_by("position", "key")
    return compare([*copies, *(copy_of_guide(read_guide(guide.facts)) for guide in guides)])


def _names(places: list[dict[str, str]]) -> list[str] | None:
    return [place.get("name", "") for place in places] or None


def _of_definition(place: str, kind: str, definition: Definition, names: dict[str, str]) -> Copy:
    """Return what a definition of ours states; its figures depend on the situation and are computed elsewhere."""
    materials = {material.code: material.name for material in definition.materials}
    papers: dict[str, dict[str, Any]] = {}
    for item in definition.items:
        for need in item.materials:
            said = papers.setdefault(
                materials[need.material], {"necessity": need.necessity, "exempt": True, "form": need.form}
            )
            said["exempt"] = said["exempt"] and bool(need.exemptions)
            if need.necessity == "required":
                said["necessity"] = "required"
    departments = {department_family(names.get(item.department, item.department)) for item in definition.items}
    lead = definition.matter.lead_department
    return Copy(
        place,
        kind,
        {
            "department": department_family(names.get(lead, lead)) if lead else None,
            "departments": sorted(departments) or None,
            "item_count": len(definition.items),
            "paper_count": len(papers),
        },
        {
            item.name: {
                "promised_limit_days": item.promised_limit_days,
                "department": department_family(names.get(item.department, item.department)),
                "office": names.get(item.department, item.department),
            }
            for item in definition.items
        },
        papers,
    )
