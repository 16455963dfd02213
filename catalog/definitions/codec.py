"""Definitions as plain JSON and back."""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

Definition = TypeVar("Definition")

# Versions are never rewritten: what was frozen under an earlier name is read under the present one.
_FORMER_NAMES = {
    "ElementDefinition": {"sources": "known_from"},
    "MatterDefinition": {"standing": "status"},
    "SectionDefinition": {"title": "label"},
}


def to_json(value: Any) -> Any:
    """Return a definition as JSON data: dataclasses become objects, tuples lists."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if dataclasses.is_dataclass(value):
        return {name: to_json(getattr(value, name)) for name in _names(typing.cast(Any, type(value)))}
    if isinstance(value, Mapping):
        return {key: to_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(each) for each in value]
    return value


def from_json(kind: type[Definition], data: Mapping[str, Any]) -> Definition:
    """Return the definition that ``to_json`` made ``data`` from. Fields left out take their defaults, unknown ones are ignored."""
    readers = _readers(typing.cast(Any, kind))
    if former := _FORMER_NAMES.get(kind.__name__):
        data = {former.get(name, name): value for name, value in data.items()}
    return kind(**{name: read(data[name]) for name, read in readers.items() if name in data})


@functools.cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@functools.cache
def _readers(kind: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)}


def _reader(hint: Any) -> Any:
    if dataclasses.is_dataclass(hint):
        return functools.partial(from_json, typing.cast(Any, hint))
    if typing.get_origin(hint) is tuple:
        element = _reader(typing.get_args(hint)[0])
        return lambda data: tuple(element(each) for each in data)
    return lambda data: data
