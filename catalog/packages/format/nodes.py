"""Read a YAML file into nodes that remember their lines.

Built from parser events, without recursion and without constructing objects: only maps, lists and plain scalars, no
anchors, no tags. A file of any depth or kind gives problems, never an exception.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from catalog.packages.format.problems import Problems

MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 40

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,15})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,15})\.[0-9]{1,17}(e[+-][0-9]{1,3})?")
# What no text of the catalog may hold: the database, the browser and XML would each stumble over some of them.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Scalar:
    """Text as written; ``is_plain`` unless quoted or a block, ``is_quoted`` in quotes (blanks at its ends are then meant)."""

    text: str
    line: int
    is_plain: bool = True
    is_quoted: bool = False

    @property
    def is_null(self) -> bool:
        return self.is_plain and self.text in ("", "~", "null")


@dataclass(slots=True)
class Sequence:
    line: int
    nodes: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    line: int
    entries: list[tuple[Scalar, Node]] = field(default_factory=list)


Node = Scalar | Sequence | Mapping


def read_nodes(path: Path, name: str, problems: Problems) -> Node | None:
    """Return a file's root node, or None with the reason noted under the file's ``name``."""
    text = read_text(path, name, problems)
    return None if text is None else nodes_of(text, name, problems)


def nodes_of(text: str, name: str, problems: Problems) -> Node | None:
    """Return the root node of a file's text, or None with the reason noted."""
    try:
        return _build(text, name, problems)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark else _line_of(text, getattr(error, "position", None))
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or ""
        problems.add(name, line, "bad_yaml", _("不是合格的 YAML：%(reason)s") % {"reason": reason})
        return None


def read_text(path: Path, name: str, problems: Problems) -> str | None:
    """Return a file's text, or None if it is too large, unreadable or not UTF-8."""
    try:
        if not path.is_file():
            problems.add(name, 0, "not_a_file", _("这里应是一个文件"))
            return None
        if path.stat().st_size > MAX_FILE_BYTES:
            problems.add(name, 0, "file_too_large", _("文件超过 2 MB，请拆分"))
            return None
        data = path.read_bytes()
    except OSError as error:
        problems.add(name, 0, "unreadable", _("读不了这个文件：%(reason)s") % {"reason": error.strerror or ""})
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.add(name, line, "not_utf8", _("不是 UTF-8 编码，请另存为 UTF-8"))
        return None


def to_json(node: Node) -> Any:
    """Return a node as JSON data: plain ``true``, ``false``, ``null`` and numbers as such, all else as text."""
    if isinstance(node, Mapping):
        return {key.text: to_json(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [to_json(each) for each in node.nodes]
    if not node.is_plain:
        return node.text
    if node.is_null:
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    if _INTEGER.fullmatch(node.text):
        return int(node.text)
    is_number = _DECIMAL.fullmatch(node.text) and isfinite(float(node.text))
    return float(node.text) if is_number else node.text


def _line_of(text: str, position: object) -> int:
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 0


def _build(text: str, name: str, problems: Problems) -> Node | None:
    root: list[Node] = []
    open_nodes: list[_Open] = []
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            problems.add(name, line, "no_anchors", _("不能用锚点和引用（& 和 *），请照写一遍"))
            return None
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag not in (None, "!"):
            problems.add(name, line, "no_tags", _("不能用类型标记（!…）"))
            return None
        if isinstance(event, yaml.ScalarEvent):
            if CONTROL.search(event.value):
                problems.add(name, line, "control_character", _("这里有看不见的控制字符，请删去"))
                return None
            scalar = Scalar(event.value, line, not event.style, event.style in ("'", '"'))
            _place(scalar, root, open_nodes, name, problems)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(open_nodes) >= MAX_DEPTH:
                problems.add(name, line, "too_deep", _("套得太深，最多 %(limit)d 层") % {"limit": MAX_DEPTH})
                return None
            opened = Mapping(line) if isinstance(event, yaml.MappingStartEvent) else Sequence(line)
            _place(opened, root, open_nodes, name, problems)
            open_nodes.append(_Open(opened))
        elif isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
    if len(root) != 1:
        code = "empty_file" if not root else "several_documents"
        problems.add(name, 1, code, _("每个文件应有且只有一份内容"))
        return None
    return root[0]


@dataclass(slots=True)
class _Open:
    """A list or map that is being read: the keys it has, and the one that waits for its value."""

    node: Sequence | Mapping
    keys: set[str] = field(default_factory=set)
    pending: Scalar | None = None


def _place(node: Node, root: list[Node], open_nodes: list[_Open], name: str, problems: Problems) -> None:
    if not open_nodes:
        root.append(node)
        return
    parent = open_nodes[-1]
    if isinstance(parent.node, Sequence):
        parent.node.nodes.append(node)
    elif parent.pending is not None:
        parent.node.entries.append((parent.pending, node))
        parent.pending = None
    elif isinstance(node, Scalar):
        if node.text in parent.keys:
            problems.add(name, node.line, "repeated_key", _("“%(key)s”写了两遍") % {"key": node.text[:60]})
        parent.keys.add(node.text)
        parent.pending = node
    else:
        problems.add(name, node.line, "bad_key", _("冒号左边应是文字"))
        parent.pending = Scalar("", node.line)
