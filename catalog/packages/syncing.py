"""Make rows say what a package says, with as few statements as the differences need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet


@dataclass
class Tally:
    """How many rows of each model were created, changed, deleted or found as they should be."""

    created: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0

    def count(self, what: dict[str, int], model: type[Model], number: int) -> None:
        """Add to one of the counts, by the model's name."""
        if number:
            what[model.__name__] = what.get(model.__name__, 0) + number

    @property
    def is_empty(self) -> bool:
        return not (self.created or self.changed or self.deleted)


def sync(
    rows: QuerySet[Any],
    wanted: Sequence[dict[str, Any]],
    key: tuple[str, ...],
    tally: Tally,
    *,
    keep_others: bool = False,
    replace: bool = False,
) -> dict[tuple[Any, ...], Any]:
    """Create, change and delete ``rows`` until they are ``wanted`` (attribute → value, foreign keys by column).

    ``key``: the columns that identify a row among ``rows``. ``replace``: delete and create changed rows instead of updating, where other
    unique columns may swap. Returns the rows by key. Cost: one query to read, at most one each to delete, change and create.
    """
    model = rows.model
    held = {tuple(getattr(row, name) for name in key): row for row in rows}
    kept: dict[tuple[Any, ...], Any] = {}
    new: list[Any] = []
    changed: list[Any] = []
    gone: list[Any] = []
    columns: set[str] = set()
    for values in wanted:
        identity = tuple(values[name] for name in key)
        row = held.pop(identity, None)
        differing = [] if row is None else [name for name, value in values.items() if getattr(row, name) != value]
        if row is None or (differing and replace):
            if row is not None:
                gone.append(row.pk)
            row = model(**values)
            new.append(row)
        elif differing:
            for name in differing:
                setattr(row, name, values[name])
            columns.update(differing)
            changed.append(row)
        else:
            tally.unchanged += 1
        kept[identity] = row
    tally.count(tally.changed, model, len(gone) + len(changed))
    tally.count(tally.created, model, len(new) - len(gone))
    if held and not keep_others:
        tally.count(tally.deleted, model, len(held))
        gone.extend(row.pk for row in held.values())
    manager = model._default_manager
    if gone:
        manager.filter(pk__in=gone).delete()
    if changed:
        manager.bulk_update(changed, [model._meta.get_field(name).name for name in sorted(columns)])
    if new:
        manager.bulk_create(new)
    return kept
