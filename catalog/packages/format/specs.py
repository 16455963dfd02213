"""A small language to say what a package file may hold; reading a node by it gives plain values that know their lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from catalog.packages.format import nodes
from catalog.packages.format.hints import hint
from catalog.packages.format.problems import Problems
from catalog.packages.format.records import Listing, Record, Spec
from catalog.packages.format.scalars import Constraints, Flag, Integer, Json, Rule, Text

__all__ = [
    "Constraints",
    "Dictionary",
    "Field",
    "Flag",
    "Integer",
    "Json",
    "Listing",
    "Many",
    "Record",
    "Rule",
    "Spec",
    "Table",
    "Text",
]


@dataclass(frozen=True)
class Many:
    """A list of values of one kind. ``unique`` names the key (of records) that may not repeat, or the keys that may not repeat together;
    ``""`` the value itself."""

    spec: Spec
    unique: str | tuple[str, ...] | None = None
    maximum: int = 1000

    def empty(self) -> Listing:
        return Listing()

    def read(self, node: nodes.Node, file: str, problems: Problems) -> Listing:
        values = Listing()
        if not isinstance(node, nodes.Sequence):
            problems.add(file, node.line, "not_a_list", _("这里应是一个列表（每项以“- ”开头）"))
            return values
        if len(node.nodes) > self.maximum:
            problems.add(file, node.line, "too_many", _("最多 %(limit)d 项") % {"limit": self.maximum})
            return values
        seen: dict[Any, int] = {}
        for each in node.nodes:
            value = self.spec.read(each, file, problems)
            values.append(value)
            values.lines.append(each.line)
            key = self._key(value)
            if key in seen:
                where = {"key": key, "line": seen[key]}
                problems.add(file, each.line, "repeated", _("“%(key)s”重复，第 %(line)d 行已有") % where)
            elif key:
                seen[key] = each.line
        return values

    def _key(self, value: Any) -> str:
        """Return what tells a value from the others, in words; empty where nothing does."""
        if self.unique is None:
            return ""
        if isinstance(self.unique, tuple):
            return " ".join(str(value.get(name) or "") for name in self.unique).strip()
        return str((value.get(self.unique) if self.unique else value) or "")


@dataclass(frozen=True)
class Dictionary:
    """A map with free keys (of a pattern) and values of one kind."""

    spec: Spec
    key_pattern: str = r".+"
    maximum: int = 20_000

    def empty(self) -> Record:
        return Record("", 0)

    def read(self, node: nodes.Node, file: str, problems: Problems) -> Record:
        record = Record(file, node.line)
        if not isinstance(node, nodes.Mapping):
            problems.add(file, node.line, "not_a_map", _("这里应是“名称: 值”的形式"))
            return record
        if len(node.entries) > self.maximum:
            problems.add(file, node.line, "too_many", _("最多 %(limit)d 项") % {"limit": self.maximum})
            return record
        for key, value in node.entries:
            if not re.fullmatch(self.key_pattern, key.text, re.DOTALL):
                problems.add(file, key.line, "bad_format", _("“%(text)s”的写法不对") % {"text": key.text[:60]})
            record[key.text] = self.spec.read(value, file, problems)
            record.lines[key.text] = key.line
        return record


@dataclass(frozen=True)
class Field:
    """A key of a table: how it is read, whether it must be there, and what it is when it is not."""

    spec: Spec
    required: bool = False
    default: Any = field(default=None)


@dataclass(frozen=True)
class Table:
    """A map with known keys."""

    fields: Mapping[str, Field]

    def empty(self) -> Record:
        return Record("", 0)

    def read(self, node: nodes.Node, file: str, problems: Problems) -> Record:
        record = Record(file, node.line)
        if not isinstance(node, nodes.Mapping):
            problems.add(file, node.line, "not_a_map", _("这里应是“名称: 值”的形式"))
            entries = []
        else:
            entries = node.entries
        for key, value in entries:
            known = self.fields.get(key.text)
            if known is None:
                meant = hint(key.text, self.fields) if problems.total < problems.LIMIT else ""
                problems.add(file, key.line, "unknown_key", _("不认识“%(key)s”") % {"key": key.text[:60]} + meant)
                continue
            record.lines[key.text] = key.line
            if isinstance(value, nodes.Scalar) and value.is_null:
                continue
            record[key.text] = known.spec.read(value, file, problems)
        for name, known in self.fields.items():
            if name in record:
                continue
            if known.required and isinstance(node, nodes.Mapping):
                problems.add(file, record.line_of(name), "missing_key", _("缺少“%(key)s”") % {"key": name})
            record[name] = known.spec.empty() if known.default is None else known.default
        return record
