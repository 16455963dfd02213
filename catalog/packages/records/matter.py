"""Matters with their parts as a package's files write them: the way back of ``matter_rows``."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from catalog.models import GuideQuestion, Matter, MatterItem
from catalog.packages.records.dictionary import source
from catalog.packages.records.item import questions_and_answers, written_facts
from catalog.packages.schema import MATTER, SCHEMA


def matter_records(matters: QuerySet[Matter]) -> dict[str, dict[str, Any]]:
    """Return slug → record. Cost: about ten queries, however many matters."""
    rows = matters.select_related("lead_department").prefetch_related(
        "roles",
        "sections",
        "questions__options",
        "items__item",
        "items__after__prerequisite__item",
        "declared_figures",
        "faqs",
    )
    return {row.slug: _matter(row) for row in rows.order_by("slug")}


def _matter(row: Matter) -> dict[str, Any]:
    roles = {role.key: place for place, role in enumerate(row.roles.all())}
    return {
        "schema": SCHEMA,
        "slug": row.slug,
        "name": row.name,
        "subject": row.subject,
        "stage": row.stage,
        "theme": row.theme,
        "standing": row.standing,
        "lead_department": row.lead_department.code if row.lead_department else "",
        "division": row.division_id or "",
        "position": row.position,
        "summary": row.summary,
        "conditions": row.conditions,
        "facts": written_facts(row.facts, MATTER.fields),
        "roles": [
            {
                "key": role.key,
                "label": role.label,
                "is_applicant": role.is_applicant,
                "count": role.count,
                "maximum": role.maximum,
                **source(role),
            }
            for role in row.roles.all()
        ],
        "sections": [
            {"key": section.key, "label": section.label, "help": section.help, **source(section)}
            for section in row.sections.all()
        ],
        "questions": [_question(question) for question in row.questions.all()],
        "items": [_entry(entry) for entry in row.items.all()],
        "labels": _by_role(row.labels, roles),
        "placement": _by_role(row.placement, roles),
        "declared_figures": [
            {"place": each.place, "metric": each.metric, "before": each.before, "after": each.after, **source(each)}
            for each in row.declared_figures.all()
        ],
        "faqs": questions_and_answers(row.faqs.all()),
    }


def _by_role(names: dict[str, str], roles: dict[str, int]) -> dict[str, str]:
    """Return a map from field keys in the order of the matter's roles."""
    return {
        key: names[key] for key in sorted(names, key=lambda key: (roles.get(key.partition(":")[0], len(roles)), key))
    }


def _question(row: GuideQuestion) -> dict[str, Any]:
    return {
        "key": row.key,
        "text": row.text,
        "help": row.help,
        "options": [
            {
                "value": option.value,
                "label": option.label,
                "note": option.note,
                "stops": option.stops,
                "condition": option.condition,
                **source(option),
            }
            for option in row.options.all()
        ],
        "condition": row.condition,
        "multiple": row.multiple,
        "required": row.required,
        "minimum": row.minimum,
        "maximum": row.maximum,
        **source(row),
    }


def _entry(row: MatterItem) -> dict[str, Any]:
    return {
        "item": row.item.slug,
        "condition": row.condition,
        "optional": row.optional,
        "group": row.group,
        "per": row.per,
        "roles": dict(sorted(row.roles.items())),
        "reason": row.reason,
        "after": [
            {"item": each.prerequisite.item.slug, "kind": each.kind, "what": each.what, **source(each)}
            for each in row.after.all()
        ],
        **source(row),
    }
