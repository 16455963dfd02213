"""Rows of another table edited as a list within their owner's form: options of a question, waits of an item, exemptions of a paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from catalog.models import PartKind


def initial_rows(rows: Iterable[models.Model], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows as a list of values with ``id``."""
    return [{"id": row.pk, **{name: getattr(row, name) for name in names}} for row in rows]


def save_rows(owner: models.Model, part: PartKind, given: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    """Make the owner's parts of one kind be the given ones, in their order.

    A row that got another name is a new row: so two rows may exchange their names in one go.
    """
    manager = getattr(owner, part.name)
    existing = {row.pk: row for row in manager.all()}
    kept: dict[int, Any] = {}
    for row in given:
        known = existing.get(row.get("id"))
        if known is not None and all(getattr(known, name) == row[name] for name in part.key):
            kept[known.pk] = known
    manager.exclude(pk__in=kept).delete()
    for position, row in enumerate(given):
        target: Any = kept.get(row.get("id") or 0) or manager.model(**{part.owner: owner})
        before = [getattr(target, name) for name in (*names, "position")] if target.pk else None
        for name in names:
            setattr(target, name, row[name])
        target.position = position
        if before != [getattr(target, name) for name in (*names, "position")]:
            target.save()
