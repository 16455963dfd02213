"""What must be right before a matter can be compiled. Each finding names every source.

======================  =================================================================================
code                    what is wrong (params)
======================  =================================================================================
duplicate_code          a code or key used twice (kind, code)
unknown_reference       something that does not exist (kind, name)
bad_value               a word outside its list: type, reuse, necessity, kind … (kind, value)
bad_key                 a key that could not be told apart from others, e.g. with "#" (kind, key)
bad_rule                a condition that is not in the language (problem, path)
bad_constraint          a constraint that is unknown, ill formed, or of another type (problem, constraint)
options_missing         a select without options
question_order          a question or option that depends on a later answer (variable)
condition_cycle         lines whose conditions depend on each other
dependency_cycle        items that wait for each other
contradiction           two demands on one field that no value meets (constraint, field)
incompatible_type       a line or output whose type is not the field's (type, expected, field)
two_deciders            two items that may both decide one field (field)
decides_own_field       an item asks for the field that it decides (field)
decides_for_one         an item that is done once decides a field of a repeated role (field)
result_of_itself        a paper that an item demands of its own result
decided_in_condition    warning: a condition reads a field that another item decides later; it reads null there
field_never_merged      warning: a consent or signature fed by another item (field)
======================  =================================================================================
"""

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
