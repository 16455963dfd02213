"""What reading by a specification gives: plain values that know their file and lines."""

from __future__ import annotations

from typing import Any, Protocol

from catalog.packages.format.nodes import Node
from catalog.packages.format.problems import Problems


class Record(dict[str, Any]):
    """The values of a map by key, with the file and line of the map and of each key."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """Return the line of a key, or of the record where the key is not written."""
        return self.lines.get(key, self.line)


class Listing(list[Any]):
    """The values of a list, with their lines in ``lines``."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


class Spec(Protocol):
    """How one value is read. Mistakes are noted; the returned value is then a harmless stand-in."""

    def read(self, node: Node, file: str, problems: Problems) -> Any: ...

    def empty(self) -> Any: ...
