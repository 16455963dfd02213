"""Versions of service items: what publishing freezes of one item, and the version that is current.

The content is JSON: ``definition`` (`catalog.definitions.ItemDefinition`: form, papers, results with their types …), ``guide`` (every element of the implementation list as
the item's columns hold it, and ``faqs``), ``elements`` and ``materials`` (what of the dictionaries it speaks of), ``departments`` (who does it), ``names``
(kind, reference and name of the offices and types of certificate that stand in for papers; not in versions of before).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import translation

from catalog.definitions import ItemDefinition, MaterialDefinition
from catalog.definitions.codec import from_json, to_json
from catalog.definitions.hashing import content_hash
from catalog.models import CertificateType, Department, ItemVersion, MaterialExemption, ServiceItem, prefetches
from catalog.versions.defining import element_definition, item_definition, material_definition
from portal.accounts.models import User

SCHEMA = 1
# Columns that are no part of what an item is: where its row lives, and which version is current.
_NOT_CONTENT = frozenset({"id", "package", "current_version", "department"})
_GUIDE = tuple(each for each in ServiceItem._meta.concrete_fields if each.name not in _NOT_CONTENT)


def content_of(item: ServiceItem) -> dict[str, Any]:
    """Return what publishing an item would freeze, the same whatever the active language. Cost: about ten queries."""
    (whole,) = _with_parts(ServiceItem.objects.filter(pk=item.pk))
    return _content(whole, _names([whole]))


@transaction.atomic
def publish_items(items: Iterable[ServiceItem] | QuerySet[ServiceItem], by: User | None = None) -> list[ItemVersion]:
    """Freeze the present content of items whose content is not their current version's; return the versions that became current.

    Content that was published before becomes current again. Cost: about fifteen queries, however many items.
    """
    ids = [item.pk for item in items]
    whole = list(_with_parts(ServiceItem.objects.filter(pk__in=ids)))
    names = _names(whole)
    contents = {item.pk: _content(item, names) for item in whole}
    hashes = {pk: content_hash(content) for pk, content in contents.items()}
    versions = ItemVersion.objects.filter(item__in=ids)
    held = {(each.item_id, each.content_hash): each for each in versions.defer("content")}
    last = dict(versions.order_by().values_list("item").annotate(Max("number")))
    fresh = [
        ItemVersion(item=item, number=last.get(item.pk, 0) + 1, content=contents[item.pk], content_hash=hashes[item.pk])
        for item in whole
        if (item.pk, hashes[item.pk]) not in held
    ]
    for version in fresh:
        version.published_by = by
        held[version.item_id, version.content_hash] = version
    ItemVersion.objects.bulk_create(fresh, batch_size=200)
    moved = []
    for item in whole:
        version = held[item.pk, hashes[item.pk]]
        if item.current_version_id != version.pk:
            item.current_version = version
            moved.append(item)
    ServiceItem.objects.bulk_update(moved, ["current_version"], batch_size=500)
    return [held[item.pk, hashes[item.pk]] for item in moved]


@dataclass(frozen=True)
class PublishedItem:
    """A service item as it was published. ``row``: its attributes, on an object that is never saved, its department's with them.

    ``definition``: form, papers and results. ``materials``: code → the paper it speaks of. ``faqs``: question and answer.
    ``names``: (kind, reference) → name of what stands in for a paper.
    """

    row: ServiceItem
    definition: ItemDefinition
    materials: Mapping[str, MaterialDefinition]
    faqs: tuple[tuple[str, str], ...]
    division: str
    names: dict[tuple[str, str], str]

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> PublishedItem:
        """Read the content of ``ItemVersion.content``."""
        guide = dict(content["guide"])
        faqs = tuple((faq["question"], faq["answer"]) for faq in guide.pop("faqs"))
        ((code, department),) = content["departments"].items()
        told = {"name": department["name"], "short_name": department["short_name"], "phone": department["phone"]}
        columns = {each.attname for each in _GUIDE}
        return cls(
            row=ServiceItem(
                department=Department(code=code, **told),
                **{name: value for name, value in guide.items() if name in columns},
            ),
            definition=from_json(ItemDefinition, content["definition"]),
            materials={key: from_json(MaterialDefinition, value) for key, value in content["materials"].items()},
            faqs=faqs,
            division=department["division"],
            names={(kind, reference): name for kind, reference, name in content.get("names", ())},
        )


# A version never changes: each is read once in a process. Some hundred items, a few kilobytes each.
_read: dict[int, PublishedItem] = {}


def published_items(*slugs: str) -> dict[str, PublishedItem]:
    """Return slug → item as published, those in use (of these ``slugs``, or all). Cost: one query, one more where some were not read yet."""
    rows = ServiceItem.objects.filter(current_version__isnull=False)
    current = dict((rows.filter(slug__in=slugs) if slugs else rows).values_list("slug", "current_version"))
    if missing := set(current.values()) - _read.keys():
        for pk, content in ItemVersion.objects.filter(pk__in=missing).values_list("pk", "content"):
            _read[pk] = PublishedItem.read(content)
    found = ((slug, _read[version]) for slug, version in current.items())
    return {slug: item for slug, item in found if item.row.status != ServiceItem.Status.CANCELLED}


def freeze_item(item: ServiceItem, content: dict[str, Any], by: User | None) -> ItemVersion:
    """Make a content the current version of an item, as the next number or as the version that it already is.

    The caller holds the lock on the item's row.
    """
    versions, digest = ItemVersion.objects.filter(item=item), content_hash(content)
    version = versions.defer("content").filter(content_hash=digest).first()
    if version is None:
        number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
        version = ItemVersion.objects.create(
            item=item, number=number, content=content, content_hash=digest, published_by=by
        )
    if item.current_version_id != version.pk:
        item.current_version = version
        item.save(update_fields=["current_version"])
    return version


def _names(items: Iterable[ServiceItem]) -> dict[tuple[str, str], str]:
    """Return (kind, reference) → name of the offices and types of certificate that stand in for papers. Cost: two queries at most."""
    wanted: dict[str, set[str]] = {}
    for way in (way for item in items for need in item.materials.all() for way in need.exemptions.all()):
        wanted.setdefault(way.kind, set()).add(way.reference)
    sources: tuple[tuple[str, QuerySet[Any], str], ...] = (
        (MaterialExemption.Kind.CERTIFICATE, CertificateType.objects.all(), "slug"),
        (MaterialExemption.Kind.SHARED_DATA, Department.objects.all(), "code"),
    )
    found: dict[tuple[str, str], str] = {}
    for kind, rows, column in sources:
        if references := wanted.get(kind):
            named = rows.filter(**{f"{column}__in": references}).values_list(column, "name")
            found |= {(str(kind), code): name for code, name in named}
    return found


def _content(item: ServiceItem, names: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    with translation.override("zh-hans"):
        elements = {line.element.code: line.element for line in item.lines.all()}
        papers = {need.material.code: need.material for need in item.materials.all()}
        department = item.department
        return {
            "schema": SCHEMA,
            "definition": to_json(item_definition(item)),
            "guide": {
                **{each.name: each.value_from_object(item) for each in _GUIDE},
                "faqs": [{"question": row.question, "answer": row.answer} for row in item.faqs.all()],
            },
            "elements": {code: to_json(element_definition(elements[code])) for code in sorted(elements)},
            "materials": {code: to_json(material_definition(papers[code])) for code in sorted(papers)},
            "departments": {
                department.code: {
                    "name": department.name,
                    "short_name": department.short_name,
                    "phone": department.phone,
                    "division": department.division.name if department.division else "",
                }
            },
            "names": [
                [kind, reference, names[kind, reference]]
                for kind, reference in sorted(
                    {(way.kind, way.reference) for need in item.materials.all() for way in need.exemptions.all()}
                )
                if (kind, reference) in names
            ],
        }


def _with_parts(items: QuerySet[ServiceItem]) -> QuerySet[ServiceItem]:
    return items.select_related("department__division").prefetch_related(*prefetches(ServiceItem))
