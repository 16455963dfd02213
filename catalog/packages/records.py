"""The catalog's rows as the records of a package's files: the inverse of ``catalog.packages.rows``.

The entries of a dictionary stand in the order in which the catalog took them in, divisions in the order of their codes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from catalog.models import Department, Division, FactSource, Matter, ServiceItem, parts_of, prefetches
from catalog.models.parts import NATURAL_KEYS, natural_key, references
from catalog.packages.format.specs import Dictionary, Table
from catalog.packages.rows.columns import column_of
from catalog.packages.schema import DICTIONARIES, ITEM, MATTER, SCHEMA
from catalog.packages.schema.common import OPTIONS
from catalog.packages.schema.dictionaries import MODELS


def dictionary_records() -> dict[str, dict[str, Any]]:
    """Return every dictionary entry of the catalog, by dictionary and package ("": the shared files). Cost: six queries."""
    found: dict[str, dict[str, Any]] = {}
    for kind, model in MODELS.items():
        found[kind] = {"": []} if model in (Division, Department) else {}
        rows = model.objects.select_related(*references(model))
        for row in rows.order_by("code" if model is Division else "pk"):
            entry = _record(row, DICTIONARIES[kind].spec)  # type: ignore[attr-defined]
            found[kind].setdefault(getattr(row, "package", ""), []).append(entry)
    found["sources"] = {}
    for row in FactSource.objects.order_by("pk"):
        found["sources"].setdefault(row.package, {})[row.key] = row.citation
    return found


def item_records(items: QuerySet[ServiceItem]) -> list[tuple[str, dict[str, Any]]]:
    """Return (package, record) of each item, by slug. Cost: about twelve queries, however many items."""
    return [(row.package, _record(row, ITEM)) for row in _whole(items)]


def matter_records(matters: QuerySet[Matter]) -> dict[str, dict[str, Any]]:
    """Return slug → record. Cost: about ten queries, however many matters."""
    return {row.slug: {"schema": SCHEMA, **_record(row, MATTER)} for row in _whole(matters)}


def _whole(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(*references(rows.model)).prefetch_related(*prefetches(rows.model)).order_by("slug")


def _record(row: Any, table: Table) -> dict[str, Any]:
    """Return a row with its parts, each value under its key of the schema."""
    model = type(row)
    parts = {part.name for part in parts_of(model)}
    found: dict[str, Any] = {}
    for name, known in table.fields.items():
        if name in parts:
            inner: Table = known.spec.spec  # type: ignore[attr-defined]
            found[name] = [_record(each, inner) for each in getattr(row, name).all()]
        elif column := column_of(model, name):
            value = _named(row, column) if column.is_relation else getattr(row, str(column.name))
            if known is OPTIONS:
                value = {str(option["value"]): str(option["label"]) for option in value}
            elif isinstance(known.spec, Dictionary):
                value = _ordered(row, name, value, table)
            found[name] = value
    return found


def _named(row: Model, column: Any) -> Any:
    """Return what a file calls the row that another refers to."""
    if column.value_from_object(row) is None:
        return ""
    target = column.related_model
    is_key = NATURAL_KEYS[target] == target._meta.pk.name
    return column.value_from_object(row) if is_key else natural_key(getattr(row, column.name))


def _ordered(row: Any, name: str, value: dict[str, Any], table: Table) -> dict[str, Any]:
    """Return a map in an order that reads well, for the database keeps none: as the attributes, roles or parts of a face stand."""
    first: Iterable[Any] = ()
    if name == "facts":
        first = table.fields
    elif name == "face":
        first = (part.get("code") for part in row.certificate_type.face)
    elif name in ("labels", "placement"):
        first = (role.key for role in row.roles.all())
    order = {key: place for place, key in enumerate(first)}
    keys = sorted(value, key=lambda key: (order.get(key.partition(":")[0], len(order)), key))
    return {key: value[key] for key in keys}
