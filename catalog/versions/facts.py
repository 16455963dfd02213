"""What a matter's guide page tells besides the plan: conditions, limits, fees, legal basis, questions people ask.

Frozen into the published version with the plan, so that a guide never says more or less than what is applied by.
"""

from __future__ import annotations

from typing import Any

from catalog.models import Matter, MatterItem, ServiceItem


def matter_facts(matter: Matter, entries: list[MatterItem]) -> dict[str, Any]:
    """Return ``{division, conditions, faqs, items: {slug: …}, departments: {code: {phone, division}}}`` as JSON data."""
    departments = {entry.item.department for entry in entries}
    if matter.lead_department:
        departments.add(matter.lead_department)
    return {
        "division": matter.division.name if matter.division else "",
        "conditions": matter.conditions,
        "faqs": [{"question": row.question, "answer": row.answer} for row in matter.faqs.all()],
        "items": {entry.item.slug: item_facts(entry.item) for entry in entries},
        "departments": {
            row.code: {"phone": row.phone, "division": row.division.name if row.division else ""}
            for row in sorted(departments, key=lambda row: row.code)
        },
    }


def item_facts(item: ServiceItem) -> dict[str, Any]:
    """Return what a guide says about one item; what is not known is empty."""
    plain = "limit_note legal_basis conditions flow fees visit_reason places consulting cross_region result_note remark"
    return {
        **{name: getattr(item, name) for name in (*plain.split(), "special_procedures")},
        "short_name": item.short_name or item.name,
        "item_type": item.get_item_type_display(),
        "handling": item.get_handling_display(),
        "limit_unit": item.get_limit_unit_display(),
        "faqs": [{"question": row.question, "answer": row.answer} for row in item.faqs.all()],
    }
