"""Check and normalise what people type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field: a code that ``catalog.wording`` turns into a sentence, and its parameters."""

    field: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
