"""Reading YAML that nobody vouches for: any file gives nodes or problems, never an exception."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.packages.format.nodes import MAX_FILE_BYTES, read_nodes, to_json
from catalog.packages.format.problems import Problems


def read(path: Path, data: bytes) -> tuple[object, Problems]:
    file = path / "file.yaml"
    file.write_bytes(data)
    problems = Problems()
    node = read_nodes(file, "file.yaml", problems)
    return None if node is None else to_json(node), problems


def test_it_keeps_text_as_text_and_reads_plain_numbers(tmp_path: Path) -> None:
    value, problems = read(tmp_path, b"a: 1\nb: '1'\nc: no\nd: true\ne: ~\nf: 007\ng: 2024-01-01\nh: 1.5\n")
    assert not problems
    assert value == {"a": 1, "b": "1", "c": "no", "d": True, "e": None, "f": "007", "g": "2024-01-01", "h": 1.5}


@pytest.mark.parametrize(
    ("data", "line", "code"),
    [
        ("a: 中文\nb: 文字\n".encode("gb18030"), 1, "not_utf8"),
        (b"a: 1\nb: \xff\n", 2, "not_utf8"),
        (b"a: 1\na: 2\n", 2, "repeated_key"),
        (b"a: &x 1\nb: *x\n", 1, "no_anchors"),
        (b"a: !!binary x\n", 1, "no_tags"),
        (b"a: 1\n---\nb: 2\n", 1, "several_documents"),
        (b"", 1, "empty_file"),
        (b"a: [1\nb: 2\n", 2, "bad_yaml"),
        (b"a: 1\n\tb: 2\n", 2, "bad_yaml"),
        (b"a: 1\nb: \x07\n", 2, "bad_yaml"),
        (b"[" * 10_000, 1, "too_deep"),
        (b"{a: " * 10_000, 1, "too_deep"),
        (b"- " * 10_000, 1, "too_deep"),
    ],
)
def test_it_names_line_and_reason(tmp_path: Path, data: bytes, line: int, code: str) -> None:
    _value, problems = read(tmp_path, data)
    assert (problems.found[0].line, problems.found[0].code) == (line, code)


def test_it_does_not_read_a_file_that_is_too_large(tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    with file.open("wb") as handle:
        handle.truncate(MAX_FILE_BYTES + 1)
    problems = Problems()
    assert read_nodes(file, "file.yaml", problems) is None
    assert problems.found[0].code == "file_too_large"


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.binary(max_size=200), st.text(alphabet="{}[]:-, \n\"'&*!|>#%@`\tab1中", max_size=200).map(str.encode))
)
def test_whatever_the_bytes_it_does_not_fail(tmp_path: Path, data: bytes) -> None:
    read(tmp_path, data)
