"""A division's own way of doing an item, from its package to the queue of its own department."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from catalog.models import Division, ItemImplementation, Matter, MatterVersion, RegionalVersion
from catalog.packages.format.problems import PackageInvalid
from catalog.packages.importing import import_package
from catalog.publishing.publishing import publish
from catalog.versions.matters import compiled, current_version
from matters.drafts.saving import save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.drafts.versions import bring_up_to_date, is_outdated
from matters.models import Bundle, ReviewTask
from matters.submitting.submission import submit_bundle
from portal.accounts.models import User
from tests.worlds.cast import LI, user_of
from tests.worlds.town import advance, picture

pytestmark = pytest.mark.django_db

Edit = Callable[[str, str, str], None]
REGION = """\
division: "360102"
items:
  - item: registration
    department: market_dh
    promised_limit_days: 0
    visits_together: 0
    places: [{name: 东湖区政务服务大厅, hours: 工作日}]
    extra_materials:
      - {material: licence, reason: 核实场所, basis: 某市办法第三条, form: paper_or_electronic}
"""


@pytest.fixture
def regional(tiny: Path, edit: Edit) -> Path:
    """Return the tiny catalog with a district that registers companies in its own way."""
    edit(
        "divisions.yaml",
        "province}\n",
        'province}\n- {code: "360100", name: 南昌市, level: prefecture, parent: "360000"}\n',
    )
    with (tiny / "divisions.yaml").open("a", encoding="utf-8") as file:
        for code, name in (("360102", "东湖区"), ("360103", "西湖区")):
            file.write(f'- {{code: "{code}", name: {name}, level: county, parent: "360100"}}\n')
    with (tiny / "departments.yaml").open("a", encoding="utf-8") as file:
        file.write('- {code: market_dh, name: 东湖区市场监督管理局, short_name: 东湖市监, division: "360102"}\n')
    # A picture is what the test hands in.
    edit("materials.yaml", "accept: [pdf]", "accept: [png]")
    edit("materials.yaml", "{code: licence, name: 营业执照}", "{code: licence, name: 营业执照, accept: [png]}")
    edit("opening/items/registration.yaml", "visits_together: 0\n", "visits_together: 1\n")
    (tiny / "opening/regions").mkdir()
    (tiny / "opening/regions/360102.yaml").write_text(REGION, encoding="utf-8")
    return tiny


@pytest.fixture
def applicant() -> User:
    return user_of(LI)


def _apply(version: MatterVersion, by: User) -> Bundle:
    draft = start_draft(version=version, applicant=by.person, entered_by=by, answers={"invoices": "no"}, profile={})
    save_values(
        draft,
        {"company:company.name": "江西青山企业管理有限公司", "company:company.capital": "100"},
        seen=draft.revision,
    )
    for material in compiled(version.pk).plan_for({"invoices": "no"}).materials:
        take_upload(draft, material.key, picture(), accept=("image/png",))
    bundle = submit_bundle(draft=draft, by=by)
    advance([bundle.pk])
    return bundle


def _queues(bundle: Bundle) -> set[tuple[str, str]]:
    rows = ReviewTask.objects.filter(sub_item__bundle=bundle).values_list("sub_item__key", "department__code")
    return set(rows)


def test_the_departments_queue_is_that_of_the_place(regional: Path, applicant: User) -> None:
    import_package(regional)
    local = _apply(current_version("opening", "360102"), applicant)
    assert _queues(local) == {("registration", "market_dh")}
    standard = _apply(current_version("opening"), applicant)
    assert _queues(standard) == {("registration", "market")}


def test_a_version_holds_in_the_divisions_below_it_and_nowhere_else(regional: Path) -> None:
    import_package(regional)
    standard, local = current_version("opening"), current_version("opening", "360102")
    assert local != standard
    assert local.division_id == "360102"
    for elsewhere in ("360103", "360100", "360000", "430529", "x", "36010２"):
        assert current_version("opening", elsewhere) == standard
    city = Division.objects.get(code="360100")
    ItemImplementation.objects.create(
        item=ItemImplementation.objects.get().item, division=city, overrides={"consulting": "12345"}
    )
    publish(Matter.objects.get(slug="opening"))
    assert current_version("opening", "360103").division_id == "360100"
    assert current_version("opening", "360102").division_id == "360102"


def test_the_plan_is_that_of_the_place(regional: Path) -> None:
    import_package(regional)
    shown = {}
    for division in ("", "360102"):
        out = StringIO()
        call_command(
            "plan", "opening", f"--division={division}", "--answers", '{"invoices": "no"}', "--json", stdout=out
        )
        shown[division] = json.loads(out.getvalue())
    standard, local = shown[""], shown["360102"]
    assert [item["department"] for item in local["items"]] == ["market_dh"]
    assert (standard["figures"]["days"]["after"], local["figures"]["days"]["after"]) == (1, 0)
    assert {each["code"] for each in local["materials"]} - {each["code"] for each in standard["materials"]} == {
        "licence"
    }
    facts: Any = compiled(current_version("opening", "360102").pk).facts
    assert facts["division"] == "东湖区"
    assert facts["items"]["registration"]["places"] == [{"name": "东湖区政务服务大厅", "hours": "工作日"}]


def test_importing_again_changes_nothing(regional: Path) -> None:
    import_package(regional)
    versions = set(MatterVersion.objects.values_list("pk", flat=True))
    report = import_package(regional)
    assert report.tally.is_empty
    assert set(MatterVersion.objects.values_list("pk", flat=True)) == versions


def test_a_place_without_its_own_way_is_back_at_the_standard(regional: Path) -> None:
    import_package(regional)
    (regional / "opening/regions/360102.yaml").unlink()
    import_package(regional)
    assert not ItemImplementation.objects.exists()
    assert not RegionalVersion.objects.exists()
    assert current_version("opening", "360102") == current_version("opening")
    assert MatterVersion.objects.filter(division="360102").exists()  # published is published


def test_what_is_published_for_a_place_follows_the_standard(regional: Path, applicant: User, edit: Edit) -> None:
    import_package(regional)
    draft = start_draft(
        version=current_version("opening", "360102"),
        applicant=applicant.person,
        entered_by=applicant,
        answers={"invoices": "no"},
        profile={},
    )
    assert not is_outdated(draft)
    edit("opening/items/registration.yaml", "label: 名称", "label: 公司名称")
    import_package(regional)
    draft.refresh_from_db()
    assert is_outdated(draft)
    bring_up_to_date(draft)
    assert draft.matter_version == current_version("opening", "360102")
    assert not is_outdated(draft)


@pytest.mark.parametrize(
    ("line", "code", "row"),
    [
        ("promised_limit_days: 2", "longer_than_standard", 5),
        ("name: 别的名字", "not_open", 5),
        ("legal_basis: []", "not_open", 5),
        ("promised_limt_days: 1", "unknown_key", 5),
        ("item: nothing", "refers_to_nowhere", 3),
        ("department: nobody", "refers_to_nowhere", 4),
    ],
)
def test_a_package_that_goes_too_far_is_refused_with_its_line(regional: Path, line: str, code: str, row: int) -> None:
    key = line.split(":")[0]
    wrong = {3: f"  - {line}", 4: f"    {line}", 5: f"    {line}"}[row]
    lines = REGION.splitlines()
    if key not in ("item", "department", "promised_limit_days"):
        lines.insert(4, wrong)
    else:
        lines[row - 1] = wrong
    (regional / "opening/regions/360102.yaml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(PackageInvalid) as refusal:
        import_package(regional)
    assert [(each.code, each.line) for each in refusal.value.problems] == [(code, row)]
    assert not Matter.objects.exists()
