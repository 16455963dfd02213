"""What must be right before a matter can be compiled. Each finding names every source; what its code says is in ``catalog.wording.findings``."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.compiling.composition import check_composition
from catalog.compiling.conflicts import conflicts
from catalog.compiling.items import check_elements, check_item
from catalog.definitions import ElementDefinition, Finding, ItemDefinition, MaterialDefinition, MatterDefinition


def check_matter(
    matter: MatterDefinition,
    items: Mapping[str, ItemDefinition],
    elements: Mapping[str, ElementDefinition],
    materials: Mapping[str, MaterialDefinition],
) -> list[Finding]:
    """Return everything wrong, in a fixed order. ``items``: the matter's, with its role names. Contradictions are only looked for where
    everything they are made of is sound."""
    found = check_composition(matter, items)
    used = [items[slug] for slug in dict.fromkeys(use.item for use in matter.items) if slug in items]
    found += check_elements(used, elements)
    for item in used:
        found += check_item(item, matter, elements, materials)
    if not any(finding.severity == "error" for finding in found):
        found += conflicts(matter, items, elements)
    return found
