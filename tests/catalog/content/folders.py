"""What a folder of the content holds, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Folder:
    """One folder: a matter's, or the shared one (whose slug is empty and whose items belong to no matter)."""

    slug: str
    matter: dict[str, Any] | None
    items: dict[str, dict[str, Any]]
    materials: list[dict[str, Any]]
    departments: list[dict[str, Any]]
    divisions: list[dict[str, Any]]
    sources: dict[str, str]
    english: dict[str, str]
    others: dict[str, list[dict[str, Any]]]

    def records(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield every record that may name its sources, with words to find it by."""
        parts: list[tuple[str, Any]] = [("matter", self.matter), ("materials", self.materials)]
        parts += [(kind, rows) for kind, rows in self.others.items()]
        parts += [(f"items/{slug}", item) for slug, item in self.items.items()]
        for name, part in parts:
            yield from _records(part, f"{self.slug or '.'}/{name}")


@dataclass(frozen=True)
class Content:
    """The shared folder and the matters' folders by slug."""

    shared: Folder
    matters: dict[str, Folder]

    @property
    def folders(self) -> list[Folder]:
        return [self.shared, *self.matters.values()]

    def items(self) -> Iterator[tuple[Folder, dict[str, Any]]]:
        """Yield every item with the folder it lies in."""
        for folder in self.folders:
            for item in folder.items.values():
                yield folder, item


def _records(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        if "confidence" in value or "sources" in value:
            yield path, value
        for key, each in value.items():
            yield from _records(each, f"{path}.{key}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _records(each, f"{path}[{number}]")
