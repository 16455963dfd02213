"""What an import changes, in words: one entry for each matter, item or dictionary entry, with the parts of it that change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from catalog.models import TRACKED
from catalog.packages.rows.syncing import RowChange


@dataclass
class ChangedObject:
    """A definition and what happens to it. ``kind``: ``created``, ``changed`` or ``deleted``; ``details``: a sentence for each part."""

    kind: str
    type: str
    name: str
    details: list[str] = field(default_factory=list)

    @property
    def word(self) -> str:
        return verb(self.kind)


def verb(kind: str) -> str:
    """Return the word for created, changed or deleted."""
    return {"created": _("新增"), "changed": _("修改"), "deleted": _("删除")}[kind]


def describe(changes: Iterable[RowChange]) -> list[ChangedObject]:
    """Return the changes by definition, in the order in which they came. To be called while the rows are still there. Cost: a query for
    each kind of row that changed or is referred to."""
    changes = list(changes)
    rows = _rows(changes)
    found: dict[tuple[type[Model], str], ChangedObject] = {}
    for change in changes:
        column, owner = _owner(change, rows)
        if owner is None:
            identity = _label(change, rows, column)
            row = rows.get((change.model, identity))
            name = f"{row}（{identity}）" if row is not None and identity not in str(row) else str(row or identity)
            entry = found.setdefault((change.model, identity), _object(change.model, name))
            entry.kind = change.kind
            if change.columns:
                entry.details.append(_columns(change))
            continue
        entry = found.setdefault((type(owner), owner.slug), _object(type(owner), f"{owner}（{owner.slug}）"))
        part = f"{change.model._meta.verbose_name}“{_label(change, rows, column)}”"
        columns = f"（{_columns(change)}）" if change.columns else ""
        entry.details.append(f"{verb(change.kind)}{part}{columns}")
    return list(found.values())


Rows = dict[tuple[Any, Any], Any]


def _object(model: type[Model], name: str) -> ChangedObject:
    return ChangedObject("changed", str(model._meta.verbose_name), name)


def _rows(changes: list[RowChange]) -> Rows:
    """Return the rows that changes refer to by (model, key), and those of definitions that changed by (model, code)."""
    referred: dict[type[Model], set[Any]] = {}
    own: dict[tuple[type[Model], str], set[Any]] = {}
    for change in changes:
        for name, value in change.key.items():
            target = change.model._meta.get_field(name).related_model
            if isinstance(target, type) and value is not None:
                referred.setdefault(target, set()).add(value)
        if len(change.key) == 1:
            ((name, value),) = change.key.items()
            own.setdefault((change.model, name), set()).add(value)
    rows: Rows = {}
    for model, keys in referred.items():
        related = [name for name in ("item", "matter", "material") if _has(model, name)]
        for pk, row in model._default_manager.select_related(*related).in_bulk(list(keys)).items():
            rows[model, pk] = row
    for (model, name), values in own.items():
        for row in model._default_manager.filter(**{f"{name}__in": values}):
            rows[model, getattr(row, name)] = row
    return rows


def _has(model: type[Model], name: str) -> bool:
    return any(each.name == name and each.is_relation for each in model._meta.fields)


def _owner(change: RowChange, rows: Rows) -> tuple[str, Any]:
    """Return the column that leads to the owner of a part, and the item or matter that it is a part of in the end; None for what
    stands by itself, or whose owner went with it."""
    for name in TRACKED.get(change.model, ()):
        if change.key.get(f"{name}_id") is not None:
            row = rows.get((change.model._meta.get_field(name).related_model, change.key[f"{name}_id"]))
            above = TRACKED[type(row)] if row is not None else ()
            return f"{name}_id", getattr(row, above[0]) if above else row
    return "", None


def _label(change: RowChange, rows: Rows, but: str) -> str:
    """Return what identifies a row among those of its owner (to which the column ``but`` leads)."""
    names: list[str] = []
    for name, value in change.key.items():
        if name == but or value in ("", None):
            continue
        target = change.model._meta.get_field(name).related_model
        row = rows.get((target, value)) if isinstance(target, type) else None
        names.append(str(row or value))
    return " ".join(names)


def _columns(change: RowChange) -> str:
    names = (str(change.model._meta.get_field(name).verbose_name) for name in change.columns)  # type: ignore[union-attr]
    return "、".join(names)
