"""Where on the catalog manager's pages a finding can be mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.urls import reverse
from django.utils.http import urlencode

from catalog.models import Matter, ServiceItem
from catalog.wording.findings import FindingText

_IN_MATTER = {"question": "guidequestion", "section": "mattersection", "role": "matterrole"}
_SECTIONS = {"questions": "questions", "declared": "declared_figures"}
_OF_USE = frozenset({"condition", "group", "after", "per", "roles", "optional", "item"})
_IN_ITEM = {
    "material": "itemmaterial",
    "output": "itemoutput",
    "result": "itemresult",
    "consent": "itemconsent",
    "rule": "crossrule",
    "cross_rule": "crossrule",
    "review_point": "reviewpoint",
}


def linked(
    findings: Iterable[FindingText],
    definition: Matter | ServiceItem,
    items: Mapping[str, tuple[int, str]] | None = None,
) -> list[FindingText]:
    """Return what the lints found as pages show it: by the item's name, with the page that mends it. ``items`` of a matter: as of
    `named_items`, else asked for.
    """
    if isinstance(definition, ServiceItem):
        link = reverse("admin:catalog_serviceitem_change", args=[definition.pk])
        names = {definition.slug: definition.short_name or definition.name}
        shown = [replace(each, name=names.get(each.name, each.name), link=link) for each in findings]
    else:
        items = named_items(definition) if items is None else items
        shown = [
            replace(
                each,
                name=items[each.name][1] if each.name in items else each.name,
                link=_cause_address(each, definition, items),
            )
            for each in findings
        ]
    return list({(each.name, each.sentence, each.link): each for each in shown}.values())  # a missing role is one fault


def named_items(matter: Matter) -> dict[str, tuple[int, str]]:
    """Return slug → (pk, name) of the items of a matter. Cost: one query."""
    rows = ServiceItem.objects.filter(matter_items__matter=matter).values_list("slug", "pk", "short_name", "name")
    return {slug: (pk, short_name or name) for slug, pk, short_name, name in rows}


def _cause_address(finding: FindingText, matter: Matter, items: Mapping[str, tuple[int, str]]) -> str:
    kind, _colon, name = finding.part.partition(":")
    # An item is written for roles of its own; which of them there are is said by the matter.
    if section := {"empty": "items", "role": "roles"}.get(finding.variant):
        return f"{reverse('admin:catalog_matter_change', args=[matter.pk])}#{section}"
    if finding.name not in items:
        return _of_matter(kind, name, matter)
    if kind in _OF_USE:
        return f"{reverse('admin:catalog_matter_change', args=[matter.pk])}#matteritem-{finding.name}"
    page = reverse("admin:catalog_serviceitem_change", args=[items[finding.name][0]])
    if kind in _IN_ITEM:
        return f"{page}#{_IN_ITEM[kind]}-{name}"
    is_own = kind in {field.name for field in ServiceItem._meta.concrete_fields}
    return f"{page}#id_{kind}" if is_own else f"{page}#formline-{finding.part}"


def _of_matter(kind: str, name: str, matter: Matter) -> str:
    if kind == "material":
        return f"{reverse('admin:catalog_material_changelist')}?{urlencode({'q': name})}"
    if "." in kind:
        return f"{reverse('admin:catalog_dataelement_changelist')}?{urlencode({'q': kind})}"
    anchor = f"{_IN_MATTER[kind]}-{name}" if kind in _IN_MATTER else _SECTIONS.get(kind, "items")
    return f"{reverse('admin:catalog_matter_change', args=[matter.pk])}#{anchor}"
