"""Make rows say what a package says, with as few statements as the differences need."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from catalog.models import TRACKED

# How many changes are kept one by one; all are counted.
MAX_CHANGES = 5000


@dataclass(frozen=True)
class RowChange:
    """One row that was ``created``, ``changed`` or ``deleted``: what identifies it, and the columns that changed."""

    kind: str
    model: type[Model]
    key: dict[str, Any]
    columns: tuple[str, ...] = ()


@dataclass
class Tally:
    """How many rows of each model were created, changed, deleted or found as they should be, and which."""

    created: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    changes: list[RowChange] = field(default_factory=list)

    def note(self, kind: str, row: Any, key: tuple[str, ...], columns: Sequence[str] = ()) -> None:
        """Count a row that was created, changed or deleted, and keep what it was."""
        model = type(row)
        counts: dict[str, int] = getattr(self, kind)
        counts[model.__name__] = counts.get(model.__name__, 0) + 1
        if len(self.changes) < MAX_CHANGES:
            owners = [f"{name}_id" for name in TRACKED.get(model, ())]
            identity = {name: getattr(row, name) for name in dict.fromkeys([*owners, *key])}
            self.changes.append(RowChange(kind, model, identity, tuple(columns)))

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
        differing = (
            []
            if row is None
            else [name for name, value in values.items() if not _same(name, getattr(row, name), value)]
        )
        if row is None or (differing and replace):
            if row is not None:
                gone.append(row.pk)
            created = row is None
            row = model(**values)
            tally.note("created" if created else "changed", row, key, () if created else differing)
            new.append(row)
        elif differing:
            for name in differing:
                setattr(row, name, values[name])
            columns.update(differing)
            changed.append(row)
            tally.note("changed", row, key, differing)
        else:
            tally.unchanged += 1
        kept[identity] = row
    if held and not keep_others:
        for row in held.values():
            tally.note("deleted", row, key)
        gone.extend(row.pk for row in held.values())
    manager = model._default_manager
    if gone:
        manager.filter(pk__in=gone).delete()
    if changed:
        manager.bulk_update(changed, [model._meta.get_field(name).name for name in sorted(columns)])
    if new:
        manager.bulk_create(new)
    return kept


# Lists and maps of records in one column: a key that is left out there says the same as one that is empty.
_RECORDS = frozenset({"facts", "legal_basis", "fees", "special_procedures", "places"})


def _same(name: str, held: Any, wanted: Any) -> bool:
    """Return whether a column already says what it should. True is not 1, and 1 is not 1.0: conditions and demands tell them apart."""
    if name in _RECORDS:
        return bool(_lean(held) == _lean(wanted))
    return bool(held == wanted) and json.dumps(held, sort_keys=True) == json.dumps(wanted, sort_keys=True)


def _lean(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _lean(each)
            for key, each in value.items()
            if each is not False and each not in ("", [], None, "general")
        }
    return [_lean(each) for each in value] if isinstance(value, list) else value
