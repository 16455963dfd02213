"""A text column that holds what nobody but the application may read: names, telephone numbers, reasons.

In Python it is a text like any other. In the database it is sealed (`portal.lib.vault`) for its table, its column and its row, so
that a value copied elsewhere does not open there. It is opened when it is first looked at, not when its row is read. Nothing can
be looked for in it; for that, a column beside it holds a blind index (`portal.lib.vault.blind_index`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import FieldError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from portal.lib.vault import blind_index, seal, unseal


class SealedValue:
    """A value as it lies in the database, of a row that is not at hand. It says nothing when it is shown."""

    __slots__ = ("blob",)

    def __init__(self, blob: bytes) -> None:
        self.blob = blob

    def __str__(self) -> str:
        return "***"


class SealedAttribute(DeferredAttribute):
    """Opens the value of a row when it is asked for, once. Raises ``portal.lib.vault.SealBroken``."""

    field: SealedTextField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)  # type: ignore[no-untyped-call]
        if isinstance(value, SealedValue):
            value = instance.__dict__[self.field.attname] = self.field.open(value.blob, instance)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.Field):  # type: ignore[type-arg]
    """Text, sealed at rest; the empty text stays empty.

    `bound_to` names the columns that tell its row apart and never change: the primary key, or, where the database numbers the
    rows, others of them that are known before the row is written. A row is saved, created or created in bulk; ``update()`` and
    ``bulk_update()`` know no row and are refused, as is every lookup but for emptiness.
    """

    descriptor_class = SealedAttribute
    empty_strings_allowed = True

    def __init__(self, *args: Any, bound_to: Iterable[str] = ("pk",), **kwargs: Any) -> None:
        self.bound_to = tuple(bound_to)
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.bound_to != ("pk",):
            kwargs["bound_to"] = self.bound_to
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    def context(self, row: Any) -> str:
        """Return what the value of `row` is sealed for: table, column, row."""
        names = [row._meta.pk.attname if name == "pk" else name for name in self.bound_to]
        values = [getattr(row, name) for name in names]
        if None in values:
            raise ValueError(f"{self} is sealed for a row that does not say which it is: {names}")
        return f"{row._meta.db_table}.{self.column}:{':'.join(map(str, values))}"

    def close(self, text: str, row: Any) -> bytes:
        """Return `text` as it lies in `row`."""
        return seal(text, self.context(row)) if text else b""

    def open(self, blob: bytes, row: Any) -> str:
        """Return the text that lies in `row`. Raises ``portal.lib.vault.SealBroken``."""
        text: str = unseal(blob, self.context(row)) if blob else ""
        return text

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> SealedValue | None:
        return None if value is None else SealedValue(bytes(value))

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, SealedValue):
            return value
        return SealedValue(self.close(str(value), model_instance))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        if value in ("", b""):
            value = SealedValue(b"")
        if not isinstance(value, SealedValue):
            raise FieldError(f"{self} is sealed for its row: save the row, or look for its blind index.")
        return connection.Database.Binary(value.blob)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in ("exact", "isnull") else None

    def get_default(self) -> Any:
        return super().get_default() if self.has_default() or self.null else ""

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: Any) -> str:
        return str(self.value_from_object(obj) or "")

    def formfield(self, **kwargs: Any) -> Any:  # type: ignore[override]
        return super().formfield(**{"form_class": forms.CharField, "max_length": self.max_length, **kwargs})


class BlindIndexField(models.BinaryField):
    """By what a sealed text is found: the blind index of the attribute `of`, written whenever the row is.

    Equal texts of one `kind` have equal indexes. Look with `index_of`.
    """

    def __init__(self, *args: Any, of: str = "", kind: str = "", **kwargs: Any) -> None:
        self.of, self.kind = of, kind
        kwargs |= {"max_length": 32, "editable": False, "default": b""}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for given in ("max_length", "editable", "default"):
            kwargs.pop(given, None)
        return name, path, args, {**kwargs, "of": self.of, "kind": self.kind}

    def index_of(self, text: str) -> bytes:
        """Return what this column holds for `text`; nothing for the empty text."""
        return blind_index(self.kind, text) if text else b""

    def pre_save(self, model_instance: Any, add: bool) -> bytes:
        index = self.index_of(getattr(model_instance, self.of) or "")
        setattr(model_instance, self.attname, index)
        return index


def sealed_for(row: models.Model, name: str, text: str) -> SealedValue:
    """Return `text` as the column `name` of `row` holds it, for an ``update()`` of exactly this row."""
    field = row._meta.get_field(name)
    assert isinstance(field, SealedTextField)
    return SealedValue(field.close(text, row))
