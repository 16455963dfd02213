"""Sealing a column that was written in clear: what migrations do with the rows that are there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import connection, models

from portal.lib.sealed_text import BlindIndexField, SealedTextField

BATCH = 2000


def seal_rows(model: type[models.Model], clear: str, sealed: str, index: str = "", **which: Any) -> None:
    """Seal the column `clear` of every row into `sealed`, with its blind index if there is one, and empty it. One statement a batch.

    `which`: a lookup that names the rows with something to seal, where most have nothing."""
    field: Any = model._meta.get_field(sealed)
    finder: Any = model._meta.get_field(index) if index else None
    assert isinstance(field, SealedTextField)
    assert finder is None or isinstance(finder, BlindIndexField)
    for rows in _batches(model, **which):
        texts = [getattr(row, clear) or "" for row in rows]
        columns: dict[Any, list[Any]] = {
            field.column: [field.close(text, row) for text, row in zip(texts, rows, strict=True)]
        }
        if finder is not None:
            columns[finder.column] = [finder.index_of(text) for text in texts]
        _write(model, rows, {name: ("bytea", values) for name, values in columns.items()}, emptied=clear)


def open_rows(model: type[models.Model], clear: str, sealed: str) -> None:
    """Do the opposite of `seal_rows`."""
    target: Any = model._meta.get_field(clear)
    for rows in _batches(model):
        _write(model, rows, {target.column: ("text", [getattr(row, sealed) for row in rows])})


def _batches(model: type[models.Model], **which: Any) -> Iterator[tuple[Any, ...]]:
    # Whole rows: what a value is sealed for may be any of its columns.
    rows = model._base_manager.filter(**which).order_by("pk").iterator(chunk_size=BATCH)
    while batch := tuple(islice(rows, BATCH)):
        yield batch


def _write(
    model: type[models.Model], rows: tuple[Any, ...], columns: dict[str, tuple[str, list[Any]]], emptied: str = ""
) -> None:
    quote = connection.ops.quote_name
    key: Any = model._meta.pk
    table, id_type = quote(model._meta.db_table), key.rel_db_type(connection)
    changes = [f"{quote(name)} = new.c{place}" for place, name in enumerate(columns)]
    if emptied:
        field: Any = model._meta.get_field(emptied)
        changes.append(f"{quote(field.column)} = ''")
    names = ", ".join(f"c{place}" for place in range(len(columns)))
    arrays = ", ".join(f"%s::{kind}[]" for kind, _values in columns.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {', '.join(changes)} FROM unnest(%s::{id_type}[], {arrays}) AS new (id, {names}) "  # noqa: S608
            f"WHERE {table}.{quote(key.column)} = new.id",
            [[str(row.pk) for row in rows], *(values for _kind, values in columns.values())],
        )
        # A row written twice in one transaction has its references checked at the end, and no table is altered before.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
