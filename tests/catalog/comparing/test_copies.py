"""Every difference between copies is listed, and what agrees is counted, not listed."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.comparing.copies import Copy, compare, copy_of_guide
from catalog.linting.guides import read_guide
from catalog.packages.importing import import_package
from tests.catalog.linting import clean
from tests.catalog.versions.test_implementations import regional

__all__ = ["regional"]


def test_copies_that_say_the_same_differ_in_nothing() -> None:
    copy = copy_of_guide(read_guide(clean.guide()))
    found = compare([copy, copy, copy])
    assert found.differences == []
    assert found.agreed > 10


def test_it_lists_each_value_that_differs() -> None:
    other = clean.guide()
    other["declared"]["days"]["after"] = 9
    other["sub_items"][1]["promised_days"] = 4
    other["materials"][2]["exempt"] = "interface"
    del other["materials"][4]
    found = compare([copy_of_guide(read_guide(each)) for each in (clean.guide(), other)])
    assert {(row.part, row.name, row.element, row.values) for row in found.differences} == {
        ("elements", "", "days_after", (5, 9)),
        ("elements", "", "paper_count", (5, 4)),
        ("items", "游学补助登记", "promised_limit_days", (2, 4)),
        ("papers", "就读情况说明", "exempt", (False, True)),
        ("papers", "监护人意见", "listed", (True, False)),
    }


def test_names_that_mean_one_paper_are_one_line() -> None:
    names = ("居民户口簿", "《户口本》原件", "申请人户口簿")
    copies = [Copy(name, "guide", papers={name: {"necessity": "required"}}) for name in names]
    assert compare(copies).differences == []


def test_what_a_copy_does_not_say_is_no_difference() -> None:
    copies = [Copy("甲", "standard", {"visits": 1}), Copy("乙", "guide", {"visits": None}), Copy("丙", "guide", {})]
    assert compare(copies).differences == []


@pytest.mark.django_db
def test_the_report_names_what_a_division_does_otherwise(regional: Path) -> None:
    import_package(regional)
    (regional / "opening/guides").mkdir()
    text = json.dumps({**clean.guide(), "matter_id": "opening"}, ensure_ascii=False)
    (regional / "opening/guides/g_clean.yaml").write_text(text, encoding="utf-8")
    import_package(regional)
    out = StringIO()
    call_command("compare_regions", "opening", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert [each["kind"] for each in report["places"]] == ["standard", "implementation", "guide"]
    rows = {(each["part"], each["name"], each["element"]): each["values"] for each in report["differences"]}
    assert rows["items", "企业设立登记", "promised_limit_days"] == {"标准": 1, "东湖区": 0, "南昌县": None}
    assert rows["items", "企业设立登记", "office"]["东湖区"] == "东湖区市场监督管理局"
    assert rows["papers", "居民身份证", "listed"] == {"标准": False, "东湖区": False, "南昌县": True}
    out = StringIO()
    call_command("compare_regions", "item:registration", stdout=out)
    assert "东湖区：东湖区市场监督管理局" in out.getvalue()


@pytest.mark.django_db
def test_a_code_of_nothing_is_refused() -> None:
    with pytest.raises(CommandError, match="没有代码为"):
        call_command("compare_regions", "nothing")
