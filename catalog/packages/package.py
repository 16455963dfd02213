"""A package in memory: the folders it was read from, each with its records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from catalog.packages.format.specs import Listing, Record, Table


@dataclass(frozen=True)
class SubFolder:
    """A sub-folder ``name`` of a matter's folder (or of the root): one record of ``spec`` a file, each file named after the record's ``key``."""

    name: str
    spec: Table
    key: str


@dataclass
class Folder:
    """What one folder holds. ``slug`` is empty for the shared dictionaries of a catalog. ``unread``: the dictionaries, and ``unread_items``
    the items, whose files cannot be read: nobody can say yet what they refer to or are referred to for."""

    slug: str
    dictionaries: dict[str, Any] = field(default_factory=dict)
    matter: Record | None = None
    items: list[Record] = field(default_factory=list)
    parts: dict[str, list[Record]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    unread_items: set[str] = field(default_factory=set)

    def listed(self, kind: str) -> Listing:
        """Return a dictionary file's list, empty where the folder has no such file."""
        return self.dictionaries.get(kind, Listing())

    def mapped(self, kind: str) -> Record:
        """Return a dictionary file's map, empty where the folder has no such file."""
        return self.dictionaries.get(kind, Record("", 0))


@dataclass
class Package:
    """A read package: the shared folder first (where there is one), then the matters by slug."""

    folders: list[Folder] = field(default_factory=list)

    @property
    def matters(self) -> list[Folder]:
        return [folder for folder in self.folders if folder.matter is not None]

    @property
    def item_count(self) -> int:
        return sum(len(folder.items) for folder in self.folders)

    @property
    def is_empty(self) -> bool:
        return not any(
            folder.matter or folder.dictionaries or folder.items or any(folder.parts.values())
            for folder in self.folders
        )

    def records(self, kind: str) -> Iterator[tuple[Folder, Record]]:
        """Yield the records of one dictionary over all folders."""
        for folder in self.folders:
            for record in folder.listed(kind):
                yield folder, record
