"""What an import changes, in words: one entry for each matter, item or dictionary entry, with the parts of it that change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from catalog.packages.syncing import Change

# What a part belongs to: column → the attribute that leads on to the item or matter.
_OWNERS = {"item_id": "", "matter_id": "", "need_id": "item", "question_id": "matter", "matter_item_id": "matter"}


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


def describe(changes: Iterable[Change]) -> list[ChangedObject]:
    """Return the changes by definition, in the order in which they came. To be called while the rows are still there. Cost: a query for
    each kind of row that the changes refer to."""
    changes = list(changes)
    rows = _rows(changes)
    found: dict[tuple[str, str], ChangedObject] = {}
    for change in changes:
        owner = _owner(change, rows)
        name = owner[1] if owner else _label(change, rows, ())
        type_name = owner[0] if owner else str(change.model._meta.verbose_name)
        entry = found.setdefault((type_name, name), ChangedObject("changed", type_name, name))
        if owner is None:
            entry.kind = change.kind
            if change.columns:
                entry.details.append(_columns(change))
        else:
            part = f"{change.model._meta.verbose_name}“{_label(change, rows, tuple(_OWNERS))}”"
            columns = f"（{_columns(change)}）" if change.columns else ""
            entry.details.append(f"{verb(change.kind)}{part}{columns}")
    return list(found.values())


Rows = dict[tuple[type[Model], Any], Any]


def _rows(changes: list[Change]) -> Rows:
    wanted: dict[type[Model], set[Any]] = {}
    for change in changes:
        for name, value in change.key.items():
            target = change.model._meta.get_field(name).related_model
            if isinstance(target, type) and value is not None:
                wanted.setdefault(target, set()).add(value)
    rows: Rows = {}
    for model, keys in wanted.items():
        related = [name for name in ("item", "matter", "material") if _has(model, name)]
        for pk, row in model._default_manager.select_related(*related).in_bulk(list(keys)).items():
            rows[model, pk] = row
    return rows


def _has(model: type[Model], name: str) -> bool:
    return any(each.name == name and each.is_relation for each in model._meta.fields)


def _owner(change: Change, rows: Rows) -> tuple[str, str] | None:
    """Return the type and name of the item or matter that a part belongs to; None for what stands by itself."""
    for column, attribute in _OWNERS.items():
        value = change.key.get(column)
        if value is None:
            continue
        row = rows.get((change.model._meta.get_field(column).related_model, value))  # type: ignore[arg-type]
        owner = getattr(row, attribute) if row is not None and attribute else row
        if owner is not None:
            return str(owner._meta.verbose_name), f"{owner}（{owner.slug}）"
        return str(change.model._meta.verbose_name), "—"
    return None


def _label(change: Change, rows: Rows, but: tuple[str, ...]) -> str:
    """Return what identifies a row among those of its owner (without the columns that lead to the owner)."""
    names: list[str] = []
    first = next((name for name in but if name in change.key), "")
    for name, value in change.key.items():
        if name == first or value in ("", None):
            continue
        target = change.model._meta.get_field(name).related_model
        names.append(str(rows.get((target, value), value)) if isinstance(target, type) else str(value))
    return " ".join(names)


def _columns(change: Change) -> str:
    names = (str(change.model._meta.get_field(name).verbose_name) for name in change.columns)  # type: ignore[union-attr]
    return "、".join(names)
