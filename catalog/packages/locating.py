"""Where in a package a finding of the compiler or of the lints has its cause: file and line."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.models import Matter, ServiceItem, parts_of
from catalog.packages.format.records import Record
from catalog.packages.package import Package

# What a matter says about an item.
_ENTRY_KEYS = frozenset({"condition", "group", "per", "roles", "after", "optional"})
# Findings that are about one key of the item itself.
_KEYS = {
    "limit_missing": "promised_limit_days",
    "promise_beyond_statute": "promised_limit_days",
    "legal_basis_missing": "legal_basis",
    "department_missing": "department",
}


def locate(package: Package, matter: Record | None, slug: str, item: str, part: str, code: str) -> tuple[str, int]:
    """Return file and line of the ``part`` of an ``item`` (empty: of the matter) that a finding of this ``code`` names.

    ``matter``: the record of the matter ``slug``, None where the package only brings items that it uses.
    """
    for entry in matter["items"] if matter else ():
        if entry["item"] == item and part in _ENTRY_KEYS:
            return entry.file, entry.line_of(part)
    for record in _named(package, matter, item, part):
        return record.file, record.line
    for folder in package.folders:
        for each in folder.items:
            if item and each["slug"] == item:
                return each.file, each.line_of(_KEYS.get(code, "slug"))
    for entry in matter["items"] if matter else ():
        if entry["item"] == item:
            return entry.file, entry.line
    return (matter.file if matter else slug), 0


def _named(package: Package, matter: Record | None, item: str, part: str) -> Iterator[Record]:
    """Yield the records that a finding may mean, the likeliest first. Some findings name a part with its kind: ``output:number``."""
    names = {part, part.partition(":")[2]}
    for folder in package.folders:
        for each in folder.items:
            if item and each["slug"] == item:
                for kind in parts_of(ServiceItem):
                    yield from (it for it in each[kind.name] if it[kind.key[0]] in names or _fact(it) == part)
    if not item:
        for kind in parts_of(Matter):
            for record in matter[kind.name] if matter else ():
                name = record[kind.key[0]]
                if name in names:
                    yield record
                yield from (it for it in record.get("options", ()) if f"{name}/{it['value']}" == part)
        for _folder, record in package.records("elements"):
            if record["code"] == part:
                yield record


def _fact(record: Record) -> str:
    return f"{record.get('role', '')}:{record.get('element', '')}"
