"""The rows of the shared dictionaries, as a package writes them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from catalog.models import CertificateType, Department
from catalog.models.parts import NATURAL_KEYS
from catalog.models.sourcing import Packaged
from catalog.packages.format.specs import Record
from catalog.packages.package import Folder, Package
from catalog.packages.rows.columns import References, columns
from catalog.packages.rows.syncing import Tally, sync
from catalog.packages.schema import DICTIONARIES
from catalog.packages.schema.dictionaries import MODELS


def sync_dictionaries(package: Package, tally: Tally) -> None:
    """Write divisions, departments, elements, materials and certificate types. Nothing is deleted: others may rely on them."""
    held = set(Department.objects.values_list("code", flat=True))
    for kind, model in MODELS.items():
        references = References()
        wanted = [_entry(kind, folder, record, references) for folder, record in package.records(kind)]
        if model is CertificateType:
            _free_codes(wanted)
        key = NATURAL_KEYS[model]
        sync(model.objects.filter(**{f"{key}__in": [row[key] for row in wanted]}), wanted, (key,), tally)
        if model is Department:
            _sync_parents(package, held, tally)


def _entry(kind: str, folder: Folder, record: Record, references: References) -> dict[str, Any]:
    model = MODELS[kind]
    values = columns(model, DICTIONARIES[kind].spec, record, references)  # type: ignore[attr-defined]
    if model is Department:
        del values["parent_id"]  # may be one that does not exist yet: `_sync_parents`
    return {"package": folder.slug, **values} if issubclass(model, Packaged) else values


def _sync_parents(package: Package, held: Collection[str], tally: Tally) -> None:
    """Put departments under those above them, once all of them exist. ``held``: those that existed before."""
    ids = dict(Department.objects.values_list("code", "pk"))
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
