"""Queries that are built once in a process: on hot pages Django takes longer to write a statement than PostgreSQL to answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.expressions import Expression, F, Func
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=models.Model)
USING = "default"


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
        self._built: _Built | None = None

    def __call__(self, **given: Any) -> list[Row]:
        if self._built is None:
            self._built = _prepare(self._build())
        return self._built.rows(given)


@dataclass(frozen=True, slots=True)
class _Built:
    """A statement, and what Django works out anew for each of its answers: which columns are whose, and which are to be converted."""

    sql: str
    params: tuple[Any, ...]
    model: Any
    columns: slice
    names: list[str]
    related: list[Any]
    annotated: list[tuple[str, int]]
    converted: list[tuple[int, list[Any], Any]]

    def rows(self, given: Mapping[str, Any]) -> list[Any]:
        """Ask, and return the rows as ``django.db.models.query.ModelIterable`` makes them."""
        connection = connections[USING]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, filled(self.params, given))
            answered = cursor.fetchall()
        found = []
        for columns in answered:
            row = list(columns)
            for place, converters, expression in self.converted:
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
            made = self.model.from_db(USING, self.names, row[self.columns])
            for each in self.related:
                each.populate(row, made)
            for name, column in self.annotated:
                setattr(made, name, row[column])
            found.append(made)
        return found


def _prepare(query_set: models.QuerySet[Any]) -> _Built:
    compiler: Any = query_set.query.get_compiler(using=USING)
    sql, params = compiler.as_sql()
    info = compiler.klass_info
    converters = compiler.get_converters([column[0] for column in compiler.select])
    columns = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    return _Built(
        sql=sql,
        params=tuple(params),
        model=info["model"],
        columns=columns,
        names=[column[0].target.attname for column in compiler.select[columns]],
        related=get_related_populators(info, compiler.select, USING),  # type: ignore[call-arg]  # stubs of a later Django
        annotated=list(compiler.annotation_col_map.items()),
        converted=[(place, *each) for place, each in converters.items()],
    )
