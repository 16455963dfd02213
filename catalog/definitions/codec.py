"""Definitions as plain JSON and back."""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

Definition = TypeVar("Definition")

_PLAIN = frozenset({type(None), str, bool, int, float})
# Versions are never rewritten: what was frozen under an earlier name is read under the present one.
_FORMER_NAMES = {
    "ElementDefinition": {"sources": "known_from"},
    "MatterDefinition": {"standing": "status"},
    "SectionDefinition": {"title": "label"},
}
# What was frozen as a text alone: which attribute of the present object it is.
_FORMER_TEXTS = {"ReviewPoint": "text"}


def to_json(value: Any) -> Any:
    """Return a definition as JSON data: dataclasses become objects, tuples lists."""
    kind: Any = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple or kind is list:
        return [to_json(each) for each in value]
    if names := _names(kind):
        return {name: to_json(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {key: to_json(each) for key, each in value.items()}
    return value


def from_json(kind: type[Definition], data: Mapping[str, Any] | str) -> Definition:
    """Return the definition that ``to_json`` made ``data`` from. Fields left out take their defaults, unknown ones are ignored."""
    if isinstance(data, str):
        return kind(**{_FORMER_TEXTS[kind.__name__]: data})
    values = {}
    for key, name, read in _readers(typing.cast(Any, kind)):
        if key in data:
            values[name] = data[key] if read is None else read(data[key])
    return kind(**values)


@functools.cache
def _names(kind: Any) -> tuple[str, ...]:
    """Return the attributes of a dataclass, none of any other class."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()


@functools.cache
def _readers(kind: Any) -> tuple[tuple[str, str, Any], ...]:
    """Return a row per key that may stand in the data: the attribute it is, and what reads it (``None``: it is the value itself)."""
    hints = typing.get_type_hints(kind)
    former = _FORMER_NAMES.get(kind.__name__, {})
    keys = [*former.items(), *((name, name) for name in _names(kind))]
    return tuple((key, name, _reader(hints[name])) for key, name in keys)


def _reader(hint: Any) -> Any:
    if dataclasses.is_dataclass(hint):
        return functools.partial(from_json, typing.cast(Any, hint))
    if typing.get_origin(hint) is tuple:
        element = _reader(typing.get_args(hint)[0])
        return tuple if element is None else lambda data: tuple([element(each) for each in data])
    return None
