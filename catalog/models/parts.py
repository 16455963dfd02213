"""The parts of a definition, each kind once: files, pages, history, locking and prefetches are built from this table.

A new kind of part is its model, an entry here, and its table under the name of its relation in the schema of package files
(``catalog.packages.schema``). Its migration has the history watch the new table (``docs/publishing.md``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model, Prefetch, QuerySet

from catalog.models.certificate_types import CertificateType
from catalog.models.departments import Department, Division
from catalog.models.dictionary import DataElement, Material
from catalog.models.item_parts import (
    CrossRule,
    FormLine,
    ItemConsent,
    ItemMaterial,
    ItemOutput,
    ItemResult,
    MaterialExemption,
    ReviewPoint,
)
from catalog.models.items import ServiceItem
from catalog.models.matter_parts import (
    DeclaredFigure,
    FrequentQuestion,
    GuideOption,
    GuideQuestion,
    MatterDependency,
    MatterItem,
    MatterRole,
    MatterSection,
)

# What files call the rows that others refer to: a path of attributes. Of a matter's items, within their matter.
NATURAL_KEYS: Final[dict[Any, str]] = {
    Division: "code",
    Department: "code",
    DataElement: "code",
    Material: "code",
    CertificateType: "slug",
    ServiceItem: "slug",
    MatterItem: "item__slug",
}


@dataclass(frozen=True, slots=True)
class PartKind:
    """A kind of part. ``owner``: the foreign key to what it belongs to; ``key``: the fields that tell it from its siblings.

    ``has_card_id``: whether the first field of the key names its card on the page; otherwise only its section can be linked to.
    """

    model: type[Model]
    owner: str
    key: tuple[str, ...]
    has_card_id: bool = True

    @property
    def name(self) -> str:
        """Return the name of the relation, of the list in files and of the section on the page."""
        return str(self._field(self.owner).remote_field.related_name)

    @property
    def owner_model(self) -> Any:
        return self._field(self.owner).related_model

    @property
    def path(self) -> str:
        """Return the path of foreign keys that leads to the definition: ``item``, ``question__matter``."""
        above = part_of(self.owner_model)
        return f"{self.owner}__{above.path}" if above else self.owner

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of the key together with that of the owner."""
        return tuple(str(self._field(name).attname) for name in (self.owner, *self.key))

    @property
    def joined(self) -> list[str]:
        """Return the paths to what names a row, for ``select_related``."""
        above = part_of(self.owner_model)
        owners = [self.owner, *(f"{self.owner}__{path}" for path in above.joined)] if above else []
        return [*references(self.model), *owners]

    def anchor(self, row: Any) -> str:
        """Return the id on the definition's page of the card that shows a row, or else of the section."""
        if above := part_of(self.owner_model):
            return above.anchor(getattr(row, self.owner))
        if not self.has_card_id:
            return self.name
        named = getattr(row, self.key[0])
        return f"{self.model._meta.model_name}-{natural_key(named) if isinstance(named, Model) else named}"

    def _field(self, name: str) -> Any:
        return self.model._meta.get_field(name)


PARTS: Final[tuple[PartKind, ...]] = (
    PartKind(MatterRole, "matter", ("key",)),
    PartKind(MatterSection, "matter", ("key",)),
    PartKind(GuideQuestion, "matter", ("key",)),
    PartKind(GuideOption, "question", ("value",)),
    PartKind(MatterItem, "matter", ("item",)),
    PartKind(MatterDependency, "matter_item", ("prerequisite",)),
    PartKind(DeclaredFigure, "matter", ("place", "metric"), has_card_id=False),
    PartKind(FrequentQuestion, "matter", ("question",), has_card_id=False),
    PartKind(FormLine, "item", ("code",)),
    PartKind(ItemMaterial, "item", ("material", "role")),
    PartKind(MaterialExemption, "need", ("kind", "reference")),
    PartKind(ItemOutput, "item", ("code",)),
    PartKind(ItemResult, "item", ("certificate_type",)),
    PartKind(ItemConsent, "item", ("code",)),
    PartKind(CrossRule, "item", ("code",)),
    PartKind(ReviewPoint, "item", ("code",)),
    PartKind(FrequentQuestion, "item", ("question",), has_card_id=False),
)


def parts_of(model: type[Model]) -> list[PartKind]:
    """Return the parts that belong to a definition, or to a part, directly."""
    return [part for part in PARTS if part.owner_model is model]


def all_parts_of(model: type[Model]) -> Iterator[PartKind]:
    """Yield the parts of a definition, each followed by its own."""
    for part in parts_of(model):
        yield part
        yield from all_parts_of(part.model)


def part_of(model: type[Model], owner: type[Model] | None = None) -> PartKind | None:
    """Return the part that a model is (of an ``owner``, where it may have several), None for anything else."""
    return next((part for part in PARTS if part.model is model and owner in (None, part.owner_model)), None)


def natural_key(row: Model) -> Any:
    """Return what files call a row that others refer to."""
    value: Any = row
    for name in NATURAL_KEYS[type(row)].split("__"):
        value = getattr(value, name)
    return value


def references(model: type[Model]) -> list[str]:
    """Return the paths to the rows that a row refers to by name, for ``select_related``; not those to what it is a part of."""
    owners = {part.owner for part in PARTS if part.model is model}
    found = []
    for field in model._meta.concrete_fields:
        target: Any = field.related_model
        if field.name not in owners and target in NATURAL_KEYS and NATURAL_KEYS[target] != target._meta.pk.name:
            found.append(f"{field.name}__{NATURAL_KEYS[target]}".rpartition("__")[0])
    return found


def rows_of(part: PartKind) -> QuerySet[Any]:
    """Return all rows of a part with what they refer to and with their own parts."""
    rows = part.model._default_manager.select_related(*references(part.model))
    return rows.prefetch_related(*prefetches(part.model))


def prefetches(model: type[Model], prefix: str = "") -> list[Any]:
    """Return what fetches all parts of a model's rows. Cost: one query for each kind of part. ``prefix``: the path to the model."""
    return [Prefetch(f"{prefix}{part.name}", rows_of(part)) for part in parts_of(model)]
