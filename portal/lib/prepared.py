"""Queries that are built once in a process: on hot pages Django takes longer to write a statement than PostgreSQL to answer it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.expressions import Expression, F, Func
from django.db.models.query import ModelIterable

Row = TypeVar("Row", bound=models.Model)


class Slot(Expression):
    """The place of a value in a prepared query, by the name under which it is given: ``filter(number=Slot("number", CharField()))``."""

    def __init__(self, name: str, output_field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (_Place(self.name),)


class Among(Func):
    """Whether a column's value is one of a list that each call brings: ``filter(Among("code", Slot("codes", ArrayField(…))))``."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()

    def __init__(self, column: str, values: Slot) -> None:
        super().__init__(F(column), values)


@dataclass(frozen=True, slots=True)
class _Place:
    name: str


def filled(params: Iterable[Any], given: Mapping[str, Any]) -> list[Any]:
    """Return the parameters of a prepared statement, with what is given in its places."""
    return [given[each.name] if isinstance(each, _Place) else each for each in params]


class BuiltOnce(Generic[Row]):
    """A query of one shape: ``build`` makes it, with `Slot` where each call brings its own value; a call returns its rows.

    The rows are what the query set would return: the same columns, the same related rows at hand. What it fetches by further queries
    (``prefetch_related``) is the caller's. Values are given as the database's driver takes them.
    """

    def __init__(self, build: Callable[[], models.QuerySet[Row]]) -> None:
        self._build = build
        self._built: tuple[Any, str, tuple[Any, ...]] | None = None

    def __call__(self, **given: Any) -> list[Row]:
        if self._built is None:
            compiler = self._build().query.get_compiler(using="default")
            self._built = (compiler, *compiler.as_sql())
        compiler, sql, params = self._built
        values = filled(params, given)
        asked = copy.copy(compiler)
        asked.connection = connections[compiler.using]
        asked.as_sql = lambda *options, **more: (sql, values)
        return list(ModelIterable(_Rows(asked)))  # type: ignore[arg-type]


class _Rows:
    """What Django's reading of rows asks of a query set."""

    _known_related_objects: Mapping[Any, Any] = {}

    def __init__(self, compiler: Any) -> None:
        self.db = compiler.using
        self.query = self
        self._compiler = compiler

    def get_compiler(self, using: str) -> Any:
        return self._compiler
