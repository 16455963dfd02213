"""The zone of matters and the guide of one, as people see them."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.merging.typical import typical_answers
from catalog.models import Matter
from catalog.versions.matters import compiled

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["zh-hans", "en"])
def reader(request: pytest.FixtureRequest, client: Client) -> Client:
    client.cookies["django_language"] = request.param
    return client


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_zone_shows_the_matter_under_its_stage(newborn_guide: Matter, reader: Client) -> None:
    page = text(reader, reverse("catalog:matter_list"))
    assert reverse("catalog:matter", args=["newborn"]) in page
    assert reverse("catalog:matter", args=["newborn"]) not in text(
        reader, reverse("catalog:matter_list") + "?subject=organisation"
    )


def test_the_guide_has_all_its_parts_and_a_way_to_apply(newborn_guide: Matter, reader: Client) -> None:
    page = text(reader, reverse("catalog:matter", args=["newborn"]))
    for part in ("items", "conditions", "materials", "flow", "limits", "fees", "figures", "matrix", "faqs"):
        assert f'id="{part}"' in page
    assert reverse("matters:start", args=["newborn"]) in page
    assert "<svg" in page
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script|<style", page)


def test_the_guide_speaks_english(newborn_guide: Matter, client: Client) -> None:
    client.cookies["django_language"] = "en"
    page = text(client, reverse("catalog:matter", args=["newborn"]))
    assert "Birth of a child" in page
    assert "Medical record of birth" in page


def test_figures_are_shown_before_and_after_with_their_lists(newborn_guide: Matter, client: Client) -> None:
    page = text(client, reverse("catalog:matter", args=["newborn"]))
    for figure in ("forms", "materials", "visits", "days"):
        assert f'href="#figure-{figure}"' in page
        assert f'id="figure-{figure}"' in page
    assert "青海省" in page


def test_another_situation_changes_the_whole_page(newborn_guide: Matter, client: Client) -> None:
    url = reverse("catalog:matter", args=["newborn"])
    assert "诊断证明" not in text(client, url).split('id="figures"')[0]
    page = text(client, f"{url}?claim=yes&children=2")
    assert "诊断证明" in page
    assert "×2" in page
    assert "要上传发票、费用清单和诊断证明" in page


def test_a_situation_that_cannot_go_online_says_where_to_turn(newborn_guide: Matter, client: Client) -> None:
    page = text(client, reverse("catalog:matter", args=["newborn"]) + "?relation=other")
    assert "12345" in page
    assert "其他监护人请带监护关系证明" in page


@pytest.mark.parametrize(
    "query", ["relation=<script>", "children=99", "items=nothing&items=", "x=" + "y" * 5000, "claim=%07", "claim=😀"]
)
def test_answers_that_are_not_options_count_as_not_given(newborn_guide: Matter, client: Client, query: str) -> None:
    assert "新生儿出生" in text(client, reverse("catalog:matter", args=["newborn"]) + "?" + query)


def test_an_unknown_matter_is_not_found(client: Client) -> None:
    assert client.get("/matters/nothing/").status_code == 404


def test_each_page_asks_the_database_once(newborn_guide: Matter, client: Client) -> None:
    assert newborn_guide.current_version_id is not None
    compiled(newborn_guide.current_version_id)
    for url in (reverse("catalog:matter_list"), reverse("catalog:matter", args=["newborn"])):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        assert len(queries) == 1, [query["sql"] for query in queries]


def test_each_figure_opens_every_list_that_explains_it(newborn_guide: Matter, client: Client) -> None:
    page = text(client, reverse("catalog:matter", args=["newborn"]) + "?claim=yes")
    assert newborn_guide.current_version_id is not None
    matter = compiled(newborn_guide.current_version_id)
    plan = matter.plan_for({**typical_answers(matter), "claim": "yes"})

    def figure(name: str) -> str:
        return page.split(f'id="figure-{name}"')[1].split("</details>")[0]

    for key in plan.figures.materials.after_list:
        assert next(each.name for each in plan.materials if each.key == key) in figure("materials")
    for keys in plan.figures.materials.more["exempt"].values():
        for key in keys:
            assert next(each.name for each in plan.materials if each.key == key) in figure("materials")
    for key in (*plan.figures.fields.after_list, *plan.figures.fields.more["known_list"]):
        assert plan.fields[key].label in figure("fields")
    assert f"{plan.figures.fields.more['total']} 项" in figure("fields")
    assert "比本指南" in figure("materials")
    assert figure("days").count("个工作日") >= len(plan.figures.days.before_list)
