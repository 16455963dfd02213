"""Something wrong with a definition, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """Where a finding comes from: an item (or ``""`` for the matter) and the code, key or field within it."""

    item: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a definition. ``severity``: ``error`` refuses publishing, ``warning`` does not."""

    code: str
    sources: tuple[Source, ...]
    severity: str = "error"
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        places = ", ".join(f"{source.item or 'matter'}/{source.code}" for source in self.sources)
        extra = " ".join(f"{key}={value!r}" for key, value in sorted(self.params.items()))
        return f"{self.severity} {self.code}: {places} {extra}".rstrip()
