"""Check what the files of a package say about each other and about what the catalog already holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from catalog.packages.checks.dictionary import check_dictionaries, check_parents
from catalog.packages.checks.item import check_item, check_task_codes
from catalog.packages.checks.known import Known, gather
from catalog.packages.checks.matter import check_matter
from catalog.packages.format.problems import Problems
from catalog.packages.format.records import Record
from catalog.packages.package import Folder, Package

__all__ = ["Known", "check_references"]


def check_references(
    package: Package, problems: Problems, checks: Sequence[Callable[[Folder, Known, Problems], None]] = ()
) -> None:
    """Note duplicates over files, references to nowhere and codes whose structure or check digits are wrong. Cost: nine queries."""
    known = gather(package, problems)
    check_parents(package, problems)
    check_task_codes(package, problems)
    for folder in package.folders:
        check_dictionaries(folder, known, problems)
        for item in folder.items:
            check_item(item, known, problems)
        if folder.matter is not None:
            check_matter(folder, folder.matter, known, problems)
        for check in checks:
            check(folder, known, problems)
        records = [*folder.dictionaries.values(), *folder.items, folder.matter, *folder.parts.values()]
        for record in _all_records(records):
            sources = record.get("sources")
            for source in sources if isinstance(sources, list) else ():
                known.require("sources", source, record, "sources", problems)


def _all_records(values: Iterable[Any]) -> Iterator[Record]:
    for value in values:
        if isinstance(value, Record):
            yield value
            yield from _all_records(value.values())
        elif isinstance(value, list):
            yield from _all_records(value)
