"""Find what an official guide contradicts itself in, from its own facts. Pure.

``lint_guide(facts, items)`` returns every finding of one guide: of a matter (一件事) or of a single item. ``items``: the guides of single items by
key, for what can only be seen by comparing. What is missing or null is not known and contradicts nothing. Families and codes:

===================  ==============================================================================================================
module               codes
===================  ==============================================================================================================
``counts``           after_exceeds_before, materials_count, proactive_vs_material, not_transactional, steps_zero
``days``             days_two_values, days_shorter_than_item, days_longer_than_items, serial_dependency, statutory_wait_ignored,
                     limit_missing, promise_beyond_statute
``trips``            trips_two_values, trips_vs_text, text_vs_trips, offline_without_visit, paper_vs_zero_visit, counter_vs_zero_visit
``departments``      lead_in_cooperating, cooperating_repeated, department_missing, department_idle, department_unknown
``codes``            duplicate_internal_no, internal_no_elsewhere, standard_code_reused, standard_code_differs, standard_code_malformed,
                     material_twice, duplicate_no, numbering_gap, sub_item_twice, theme_code_malformed, theme_vs_region,
                     theme_vs_subject, region_code_malformed, region_code_vs_name, region_mismatch, link_mismatch,
                     item_code_malformed, item_type_vs_code
``papers``           exempt_mismatch, self_authorised_exempt, certificate_without_code, exempt_but_asked, generated_by_others,
                     verifiable_but_asked, exempt_all_none, required_but_conditional, required_but_exclusive,
                     group_dependent_required, group_of_one, condition_unsaid, paper_sent_online, electronic_at_counter,
                     electronic_original, copies_zero, result_as_material
``order``            wait_unknown, wait_exclusive, wait_cycle, used_by_unknown, material_unused, group_of_one
``fees``             fee_two_values, fee_without_amount
``wording``          empty_condition, condition_without_item, order, condition_dead_end, condition_scope, item_vs_condition, wrong_form,
                     item_naming, not_a_service, naming, subject, no_faq, faq_vs_list, faq_vs_material, faq_vs_condition,
                     one_child_per_case, material_never_applies, condition_vs_material, material_vs_condition, flow_vs_items,
                     flow_text
``against_items``    promise_beyond_statute, promise_vs_item, item_material_missing, required_but_item_optional,
                     optional_but_item_required, asked_but_item_exempt, result_vs_item, result_name, fee_vs_items, age_rule
===================  ==============================================================================================================
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
