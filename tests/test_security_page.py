"""`docs/security.md` names a test for every promise, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PAGE = (PROJECT / "docs" / "security.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::([\w:]+))?`", PAGE)))


def names_in(path: Path) -> set[str]:
    """Return every test of a file as pytest names it, without parameters, and every class of tests."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
            found |= {
                f"{node.name}::{each.name}" for each in getattr(node, "body", []) if isinstance(each, ast.FunctionDef)
            }
    return found


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_every_test_it_names_is_there(file: str, test: str) -> None:
    path = PROJECT / file
    assert path.is_file(), file
    assert not test or test in names_in(path), f"{file}::{test}"


def test_every_promise_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| promise", "| ---"))]
    assert rows
    assert [row for row in rows if "`tests/" not in row] == []
