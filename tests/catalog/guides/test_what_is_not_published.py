"""What nobody published of a matter that is open: no page fills it up, none makes it free, at once or without a visit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from catalog.models import Matter, ServiceItem
from catalog.packages.exporting import export_package
from catalog.packages.format.problems import PackageInvalid
from catalog.packages.importing import import_package
from catalog.wording.limits import before_after, fee_words, together_words, visit_words
from tests.catalog.guides.conftest import import_kept

YES = {"invoices": "yes", "place": "here"}


@pytest.fixture
def silent(db: None, tiny: Path, edit: Callable[[str, str, str], None]) -> Matter:
    """Return an open matter of whose registration nobody published a limit, a fee or how often to come (of its invoices no fee, and no visit within it)."""
    for told in ("promised_limit_days: 1\nvisits: 1\n", "visits_together: 0\nfees: []\n"):
        edit("opening/items/registration.yaml", told, "")
    edit("opening/items/invoicing.yaml", "visits_together: 0\n", "")
    return import_kept(tiny, "opening")


@pytest.mark.parametrize("name", ["matter", "checklist", "item", "matter_list", "basket"])
def test_no_page_makes_up_what_nobody_published(silent: Matter, client: Client, name: str) -> None:
    args = {"item": ["registration"], "matter": ["opening"], "checklist": ["opening"]}.get(name, [])
    if name == "basket":
        client.post(reverse("catalog:add_to_basket"), {"chosen": "opening"})
    text = client.get(reverse(f"catalog:{name}", args=args), YES if name == "checklist" else {}).content.decode()
    assert "未公布" in text
    for invented in ("不收费", "不用跑", "不用到现场", "当场办结", ">0 次", " 0 个工作日"):
        assert invented not in text, invented


def test_the_api_and_the_plan_say_what_is_missing(silent: Matter, client: Client) -> None:
    plan = client.post("/api/v1/matters/opening/plan/", {"answers": YES}, content_type="application/json").json()
    assert "registration" in plan["unknown_limits"]
    assert (plan["figures"]["visits"]["at_least"], "registration" in plan["figures"]["visits"]["unknown"]) == (
        True,
        True,
    )


@pytest.mark.django_db
def test_free_and_unknown_survive_files_and_workbooks(tiny: Path, tmp_path: Path) -> None:
    import_package(tiny)
    items = {row.slug: row for row in ServiceItem.objects.all()}
    assert (items["registration"].fees, items["invoicing"].fees) == ([], None)
    export_package(tmp_path / "out")
    written = (tmp_path / "out/opening/items/registration.yaml").read_text()
    assert "fees: []\n" in written
    assert "visits_together: 0\n" in written
    assert "fees" not in (tmp_path / "out/opening/items/invoicing.yaml").read_text()
    book = tmp_path / "items.xlsx"
    call_command("export_catalog", str(book), verbosity=0)
    import_package(book)
    assert {row.slug: row.fees for row in ServiceItem.objects.all()} == {"registration": [], "invoicing": None}


@pytest.mark.django_db
def test_what_is_marked_as_unknown_cannot_be_published(tiny: Path, edit: Callable[[str, str, str], None]) -> None:
    edit(
        "opening/items/registration.yaml",
        "legal_basis:",
        "facts: {promised_limit_days: {confidence: open, note: 暂按 1 个工作日}}\nlegal_basis:",
    )
    with pytest.raises(PackageInvalid, match="待查"):
        import_package(tiny)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (together_words, [((5, 0), "5 个工作日"), ((5, 2), "至少 5 个工作日；另有 2 项未公布"), ((0, 2), "未公布")]),
        (
            visit_words,
            [
                ((0, 0, 3), "不用跑，全程网上办"),
                ((2, 0, 3), "2 次"),
                ((2, 1, 2), "至少 2 次；另有 1 项未公布"),
                ((0, 1, 2), "2 项不用跑；另有 1 项未公布"),
                ((0, 3, 0), "未公布"),
            ],
        ),
        (
            fee_words,
            [
                (([], 2, 0), "不收费"),
                (([], 0, 2), "未公布"),
                (([], 1, 2), "1 项不收费；另有 2 项未公布"),
                ((["证：工本费 10 元"], 1, 1), "证：工本费 10 元；其余 1 项不收费；另有 1 项未公布"),
            ],
        ),
        (
            before_after,
            [
                (("visits", 3, 1, 0), (3, 1, "次跑动")),
                (("days", 9, 5, 2), (None, 5, "个工作日以上；另有 2 项未公布")),
                (("days", 0, 0, 2), (None, None, "时限未公布")),
            ],
        ),
    ],
)
def test_totals_say_how_much_is_missing(said: Callable[..., object], words: list[tuple[tuple, object]]) -> None:
    with translation.override("zh-hans"):
        assert [said(*given) for given, _words in words] == [expected for _given, expected in words]
