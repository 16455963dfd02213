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
    return {
        "short_name": item.short_name or item.name,
        "item_type": item.get_item_type_display(),
        "handling": item.get_handling_display(),
        "limit_unit": item.get_limit_unit_display(),
        "limit_note": item.limit_note,
        "legal_basis": item.legal_basis,
        "conditions": item.conditions,
        "flow": item.flow,
        "fees": item.fees,
        "visit_reason": item.visit_reason,
        "places": item.places,
        "consulting": item.consulting,
        "cross_region": item.cross_region,
        "result_note": item.result_note,
        "remark": item.remark,
        "faqs": [{"question": row.question, "answer": row.answer} for row in item.faqs.all()],
    }
