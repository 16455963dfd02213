"""A finding about a guide, as a value; its sentence is in ``catalog.wording.guides``. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from catalog.linting.guides.facts import Path

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class GuideFinding:
    """Something a guide contradicts itself in.

    ``path``: where, as keys and places in the guide's data (``("materials", 3, "exempt")``). ``declared`` and ``found``: what the guide says
    and what its other facts say. ``variant``: which sentence of the code, where it has several. ``params``: what the sentence names besides.
    """

    code: str
    severity: Severity
    path: Path
    declared: Any = None
    found: Any = None
    variant: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def part(self) -> str:
        """Return the path as people write it: ``materials[3].exempt``."""
        written = ""
        for step in self.path:
            written += f"[{step}]" if isinstance(step, int) else f".{step}" if written else step
        return written
