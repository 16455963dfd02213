"""Whether values fit a specification exactly, so that what is written can be read back as it was. Pure."""

from __future__ import annotations

import json
from typing import Any, Final

from catalog.packages.format.specs import Constraints, Dictionary, Field, Flag, Integer, Many, Spec, Table, Text

_HELD: Final[dict[Any, Any]] = {
    (Table, Dictionary, Constraints): dict,
    Many: (list, tuple),
    Text: str,
    Flag: bool,
    Integer: (int, type(None)),
}


class Unfit(Exception):
    """A value that the specification has no place for. ``path`` leads to it: keys and places in lists."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path)


def filled(spec: Spec, value: Any, path: str = "") -> Any:
    """Return a value with every key that a specification knows, as reading a file would. Raises `Unfit`."""
    for kinds, held in _HELD.items():
        if isinstance(spec, kinds) and not isinstance(value, held):
            raise Unfit(path)
    if isinstance(spec, Integer) and isinstance(value, bool):
        raise Unfit(path)
    if isinstance(spec, Table):
        if not value.keys() <= spec.fields.keys():
            raise Unfit(path)
        return {
            name: _filled_field(field, value[name], f"{path}/{name}") if name in value else field.if_left_out
            for name, field in spec.fields.items()
        }
    if isinstance(spec, Many):
        return [filled(spec.spec, each, f"{path}/{place}") for place, each in enumerate(value)]
    if isinstance(spec, Dictionary):
        return {key: filled(spec.spec, each, f"{path}/{key}") for key, each in value.items()}
    return value


def _filled_field(field: Field, value: Any, path: str) -> Any:
    return None if value is None and field.may_be_unknown else filled(field.spec, value, path)


def differing(one: Any, other: Any, path: str = "") -> str | None:
    """Return the path to the first difference of two JSON values, None if they are the same: true is not 1, 1 is not 1.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return path
        pairs = ((str(key), one[key], other[key]) for key in one)
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return path
        pairs = ((str(place), left, right) for place, (left, right) in enumerate(zip(one, other, strict=True)))
    else:
        return None if json.dumps(one) == json.dumps(other) else path
    for key, left, right in pairs:
        found = differing(left, right, f"{path}/{key}")
        if found is not None:
            return found
    return None
