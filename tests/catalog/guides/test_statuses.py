"""Matters that cannot be applied for online yet: described all the same, with where to go instead, and never with invented numbers."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Matter, SearchPhrase, SearchTarget, ServiceItem
from catalog.publishing.publishing import publish
from catalog.search.engine import ENGINE

pytestmark = pytest.mark.django_db

PAGE = "/matters/opening/"
ZONE = "/matters/"


def text(client: Client, url: str, **query: str) -> str:
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_described_matter_says_where_to_go_instead_of_a_button(unpublished_limit: Matter, client: Client) -> None:
    page = text(client, PAGE)
    assert reverse("matters:start", args=["opening"]) not in page
    assert "现在怎么办、去哪里办" in page
    assert "仅提供指南" in page


def test_an_unknown_limit_is_unpublished_everywhere(unpublished_limit: Matter, client: Client) -> None:
    page = text(client, PAGE)
    assert "未公布" in page
    assert "时限未公布" in page
    assert "0 个工作日" not in page
    assert "全部办完最多" not in page


def test_the_picture_shows_the_order_where_days_are_not_known(unpublished_limit: Matter, client: Client) -> None:
    page = text(client, PAGE, invoices="yes")
    assert 'class="bar-item' in page
    assert "第 1 天" not in page


def test_a_coming_matter_has_a_page_and_a_place_in_the_zone(coming: Matter, client: Client) -> None:
    page = text(client, PAGE)
    assert "即将开通" in page
    assert "12345" in page
    assert reverse("catalog:item", args=["registration"]) in page
    assert reverse("matters:start", args=["opening"]) not in page
    zone = text(client, ZONE)
    assert PAGE in zone
    assert "即将开通" in zone


def test_what_was_never_published_is_shown_nowhere(coming: Matter, client: Client) -> None:
    Matter.objects.create(slug="idea", name="一个想法", subject="person", stage="出生", status=Matter.Status.COMING)
    assert client.get("/matters/idea/").status_code == 404
    assert "一个想法" not in text(client, ZONE)


def test_a_matter_somebody_combined_for_themselves_is_not_shown(opening: Matter, client: Client) -> None:
    Matter.objects.update(is_listed=False)
    publish(opening)
    assert PAGE not in text(client, ZONE)


def test_the_zone_narrows_by_every_filter_and_keeps_them_in_its_links(opening: Matter, client: Client) -> None:
    for name, value in (
        ("subject", "organisation"),
        ("stage", "准入准营"),
        ("department", "tax"),
        ("standing", "open"),
    ):
        assert PAGE in text(client, ZONE, **{name: value})
    page = text(client, ZONE, department="tax")
    assert "department=tax&amp;stage=" in page
    assert PAGE not in text(client, ZONE, standing="coming")
    assert "没有同时符合" in text(client, ZONE, standing="coming")


@pytest.mark.parametrize("value", ["nothing", "😀", "\x07", "x" * 5000, "' OR 1=1 --"])
def test_a_filter_nobody_knows_is_left_out_and_said_so(opening: Matter, client: Client, value: str) -> None:
    page = text(client, ZONE, stage=value)
    assert PAGE in page
    assert "没有采用" in page


def test_pages_of_coming_matters_ask_the_database_a_few_times(coming: Matter, client: Client) -> None:
    for url, most in ((ZONE, 2), (PAGE, 5)):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        assert len(queries) <= most, [query["sql"] for query in queries]


def test_a_search_says_what_cannot_be_applied_for_online(unpublished_limit: Matter, client: Client) -> None:
    target = SearchTarget.objects.get(slug="opening")
    SearchPhrase.objects.create(target=target, text="我要开公司")
    ENGINE.forget()
    found = text(client, reverse("search"), q="我要开公司").split('class="results"')[1]
    assert PAGE in found
    assert "仅提供指南" in found
    ServiceItem.objects.update(promised_limit_days=1)
    Matter.objects.update(status=Matter.Status.OPEN)
    publish(unpublished_limit)
    assert "仅提供指南" not in text(client, reverse("search"), q="我要开公司")


def test_what_can_be_applied_for_is_suggested_before_what_cannot(opening: Matter, client: Client) -> None:
    closed = SearchTarget.objects.create(slug="closed", kind="matter", name="开办旅行社", position=0)
    SearchPhrase.objects.create(target=closed, text="开办旅行社", kind="name")
    ENGINE.forget()
    for typed in ("开办", "开"):
        names = [each["name"] for each in client.get(reverse("search_suggest"), {"q": typed}).json()["suggestions"]]
        assert names.index("开办企业") < names.index("开办旅行社")
    exact = client.get(reverse("search_suggest"), {"q": "开办旅行社"}).json()["suggestions"]
    assert exact[0]["name"] == "开办旅行社"
