"""The guide of one item, and the list of all: every section is there, and what nobody knows is said to be unpublished."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Confidence, FrequentQuestion, Matter, SearchPhrase, SearchTarget, ServiceItem
from catalog.search.engine import ENGINE
from catalog.versions.items import publish_items

pytestmark = pytest.mark.django_db

SECTIONS = (
    "basics",
    "conditions",
    "materials",
    "flow",
    "limits",
    "fees",
    "basis",
    "places",
    "contact",
    "online",
    "results",
    "faqs",
)


def page(client: Client, slug: str = "registration") -> str:
    response = client.get(reverse("catalog:item", args=[slug]))
    assert response.status_code == 200
    return response.content.decode()


def section(text: str, name: str) -> str:
    return text.split(f'id="{name}"')[1].split("</section>")[0]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_has_every_section_of_a_guide(opening: Matter, client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    text = page(client)
    for name in SECTIONS:
        assert f'id="{name}"' in text
    assert " style=" not in text


def test_what_is_not_known_is_said_to_be_unpublished(opening: Matter, client: Client) -> None:
    text = page(client)
    for name in ("conditions", "flow", "places", "faqs"):
        assert "暂未公布" in section(text, name)
    assert "<dt>法定办结时限</dt><dd>未公布</dd>" in text


def test_an_unknown_limit_is_never_no_days_at_all(unpublished_limit: Matter, client: Client) -> None:
    assert "<dt>承诺办结时限</dt><dd>未公布</dd>" in page(client)
    assert "0 个工作日" not in page(client)


def test_no_fees_and_no_visits_are_facts_only_where_somebody_said_so(opening: Matter, client: Client) -> None:
    assert "不收费" in section(page(client), "fees")
    assert opening.lead_department is not None
    bare = ServiceItem.objects.create(slug="bare", name="只有名字的事项", department=opening.lead_department)
    publish_items([bare])
    text = page(client, "bare")
    assert "不收费" not in text
    assert "暂未公布" in section(text, "fees")
    assert "0 次" not in section(text, "online")
    bare.fees, bare.visits, bare.facts = [], 0, {"fees": {"confidence": Confidence.SEEN, "sources": ["S1"]}}
    bare.save()
    publish_items([bare])
    assert "不收费" in section(page(client, "bare"), "fees")
    assert "0 次" in section(page(client, "bare"), "online")
    bare.facts = {"fees": {"confidence": Confidence.OPEN}}
    bare.save()
    publish_items([bare])
    assert "暂未公布" in section(page(client, "bare"), "fees")


def test_each_paper_says_all_that_a_guide_must(opening: Matter, client: Client) -> None:
    papers = section(page(client, "invoicing"), "materials")
    for part in ("营业执照", "必要", "形式", "份数", "来源渠道", "标准编码", "本次联办的结果", "企业设立登记"):
        assert part in papers


def test_it_names_the_matters_that_include_it_and_what_they_save(opening: Matter, client: Client) -> None:
    text = page(client)
    assert reverse("catalog:matter", args=["opening"]) in text
    assert reverse("catalog:situation", args=["opening"]) in text
    assert "到现场从 1 次减到 0 次" in text


def test_places_and_questions_are_shown_where_they_are_known(opening: Matter, client: Client) -> None:
    item = ServiceItem.objects.get(slug="registration")
    item.places = [{"name": "政务大厅", "address": "红谷滩一号", "hours": "工作日 9:00—17:00", "phone": "0791-12345"}]
    item.save()
    FrequentQuestion.objects.create(item=item, question="能代办吗", answer="能")
    publish_items([item])
    text = page(client)
    for part in ("红谷滩一号", "tel:0791-12345", "能代办吗"):
        assert part in text


def test_a_cancelled_item_is_not_found(opening: Matter, client: Client) -> None:
    ServiceItem.objects.filter(slug="registration").update(status=ServiceItem.Status.CANCELLED)
    publish_items(ServiceItem.objects.all())
    assert client.get(reverse("catalog:item", args=["registration"])).status_code == 404
    assert client.get("/items/nothing/").status_code == 404


def test_its_queries_are_bounded(opening: Matter, client: Client) -> None:
    page(client, "invoicing")
    with CaptureQueriesContext(connection) as queries:
        page(client, "invoicing")
    assert len(queries) <= 5, [query["sql"] for query in queries]


class TestList:
    def test_it_narrows_by_department_type_and_theme_with_counts(self, opening: Matter, client: Client) -> None:
        ServiceItem.objects.filter(slug="invoicing").update(theme="税收财务")
        publish_items(ServiceItem.objects.all())
        text = client.get("/items/", {"department": "tax"}).content.decode()
        assert "发票领用" in text
        assert "企业设立登记" not in text
        assert "?department=tax&amp;theme=" in text

    @pytest.mark.parametrize(
        "query", [{"department": "nobody"}, {"type": "\x07😀"}, {"page": "999"}, {"theme": "x" * 5000}]
    )
    def test_a_filter_that_nothing_has_is_not_used_and_said_so(
        self, opening: Matter, client: Client, query: dict[str, str]
    ) -> None:
        response = client.get("/items/", query)
        assert response.status_code == 200
        assert "发票领用" in response.content.decode()

    def test_it_asks_the_database_once(self, opening: Matter, client: Client) -> None:
        client.get("/items/")  # what was published is read once in a process
        with CaptureQueriesContext(connection) as queries:
            client.get("/items/")
        assert len(queries) == 1, [query["sql"] for query in queries]


def test_search_results_lead_to_the_guide_of_the_item(opening: Matter, client: Client) -> None:
    target = SearchTarget.objects.create(slug="item:invoicing", name="发票领用", kind=SearchTarget.Kind.ITEM)
    for text in ("发票领用", "我要领发票"):
        SearchPhrase.objects.create(target=target, text=text)
    ENGINE.forget()
    suggestions = client.get("/search/suggest/", {"q": "我要领发票"}).json()["suggestions"]
    assert [each["url"] for each in suggestions] == [reverse("catalog:item", args=["invoicing"])]
    assert reverse("catalog:item", args=["invoicing"]) in client.get("/search/", {"q": "发票领用"}).content.decode()
