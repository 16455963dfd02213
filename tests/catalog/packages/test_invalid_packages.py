"""One mistake each: it is named by file and line, in a sentence, and nothing is changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Department, FactSource, Matter, ServiceItem
from tests.catalog.packages.mistakes import MISTAKES
from tests.catalog.packages.mistakes.codes import TASK_CODE
from tests.catalog.packages.mistakes.making import ITEM, MATTER, OTHER_ITEM, Mistake

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_it_names_the_mistake_and_changes_nothing(
    tiny: Path, mistake: Mistake, capsys: pytest.CaptureFixture[str]
) -> None:
    mistake.make(tiny)
    with pytest.raises(CommandError):
        call_command("import_catalog", str(tiny), json=True, verbosity=0)
    errors = json.loads(capsys.readouterr().out)["errors"]
    said = [
        (each["file"], each["line"], each["code"], each["message"])
        for each in errors
        if each["code"] != mistake.follows
    ]
    assert said == [(mistake.file, mistake.line, mistake.code, mistake.sentence)]
    assert not any(model.objects.exists() for model in (Department, FactSource, ServiceItem, Matter))


def test_it_lists_every_mistake_at_once_by_file_and_line(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = {"no-material", "no-department", "too-long", "no-answer-by-that-name", "credit-code-check-digit"}
    for mistake in MISTAKES:
        if mistake.name in chosen:
            mistake.make(tiny)
    with pytest.raises(CommandError, match="4 处错误"):  # what only compiling shows comes after these
        call_command("import_catalog", str(tiny), verbosity=0)
    said = [line.split(": ")[0] for line in capsys.readouterr().err.splitlines()]
    assert said == ["departments.yaml:2", f"{ITEM}:2", f"{ITEM}:13", f"{MATTER}:6"]


def test_an_implementation_code_stands_for_one_item(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (ITEM, OTHER_ITEM):
        path = tiny / name
        text = path.read_text(encoding="utf-8").replace('item_type: "20"', 'item_type: "01"')
        path.write_text(text + f"task_code: {TASK_CODE.replace('360131', '000131')}\n", encoding="utf-8")
    with pytest.raises(CommandError, match="1 处错误"):
        call_command("import_catalog", str(tiny), verbosity=0)
    assert "在 opening/items/invoicing.yaml:14 已有" in capsys.readouterr().err


def test_a_file_that_may_not_be_read_is_named(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(CommandError):
        call_command("import_catalog", str(tiny), verbosity=0)
    assert f"{ITEM}: 读不了这个文件：Permission denied" in capsys.readouterr().err


def test_a_byte_order_mark_does_no_harm(tiny: Path) -> None:
    path = tiny / "materials.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    call_command("import_catalog", str(tiny), verbosity=0)
    assert Matter.objects.filter(slug="opening").exists()


def test_a_catalog_code_of_a_certificate_type_may_not_be_anothers_in_the_catalog(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_catalog", str(tiny), verbosity=0)
    (tiny / "opening/certificate_types.yaml").write_text(
        "- slug: licence\n  code: 11360100999991056A001\n  name: 执照\n  department: market\n  face: []\n",
        encoding="utf-8",
    )
    with pytest.raises(CommandError):
        call_command("import_catalog", str(tiny / "opening"), verbosity=0)
    assert (
        "opening/certificate_types.yaml:2: “11360100999991056A001”已由“business_licence”使用" in capsys.readouterr().err
    )


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError):
        call_command("import_catalog", str(tmp_path / "nothing"), verbosity=0)
    assert "没有这个文件夹" in capsys.readouterr().err
