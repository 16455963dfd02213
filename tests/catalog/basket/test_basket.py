"""What a visitor puts together becomes one application, made once, whoever wants it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.basket.combinations import CannotCombine, Combination, freeze
from catalog.basket.session import make_combination
from catalog.models import Matter, MatterVersion
from catalog.packages.importing import import_package
from catalog.versions.matters import compiled
from portal.accounts.models import User
from portal.lib.braking import Brake
from tests.worlds.cast import LI, user_of
from tests.worlds.keeping import import_kept
from tests.worlds.tiny import write_package

STAFFING = {
    "staffing/matter.yaml": """\
schema: 1
slug: staffing
name: 招用员工
subject: organisation
stage: 招聘用工
lead_department: tax
roles:
  - {key: firm, label: 企业, is_applicant: true}
  - {key: clerk, label: 经办人}
sections:
  - {key: company, label: 基本信息}
items:
  - {item: account}
  - {item: withholding, optional: true}
""",
    "staffing/items/account.yaml": """\
slug: account
name: 缴费登记
department: tax
item_type: "20"
handling: promised
promised_limit_days: 3
legal_basis: [{law: 社会保险法, article: 第五十七条}]
lines:
  - {code: DWMC, role: firm, element: company.name, label: 单位名称, section: company}
  - {code: ZBJE, role: firm, element: company.capital, label: 注册资本, section: company}
  - {code: JBR, role: clerk, element: company.licence_number, label: 经办人编号, section: company}
""",
    "staffing/items/withholding.yaml": """\
slug: withholding
name: 扣缴登记
department: tax
item_type: "20"
handling: promised
promised_limit_days: 2
legal_basis: [{law: 税收征收管理法, article: 第三十条}]
lines:
  - {code: MC, role: firm, element: company.name, label: 名称, section: company}
""",
}


@pytest.fixture
def two_matters(db: None, tiny: Path) -> None:
    import_kept(write_package(tiny, STAFFING), "opening")


@pytest.fixture
def citizen(db: None) -> User:
    return user_of(LI)


BOTH = ["opening/registration", "staffing/account"]


def test_items_of_two_matters_ask_for_the_company_once(two_matters: None) -> None:
    plan = make_combination(BOTH).compiled().plan_for({})
    assert [item.slug for item in plan.items] == ["registration", "account"]
    assert [key for key in plan.fields if key.endswith("company.name")] == ["company:company.name"]
    assert plan.figures.days.after == 3  # side by side, not one after the other


def test_the_same_choice_is_one_matter_in_whatever_order_it_is_made(two_matters: None) -> None:
    first, second = freeze(make_combination(BOTH)), freeze(make_combination(reversed(BOTH)))
    assert first == second
    assert not Matter.objects.get(pk=first.matter_id).is_listed
    assert MatterVersion.objects.filter(matter=first.matter).count() == 1


def test_a_combination_follows_its_matters_to_their_next_version(two_matters: None, tiny: Path) -> None:
    before = freeze(make_combination(BOTH))
    path = tiny / "staffing/items/account.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("缴费登记", "社会保险缴费登记"), encoding="utf-8")
    import_package(tiny)
    after = freeze(make_combination(BOTH))
    assert (after.matter_id, after.number) == (before.matter_id, 2)
    assert compiled(before.pk).items["account"].name == "缴费登记"


@pytest.mark.django_db(transaction=True)
def test_many_who_want_the_same_at_once_share_one_version(two_matters: None) -> None:
    start = Barrier(4)
    made: list[int] = []

    def want() -> None:
        start.wait()
        try:
            made.append(freeze(make_combination(BOTH)).pk)
        finally:
            connection.close()

    threads = [Thread(target=want) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1


def test_it_says_why_things_cannot_be_combined(two_matters: None) -> None:
    with pytest.raises(CannotCombine, match="还没有选"):
        Combination({}).content()


def test_what_is_not_a_choice_is_left_out(two_matters: None) -> None:
    odd = ["../etc", "opening/'; drop", "nothing", "opening/nothing", "opening/registration", "x" * 5000, "\x00", "😀"]
    combination = make_combination(odd, ["a=b", "…"])
    assert [part.matter.slug for part in combination.parts] == ["opening"]
    assert combination.parts[0].chosen == {"registration"}


def test_however_much_is_chosen_the_matters_are_read_at_once(
    two_matters: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert len(make_combination(BOTH).parts) == 2  # their versions are compiled now
    many = make_combination([*BOTH, *(f"matter{number}" for number in range(50))])
    with django_assert_num_queries(1):
        assert len(many.parts) == 2


def test_a_whole_matter_outweighs_its_items(two_matters: None) -> None:
    assert make_combination(["opening/registration", "opening"]).choices == {"opening": ()}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_basket_shows_what_it_comes_to(two_matters: None, client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    assert client.get(reverse("catalog:basket")).status_code == 200
    client.post(reverse("catalog:basket"), {"chosen": BOTH})
    page = client.get(reverse("catalog:basket")).content.decode()
    assert "企业设立登记" in page
    assert "缴费登记" in page
    assert reverse("catalog:apply_for_basket") in page


def test_what_was_chosen_by_name_is_in_the_list_whatever_the_usual_situation_is(
    two_matters: None, client: Client
) -> None:
    client.post(
        reverse("catalog:basket"), {"chosen": ["opening/registration", "opening/invoicing", "staffing/account"]}
    )
    listed = client.get(reverse("catalog:basket")).content.decode().split('class="basket-list"')[1].split("</ol>")[0]
    assert all(name in listed for name in ("企业设立登记", "发票领用", "缴费登记"))


def test_adding_from_a_guide_keeps_what_was_there(two_matters: None, client: Client) -> None:
    client.post(reverse("catalog:add_to_basket"), {"chosen": "opening"})
    client.post(reverse("catalog:add_to_basket"), {"chosen": "staffing/account"})
    client.post(reverse("catalog:add_to_basket"), {"chosen": "staffing/account"})
    assert client.session["basket"]["chosen"] == ["opening", "staffing/account"]


def test_applying_leads_to_the_questions_of_all_chosen_matters(
    two_matters: None, citizen: User, client: Client
) -> None:
    client.force_login(citizen)
    client.post(reverse("catalog:basket"), {"chosen": ["opening", "staffing"]})
    response = client.post(reverse("catalog:apply_for_basket"), follow=True)
    assert response.status_code == 200
    page = response.content.decode()
    assert "要领用发票吗" in page
    assert "开办企业、招用员工一起办" in page


def test_what_one_account_puts_together_has_a_limit_and_the_basket_stays(
    two_matters: None, citizen: User, client: Client, limits_of_one_minute: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.views.basket.COMBINATIONS", Brake("combination", by_person=1, by_address=9))
    client.force_login(citizen)
    client.post(reverse("catalog:basket"), {"chosen": ["opening", "staffing"]})
    assert client.post(reverse("catalog:apply_for_basket")).status_code == 302
    client.post(reverse("catalog:basket"), {"chosen": BOTH})
    before = Matter.objects.count(), MatterVersion.objects.count()
    refused = client.post(reverse("catalog:apply_for_basket"))
    assert refused.status_code == 429
    assert "这一次还没有开始" in refused.content.decode()
    assert client.session["basket"]["chosen"] == BOTH
    assert (Matter.objects.count(), MatterVersion.objects.count()) == before


def test_so_has_what_one_address_puts_together(
    two_matters: None, citizen: User, client: Client, limits_of_one_minute: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.views.basket.COMBINATIONS", Brake("combination", by_person=9, by_address=0))
    client.force_login(citizen)
    client.post(reverse("catalog:basket"), {"chosen": BOTH})
    assert client.post(reverse("catalog:apply_for_basket")).status_code == 429


def test_a_visitor_logs_in_first_and_nothing_is_lost(two_matters: None, client: Client) -> None:
    client.post(reverse("catalog:basket"), {"chosen": BOTH})
    response = client.post(reverse("catalog:apply_for_basket"))
    assert response.status_code == 302
    assert reverse("accounts:login") in response["Location"]
    assert client.session["basket"]["chosen"] == BOTH


def test_what_was_ticked_and_not_yet_kept_waits_for_the_login_too(two_matters: None, client: Client) -> None:
    response = client.post(reverse("catalog:apply_for_basket"), {"chosen": BOTH})
    assert response["Location"] == f"{reverse('accounts:login')}?next={reverse('catalog:basket')}"
    assert client.session["basket"]["chosen"] == BOTH


@pytest.mark.parametrize(("minutes", "is_left"), [(29, True), (31, False)])
def test_what_somebody_left_in_the_browser_is_not_for_the_next_who_logs_in(
    two_matters: None, citizen: User, client: Client, minutes: int, is_left: bool
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.post(reverse("catalog:basket"), {"chosen": BOTH})
        clock.shift(timedelta(minutes=minutes))
        client.force_login(citizen)
        assert ("basket" in client.session) == is_left


def test_the_basket_ends_with_the_logout(two_matters: None, citizen: User, client: Client) -> None:
    client.force_login(citizen)
    client.post(reverse("catalog:basket"), {"chosen": BOTH})
    client.post(reverse("accounts:logout"))
    assert "basket" not in client.session


def test_the_guide_of_a_combination_offers_only_what_it_has(two_matters: None, client: Client) -> None:
    version = freeze(make_combination(BOTH))
    page = client.get(reverse("catalog:matter", args=[version.matter.slug])).content.decode()
    assert reverse("matters:start", args=[version.matter.slug]) in page
    assert reverse("catalog:add_to_basket") not in page
    assert "报错" not in page


def test_a_combination_is_nowhere_listed(two_matters: None, client: Client) -> None:
    with transaction.atomic():
        version = freeze(make_combination(BOTH))
    for url in (reverse("catalog:matter_list"), "/api/v1/matters/", reverse("home")):
        assert version.matter.slug not in client.get(url).content.decode()
