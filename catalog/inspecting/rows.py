"""The catalog's rows as the values that ``catalog.linting.dictionaries`` reads, and its findings with the page of each row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.apps import apps
from django.urls import reverse

from catalog.linting.dictionaries import (
    CatalogFacts,
    CodeRow,
    ElementRow,
    MaterialRow,
    lint_catalog,
)
from catalog.linting.items import ItemRow, published_as_open
from catalog.models import (
    CertificateType,
    DataElement,
    Department,
    Division,
    FactSource,
    FormLine,
    ItemMaterial,
    Material,
    MatterItem,
    ServiceItem,
)
from catalog.versions.defining import value_of
from catalog.wording.findings import FindingText, in_words

_MODELS = {
    "element": "dataelement",
    "material": "material",
    "item": "serviceitem",
    "department": "department",
    "certificate_type": "certificatetype",
    "division": "division",
    "matter": "matter",
}


def lint_catalog_rows() -> list[FindingText]:
    """Return what the lints find across the catalog, each with the page of its row. Cost: about 30 queries."""
    return [
        replace(in_words(finding), link=row_address(_MODELS.get(source.kind, ""), source.pk))
        for finding in lint_catalog(read_catalog())
        for source in finding.sources[:1]
    ]


def row_address(model: str, pk: Any) -> str:
    """Return the page of a row in the console; empty where it has none."""
    return reverse(f"admin:catalog_{model}_change", args=[pk]) if model and pk is not None else ""


def read_catalog() -> CatalogFacts:
    """Return the catalog as values."""
    asked = set(FormLine.objects.values_list("element_id", flat=True))
    needed = set(ItemMaterial.objects.values_list("material_id", flat=True))
    composed = set(MatterItem.objects.values_list("item_id", flat=True))
    return CatalogFacts(
        elements=[ElementRow(e.pk, e.code, e.name, e.type, e.pk in asked) for e in DataElement.objects.all()],
        materials=[MaterialRow(m.pk, m.code, m.name, m.standard_code, m.pk in needed) for m in Material.objects.all()],
        items=[
            _item(item, item.pk in composed)
            for item in ServiceItem.objects.select_related("department").order_by("slug")
        ],
        departments=[CodeRow(d.pk, d.code, d.name, d.credit_code) for d in Department.objects.order_by("code")],
        certificate_types=[CodeRow(c.pk, c.slug, c.name, c.code) for c in CertificateType.objects.order_by("slug")],
        divisions=[
            CodeRow(d.pk, d.code, d.name, d.code, d.parent_id or "", d.level) for d in Division.objects.order_by("code")
        ],
        cited=_cited(),
        sources=frozenset(FactSource.objects.values_list("key", flat=True)),
    )


def _item(item: ServiceItem, in_matter: bool) -> ItemRow:
    return value_of(
        ItemRow,
        item,
        credit_code=item.department.credit_code,
        department=True,
        legal_basis=bool(item.legal_basis),
        visits=item.visits_together or item.visits,
        in_matter=in_matter,
        published_as_open=tuple(
            finding.params["attribute"] for finding in published_as_open(item.slug, item.facts, vars(item))
        ),
        open_facts=tuple(sorted(name for name, fact in item.facts.items() if fact.get("confidence") == "open")),
    )


def _cited() -> dict[str, str]:
    """Return every source key that is cited → one model that cites it."""
    found: dict[str, str] = {}
    for model in apps.get_app_config("catalog").get_models():
        names = {field.name for field in model._meta.get_fields()}
        if not model.__module__.startswith("catalog.models"):
            continue
        if "sources" in names:
            for sources in model._default_manager.values_list("sources", flat=True):
                found |= dict.fromkeys(sources, model._meta.model_name or "")
        if "facts" in names and model._meta.model_name != "regionalguide":
            for facts in model._default_manager.values_list("facts", flat=True):
                for fact in (facts or {}).values():
                    if isinstance(fact, dict):
                        found |= dict.fromkeys(fact.get("sources", []), model._meta.model_name or "")
    return found
