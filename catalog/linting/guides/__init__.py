"""Find what an official guide contradicts itself in, from its own facts. Pure.

``lint_guide(facts, items)`` returns every finding of one guide: of a matter (一件事) or of a single item. ``items``: the guides of single items by
key, for what can only be seen by comparing. What is missing or null is not known and contradicts nothing. Each module is a family; what
its codes say is in ``catalog.wording.guides``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.definitions import Finding
from catalog.definitions.finding import gravest_first
from catalog.linting.guides import (
    against_items,
    codes,
    counts,
    days,
    departments,
    fees,
    order,
    papers,
    trips,
    wording,
)
from catalog.linting.guides.facts import GuideFacts, read_guide

__all__ = ["GuideFacts", "lint_guide", "read_guide"]

FAMILIES = (counts, days, trips, departments, codes, papers, order, fees)


def lint_guide(facts: Mapping[str, Any], items: Mapping[str, Mapping[str, Any]] | None = None) -> list[Finding]:
    """Return everything found in a guide: errors, then warnings, then remarks."""
    guide = read_guide(facts)
    found = [finding for family in FAMILIES for finding in family.lint(guide)]
    if not guide.is_item:
        found += wording.lint(guide)
        known = {ref: read_guide(items[ref]) for ref in guide.item_refs if items and ref in items}
        found += against_items.lint(guide, known)
    return gravest_first(found)
