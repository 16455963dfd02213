"""Importing a package: all or nothing, twice the same as once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.models import FormLine, Matter, MatterItem, MatterVersion, ServiceItem, Translation
from catalog.packages.format.problems import PackageInvalid
from catalog.packages.importing import import_package
from catalog.publishing.publishing import MatterDraft

pytestmark = pytest.mark.django_db
Edit = Callable[[str, str, str], None]


def test_it_brings_everything_in_and_publishes_it(tiny: Path) -> None:
    report = import_package(tiny)
    assert [str(version) for version in report.published] == ["开办企业 v1"]
    line = FormLine.objects.get(code="ZB")
    assert (line.sources, line.confidence) == (["S1"], "seen")
    matter = Matter.objects.get(slug="opening")
    assert matter.current_version is not None
    assert matter.current_version.content["translations"]["en"]["开办企业"] == "Opening a company"
    assert Translation.objects.filter(matter=None).count() == 1


def test_it_changes_nothing_the_second_time(tiny: Path) -> None:
    first = import_package(tiny).published[0]
    again = import_package(tiny)
    assert again.tally.is_empty
    assert again.published == []
    assert again.unchanged == [first]


def test_a_dry_run_tells_what_would_change_and_writes_nothing(tiny: Path) -> None:
    report = import_package(tiny, dry_run=True)
    assert report.tally.created["FormLine"] == 4
    assert [version.number for version in report.published] == [1]
    assert not Matter.objects.exists()
    assert not ServiceItem.objects.exists()


def test_a_changed_line_makes_a_new_version_and_keeps_the_old_one(tiny: Path, edit: Edit) -> None:
    import_package(tiny)
    edit("opening/items/registration.yaml", "注册资本", "注册资金")
    report = import_package(tiny)
    assert report.tally.changed == {"FormLine": 1}
    assert list(MatterVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_what_left_the_folder_leaves_the_definition(tiny: Path, edit: Edit) -> None:
    import_package(tiny)
    (tiny / "opening/items/invoicing.yaml").unlink()
    entry = """\
  - item: invoicing
    condition: {"==": [{var: answers.invoices}, "yes"]}
    after:
      - {item: registration, kind: result_feeds, what: 先有执照}
"""
    edit("opening/matter.yaml", entry, "")
    edit("opening/items/registration.yaml", ', feeds: "company:company.licence_number"', "")
    report = import_package(tiny)
    assert report.tally.deleted == {"MatterItem": 1}
    assert ServiceItem.objects.get(slug="invoicing").status == "cancelled"  # it was published: never deleted
    assert import_package(tiny).tally.is_empty
    assert list(MatterItem.objects.values_list("item__slug", flat=True)) == ["registration"]


def test_lines_may_swap_their_facts(tiny: Path, edit: Edit) -> None:
    import_package(tiny)
    edit(
        "opening/items/registration.yaml",
        "MC, role: company, element: company.name",
        "MC, role: company, element: company.swap",
    )
    edit("opening/items/registration.yaml", "element: company.capital", "element: company.name")
    edit("opening/items/registration.yaml", "element: company.swap", "element: company.capital")
    assert import_package(tiny).tally.changed == {"FormLine": 2}
    assert FormLine.objects.get(code="MC").element.code == "company.capital"


def test_one_matter_can_be_imported_alone(tiny: Path) -> None:
    import_package(tiny)
    assert import_package(tiny / "opening").tally.is_empty


def test_it_lists_every_mistake_at_once_and_changes_nothing(tiny: Path, edit: Edit) -> None:
    edit("opening/matter.yaml", "lead_department: market", "lead_department: nobody")
    edit("opening/items/registration.yaml", "promised_limit_days: 1", "promised_limit_days: 一天")
    edit("opening/items/invoicing.yaml", "element: company.licence_number", "element: company.licence")
    with pytest.raises(PackageInvalid) as refusal:
        import_package(tiny)
    places = {(problem.file, problem.line, problem.code) for problem in refusal.value.problems}
    assert places == {
        ("opening/matter.yaml", 6, "refers_to_nowhere"),
        ("opening/items/registration.yaml", 6, "not_a_number"),
        ("opening/items/invoicing.yaml", 10, "refers_to_nowhere"),
    }
    assert not ServiceItem.objects.exists()


MISTAKES = [
    ("opening/matter.yaml", "schema: 1", "schema: 2", 1, "not_a_number"),
    ("opening/matter.yaml", "slug: opening", "slug: closing", 2, "slug_differs"),
    ("opening/matter.yaml", "stage: 准入准营", "stag: 准入准营", 5, "unknown_key"),
    ("opening/matter.yaml", "label: 基本信息", "label: [基本信息]", 10, "not_text"),
    ("opening/matter.yaml", 'value: "no"', 'value: "yes"', 16, "repeated"),
    ("opening/matter.yaml", "item: registration, kind", "item: closing, kind", 22, "refers_to_nowhere"),
    ("opening/matter.yaml", "kind: result_feeds", "kind: later", 22, "not_allowed"),
    ("opening/matter.yaml", '{"==": [{var: answers.invoices}, "yes"]}', "{run: [rm]}", 20, "bad_rule"),
    ("opening/matter.yaml", "item: registration, kind", "item: invoicing, kind", 22, "waits_for_itself"),
    ("opening/items/registration.yaml", "code: ZB", "code: MC", 11, "repeated"),
    (
        "opening/items/registration.yaml",
        "role: company, element: company.capital",
        "role: owner, element: company.capital",
        11,
        "refers_to_nowhere",
    ),
    ("opening/items/registration.yaml", "sources: [S1]", "sources: [S9]", 11, "refers_to_nowhere"),
    ("opening/items/registration.yaml", "material: charter", "material: statute", 13, "refers_to_nowhere"),
    ("opening/items/registration.yaml", "visits: 1", "visits: &one 1", 7, "no_anchors"),
    ("opening/items/registration.yaml", "visits: 1", "visits: !!python/object:os.system 1", 7, "no_tags"),
    ("opening/items/registration.yaml", '"field:company:company.name"', '"output:nothing"', 17, "refers_to_nowhere"),
    ("opening/items/registration.yaml", "name: 企业设立登记\n", "", 1, "missing_key"),
    ("departments.yaml", "11360100999991056A", "11360100999991057A", 2, "bad_credit_code"),
    ("elements.yaml", "type: text", "type: txt", 3, "not_allowed"),
    ("certificate_types.yaml", "department: market", "department: moon", 4, "refers_to_nowhere"),
    ("divisions.yaml", "level: province", 'level: province, parent: "990000"', 1, "refers_to_nowhere"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "code"), MISTAKES, ids=[f"{row[4]}-{row[0]}-{row[3]}" for row in MISTAKES]
)
def test_it_names_file_and_line_of_a_mistake(
    tiny: Path, edit: Edit, file: str, old: str, new: str, line: int, code: str
) -> None:
    edit(file, old, new)
    with pytest.raises(PackageInvalid) as refusal:
        import_package(tiny)
    assert (file, line, code) in {(problem.file, problem.line, problem.code) for problem in refusal.value.problems}
    assert not Matter.objects.exists()


def test_what_publishing_refuses_is_named_by_file_and_line_too(tiny: Path, edit: Edit) -> None:
    edit(
        "opening/items/registration.yaml",
        "label: 注册资本",
        "label: 注册资本, constraints: {min: 10, max: 5}",
    )
    with pytest.raises(PackageInvalid) as refusal:
        import_package(tiny)
    assert {(problem.file, problem.line) for problem in refusal.value.problems} == {
        ("opening/items/registration.yaml", 11)
    }
    assert not Matter.objects.exists()


def test_a_definition_of_another_package_is_not_taken_over(tiny: Path) -> None:
    import_package(tiny)
    (tiny / "opening/materials.yaml").write_text("- {code: charter, name: 章程}\n", encoding="utf-8")
    with pytest.raises(PackageInvalid) as refusal:
        import_package(tiny / "opening")
    assert [problem.code for problem in refusal.value.problems] == ["owned_elsewhere"]


def test_the_command_prints_every_mistake_and_fails(tiny: Path, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    edit("opening/matter.yaml", "lead_department: market", "lead_department: nobody")
    with pytest.raises(CommandError, match="1 处错误"):
        call_command("import_catalog", str(tiny))
    assert "opening/matter.yaml:6: " in capsys.readouterr().err


def test_the_command_tells_what_it_did(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_catalog", str(tiny), dry_run=True)
    assert "试运行" in capsys.readouterr().out
    call_command("import_catalog", str(tiny))
    assert "发布：开办企业 v1" in capsys.readouterr().out
    call_command("import_catalog", str(tiny))
    assert "没有变化" in capsys.readouterr().out


def test_the_newborn_package_is_idempotent_and_fully_translated(newborn: Matter, newborn_content: Path) -> None:
    from tests.catalog.content.texts import untranslated

    again = import_package(newborn_content)
    assert again.tally.is_empty
    assert again.published == []
    assert untranslated(MatterDraft(newborn).compile()) == []
