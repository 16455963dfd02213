"""A small language to say what a package file may hold; reading a node by it gives plain values that know their lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.definitions.deciding import DecisionRuleMalformed, read_decision_rule
from catalog.fields.constraints import BINDS
from catalog.packages.format import nodes
from catalog.packages.format.hints import hint
from catalog.packages.format.problems import Problems
from catalog.packages.format.records import Listing, Record, Spec
from catalog.rules import language as rules
from catalog.wording.conditions import rule_problem


@dataclass(frozen=True)
class Text:
    """Text of at most ``maximum`` code points. Numbers and codes are taken as written, leading zeros included."""

    maximum: int = 200
    pattern: str = ""
    choices: Collection[str] = ()

    def empty(self) -> str:
        return ""

    def read(self, node: nodes.Node, file: str, problems: Problems) -> str:
        if not isinstance(node, nodes.Scalar):
            problems.add(file, node.line, "not_text", _("这里应是一段文字"))
            return ""
        text = node.text if node.is_quoted else node.text.strip()
        if not text.strip():
            problems.add(file, node.line, "empty_text", _("这里不能空着"))
        elif len(text) > self.maximum:
            limit = {"limit": self.maximum, "given": len(text)}
            problems.add(file, node.line, "too_long", _("最多 %(limit)d 个字，现有 %(given)d 个") % limit)
        elif self.choices and text not in self.choices:
            allowed = "、".join(sorted(self.choices))
            problems.add(
                file,
                node.line,
                "not_allowed",
                _("“%(text)s”不在可用的值里：%(allowed)s") % {"text": text, "allowed": allowed},
            )
        elif text and self.pattern and not re.fullmatch(self.pattern, text):
            problems.add(file, node.line, "bad_format", _("“%(text)s”的写法不对") % {"text": text[:60]})
        return text


@dataclass(frozen=True)
class Integer:
    """A whole number between ``minimum`` and ``maximum``."""

    minimum: int = 0
    maximum: int = 9999

    def empty(self) -> None:
        return None

    def read(self, node: nodes.Node, file: str, problems: Problems) -> int | None:
        text = node.text if isinstance(node, nodes.Scalar) and node.is_plain else ""
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not self.minimum <= int(text) <= self.maximum:
            limits = {"minimum": self.minimum, "maximum": self.maximum}
            problems.add(file, node.line, "not_a_number", _("这里应是 %(minimum)d 到 %(maximum)d 之间的整数") % limits)
            return None
        return int(text)


@dataclass(frozen=True)
class Flag:
    """``true`` or ``false``."""

    def empty(self) -> bool:
        return False

    def read(self, node: nodes.Node, file: str, problems: Problems) -> bool:
        if not isinstance(node, nodes.Scalar) or node.text not in ("true", "false"):
            problems.add(file, node.line, "not_a_flag", _("这里应是 true 或 false"))
            return False
        return node.text == "true"


@dataclass(frozen=True)
class Json:
    """Any data, taken as JSON."""

    def empty(self) -> Any:
        return {}

    def read(self, node: nodes.Node, file: str, problems: Problems) -> Any:
        return nodes.to_json(node)


@dataclass(frozen=True)
class Rule:
    """A condition in the language of ``catalog.rules.language``."""

    def empty(self) -> None:
        return None

    def read(self, node: nodes.Node, file: str, problems: Problems) -> Any:
        rule = nodes.to_json(node)
        for problem in rules.check(rule):
            sentence = rule_problem(problem)
            if problem.code == "unknown_operator":
                sentence += hint(problem.params["operator"], rules.ARITY)
            problems.add(file, _at(node, problem.path).line, "bad_rule", sentence)
        return rule


@dataclass(frozen=True)
class DecidingRule(Rule):
    """A rule that decides without a person, in the form of ``catalog.definitions.deciding``."""

    def read(self, node: nodes.Node, file: str, problems: Problems) -> Any:
        rule = nodes.to_json(node)
        try:
            read_decision_rule(rule)
        except DecisionRuleMalformed as fault:
            message = _("自动办结规则的“%(place)s”写得不对") % {"place": str(fault)}
            problems.add(file, node.line, "bad_decision_rule", message)
        return rule


class _Map:
    def empty(self) -> Record:
        return Record("", 0)


def _entries(node: nodes.Node, file: str, problems: Problems) -> list[tuple[nodes.Scalar, nodes.Node]]:
    """Return the entries of a map; none of anything else, which is noted."""
    if isinstance(node, nodes.Mapping):
        return node.entries
    problems.add(file, node.line, "not_a_map", _("这里应是“名称: 值”的形式"))
    return []


@dataclass(frozen=True)
class Constraints(_Map):
    """What is demanded of a value: a map of the constraints of ``catalog.fields.constraints``; their values are checked with the field's type."""

    def read(self, node: nodes.Node, file: str, problems: Problems) -> Record:
        demands = Record(file, node.line)
        for key, value in _entries(node, file, problems):
            if key.text not in BINDS:
                message = _("不认识“%(key)s”") % {"key": key.text[:60]} + hint(key.text, BINDS)
                problems.add(file, key.line, "unknown_key", message)
                continue
            demands[key.text] = nodes.to_json(value)
            demands.lines[key.text] = key.line
        return demands


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
class Dictionary(_Map):
    """A map with free keys (of a pattern) and values of one kind."""

    spec: Spec
    key_pattern: str = r".+"
    maximum: int = 20_000

    def read(self, node: nodes.Node, file: str, problems: Problems) -> Record:
        record = Record(file, node.line)
        entries = _entries(node, file, problems)
        if len(entries) > self.maximum:
            problems.add(file, node.line, "too_many", _("最多 %(limit)d 项") % {"limit": self.maximum})
            return record
        for key, value in entries:
            if not re.fullmatch(self.key_pattern, key.text, re.DOTALL):
                problems.add(file, key.line, "bad_format", _("“%(text)s”的写法不对") % {"text": key.text[:60]})
            record[key.text] = self.spec.read(value, file, problems)
            record.lines[key.text] = key.line
        return record


@dataclass(frozen=True)
class Field:
    """A key of a table: how it is read, whether it must be there, and what it is when it is not.

    ``may_be_unknown``: left out it is None, which says something else than an empty value.
    """

    spec: Spec
    required: bool = False
    default: Any = None
    may_be_unknown: bool = False

    @property
    def if_left_out(self) -> Any:
        """Return what a key is taken for where it is not written."""
        if self.may_be_unknown:
            return None
        return self.spec.empty() if self.default is None else self.default


@dataclass(frozen=True)
class Table(_Map):
    """A map with known keys."""

    fields: Mapping[str, Field]

    def read(self, node: nodes.Node, file: str, problems: Problems) -> Record:
        record = Record(file, node.line)
        for key, value in _entries(node, file, problems):
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
            record[name] = known.if_left_out
        return record


def _at(node: nodes.Node, path: tuple[str | int, ...]) -> nodes.Node:
    """Return the part of a rule's node that a path of operators and operand numbers leads to, as far as it leads."""
    for step in path:
        if isinstance(node, nodes.Mapping) and isinstance(step, str):
            inner = [value for key, value in node.entries if key.text == step]
        elif isinstance(node, nodes.Sequence) and isinstance(step, int):
            inner = node.nodes[step : step + 1]
        else:
            inner = []
        if not inner:
            break
        node = inner[0]
    return node
