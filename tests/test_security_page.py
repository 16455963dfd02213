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


# The requirements of OWASP ASVS 5.0 by which the site measures itself first, chapter by chapter.
BINDING = [
    "1.1.1",
    "1.2.1",
    "1.2.2",
    "1.2.3",
    "1.2.4",
    "1.2.5",
    "1.2.9",
    "1.2.10",
    "1.3.2",
    "1.3.4",
    "1.3.6",
    "1.3.7",
    "1.3.12",
    "1.5.1",
    "1.5.2",
    "2.2.1",
    "2.2.2",
    "2.2.3",
    "2.3.1",
    "2.3.2",
    "2.3.3",
    "2.3.4",
    "2.3.5",
    "2.4.1",
    "3.2.1",
    "3.3.1",
    "3.3.2",
    "3.3.3",
    "3.3.4",
    "3.4.1",
    "3.4.3",
    "3.4.4",
    "3.4.5",
    "3.4.6",
    "3.5.1",
    "3.5.3",
    "3.7.2",
    "4.1.1",
    "4.1.3",
    "4.2.1",
    "5.1.1",
    "5.2.1",
    "5.2.2",
    "5.2.3",
    "5.2.4",
    "5.2.5",
    "5.2.6",
    "5.3.1",
    "5.3.2",
    "5.3.3",
    "5.4.1",
    "5.4.2",
    "5.4.3",
    "6.2.1",
    "6.2.4",
    "6.2.5",
    "6.2.8",
    "6.2.9",
    "6.2.11",
    "6.2.12",
    "6.3.1",
    "6.3.2",
    "6.3.3",
    "6.3.4",
    "6.3.8",
    "6.4.3",
    "6.5.1",
    "6.5.5",
    "6.6.3",
    "7.2.4",
    "7.3.1",
    "7.3.2",
    "7.4.1",
    "7.4.2",
    "7.4.3",
    "7.5.1",
    "7.5.2",
    "8.1.1",
    "8.2.1",
    "8.2.2",
    "8.2.3",
    "8.3.1",
    "8.3.2",
    "8.4.1",
    "9.1.1",
    "9.1.2",
    "9.1.3",
    "9.2.1",
    "9.2.2",
    "9.2.3",
    "11.1.2",
    "11.2.2",
    "11.3.2",
    "11.3.3",
    "11.4.2",
    "11.5.1",
    "11.6.1",
    "12.1.1",
    "12.2.1",
    "12.3.1",
    "13.2.2",
    "13.2.3",
    "13.2.4",
    "13.3.1",
    "13.4.2",
    "13.4.4",
    "13.4.5",
    "14.2.1",
    "14.2.2",
    "14.2.4",
    "14.2.6",
    "14.2.7",
    "14.2.8",
    "14.3.2",
    "14.3.3",
    "15.1.2",
    "15.1.3",
    "15.2.1",
    "15.2.2",
    "15.3.1",
    "15.3.3",
    "15.3.7",
    "15.4.2",
    "16.2.1",
    "16.2.2",
    "16.2.4",
    "16.2.5",
    "16.3.1",
    "16.3.2",
    "16.3.3",
    "16.4.1",
    "16.4.2",
    "16.5.1",
    "16.5.2",
    "16.5.3",
    "16.5.4",
]
_NUMBER = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{1,2}\b")


def test_every_requirement_it_measures_itself_by_has_a_test_or_stands_under_not_covered() -> None:
    tried = {
        number for line in PAGE.splitlines() if line.startswith("| ") for number in _NUMBER.findall(line.split("|")[-2])
    }
    gaps = {
        number
        for part in re.findall(r"^Not covered.*?(?=\n\n|\Z)", PAGE, re.DOTALL | re.MULTILINE)
        for number in _NUMBER.findall(part)
    }
    assert set(BINDING) - tried - gaps == set()
    assert len(set(BINDING) & tried) >= 94
