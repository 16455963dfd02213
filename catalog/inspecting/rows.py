"""The catalog's rows as the values that ``catalog.linting.dictionaries`` reads, and its findings in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from catalog.linting.dictionaries import (
    CatalogFacts,
    CatalogFinding,
    CodeRow,
    ElementRow,
    ItemRow,
    MaterialRow,
    lint_catalog,
)
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
from catalog.wording.guides import said

SENTENCES = {
    "near_duplicate_elements": _("数据元“%(declared)s”与 %(found)s 意思相同"),
    "element_unused": _("没有哪个事项的表单用到数据元“%(declared)s”"),
    "material_unused": _("没有哪个事项要“%(declared)s”"),
    "material_two_codes": _("同一种材料“%(declared)s”有几个代码：%(found)s"),
    "standard_code_reused": _("标准材料编码 %(declared)s 用在几种不同材料：%(found)s"),
    "code_malformed": _("编码 %(declared)s 的结构或校验位不对"),
    "code_repeated": _("编码 %(declared)s 用了几次：%(found)s"),
    "item_type_vs_code": _("事项类型 %(declared)s 与编码里的类型 %(found)s 不符"),
    "task_code_vs_item": _("实施编码 %(declared)s 里没有 %(found)s"),
    "division_vs_parent": _("区划代码 %(declared)s 与上级 %(found)s 或层级不符"),
    "legal_basis_missing": _("没有设定依据"),
    "limit_missing": _("承诺件没有承诺时限"),
    "promise_beyond_statute": _("承诺时限 %(declared)s 天长于法定时限 %(found)s 天"),
    "two_promises": _("同一编码的事项承诺时限不同：%(found)s"),
    "visit_reason_missing": _("要到现场 %(declared)s 次，没有写原因"),
    "source_missing": _("引用的出处“%(declared)s”不在出处表里"),
    "open_facts": _("有 %(declared)s 处待查：%(found)s"),
}
_MODELS = {
    "element": "dataelement",
    "material": "material",
    "item": "serviceitem",
    "department": "department",
    "certificate_type": "certificatetype",
    "division": "division",
    "matter": "matter",
}


@dataclass(frozen=True, slots=True)
class RowFinding:
    """A finding about the catalog's rows, in words, with the model and row of its cause."""

    code: str
    severity: str
    kind: str
    name: str
    part: str
    message: str
    declared: Any
    found: Any
    model: str
    pk: Any


def lint_catalog_rows() -> list[RowFinding]:
    """Return what the lints find across the catalog. Cost: about 30 queries."""
    return [_in_words(each) for each in lint_catalog(read_catalog())]


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
    return ItemRow(
        pk=item.pk,
        slug=item.slug,
        name=item.name,
        item_type=item.item_type,
        exercise_level=item.exercise_level,
        catalog_code=item.catalog_code,
        task_code=item.task_code,
        local_code=item.local_code,
        credit_code=item.department.credit_code,
        handling=item.handling,
        promised=item.promised_limit_days,
        statutory=item.statutory_limit_days,
        has_legal_basis=bool(item.legal_basis),
        visits=item.visits_together or item.visits,
        visit_reason=item.visit_reason,
        in_matter=in_matter,
        open_facts=tuple(sorted(name for name, fact in item.facts.items() if fact.get("confidence") == "open")),
    )


def _cited() -> dict[str, str]:
    """Return every source key that is cited → one model that cites it."""
    found: dict[str, str] = {}
    for model in apps.get_app_config("catalog").get_models():
        names = {field.name for field in model._meta.get_fields()}
        if model.__module__.startswith("catalog.models") and "sources" in names:
            for sources in model._default_manager.values_list("sources", flat=True):
                found |= dict.fromkeys(sources, model._meta.model_name or "")
        if (
            model.__module__.startswith("catalog.models")
            and "facts" in names
            and model._meta.model_name != "regionalguide"
        ):
            for facts in model._default_manager.values_list("facts", flat=True):
                for fact in (facts or {}).values():
                    if isinstance(fact, dict):
                        found |= dict.fromkeys(fact.get("sources", []), model._meta.model_name or "")
    return found


def _in_words(each: CatalogFinding) -> RowFinding:
    found = {f"{name} {limit}" for name, limit in each.found.items()} if isinstance(each.found, dict) else each.found
    params = {"declared": said(each.declared), "found": said(sorted(found) if isinstance(found, set) else found)}
    message = str(SENTENCES[each.code]) % params
    return RowFinding(
        each.code,
        each.severity,
        each.kind,
        each.name,
        each.part,
        message,
        each.declared,
        each.found,
        _MODELS.get(each.kind, ""),
        each.pk,
    )
