"""What the forms of one page choose from: fetched when first needed, and once only."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from catalog.composing.feeding import feeds_of
from catalog.composing.vocabulary import item_vocabulary, matter_vocabulary
from catalog.models import (
    CertificateType,
    DataElement,
    Department,
    FactSource,
    ItemMaterial,
    ItemOutput,
    ItemResult,
    Material,
    Matter,
    MatterItem,
    MatterRole,
    MatterSection,
    ServiceItem,
)
from catalog.wording.conditions import Vocabulary


class FormContext:
    """The dictionaries and names at hand while one matter, or one item, is edited. Each costs one query, when it is needed."""

    def __init__(self, matter: Matter | None = None, item: ServiceItem | None = None) -> None:
        self.matter = matter if matter is not None and matter.pk else None
        self.item = item if item is not None and item.pk else None
        self.drawn: dict[type, str] = {}  # kinds of rows whose template stands on the page already

    @cached_property
    def vocabulary(self) -> Vocabulary:
        if self.matter is not None:
            return matter_vocabulary(self.matter)
        return item_vocabulary(self.item) if self.item is not None else Vocabulary()

    @cached_property
    def elements(self) -> dict[str, DataElement]:
        return {row.code: row for row in DataElement.objects.all()}

    @cached_property
    def materials(self) -> dict[str, Material]:
        return {row.code: row for row in Material.objects.all()}

    @cached_property
    def sources(self) -> dict[str, str]:
        """Return key → citation."""
        return dict(FactSource.objects.values_list("key", "citation"))

    @cached_property
    def departments(self) -> dict[str, Department]:
        return {row.code: row for row in Department.objects.order_by("pk")}

    @cached_property
    def certificate_types(self) -> dict[str, CertificateType]:
        return {row.slug: row for row in CertificateType.objects.all()}

    @cached_property
    def items(self) -> dict[str, ServiceItem]:
        """Return every service item by code, with its department: names only."""
        rows = ServiceItem.objects.select_related("department").only(
            "slug", "name", "short_name", "department__name", "department__short_name"
        )
        return {row.slug: row for row in rows}

    @cached_property
    def matter_items(self) -> list[MatterItem]:
        if self.matter is None:
            return []
        rows = MatterItem.objects.filter(matter=self.matter).select_related("item")
        return list(rows.only("matter", "position", "item__slug", "item__name", "item__short_name"))

    @cached_property
    def own_items(self) -> dict[str, MatterItem]:
        """Return the matter's own items by the code of their service item."""
        return {row.item.slug: row for row in self.matter_items}

    @cached_property
    def roles(self) -> dict[str, str]:
        """Return the roles of the matter, or of all matters the item is part of: key → label."""
        return dict(reversed(self._labels_of(MatterRole)))

    @cached_property
    def sections(self) -> dict[str, str]:
        """Return the sections of the matter, or of all matters the item is part of: key → label."""
        return dict(self._labels_of(MatterSection))

    def _labels_of(self, model: type[MatterRole | MatterSection]) -> list[tuple[str, str]]:
        rows = model._default_manager.all()
        if self.matter is not None:
            rows = rows.filter(matter=self.matter)
        elif self.item is not None:
            rows = rows.filter(matter__items__item=self.item)
        return list(rows.order_by("position", "pk").values_list("key", "label"))

    @cached_property
    def field_names(self) -> dict[str, str]:
        """Return the fields of the item's own form: ``role:element`` → label."""
        return {name: each.label for name, each in self.vocabulary.subjects.items() if ":" in name}

    @cached_property
    def papers(self) -> dict[str, str]:
        """Return the papers that the item asks for: code → name."""
        asked = ItemMaterial.objects.filter(item=self.item)
        return dict(asked.values_list("material__code", "material__name")) if self.item else {}

    @cached_property
    def outputs(self) -> dict[str, str]:
        """Return what the item's department decides: code → label."""
        return dict(ItemOutput.objects.filter(item=self.item).values_list("code", "label")) if self.item else {}

    @cached_property
    def feeds(self) -> dict[str, list[str]]:
        """Return item's slug → what its result gives to the matter's other items, in sentences."""
        return feeds_of(self.matter) if self.matter is not None else {}

    @cached_property
    def groups(self) -> list[str]:
        """Return the exactly-one-of groups of the matter."""
        used = MatterItem.objects.filter(matter=self.matter).exclude(group="").order_by("group")
        return list(used.values_list("group", flat=True).distinct()) if self.matter else []

    @cached_property
    def neighbours(self) -> dict[str, str]:
        """Return the other items of the matters that the item is part of: what a paper may come from."""
        used = ServiceItem.objects.filter(matter_items__matter__items__item=self.item).order_by("slug").distinct()
        return dict(used.values_list("slug", "name")) if self.item else {}

    @cached_property
    def faces(self) -> dict[str, str]:
        """Return what is on the certificates that the item grants: face code → label."""
        granted = CertificateType.objects.filter(
            pk__in=ItemResult.objects.filter(item=self.item).values("certificate_type")
        )
        return {part["code"]: part["label"] for row in granted for part in row.face} if self.item else {}

    @cached_property
    def attributes(self) -> dict[str, str]:
        """Return the attributes of the definition itself: name → what it is called."""
        model = ServiceItem if self.item is not None else Matter
        return {field.name: str(field.verbose_name) for field in model._meta.concrete_fields}

    def choices(self, kind: str) -> list[tuple[str, str]]:
        """Return (code, name) of everything of a kind, for lists of suggestions."""
        named: dict[str, Any] = getattr(self, kind)
        return [(code, name_of(each)) for code, each in named.items()]


def name_of(row: Any) -> str:
    """Return what a row of the dictionaries is called."""
    if isinstance(row, str):
        return row
    return str(row.item.name if isinstance(row, MatterItem) else row.name)
