"""A folder that a department fills: the newest whole and signed file answers, nothing else."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from structlog.testing import capture_logs

from portal.lib.vault import key_bytes
from portal.settings.connections import Connection
from portal.sharing.adapters.file_drop import FileDrop, signature_of
from portal.sharing.core.inquiry import Reply
from tests.portal.sharing.sources import KEY, SUBJECT, inquiry

LINE: dict[str, Any] = {"kind": "111", "number": SUBJECT.number, "name": "李婉清", "card": {"number": "36"}}
OTHER = {"kind": "111", "number": "36010219930307999X", "name": "欧阳䶮"}


def put(folder: Path, name: str, content: bytes, key: bytes = key_bytes(KEY)) -> None:
    (folder / name).write_bytes(content)
    (folder / f"{name}.hmac").write_text(signature_of(name, content, key) + "\n")


def lines(*records: dict[str, Any]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def ask(folder: Path) -> Reply:
    with override_settings(YIJIAN_SHARING_CONNECTIONS={"here": Connection(folder=str(folder), key=KEY)}):
        return FileDrop().ask(inquiry("test"))


def test_the_line_of_the_subject_answers(tmp_path: Path) -> None:
    put(tmp_path, "2026-11-30.jsonl", lines(OTHER, LINE))
    reply = ask(tmp_path)
    assert (reply.outcome, reply.as_of) == ("found", date(2026, 11, 30))
    assert reply.elements == {"person.name": "李婉清"}
    assert reply.documents == {"card": {"number": "36"}}


def test_so_does_the_row_of_a_table(tmp_path: Path) -> None:
    put(tmp_path, "2026-11-30.csv", f'\ufeffkind,number,name,card\r\n111,{SUBJECT.number},"李\n婉清",36\r\n'.encode())
    reply = ask(tmp_path)
    assert reply.elements == {"person.name": "李\n婉清"}
    assert reply.documents == {"card": {"number": "36"}}


def test_who_is_in_no_line_is_not_found(tmp_path: Path) -> None:
    put(tmp_path, "2026-11-30.jsonl", lines(OTHER, {**LINE, "number": SUBJECT.number + "1"}))
    assert ask(tmp_path).outcome == "not_found"


def test_the_newest_file_answers(tmp_path: Path) -> None:
    for name, called in [
        ("2026-11-29.jsonl", "a"),
        ("2026-11-30.jsonl", "b"),
        ("2026-11-30-2.jsonl", "c"),
        ("2026-11-30-10.jsonl", "d"),
    ]:
        put(tmp_path, name, lines({**LINE, "name": called}))
    assert ask(tmp_path).elements["person.name"] == "d"


@pytest.mark.parametrize(
    "fault", ["torn", "unsigned", "another key", "renamed", "no json", "a link", "too short a row"]
)
def test_a_file_that_is_not_whole_is_not_read_and_said_so(tmp_path: Path, fault: str) -> None:
    put(tmp_path, "2026-11-28.jsonl", lines(LINE))
    new, content = tmp_path / "2026-11-30.jsonl", lines({**LINE, "name": "假"})
    if fault == "torn":
        put(tmp_path, new.name, content)
        new.write_bytes(content[:-20])
    elif fault == "unsigned":
        new.write_bytes(content)
    elif fault == "another key":
        put(tmp_path, new.name, content, b"another")
    elif fault == "renamed":
        put(tmp_path, "2026-11-27.jsonl", content)
        for end in ("", ".hmac"):
            os.rename(tmp_path / f"2026-11-27.jsonl{end}", tmp_path / f"{new.name}{end}")
    elif fault == "no json":
        put(tmp_path, new.name, content[:-20])
    elif fault == "a link":
        put(tmp_path, new.name, content)
        os.rename(new, tmp_path / "elsewhere")
        new.symlink_to(tmp_path / "elsewhere")
    else:
        put(tmp_path, "2026-11-30.csv", f"kind,number,name\n111,{SUBJECT.number}\n".encode())
    with capture_logs() as told:
        assert ask(tmp_path).elements == {"person.name": "李婉清"}
    assert [line["event"] for line in told] == ["drop_file_not_read"]
    assert SUBJECT.number not in str(told)


def test_without_a_whole_file_nothing_is_said(tmp_path: Path) -> None:
    assert ask(tmp_path).outcome == "away"
    assert ask(tmp_path / "nowhere").outcome == "away"
    (tmp_path / "2026-11-30.jsonl").write_bytes(lines(LINE))
    assert ask(tmp_path).outcome == "unreadable"


def test_two_records_that_differ_say_nothing(tmp_path: Path) -> None:
    put(tmp_path, "2026-11-30.jsonl", lines(LINE, LINE))
    assert ask(tmp_path).outcome == "found"
    put(tmp_path, "2026-11-30.jsonl", lines(LINE, {**LINE, "name": "李婉"}))
    assert ask(tmp_path).outcome == "unreadable"


def test_the_command_in_the_manual_signs(tmp_path: Path) -> None:
    (tmp_path / "2026-11-30.jsonl").write_bytes(lines(LINE))
    command = (
        "{ printf '%s\\0' 2026-11-30.jsonl; cat 2026-11-30.jsonl; } | "
        f"openssl dgst -sha256 -mac HMAC -macopt hexkey:{key_bytes(KEY).hex()} > 2026-11-30.jsonl.hmac"
    )
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
    assert ask(tmp_path).outcome == "found"
