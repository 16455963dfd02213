"""Setting up: what is missing is named with the line that installs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from portal.running import prepare

PROJECT = Path(__file__).resolve().parents[3]


def test_it_needs_nothing_but_python() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "portal/running/prepare.py", "--help"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_it_prints_the_line_that_installs_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(prepare, "LIBRARIES", {"libno-such-thing.so.0": "libno-such-thing0"})
    monkeypatch.setattr(prepare, "FONTS", {})
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get, no sudo
    prepare.provide_parts(tests=False, may_install=True)
    said = capsys.readouterr().out
    assert "sudo apt-get install libno-such-thing0" in said
    assert "certificates cannot be rendered" in said


def test_it_installs_again_only_when_the_lock_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("uv.lock", "pyproject.toml"):
        (tmp_path / name).write_text("one")
    monkeypatch.setattr(prepare, "PROJECT", tmp_path)
    before = prepare.fingerprint(tests=True)
    assert before == prepare.fingerprint(tests=True) != prepare.fingerprint(tests=False)
    (tmp_path / "uv.lock").write_text("two")
    assert before != prepare.fingerprint(tests=True)
