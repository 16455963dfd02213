"""Policies in the staff console: who may, what is wrong in words beside the field, and each change as a version."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.staff.managers import MANAGERS
from matters.core.clocks import official_date
from matters.models import BenefitPolicy
from tests.pages import page_of
from tests.worlds.cast import TANG, cataloguer, logged_in
from tests.worlds.ruled import Ruled, build_ruled

LIST = "/admin/matters/benefitpolicy/"


@pytest.fixture
def ruled(db: None) -> Ruled:
    return build_ruled()


@pytest.fixture
def lead(ruled: Ruled) -> Client:
    return logged_in(ruled.zhou)


def typed(ruled: Ruled, **changed: Any) -> dict[str, Any]:
    return {
        "code": "allowance",
        "department": ruled.departments["police"].pk,
        "name": "育儿补贴",
        "name_en": "Allowance",
        "is_open": "on",
        "is_demo": "on",
        "valid_from": f"{official_date(timezone.now())}",
        "valid_to": "",
        "matter": "ruled",
        "only_items": "",
        "certificate_type": "vaccination_record",
        "within_days": "365",
        "lacks_type": "",
        "least_age": "",
        "conditions": "有接种证的孩子",
        "ground": "疫苗管理法第四十七条（演示）",
        **changed,
    }


def added(ruled: Ruled, client: Client, **changed: Any) -> BenefitPolicy:
    answer = client.post(f"{LIST}add/", typed(ruled, **changed))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    return BenefitPolicy.objects.get()


def test_the_lead_makes_one_and_changes_it_by_a_version(ruled: Ruled, lead: Client) -> None:
    first = added(ruled, lead, only_items=" 预防接种证 \r\n")
    assert (first.items, first.version, first.is_demo) == (["record"], 1, True)
    page = page_of(lead.get(f"{LIST}{first.pk}/change/"))
    assert "第 1 版" in page
    answer = lead.post(f"{LIST}{first.pk}/change/", typed(ruled, only_items="record", within_days="90"))
    second = BenefitPolicy.objects.get(version=2)
    assert answer.url == f"{LIST}{second.pk}/change/"
    assert (second.within_days, second.code, second.department) == (90, first.code, first.department)
    first.refresh_from_db()
    assert (first.within_days, first.replaced_by) == (365, second)
    page = page_of(lead.get(f"{LIST}{second.pk}/change/"))
    assert f"{LIST}{first.pk}/change/" in page
    assert "已由第 2 版接替" in page_of(lead.get(LIST))


def test_saved_unchanged_there_is_no_new_version(ruled: Ruled, lead: Client) -> None:
    first = added(ruled, lead, only_items="预防接种证")
    assert lead.post(f"{LIST}{first.pk}/change/", typed(ruled, only_items="record\r\n")).status_code == 302
    assert BenefitPolicy.objects.count() == 1


def test_one_that_was_replaced_meanwhile_is_not_saved_and_nothing_typed_is_lost(ruled: Ruled, lead: Client) -> None:
    first = added(ruled, lead)
    place = f"{LIST}{first.pk}/change/"
    lead.post(place, typed(ruled, within_days="90"))
    page = page_of(lead.post(place, typed(ruled, conditions="我写的条件")))
    assert "已经由第 2 版接替，没有保存" in page
    assert "我写的条件" in page
    assert BenefitPolicy.objects.count() == 2
    looked = page_of(lead.get(place))
    assert 'name="conditions"' not in looked
    assert "有接种证的孩子" in looked


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"certificate_type": ""}, "certificate_type", "请选一种证照，或者填写满多少周岁"),
        ({"least_age": "80"}, "certificate_type", "只能选一样"),
        ({"valid_to": "2001-01-01"}, "valid_to", "比开始的那天还早"),
        ({"ground": " "}, "ground", "必填"),
        ({"only_items": "record\n没有的事项"}, "only_items", "没有这些事项：没有的事项"),
        ({"within_days": "0"}, "within_days", "1"),
        ({"certificate_type": "", "least_age": "900"}, "least_age", "150"),
        ({"matter": "nothing"}, "matter", "nothing"),
        ({"code": "带 空格"}, "code", ""),
        ({"valid_from": "明天"}, "valid_from", ""),
        ({"name": "长" * 81}, "name", "80"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    ruled: Ruled, lead: Client, changed: dict[str, str], field: str, sentence: str
) -> None:
    answer = lead.post(f"{LIST}add/", typed(ruled, name_en="Typed before", **changed))
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert list(errors) == [field]
    assert sentence in " ".join(errors[field])
    assert "Typed before" in page_of(answer)
    assert not BenefitPolicy.objects.exists()


def test_a_code_that_is_taken_and_a_change_for_the_past_are_refused_in_words(ruled: Ruled, lead: Client) -> None:
    first = added(ruled, lead)
    assert "已经有代码是 allowance 的政策" in page_of(lead.post(f"{LIST}add/", typed(ruled)))
    yesterday = f"{official_date(timezone.now()) - timedelta(days=1)}"
    page = page_of(lead.post(f"{LIST}{first.pk}/change/", typed(ruled, valid_from=yesterday, within_days="9")))
    assert "改动最早从今天起" in page
    assert BenefitPolicy.objects.count() == 1


def test_a_department_reads_its_own_certificates_and_offers_what_it_handles(ruled: Ruled) -> None:
    tang = logged_in(cataloguer(TANG, MANAGERS))
    health = typed(ruled, department=ruled.departments["health"].pk)
    errors = tang.post(f"{LIST}add/", health).context["adminform"].form.errors
    assert "由市公安局签发，不是市卫健委的记录" in " ".join(errors["certificate_type"])
    assert "没有市卫健委办理的事项" in " ".join(errors["matter"])


def test_who_leads_the_department_or_manages_the_catalog_may_and_nobody_else(ruled: Ruled, lead: Client) -> None:
    first = added(ruled, lead)
    place = f"{LIST}{first.pk}/change/"
    for user in (ruled.wang, ruled.zhao):
        client = logged_in(user)
        assert client.get(LIST).status_code == 403
        assert client.get(place).status_code != 200
        assert client.post(f"{LIST}add/", typed(ruled, code="other")).status_code == 403
    other = typed(ruled, code="other", department=ruled.departments["health"].pk)
    assert "department" in lead.post(f"{LIST}add/", other).context["adminform"].form.errors
    tang = logged_in(cataloguer(TANG, MANAGERS))
    assert tang.post(place, typed(ruled, within_days="9")).status_code == 302
    assert BenefitPolicy.objects.count() == 2


def test_nobody_deletes_one(ruled: Ruled, lead: Client) -> None:
    first = added(ruled, lead)
    assert lead.post(f"{LIST}{first.pk}/delete/", {"post": "yes"}).status_code == 403
    assert BenefitPolicy.objects.exists()


def test_the_list_asks_few_statements(ruled: Ruled, lead: Client) -> None:
    first = added(ruled, lead)
    for days in range(5):
        last = BenefitPolicy.objects.order_by("-version")[0]
        lead.post(f"{LIST}{last.pk}/change/", typed(ruled, within_days=f"{days + 1}"))
    assert BenefitPolicy.objects.filter(code=first.code).count() == 6
    with CaptureQueriesContext(connection) as asked:
        lead.get(LIST)
    assert len(asked) <= 12
