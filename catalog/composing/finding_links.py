"""Where on the catalog manager's pages a finding can be mended."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse
from django.utils.http import urlencode

from catalog.models import Matter, ServiceItem
from catalog.wording.findings import Obstacle

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
}


def cause_address(obstacle: Obstacle, matter: Matter, items: dict[str, int]) -> str:
    """Return the address of what an obstacle is about. ``items``: slug → pk of the matter's service items."""
    kind, _colon, name = obstacle.part.partition(":")
    if obstacle.about == "empty":
        return f"{reverse('admin:catalog_matter_change', args=[matter.pk])}#items"
    if (
        obstacle.about == "role"
    ):  # an item is written for roles of its own; which of them there are is said by the matter
        return f"{reverse('admin:catalog_matter_change', args=[matter.pk])}#roles"
    if not obstacle.item or obstacle.item not in items:
        return _of_matter(kind, name, matter)
    if kind in _OF_USE:
        return f"{reverse('admin:catalog_matter_change', args=[matter.pk])}#matteritem-{obstacle.item}"
    page = reverse("admin:catalog_serviceitem_change", args=[items[obstacle.item]])
    if kind in _IN_ITEM:
        return f"{page}#{_IN_ITEM[kind]}-{name}"
    return f"{page}#id_{kind}" if kind in attributes() else f"{page}#formline-{obstacle.part}"


def _of_matter(kind: str, name: str, matter: Matter) -> str:
    if kind == "material":
        return f"{reverse('admin:catalog_material_changelist')}?{urlencode({'q': name})}"
    if "." in kind:
        return f"{reverse('admin:catalog_dataelement_changelist')}?{urlencode({'q': kind})}"
    anchor = f"{_IN_MATTER[kind]}-{name}" if kind in _IN_MATTER else _SECTIONS.get(kind, "items")
    return f"{reverse('admin:catalog_matter_change', args=[matter.pk])}#{anchor}"


def attributes() -> Collection[str]:
    """Return the names of a service item's own attributes."""
    return {field.name for field in ServiceItem._meta.concrete_fields}
