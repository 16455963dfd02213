"""A finding about a guide: what it contradicts itself in. Its sentence is in ``catalog.wording.guides``. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.definitions import Finding, Source
from catalog.definitions.finding import Path


def finding(
    code: str,
    severity: str,
    path: Path,
    declared: Any = None,
    found: Any = None,
    variant: str = "",
    params: Mapping[str, Any] | None = None,
) -> Finding:
    """Return a finding about the place at ``path``, with what the guide ``declared`` there and what its other facts say (``found``)."""
    return Finding(
        code, (Source("", path=path),), severity, {"declared": declared, "found": found, **(params or {})}, variant
    )
