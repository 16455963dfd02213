"""Write the records of a package as YAML files: one canonical form, read at a glance, in the order of the schema. Pure.

What equals its default is left out. A record that fits stands on one line; conditions always do. Reading by the same specification gives the
same values back.
"""

from __future__ import annotations

from typing import Any, Final

from catalog.fields.constraints import BINDS
from catalog.packages.format.specs import Constraints, Dictionary, Field, Json, Many, Rule, Spec, Table, Text
from catalog.packages.format.yaml_scalars import data, literal, scalar

RECORD_WIDTH: Final = 240  # code points of a record on one line
LIST_WIDTH: Final = 80
SENTENCE: Final = 14  # a longer text of a list has a line of its own
LONGEST_KEY: Final = 900  # readers of YAML give up on a key of 1,024


def to_yaml(spec: Spec, value: Any) -> str:
    """Return the text of a file, ending in a line feed."""
    if isinstance(spec, Table):
        lines = _table(spec, value, apart=True)
    elif isinstance(spec, Many):
        lines = _list(spec, value)
    else:
        lines = _map(spec, value)
    return "\n".join(lines) + "\n"


def written_fields(spec: Table, value: dict[str, Any]) -> list[tuple[str, Field, Any]]:
    """Return the fields of a record that a file must name, in the order of the schema."""
    given = [(name, field, value.get(name, field.if_left_out)) for name, field in spec.fields.items()]
    return [entry for entry in given if entry[1].required or not is_default(entry[1], entry[2])]


def is_default(field: Field, value: Any) -> bool:
    """Return whether leaving the key out says the same. False is not None: a condition may be ``false``."""
    default = field.if_left_out
    if isinstance(field.spec, Rule) or default is None:
        return value is default
    return bool(value == default)


def _table(spec: Table, value: dict[str, Any], *, apart: bool = False) -> list[str]:
    lines: list[str] = []
    for name, field, each in written_fields(spec, value):
        entry = _entry(name, field.spec, each, at_root=apart)
        if apart and lines and len(entry) > 1 and _is_section(field.spec):
            lines.append("")
        lines += entry
    return lines


def _is_section(spec: Spec) -> bool:
    """Return whether a file's key stands apart: lists of records, and maps from field keys."""
    return (isinstance(spec, Many) and isinstance(spec.spec, Table)) or (
        isinstance(spec, Dictionary) and isinstance(spec.spec, Text)
    )


def _entry(key: str, spec: Spec, value: Any, *, at_root: bool = False) -> list[str]:
    """Return a key with its value: on one line where it fits, else with the value below."""
    name = scalar(key, in_flow=False)
    if len(name) > LONGEST_KEY:
        return [f"? {name}", f": {_flow(spec, value)}"]
    if isinstance(spec, Text):
        if (lines := literal(value)) is not None:
            return [f"{name}: |-", *(f"  {line}" if line else "" for line in lines)]
        return [f"{name}: {scalar(value, in_flow=False)}"]
    on_one_line = f"{name}: {_flow(spec, value)}"
    if isinstance(spec, Table | Rule | Constraints) or not value:
        return [on_one_line]
    if not isinstance(spec, Many | Dictionary):
        if len(on_one_line) <= LIST_WIDTH or not isinstance(value, dict | list):
            return [on_one_line]
        return [f"{name}:", *(f"  {line}" for line in _data_block(value))]
    if (
        len(on_one_line) <= LIST_WIDTH
        and not (at_root and _is_section(spec))
        and not (_has_tables(spec) and len(value) > 1)
        and not (_has_sentences(spec, value) and len(value) > 1)
    ):
        return [on_one_line]
    lines = _list(spec, value) if isinstance(spec, Many) else _map(spec, value)
    return [f"{name}:", *(f"  {line}" if line else "" for line in lines)]


def _data_block(value: dict[str, Any] | list[Any]) -> list[str]:
    """Return data that is too long for one line below each other, its parts on one line where they fit."""
    lines: list[str] = []
    entries = value.items() if isinstance(value, dict) else ((None, each) for each in value)
    for key, each in entries:
        start = "-" if key is None else f"{scalar(str(key), in_flow=True)}:"
        if len(one_line := f"{start} {data(each)}") <= RECORD_WIDTH or not isinstance(each, dict | list):
            lines.append(one_line)
        elif key is None:
            first, *rest = _data_block(each)
            lines += [f"- {first}", *(f"  {line}" for line in rest)]
        else:
            lines += [start, *(f"  {line}" for line in _data_block(each))]
    return lines


def _has_tables(spec: Many | Dictionary) -> bool:
    return isinstance(spec.spec, Table)


def _has_sentences(spec: Many | Dictionary, value: Any) -> bool:
    return isinstance(spec, Many) and isinstance(spec.spec, Text) and any(len(each) > SENTENCE for each in value)


def _list(spec: Many, values: list[Any]) -> list[str]:
    if not values:
        return ["[]"]
    lines: list[str] = []
    for value in values:
        one_line = _flow(spec.spec, value)
        if not isinstance(spec.spec, Table):
            lines.append(f"- {scalar(value, in_flow=False) if isinstance(spec.spec, Text) else one_line}")
        elif len(one_line) <= RECORD_WIDTH and not _is_deep(spec.spec, value):
            lines.append(f"- {one_line}")
        else:
            first, *rest = _table(spec.spec, value)
            lines += [f"- {first}", *(f"  {line}" if line else "" for line in rest)]
    return lines


def _is_deep(spec: Table, value: dict[str, Any]) -> bool:
    """Return whether a record holds records of its own: these read better below each other."""
    fields = written_fields(spec, value)
    return any(each and isinstance(field.spec, Many) and _has_tables(field.spec) for _name, field, each in fields)


def _map(spec: Spec, values: dict[str, Any]) -> list[str]:
    inner = spec.spec if isinstance(spec, Dictionary) else Json()
    return [line for key, value in values.items() for line in _entry(key, inner, value)] or ["{}"]


def _flow(spec: Spec, value: Any) -> str:
    if isinstance(spec, Table):
        fields = written_fields(spec, value)
        if not fields and "confidence" in spec.fields:  # a fact without a source is still worth a word
            fields = [("confidence", spec.fields["confidence"], spec.fields["confidence"].if_left_out)]
        return "{" + ", ".join(f"{name}: {_flow(field.spec, each)}" for name, field, each in fields) + "}"
    if isinstance(spec, Many):
        return "[" + ", ".join(_flow(spec.spec, each) for each in value) + "]"
    if isinstance(spec, Dictionary):
        entries = (f"{scalar(key, in_flow=True)}: {_flow(spec.spec, each)}" for key, each in value.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(spec, Constraints):
        order = {name: place for place, name in enumerate(BINDS)}
        value = {name: value[name] for name in sorted(value, key=lambda name: (order.get(name, len(order)), name))}
    return data(value)
