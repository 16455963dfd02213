"""A plan as plain JSON, for the API and for those who read it outside. Pure."""

from __future__ import annotations

from typing import Any

from catalog.definitions.codec import to_json as plain
from catalog.merging.plan import Plan


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """Return everything a page shows, as plain JSON."""
    matter = plan.matter
    return {
        "matter": matter.slug,
        "name": matter.name,
        "answers": plan.answers,
        "questions": [
            {**plain(question), "answer": plan.answers.get(question.key)}
            for question in matter.questions_for(plan.answers)
        ],
        "stops": plain(plan.stops),
        "roles": plain(plan.roles),
        "items": plain(plan.items),
        "fields": [
            {
                "key": field.key,
                "role": field.role,
                "instance": field.instance,
                "element": field.element,
                "label": field.label,
                "type": field.type,
                "section": field.section,
                "required": field.required,
                "conditional": field.conditional,
                "known_from": field.known_from,
                "supplied_by": plain(field.supplied_by),
                "reuse": field.reuse,
                "constraints": plain(field.constraints),
                "options": plain(field.options),
                "asked_by": list(dict.fromkeys(asker.slug for asker in field.asked_by)),
                "askers": plain(field.asked_by),
            }
            for field in plan.fields.values()
        ],
        "materials": [
            {
                "key": material.key,
                "code": material.code,
                "name": material.name,
                "role": material.role,
                "instance": material.instance,
                "necessity": material.necessity,
                "form": material.form,
                "copies": material.copies,
                "conditional": material.conditional,
                "exemption": plain(material.exemption),
                "alternatives": plain(material.alternatives),
                "fallback": material.fallback,
                "supplied_by": list(material.supplied_by),
                "asked_by": list(dict.fromkeys(asker.slug for asker in material.asked_by)),
                "askers": plain(material.asked_by),
            }
            for material in plan.materials
        ],
        "consents": plain(plan.consents),
        "dependencies": plain(plan.dependencies),
        "critical_path": list(plan.critical_path),
        "working_days": plan.working_days,
        "unknown_limits": list(plan.unknown_limits),
        "figures": plan.figures.to_json(),
        "projections": {
            key: {each.code: each.key for each in program.placed} for key, program in plan.programs.items()
        },
    }
