"""Guides in files, as they are given: YAML or JSON, one guide or many in a file. Reading touches no database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from catalog.definitions.finding import Path as Place
from catalog.linting.guides.facts import is_item
from catalog.packages.format import nodes
from catalog.packages.format.problems import Problems

SUFFIXES = (".yaml", ".yml", ".json")
MAX_JSON_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class GuideFile:
    """One guide and where it stands: ``lines`` maps a place in its data to the line in ``file``."""

    facts: Mapping[str, Any]
    file: str
    line: int = 0
    lines: Mapping[Place, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return str(self.facts.get("id") or self.facts.get("key") or Path(self.file).stem)

    @property
    def is_item(self) -> bool:
        return is_item(self.facts)

    def line_of(self, place: Place) -> int:
        """Return the line of a place, or of the nearest place around it that is written."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return self.line


def read_guides(path: Path, problems: Problems) -> list[GuideFile]:
    """Return the guides of a file, or of every file of a folder; what cannot be read is noted in ``problems``."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
        return [guide for file in files for guide in read_guides(file, problems)]
    read = _read(path, problems)
    if read is None:
        return []
    guides = list(_guides(*read, str(path), ()))
    if not guides:
        problems.add(str(path), 1, "no_guide", _("没有找到办事指南：应是一份指南，或 guides、items 列表"))
    return guides


def _read(path: Path, problems: Problems) -> tuple[Any, nodes.Node | None] | None:
    """Return a file's data with its nodes, which know their lines; None where it cannot be read."""
    name = str(path)
    if path.suffix != ".json":
        root = nodes.read_nodes(path, name, problems)
        return None if root is None else (nodes.to_json(root), root)
    try:
        if path.stat().st_size > MAX_JSON_BYTES:
            problems.add(name, 0, "file_too_large", _("文件超过 20 MB，请拆分"))
            return None
        text = path.read_bytes().decode("utf-8-sig")
        data = json.loads(text)
    except OSError as error:
        problems.add(name, 0, "unreadable", _("读不了这个文件：%(reason)s") % {"reason": error.strerror or ""})
    except UnicodeDecodeError:
        problems.add(name, 0, "not_utf8", _("不是 UTF-8 编码，请另存为 UTF-8"))
    except json.JSONDecodeError as error:
        problems.add(name, error.lineno, "bad_json", _("不是合格的 JSON：%(reason)s") % {"reason": error.msg})
    except (RecursionError, ValueError) as error:
        problems.add(name, 0, "bad_json", _("不是合格的 JSON：%(reason)s") % {"reason": type(error).__name__})
    else:
        # JSON is nearly YAML: where it reads as such, findings can name lines.
        return data, nodes.read_nodes(path, name, Problems())
    return None


def _guides(data: Any, root: nodes.Node | None, file: str, place: Place) -> Iterator[GuideFile]:
    if isinstance(data, list):
        for index, each in enumerate(data):
            inner = root.nodes[index] if isinstance(root, nodes.Sequence) and index < len(root.nodes) else None
            if isinstance(each, Mapping):
                yield from _guides(each, inner, file, (*place, index))
        return
    if not isinstance(data, Mapping):
        return
    lists = [key for key in ("guides", "items") if isinstance(data.get(key), list) and "sub_items" not in data]
    for key in lists:
        yield from _guides(data[key], _child(root, key), file, (key,))
    if not lists and _looks_like_one(data):
        lines: dict[Place, int] = {}
        if root is not None:
            _index(root, (), lines)
        yield GuideFile(data, file, root.line if root is not None else 0, lines)


def _looks_like_one(data: Mapping[str, Any]) -> bool:
    return bool({"sub_items", "declared", "materials", "promised_days", "visits"} & set(data)) and "schema" not in data


def _child(root: nodes.Node | None, key: str) -> nodes.Node | None:
    entries = root.entries if isinstance(root, nodes.Mapping) else []
    return next((value for name, value in entries if name.text == key), None)


def _index(node: nodes.Node, place: Place, lines: dict[Place, int]) -> None:
    lines[place] = node.line
    if isinstance(node, nodes.Sequence):
        for index, each in enumerate(node.nodes):
            _index(each, (*place, index), lines)
    elif isinstance(node, nodes.Mapping):
        for key, value in node.entries:
            _index(value, (*place, key.text), lines)
            lines[(*place, key.text)] = key.line
