"""The columns of a row as a record of a package says them: each under the same name, what is referred to by its key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Field, Model

from catalog.models import FormLine, Matter, MatterDependency, MatterItem, parts_of
from catalog.models.parts import NATURAL_KEYS
from catalog.packages.format.specs import Record, Table
from catalog.packages.rows.syncing import Tally, sync
from catalog.packages.schema.common import OPTIONS

# A file names the item that is waited for; the row refers to its row of the matter.
_OTHER_NAMES: Final[dict[tuple[type[Model], str], str]] = {(MatterDependency, "item"): "prerequisite"}


class References:
    """The ids of rows that records refer to, by what files call them. Cost: one query for each model that is referred to."""

    def __init__(self, matter: Matter | None = None) -> None:
        self._matter = matter
        self._ids: dict[Any, dict[str, Any]] = {}

    def id_of(self, model: Any, name: str) -> Any:
        """Return the id of a row; None for an empty name, and for one that is not there yet."""
        key = NATURAL_KEYS[model]
        if not name or key == model._meta.pk.name:
            return name or None
        if model not in self._ids:
            rows = model._default_manager.all()
            rows = rows.filter(matter=self._matter) if model is MatterItem else rows
            self._ids[model] = dict(rows.values_list(key, "pk"))
        return self._ids[model].get(name)


def column_of(model: type[Model], name: str) -> Field[Any, Any] | None:
    """Return the column for a key of a file; None for a list of parts, and for the number of the schema itself."""
    if name == "schema":
        return None
    field = model._meta.get_field(_OTHER_NAMES.get((model, name), name))
    return field if isinstance(field, Field) else None


def columns(model: type[Model], table: Table, record: Record, references: References) -> dict[str, Any]:
    """Return a record's values by column (``department_id``)."""
    values: dict[str, Any] = {}
    for name, known in table.fields.items():
        column = column_of(model, name)
        if column is None:
            continue
        value = record[name]
        if column.is_relation:
            value = references.id_of(column.related_model, value)
        elif known is OPTIONS:
            value = [{"value": each, "label": label} for each, label in value.items()]
        values[str(column.attname)] = value
    return values


def sync_parts(
    model: type[Model], owners: Sequence[tuple[Any, Record]], table: Table, references: References, tally: Tally
) -> None:
    """Write all parts of rows (id and record), and the parts of these. Cost: about two queries for each kind of part."""
    for part in parts_of(model):
        inner: Table = table.fields[part.name].spec.spec  # type: ignore[attr-defined]
        entries = [(pk, number, entry) for pk, record in owners for number, entry in enumerate(record[part.name])]
        key = part.columns
        wanted = [
            {key[0]: pk, "position": number, **columns(part.model, inner, entry, references)}
            for pk, number, entry in entries
        ]
        held = part.model._default_manager.filter(**{f"{part.owner}__in": [pk for pk, _record in owners]})
        # Lines may exchange their codes or what they ask for: each alone would be refused.
        kept = sync(held, wanted, key, tally, replace=part.model is FormLine)
        nested = [
            (kept[tuple(values[name] for name in key)].pk, entry)
            for values, (_pk, _number, entry) in zip(wanted, entries, strict=True)
        ]
        sync_parts(part.model, nested, inner, references, tally)
