"""The rows of the shared dictionaries, as a package writes them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from catalog.models import CertificateType, DataElement, Department, Division, Material
from catalog.packages.format.specs import Record
from catalog.packages.package import Folder, Package
from catalog.packages.rows.syncing import Tally, sync


def sync_dictionaries(package: Package, tally: Tally) -> None:
    """Write divisions, departments, elements, materials and certificate types. Nothing is deleted: others may rely on them."""
    divisions = [_division(record) for _folder, record in package.records("divisions")]
    for level in ("province", "prefecture", "county", "township"):
        wanted = [row for row in divisions if row["level"] == level]
        sync(Division.objects.filter(code__in=_keys(wanted, "code")), wanted, ("code",), tally)
    departments = [_department(record) for _folder, record in package.records("departments")]
    held = set(department_ids())
    sync(Department.objects.filter(code__in=_keys(departments, "code")), departments, ("code",), tally)
    _sync_parents(package, held, tally)
    elements = [_element(folder, record) for folder, record in package.records("elements")]
    sync(DataElement.objects.filter(code__in=_keys(elements, "code")), elements, ("code",), tally)
    materials = [_material(folder, record) for folder, record in package.records("materials")]
    sync(Material.objects.filter(code__in=_keys(materials, "code")), materials, ("code",), tally)
    ids = department_ids()
    types = [_certificate_type(folder, record, ids) for folder, record in package.records("certificate_types")]
    _free_codes(types)
    sync(CertificateType.objects.filter(slug__in=_keys(types, "slug")), types, ("slug",), tally)


def _sync_parents(package: Package, held: Collection[str], tally: Tally) -> None:
    """Put departments under those above them, once all of them exist. ``held``: those that existed before."""
    ids = department_ids()
    above = {record["code"]: ids.get(record["parent"]) for _folder, record in package.records("departments")}
    moved = [row for row in Department.objects.filter(code__in=above) if row.parent_id != above[row.code]]
    for row in moved:
        row.parent_id = above[row.code]
    Department.objects.bulk_update(moved, ["parent"])
    for row in moved:
        if row.code in held:
            tally.note("changed", row, ("code",), ("parent_id",))


def _free_codes(types: list[dict[str, Any]]) -> None:
    """Let certificate types change their codes with each other: the database would refuse the first of the two."""
    codes = {row["slug"]: row["code"] for row in types}
    taken = set(codes.values())
    rows = CertificateType.objects.filter(slug__in=codes)
    moved = [row for row in rows if row.code != codes[row.slug] and row.code in taken]
    for row in moved:
        row.code = f"~{row.pk}"
    if moved:
        CertificateType.objects.bulk_update(moved, ["code"])


def department_ids() -> dict[str, int]:
    """Return every department's row id by its code."""
    return dict(Department.objects.values_list("code", "pk"))


def options(record: Record) -> list[dict[str, str]]:
    """Return a record's options in the order written."""
    return [{"value": value, "label": label} for value, label in record["options"].items()]


def sourced(record: Record) -> dict[str, Any]:
    """Return where a record's fact comes from, as columns."""
    return {"sources": list(record["sources"]), "confidence": record["confidence"]}


def _keys(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


def _division(record: Record) -> dict[str, Any]:
    return {
        "code": record["code"],
        "name": record["name"],
        "level": record["level"],
        "parent_id": record["parent"] or None,
    }


def _department(record: Record) -> dict[str, Any]:
    return {
        "code": record["code"],
        "name": record["name"],
        "short_name": record["short_name"],
        "credit_code": record["credit_code"],
        "division_id": record["division"] or None,
        "level": record["level"],
        "phone": record["phone"],
    }


def _element(folder: Folder, record: Record) -> dict[str, Any]:
    return {
        "package": folder.slug,
        "code": record["code"],
        "name": record["name"],
        "type": record["type"],
        "options": options(record),
        "constraints": record["constraints"],
        "unit": record["unit"],
        "sensitive": record["sensitive"],
        "authority": record["authority"],
        "known_from": list(record["known_from"]),
        **sourced(record),
    }


def _material(folder: Folder, record: Record) -> dict[str, Any]:
    return {
        "package": folder.slug,
        "code": record["code"],
        "name": record["name"],
        "standard_code": record["standard_code"],
        "accept": list(record["accept"]),
        "issued_by": record["issued_by"],
        "note": record["note"],
        **sourced(record),
    }


def _certificate_type(folder: Folder, record: Record, ids: dict[str, int]) -> dict[str, Any]:
    return {
        "package": folder.slug,
        "slug": record["slug"],
        "code": record["code"],
        "name": record["name"],
        "name_en": record["name_en"],
        "department_id": ids[record["department"]],
        "face": [dict(part) for part in record["face"]],
        "valid_years": record["valid_years"],
        **sourced(record),
    }
