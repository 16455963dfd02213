"""Something wrong with a definition, a row of the catalog or a guide, and where. Without words: these are in ``catalog.wording``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

# Gravest first. An error refuses publishing.
SEVERITIES: Final = ("error", "warning", "note")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a finding comes from: an item (or ``""`` for the matter) and the code, key or field within it.

    Of a row of the catalog, ``item`` is its slug or code, ``kind`` what it is, ``pk`` its primary key. Of a guide, ``path`` are the keys
    and places in its data: ``("materials", 3, "exempt")``.
    """

    item: str
    code: str = ""
    kind: str = ""
    pk: Any = None
    path: Path = ()

    @property
    def part(self) -> str:
        """Return the code, or the path as people write it: ``materials[3].exempt``."""
        written = ""
        for step in self.path:
            written += f"[{step}]" if isinstance(step, int) else f".{step}" if written else step
        return written or self.code


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong. ``variant``: which sentence of the code, where it has several. ``params``: what the sentence names.

    Of these ``declared`` is what stands at the place, ``found`` what other facts say.
    """

    code: str
    sources: tuple[Source, ...]
    severity: str = "error"
    params: Mapping[str, Any] = field(default_factory=dict)
    variant: str = ""

    def __str__(self) -> str:
        places = ", ".join(f"{source.item or 'matter'}/{source.part}" for source in self.sources)
        extra = " ".join(f"{key}={value!r}" for key, value in sorted(self.params.items()))
        return f"{self.severity} {self.code}: {places} {extra}".rstrip()


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return errors, then warnings, then notes, each in the order they came."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
