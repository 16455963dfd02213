"""The shared dictionaries as a package's files write them: the way back of ``dictionary_rows``.

The entries of a file stand in the order in which the catalog took them in, divisions in the order of their codes.
"""

from __future__ import annotations

from typing import Any

from catalog.models import CertificateType, DataElement, Department, Division, FactSource, Material

# Records by dictionary's name and package; "" for the shared files.
Dictionaries = dict[str, dict[str, Any]]


def dictionary_records() -> Dictionaries:
    """Return every dictionary entry of the catalog, by dictionary and package. Cost: six queries."""
    found: Dictionaries = {}
    divisions = Division.objects.order_by("code")
    departments = Department.objects.select_related("parent").order_by("pk")
    found["divisions"] = {"": [_division(row) for row in divisions]}
    found["departments"] = {"": [_department(row) for row in departments]}
    found["elements"] = _by_package(DataElement.objects.order_by("pk"), _element)
    found["materials"] = _by_package(Material.objects.order_by("pk"), _material)
    types = CertificateType.objects.select_related("department").order_by("pk")
    found["certificate_types"] = _by_package(types, _certificate_type)
    sources: dict[str, Any] = {}
    for row in FactSource.objects.order_by("pk"):
        sources.setdefault(row.package, {})[row.key] = row.citation
    found["sources"] = sources
    return found


def written_options(options: Any) -> dict[str, str]:
    """Return options as a package writes them: value → label, in order."""
    return {str(option["value"]): str(option["label"]) for option in options}


def source(row: Any) -> dict[str, Any]:
    """Return where a row's fact comes from, as a package writes it."""
    return {"sources": row.sources, "confidence": row.confidence}


def _by_package(rows: Any, record: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(row.package, []).append(record(row))
    return found


def _division(row: Division) -> dict[str, Any]:
    return {"code": row.code, "name": row.name, "level": row.level, "parent": row.parent_id or ""}


def _department(row: Department) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "short_name": row.short_name,
        "credit_code": row.credit_code,
        "division": row.division_id or "",
        "level": row.level,
        "parent": row.parent.code if row.parent else "",
        "phone": row.phone,
    }


def _element(row: DataElement) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "type": row.type,
        "options": written_options(row.options),
        "constraints": row.constraints,
        "unit": row.unit,
        "sensitive": row.sensitive,
        "authority": row.authority,
        "known_from": row.known_from,
        **source(row),
    }


def _material(row: Material) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "standard_code": row.standard_code,
        "accept": row.accept,
        "issued_by": row.issued_by,
        "note": row.note,
        **source(row),
    }


def _certificate_type(row: CertificateType) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "code": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "department": row.department.code,
        "valid_years": row.valid_years,
        "face": row.face,
        **source(row),
    }
