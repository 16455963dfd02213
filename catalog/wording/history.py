"""One change of the history in words: which thing, and field by field what was there and what is there now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, ForeignKey, Model
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.models import TRACKED, DefinitionEvent
from catalog.wording.conditions import Vocabulary, say_condition

_MODELS: dict[str, type[Model]] = {str(model._meta.model_name): model for model in TRACKED}
_RULES = frozenset({"condition", "required_when", "violated", "is_applicant"})
# What a row is called: the first of these columns that it has and that is filled.
_NAMES = (
    "label",
    "name",
    "question",
    "text",
    "message",
    "what",
    "source",
    "key",
    "code",
    "slug",
    "reference",
    "kind",
    "citation",
)
LONGEST = 160  # characters of a value that is shown


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field as its form calls it, what it held and what it holds."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A change of one row. ``kind``: what it is, ``name``: which one, ``operation``: ``insert``, ``update`` or ``delete``."""

    operation: str
    operation_name: str
    kind: str
    name: str
    fields: tuple[FieldChange, ...]


class Reader:
    """Reads events in words. What they refer to is fetched once for all of them: one query for each kind of thing."""

    def __init__(self, events: Sequence[DefinitionEvent]) -> None:
        wanted: dict[type[Model], set[Any]] = {}
        for event in events:
            for held in (event.row, event.before or {}):
                for column, value in held.items():
                    each = _field(event.model, column)
                    if isinstance(each, ForeignKey) and value is not None and isinstance(each.related_model, type):
                        wanted.setdefault(each.related_model, set()).add(value)
        self._names: dict[type[Model], dict[Any, str]] = {
            model: dict(_named(model, keys)) for model, keys in wanted.items()
        }

    def read(self, event: DefinitionEvent) -> HistoryEntry:
        """Return an event in words."""
        model = _MODELS.get(event.model)
        return HistoryEntry(
            operation=event.operation,
            operation_name=event.get_operation_display(),
            kind=str(model._meta.verbose_name) if model else event.model,
            name=self._name(event),
            fields=tuple(self._fields(event)) if event.operation == "update" else (),
        )

    def _fields(self, event: DefinitionEvent) -> Iterable[FieldChange]:
        before: Mapping[str, Any] = event.before or {}
        for column in event.row:
            if column in before and column not in ("id", "package"):
                each = _field(event.model, column)
                label = str(each.verbose_name) if each is not None else column
                yield FieldChange(
                    label, self._value(each, column, before[column]), self._value(each, column, event.row[column])
                )

    def _name(self, event: DefinitionEvent) -> str:
        row = event.row
        for column in _NAMES:
            if row.get(column):
                return _short(self._value(_field(event.model, column), column, row[column]), 60)
        model = _MODELS.get(event.model)
        owners = TRACKED[model] if model else ()
        referred = [
            self._value(each, column, value)
            for column, value in row.items()
            if value is not None
            and isinstance(each := _field(event.model, column), ForeignKey)
            and each.name not in owners
        ]
        return " · ".join(referred) or event.object_id

    def _value(self, each: Field[Any, Any] | None, column: str, value: Any) -> str:
        if column in _RULES and (value is None or isinstance(value, dict | list | bool)):
            return f"「{say_condition(value, Vocabulary())}」"
        if value is None or value == "" or value == [] or value == {}:
            return _("空")
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(each, ForeignKey) and isinstance(each.related_model, type):
            return self._names.get(each.related_model, {}).get(value) or _("已删除的（%(key)s）") % {"key": value}
        if each is not None and each.choices:
            return str(dict(each.flatchoices).get(value, value))
        if isinstance(value, str | int | float):
            return _short(str(value), LONGEST)
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return _short(pgettext("between names", "、").join(value), LONGEST)
        return _short(json.dumps(value, ensure_ascii=False), LONGEST)


def _field(model_name: str, column: str) -> Field[Any, Any] | None:
    fields = _MODELS[model_name]._meta.concrete_fields if model_name in _MODELS else ()
    return next((each for each in fields if each.column == column), None)


def _named(model: type[Model], keys: set[Any]) -> Iterable[tuple[Any, str]]:
    """Yield what rows are called, without fetching the large contents of versions."""
    rows = model._default_manager.filter(pk__in=keys)
    names = {each.name for each in model._meta.concrete_fields}
    if "number" in names:
        yield from ((pk, f"v{number}") for pk, number in rows.values_list("pk", "number"))
        return
    column = next((each for each in _NAMES if each in names), "pk")
    if column == "pk":
        joined = [each.name for each in model._meta.concrete_fields if isinstance(each, ForeignKey)]
        yield from ((row.pk, str(row)) for row in rows.select_related(*joined))
    else:
        yield from rows.values_list("pk", column)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + "…"
