"""Service items with their parts as a package's files write them: the way back of ``item_rows``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from catalog.models import FormLine, ItemMaterial, ItemOutput, ItemResult, ServiceItem
from catalog.packages.records.dictionary import source, written_options
from catalog.packages.rows.item import LISTS, PLAIN, TABLES
from catalog.packages.schema import ITEM


def item_records(items: QuerySet[ServiceItem]) -> list[tuple[str, dict[str, Any]]]:
    """Return (package, record) of each item, by slug. Cost: about twelve queries, however many items."""
    rows = items.select_related("department").prefetch_related(
        "lines__element",
        "materials__material",
        "materials__exemptions",
        "outputs",
        "results__certificate_type",
        "consents",
        "cross_rules",
        "review_points",
        "faqs",
    )
    return [(row.package, _item(row)) for row in rows.order_by("slug")]


def written_facts(facts: dict[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Return the sources of a definition's attributes in the order of the attributes."""
    order = {key: place for place, key in enumerate(keys)}
    return {name: facts[name] for name in sorted(facts, key=lambda name: (order.get(name, len(order)), name))}


def questions_and_answers(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Return frequent questions as records."""
    return [{"question": row.question, "answer": row.answer, **source(row)} for row in rows]


def _item(row: ServiceItem) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in (*PLAIN, *LISTS, *TABLES)},
        "department": row.department.code,
        "facts": written_facts(row.facts, ITEM.fields),
        "lines": [_line(line) for line in row.lines.all()],
        "materials": [_need(need) for need in row.materials.all()],
        "outputs": [_output(output) for output in row.outputs.all()],
        "results": [_result(result) for result in row.results.all()],
        "consents": [
            {"code": each.code, "text": each.text, "required": each.required, **source(each)}
            for each in row.consents.all()
        ],
        "cross_rules": [
            {
                "code": each.code,
                "violated": each.violated,
                "message": each.message,
                "fields": each.fields,
                **source(each),
            }
            for each in row.cross_rules.all()
        ],
        "review_points": [{"code": each.code, "text": each.text, **source(each)} for each in row.review_points.all()],
        "faqs": questions_and_answers(row.faqs.all()),
    }


def _line(row: FormLine) -> dict[str, Any]:
    return {
        "code": row.code,
        "role": row.role,
        "element": row.element.code,
        "label": row.label,
        "required": row.required,
        "required_when": row.required_when,
        "condition": row.condition,
        "section": row.section,
        "reuse": row.reuse,
        "constraints": row.constraints,
        "help": row.help,
        "reason": row.reason,
        **source(row),
    }


def _need(row: ItemMaterial) -> dict[str, Any]:
    return {
        "material": row.material.code,
        "role": row.role,
        "necessity": row.necessity,
        "condition": row.condition,
        "form": row.form,
        "copies": row.copies,
        "exemptions": [
            {"kind": each.kind, "reference": each.reference, **source(each)} for each in row.exemptions.all()
        ],
        "excludes": row.excludes,
        "reason": row.reason,
        **source(row),
    }


def _output(row: ItemOutput) -> dict[str, Any]:
    return {
        "code": row.code,
        "label": row.label,
        "type": row.type,
        "options": written_options(row.options),
        "constraints": row.constraints,
        "required": row.required,
        "feeds": row.feeds,
        **source(row),
    }


def _result(row: ItemResult) -> dict[str, Any]:
    order = {part.get("code"): place for place, part in enumerate(row.certificate_type.face)}
    codes = sorted(row.face, key=lambda code: (order.get(code, len(order)), code))
    return {
        "certificate_type": row.certificate_type.slug,
        "holder": row.holder,
        "face": {code: row.face[code] for code in codes},
        **source(row),
    }
