"""What a plan consists of: the attributes that reading a form and counting figures need. Pure."""

from __future__ import annotations

import functools
from typing import Any

from catalog.merging.content import MatterContent
from catalog.merging.planned import PlannedConsent, PlannedField, PlannedItem, PlannedMaterial, PlannedRole, Supply
from catalog.merging.program import ItemProgram


class PlanParts:
    """The parts of a plan, filled in by ``catalog.merging.plan.Plan``."""

    matter: MatterContent
    answers: dict[str, Any]
    known_answers: dict[str, Any]
    roles: tuple[PlannedRole, ...]
    programs: dict[str, ItemProgram]
    items: tuple[PlannedItem, ...]
    fields: dict[str, PlannedField]
    materials: tuple[PlannedMaterial, ...]
    consents: tuple[PlannedConsent, ...]
    supply: dict[str, Supply]
    critical_path: tuple[str, ...]
    unknown_limits: tuple[str, ...]

    @functools.cached_property
    def _items_by_key(self) -> dict[str, PlannedItem]:
        return {item.key: item for item in self.items}

    def item(self, key: str) -> PlannedItem:
        """Return a sub-item by key. Raises ``KeyError``."""
        return self._items_by_key[key]
