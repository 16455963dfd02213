"""The rows of a folder's service items and their parts, as the package writes them."""

from __future__ import annotations

from typing import Any

from catalog.models import (
    CertificateType,
    CrossRule,
    DataElement,
    FormLine,
    FrequentQuestion,
    ItemConsent,
    ItemMaterial,
    ItemOutput,
    ItemResult,
    Material,
    MaterialExemption,
    ReviewPoint,
    ServiceItem,
)
from catalog.packages.format.specs import Record
from catalog.packages.package import Folder
from catalog.packages.rows.dictionary import department_ids, options, sourced
from catalog.packages.rows.syncing import Tally, sync

# Columns of an item that are written as they stand in the file.
PLAIN = (
    "slug",
    "name",
    "short_name",
    "catalog_code",
    "task_code",
    "local_code",
    "item_type",
    "exercise_level",
    "standing",
    "theme",
    "handling",
    "statutory_limit_days",
    "promised_limit_days",
    "limit_unit",
    "limit_note",
    "visits",
    "visits_together",
    "steps",
    "visit_reason",
    "cross_region",
    "result_note",
    "consulting",
    "complaints",
    "remark",
)
LISTS = ("subjects", "conditions", "flow", "online_depth", "locked")
TABLES = ("legal_basis", "fees", "special_procedures", "places")


def sync_items(folder: Folder, tally: Tally) -> None:
    """Write the folder's items with all their parts. Cost: about twenty queries, however many items."""
    if not folder.items:
        return
    departments = department_ids()
    slugs = [record["slug"] for record in folder.items]
    wanted = [_item(folder, record, departments) for record in folder.items]
    sync(ServiceItem.objects.filter(slug__in=slugs), wanted, ("slug",), tally)
    ids = dict(ServiceItem.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    elements = dict(DataElement.objects.values_list("code", "pk"))
    certificate_types = dict(CertificateType.objects.values_list("slug", "pk"))
    parts: list[tuple[type[Any], str, tuple[str, ...], Any]] = [
        (FormLine, "lines", ("item_id", "code"), lambda part: _line(part, elements)),
        (ItemOutput, "outputs", ("item_id", "code"), _output),
        (ItemResult, "results", ("item_id", "certificate_type_id"), lambda part: _result(part, certificate_types)),
        (ItemConsent, "consents", ("item_id", "code"), _consent),
        (CrossRule, "cross_rules", ("item_id", "code"), _cross_rule),
        (ReviewPoint, "review_points", ("item_id", "code"), lambda part: {"code": part["code"], "text": part["text"]}),
        (FrequentQuestion, "faqs", ("item_id", "question"), question_and_answer),
    ]
    for model, kind, key, columns in parts:
        rows = [
            {"item_id": ids[record["slug"]], "position": position, **columns(part), **sourced(part)}
            for record in folder.items
            for position, part in enumerate(record[kind])
        ]
        sync(model._default_manager.filter(item_id__in=ids.values()), rows, key, tally, replace=model is FormLine)
    _sync_needs(folder, ids, tally)


def question_and_answer(part: Record) -> dict[str, Any]:
    """Return a frequent question's columns."""
    return {"question": part["question"], "answer": part["answer"]}


def facts(record: Record) -> dict[str, Any]:
    """Return where a definition's own attributes come from: attribute → ``{sources, confidence, note}``."""
    return {name: {**sourced(fact), "note": fact["note"]} for name, fact in record["facts"].items()}


def _sync_needs(folder: Folder, ids: dict[str, int], tally: Tally) -> None:
    materials = dict(Material.objects.values_list("code", "pk"))
    wanted = [
        {
            "item_id": ids[record["slug"]],
            "material_id": materials[need["material"]],
            "role": need["role"],
            "position": position,
            "necessity": need["necessity"],
            "condition": need["condition"],
            "form": need["form"],
            "copies": need["copies"],
            "excludes": list(need["excludes"]),
            "reason": need["reason"],
            **sourced(need),
        }
        for record in folder.items
        for position, need in enumerate(record["materials"])
    ]
    needs = ItemMaterial.objects.filter(item_id__in=ids.values())
    kept = sync(needs, wanted, ("item_id", "material_id", "role"), tally)
    exemptions = [
        {
            "need_id": kept[ids[record["slug"]], materials[need["material"]], need["role"]].pk,
            "position": position,
            "kind": exemption["kind"],
            "reference": exemption["reference"],
            **sourced(exemption),
        }
        for record in folder.items
        for need in record["materials"]
        for position, exemption in enumerate(need["exemptions"])
    ]
    rows = MaterialExemption.objects.filter(need__item_id__in=ids.values())
    sync(rows, exemptions, ("need_id", "kind", "reference"), tally)


def _item(folder: Folder, record: Record, departments: dict[str, int]) -> dict[str, Any]:
    return {
        "package": folder.slug,
        "department_id": departments[record["department"]],
        "facts": facts(record),
        **{name: record[name] for name in PLAIN},
        **{name: list(record[name]) for name in LISTS},
        **{name: [dict(entry) for entry in record[name]] for name in TABLES},
    }


def _line(part: Record, elements: dict[str, int]) -> dict[str, Any]:
    return {
        "code": part["code"],
        "role": part["role"],
        "element_id": elements[part["element"]],
        "label": part["label"],
        "required": part["required"],
        "required_when": part["required_when"],
        "condition": part["condition"],
        "section": part["section"],
        "reuse": part["reuse"],
        "constraints": part["constraints"],
        "help": part["help"],
        "reason": part["reason"],
    }


def _output(part: Record) -> dict[str, Any]:
    return {
        "code": part["code"],
        "label": part["label"],
        "type": part["type"],
        "options": options(part),
        "constraints": part["constraints"],
        "required": part["required"],
        "feeds": part["feeds"],
    }


def _result(part: Record, certificate_types: dict[str, int]) -> dict[str, Any]:
    return {
        "certificate_type_id": certificate_types[part["certificate_type"]],
        "holder": part["holder"],
        "face": dict(part["face"]),
    }


def _consent(part: Record) -> dict[str, Any]:
    return {"code": part["code"], "text": part["text"], "required": part["required"]}


def _cross_rule(part: Record) -> dict[str, Any]:
    return {
        "code": part["code"],
        "violated": part["violated"],
        "message": part["message"],
        "fields": list(part["fields"]),
    }
