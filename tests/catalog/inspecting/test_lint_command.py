"""``lint_catalog`` over files, folders and the whole catalog; nothing is ever brought in."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from catalog.models import Matter, RegionalGuide
from catalog.packages.importing import import_package
from tests.catalog.linting import clean

pytestmark = pytest.mark.django_db


def lint(*paths: Path) -> tuple[dict[str, Any], int]:
    out, status = StringIO(), 0
    try:
        call_command("lint_catalog", *map(str, paths), "--json", stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    return json.loads(out.getvalue()), status


def write(path: Path, data: Any) -> Path:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def wrong() -> dict[str, Any]:
    guide = clean.guide()
    guide["materials"][2]["internal_no"] = "M36PCN00010004"
    guide["contradictions"] = [{"kind": "nonsense", "text": "跑动 0 次 须本人到银行现场"}]
    guide["unheard_of"] = {"a": [1, None]}
    return guide


@pytest.mark.parametrize(
    "data",
    [
        wrong(),
        [wrong()],
        {"guides": [wrong()], "meta": {"title": "…"}},
        {"items": [clean.item()], "guides": [wrong()]},
    ],
)
def test_it_reads_guides_as_they_are_given(tmp_path: Path, data: Any) -> None:
    path = write(tmp_path / "guides.json", data)
    report, status = lint(path)
    assert status == 1
    [found] = report["findings"]
    assert {key: found[key] for key in ("code", "severity", "guide", "part", "declared", "found")} == {
        "code": "duplicate_internal_no",
        "severity": "error",
        "guide": "g_clean",
        "part": "materials[3].internal_no",
        "declared": "M36PCN00010004",
        "found": ["就读情况说明", "随行人员名单"],
    }
    assert "M36PCN00010004" in found["message"]
    line = path.read_text(encoding="utf-8").splitlines()[found["line"] - 1]
    assert '"internal_no": "M36PCN00010004"' in line
    assert found["link"] == f"{path}:{found['line']}"
    assert report["counts"] == {"error": 1, "warning": 0, "note": 0}


def test_a_sound_guide_leaves_with_nothing_found(tmp_path: Path) -> None:
    assert lint(write(tmp_path / "g.json", clean.guide())) == (
        {"findings": [], "counts": {"error": 0, "warning": 0, "note": 0}},
        0,
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "bad_json"),
        (b"[" * 100_000, "bad_json"),
        ("《".encode("gbk"), "not_utf8"),
        (b'{"hello": 1}', "no_guide"),
        (b"[1, 2]", "no_guide"),
        (b"null", "no_guide"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "guides.json"
    path.write_bytes(content)
    report, status = lint(path)
    assert (status, [each["code"] for each in report["findings"]]) == (1, [code])


def test_a_path_to_nowhere_is_said(tmp_path: Path) -> None:
    report, status = lint(tmp_path / "none.json")
    assert (status, report["findings"][0]["code"]) == (1, "no_folder")


def test_a_folder_of_definitions_is_linted_and_not_brought_in(
    tiny: Path, edit: Callable[[str, str, str], None]
) -> None:
    (tiny / "opening/guides").mkdir()
    guide = {key: value for key, value in wrong().items() if key not in ("contradictions", "unheard_of")}
    write(tiny / "opening/guides/g_clean.yaml", guide)
    for folder in (tiny, tiny / "opening"):
        if folder != tiny:
            import_package(tiny)
            before = Matter.objects.get().current_version_id
        report, _status = lint(folder)
        codes = {each["code"] for each in report["findings"]}
        assert {"duplicate_internal_no", "legal_basis_missing"} <= codes
        [basis] = [each for each in report["findings"] if each["code"] == "legal_basis_missing"]
        assert basis["link"].endswith("opening/items/invoicing.yaml:1")
        if folder == tiny:
            assert not Matter.objects.exists()
        else:
            assert Matter.objects.get().current_version_id == before
    edit("opening/items/invoicing.yaml", "department: tax", "department: nowhere")
    report, status = lint(tiny)
    assert status == 1
    assert {"refers_to_nowhere", "duplicate_internal_no"} <= {each["code"] for each in report["findings"]}
    [problem] = [each for each in report["findings"] if each["code"] == "refers_to_nowhere"]
    assert problem["link"].endswith("opening/items/invoicing.yaml:3")


def test_the_whole_catalog_is_linted_with_links_to_the_causes(tiny: Path) -> None:
    (tiny / "opening/guides").mkdir()
    guide = {key: value for key, value in wrong().items() if key not in ("contradictions", "unheard_of")}
    write(tiny / "opening/guides/g_clean.yaml", guide)
    import_package(tiny)
    report, status = lint()
    assert status == 1
    by_code = {each["code"]: each for each in report["findings"]}
    row = RegionalGuide.objects.get()
    assert by_code["duplicate_internal_no"]["link"] == f"/admin/catalog/regionalguide/{row.pk}/change/#materials-3"
    assert by_code["legal_basis_missing"]["matter"] == "opening"
    assert by_code["legal_basis_missing"]["link"].startswith("/admin/catalog/matter/")


def test_people_read_it_in_sentences(tmp_path: Path) -> None:
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("lint_catalog", str(write(tmp_path / "g.json", wrong())), stdout=out)
    assert "内部材料编号 M36PCN00010004 用在几份不同材料：就读情况说明、随行人员名单" in out.getvalue()
    assert out.getvalue().rstrip().endswith("错误 1；提醒 0；注意 0")
