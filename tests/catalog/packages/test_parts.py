"""One table of parts, one name for each attribute: the files' schema, the rows and the console know the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model

from catalog.admin.parts import Cards
from catalog.models import PARTS, Matter, ServiceItem, parts_of
from catalog.packages.format.specs import Table
from catalog.packages.rows.columns import column_of
from catalog.packages.rows.dictionary import MODELS
from catalog.packages.schema import DICTIONARIES, ITEM, MATTER

# Columns that no file writes: said by where the record stands, by publishing, or by the department itself.
NOT_IN_FILES = {"id", "position", "package", "current_version", "is_listed", "claim_hours", "card_days"}


def tables(model: type[Model], table: Any) -> Iterator[tuple[type[Model], Table]]:
    """Yield a model with its table of the schema, and those of all its parts."""
    yield model, table
    for part in parts_of(model):
        yield from tables(part.model, table.fields[part.name].spec.spec)


TABLES = [
    *tables(Matter, MATTER),
    *tables(ServiceItem, ITEM),
    *((model, DICTIONARIES[kind].spec) for kind, model in MODELS.items()),  # type: ignore[attr-defined]
]


@pytest.mark.parametrize(("model", "table"), TABLES, ids=lambda each: getattr(each, "__name__", ""))
def test_every_column_is_a_key_of_the_file(model: type[Model], table: Table) -> None:
    parts = {part.name for part in parts_of(model)}
    owners = {part.owner for part in PARTS if part.model is model}
    keys = {column.name for name in table.fields if name not in parts and (column := column_of(model, name))}
    columns = {field.name for field in model._meta.concrete_fields}
    assert keys - {"position"} == columns - NOT_IN_FILES - owners


@pytest.mark.parametrize("model", [Matter, ServiceItem])
def test_every_part_has_its_cards_on_the_page(model: type[Model]) -> None:
    inlines = [inline for inline in admin.site._registry[model].inlines if issubclass(inline, Cards)]
    assert {inline.model for inline in inlines} == {part.model for part in parts_of(model)}
