"""What a division does in its own way, in a package: ``regions/<division>.yaml`` of a matter's folder.

What may differ is said in ``catalog.definitions.overrides``; a package that goes further is refused, each time with the line and the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from catalog.definitions.overrides import OPEN, Standard, check_overrides
from catalog.models import Department, ItemImplementation, Matter, ServiceItem
from catalog.packages import schema
from catalog.packages.checks.known import Known
from catalog.packages.format.problems import Problems
from catalog.packages.format.specs import Field, Many, Record, Table, Text
from catalog.packages.package import Folder
from catalog.packages.parts.folder_part import FolderPart
from catalog.packages.parts.guides import AsWritten
from catalog.packages.rows.syncing import Tally, sync
from catalog.wording.overrides import sentence

_OTHER = frozenset({"item", "department", "sources", "confidence"})
# Every element of an item may be written, so that a locked one is refused with its reason and not as an unknown key.
_ELEMENTS = {name: Field(AsWritten()) for name in (*OPEN, *(set(schema.ITEM.fields) - {"slug", "department"}))}
REGION = Table(
    {
        "division": Field(Text(6, r"[0-9]{6}"), True),
        "items": Field(
            Many(
                Table(
                    {
                        **_ELEMENTS,
                        "item": Field(Text(60, schema.SLUG), True),
                        "department": Field(Text(40, schema.SLUG)),
                        **schema.SOURCED,
                    }
                ),
                unique="item",
            ),
            True,
        ),
    }
)


def overrides_of(record: Record) -> dict[str, Any]:
    """Return what a division writes for an item, as it stands in the file."""
    return {key: record[key] for key in record.lines if key not in _OTHER}


def _check(folder: Folder, known: Known, problems: Problems) -> None:
    items = {item["slug"]: item for item in folder.items}
    for region in folder.parts.get("regions", []):
        known.require("divisions", region["division"], region, "division", problems)
        for record in region["items"]:
            known.require("departments", record["department"], record, "department", problems)
            if record["item"] not in items:
                message = _("这个文件夹里没有事项“%(item)s”") % {"item": record["item"]}
                problems.add(record.file, record.line_of("item"), "refers_to_nowhere", message)
                continue
            standard = _standard(items[record["item"]])
            for problem in check_overrides(standard, overrides_of(record), known.codes["materials"]):
                problems.add(record.file, record.line_of(problem.element), problem.code, sentence(problem))


def _standard(item: Record) -> Standard:
    return Standard(
        slug=item["slug"],
        statutory_limit_days=item["statutory_limit_days"],
        promised_limit_days=item["promised_limit_days"],
        handling=item["handling"],
        visits=item["visits"],
        visits_together=item["visits_together"],
        fees=[fee["name"] for fee in item["fees"] or ()],
        materials={need["material"] for need in item["materials"]},
        locked=list(item["locked"]),
    )


def _sync(folder: Folder, matter: Matter | None, tally: Tally) -> None:
    regions = folder.parts.get("regions", [])
    held = ItemImplementation.objects.filter(package=folder.slug)
    if not regions and (not folder.slug or not held.exists()):
        return

    items = dict(ServiceItem.objects.filter(package=folder.slug).values_list("slug", "pk"))
    departments = dict(Department.objects.values_list("code", "pk"))
    wanted = [
        {
            "package": folder.slug,
            "item_id": items[record["item"]],
            "division_id": region["division"],
            "department_id": departments.get(record["department"]) if record["department"] else None,
            "overrides": overrides_of(record),
            "sources": list(record["sources"]),
            "confidence": record["confidence"],
        }
        for region in regions
        for record in region["items"]
    ]
    sync(held, wanted, ("item_id", "division_id"), tally, keep_others=not folder.slug)


def _export(packages: Collection[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    rows = ItemImplementation.objects.filter(package__in=packages).select_related("item", "department")
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows.order_by("package", "division_id", "item__slug"):
        found.setdefault((row.package, row.division_id), []).append(dict(_record(row)))
    for (package, division), items in found.items():
        yield package, {"division": division, "items": items}


def _record(row: ItemImplementation) -> Iterator[tuple[str, Any]]:
    yield "item", row.item.slug
    if row.department is not None:
        yield "department", row.department.code
    yield from row.overrides.items()
    if row.sources:
        yield "sources", row.sources
    yield "confidence", row.confidence


REGIONS = FolderPart(name="regions", spec=REGION, key="division", check=_check, sync=_sync, export=_export)
