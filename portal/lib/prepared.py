"""Queries that are built once in a process, and planned once in a connection.

On hot pages Django takes longer to write a statement than PostgreSQL to answer it, and PostgreSQL longer to plan one with many joins than to
carry it out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar
from weakref import WeakKeyDictionary

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
        kind = self.output_field.db_type(connection) or ""
        return "%s", (Param(self.name, "" if "char" in kind else kind),)


class Among(Func):
    """Whether a column's value is one of a list that each call brings: ``filter(Among("code", Slot("codes", ArrayField(…))))``."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()

    def __init__(self, column: str, values: Slot) -> None:
        super().__init__(F(column), values)


@dataclass(frozen=True, slots=True)
class Param:
    """Where a value goes that each call brings, by its name. ``type``: PostgreSQL's, left to the server where the place tells it."""

    name: str
    type: str = ""


def filled(params: Iterable[Any], given: Mapping[str, Any]) -> list[Any]:
    """Return the parameters of a prepared statement, with what is given in its places."""
    return [given[each.name] if isinstance(each, Param) else each for each in params]


class PreparedStatement:
    """A statement that the server parses and plans once in each connection (``PREPARE``), and is called by its name from then on.

    What is the same at each call stands in its text, so that a partial index is still seen to fit; what differs are its parameters. After a
    few calls PostgreSQL keeps a plan for any value, unless plans for the one value at hand are that much cheaper
    (https://www.postgresql.org/docs/18/sql-prepare.html). It outlives transactions, also those that were rolled back.

    Where connections are shared by a pooler in transaction mode (``DISABLE_SERVER_SIDE_CURSORS``) nothing of a connection may be relied upon: the
    statement is sent whole.
    """

    _numbers = itertools.count(1)
    _known: ClassVar[WeakKeyDictionary[Any, set[str]]] = WeakKeyDictionary()  # of each of the driver's connections

    def __init__(self, label: str, sql: str, params: Iterable[Any]) -> None:
        self._sql, self._params = sql, tuple(params)
        places = [each for each in self._params if isinstance(each, Param)]
        self._places = [each.name for each in places]
        self._name = f"{label}_{next(self._numbers)}"
        # A list of nothing but NULL, or of texts for another type, does not tell what it is a list of.
        given = ", ".join(f"%s::{each.type}" if each.type else "%s" for each in places)
        self._call = f"EXECUTE {self._name}({given})" if given else f"EXECUTE {self._name}"
        types = ", ".join(each.type or "unknown" for each in places)
        self._head = f"PREPARE {self._name} ({types}) AS " if types else f"PREPARE {self._name} AS "

    def execute(self, cursor: Any, given: Mapping[str, Any]) -> None:
        """Carry it out over a cursor of Django's."""
        if cursor.db.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            cursor.execute(self._sql, filled(self._params, given))
            return
        known = self._known.setdefault(cursor.connection, set())
        if self._name not in known:
            with cursor.db.wrap_database_errors:
                cursor.cursor.execute(self._head + self._text(cursor))
            known.add(self._name)
        cursor.execute(self._call, [given[name] for name in self._places])

    def _text(self, cursor: Any) -> str:
        """Return the statement as the server reads it: what is always the same written in, and ``$1``, ``$2`` … for the rest."""
        params, numbers = iter(self._params), itertools.count(1)

        def written(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%"
            param = next(params)
            return f"${next(numbers)}" if isinstance(param, Param) else cursor.mogrify("%s", [param]).decode()

        return re.sub("%%|%s", written, self._sql)


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

    statement: PreparedStatement
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
            self.statement.execute(cursor, given)
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
        statement=PreparedStatement(info["model"]._meta.db_table, sql, params),
        model=info["model"],
        columns=columns,
        names=[column[0].target.attname for column in compiler.select[columns]],
        related=get_related_populators(info, compiler.select, USING),  # type: ignore[call-arg]  # stubs of a later Django
        annotated=list(compiler.annotation_col_map.items()),
        converted=[(place, *each) for place, each in converters.items()],
    )
