"""How single values of a package file are read: text, numbers, flags, conditions, demands on a value."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.fields.constraints import BINDS
from catalog.packages.format import nodes
from catalog.packages.format.hints import hint
from catalog.packages.format.problems import Problems
from catalog.packages.format.records import Record
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
class Constraints:
    """What is demanded of a value: a map of the constraints of ``catalog.fields.constraints``; their values are checked with the field's type."""

    def empty(self) -> Record:
        return Record("", 0)

    def read(self, node: nodes.Node, file: str, problems: Problems) -> Record:
        demands = Record(file, node.line)
        if not isinstance(node, nodes.Mapping):
            problems.add(file, node.line, "not_a_map", _("这里应是“名称: 值”的形式"))
            return demands
        for key, value in node.entries:
            if key.text not in BINDS:
                message = _("不认识“%(key)s”") % {"key": key.text[:60]} + hint(key.text, BINDS)
                problems.add(file, key.line, "unknown_key", message)
                continue
            demands[key.text] = nodes.to_json(value)
            demands.lines[key.text] = key.line
        return demands


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
