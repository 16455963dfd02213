"""The catalog's API: read matters, try answers."""

from __future__ import annotations

import pytest
from django.test import Client

from catalog.models import Matter

pytestmark = pytest.mark.django_db


def test_it_lists_and_describes_matters(newborn_guide: Matter, client: Client) -> None:
    (listed,) = client.get("/api/v1/matters/").json()
    assert listed["slug"] == "newborn"
    shown = client.get("/api/v1/matters/newborn/").json()
    assert shown["content_hash"] == listed["content_hash"]
    assert "hukou" in {item["slug"] for item in shown["items"]}
    assert "relation" in {question["key"] for question in shown["questions"]}


def test_it_previews_a_plan_and_names_missing_answers(newborn_guide: Matter, client: Client) -> None:
    answers = {"relation": "mother", "children": "2"}
    reply = client.post("/api/v1/matters/newborn/plan/", {"answers": answers}, content_type="application/json")
    assert reply.status_code == 200
    shown = reply.json()
    assert {problem["question"] for problem in shown["problems"]} >= {"marriage", "household"}
    assert "birth_cert#2" in {item["key"] for item in shown["items"]}


@pytest.mark.parametrize("body", ['{"answers": []}', '{"answers": "x"}', "[]"])
def test_it_refuses_a_malformed_request(newborn_guide: Matter, client: Client, body: str) -> None:
    reply = client.post("/api/v1/matters/newborn/plan/", body, content_type="application/json")
    assert reply.status_code == 400
    assert reply.json()["code"] == "bad_request"


def test_it_does_not_know_unpublished_matters(client: Client) -> None:
    for reply in (
        client.get("/api/v1/matters/nothing/"),
        client.post("/api/v1/matters/nothing/plan/", {}, content_type="application/json"),
    ):
        assert reply.status_code == 404
        assert reply.json()["code"] == "matter_not_published"


def test_it_is_described(client: Client) -> None:
    assert b"matters_plan" in client.get("/api/v1/schema/").content


def test_a_matter_says_whether_it_can_be_applied_for_and_knows_places(newborn_guide: Matter, client: Client) -> None:
    assert client.get("/api/v1/matters/newborn/").json()["standing"] == "open"
    for place in ("360102", "abc", "３６０１０２", "9" * 500, "'"):
        assert client.get("/api/v1/matters/newborn/", {"division": place}).json()["version"] == 1
