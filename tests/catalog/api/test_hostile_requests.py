"""What the API answers to requests that nobody means well."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from catalog.models import Matter

pytestmark = pytest.mark.django_db

PLAN = "/api/v1/matters/newborn/plan/"

HOSTILE = {
    "deep lists": "[" * 100_000,
    "deep objects": '{"a":' * 100_000,
    "deep and closed": '{"answers": {"a": ' + "[" * 900 + "]" * 900 + "}}",
    "a few levels too many": '{"answers": {"a": ' + "[" * 40 + "]" * 40 + "}}",
    "a million digits": '{"answers": {"children": ' + "9" * 1_000_000 + "}}",
    "not a number": '{"answers": {"children": NaN}}',
    "endless": '{"answers": {"children": 1e999}}',
    "a key twice": '{"answers": {"children": 1}, "answers": {}}',
    "half a character": '{"answers": {"children": "\\ud800"}}',
    "half a character as a key": '{"answers": {"\\udfff": "1"}}',
    "a nul": '{"answers": {"children": "\\u0000"}}',
    "latin": b'{"answers": {"a": "\xff"}}',
    "utf-16": '{"answers": {}}'.encode("utf-16"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_json_that_nobody_means_is_refused_in_the_described_shape(
    newborn_guide: Matter, client: Client, name: str
) -> None:
    answer = client.post(PLAN, HOSTILE[name], content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "details"}
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "value",
    [{}, {"a": [1, {"b": None}]}, [[]], [{"x": 1}], True, None, -1, 10**17, 1.5, "", "x" * 100_000, [1, 1, None]],
)
def test_answers_of_any_kind_are_answered(newborn_guide: Matter, client: Client, value: Any) -> None:
    for question in ("relation", "children", "no_such", "", "answers.children"):
        answer = client.post(PLAN, json.dumps({"answers": {question: value}}), content_type="application/json")
        assert answer.status_code in (200, 400), (question, answer.content[:200])


@pytest.mark.parametrize(
    ("method", "content_type", "status"), [("PUT", "application/json", 405), ("POST", "text/xml", 415)]
)
def test_the_api_refuses_in_its_own_shape(
    newborn_guide: Matter, client: Client, method: str, content_type: str, status: int
) -> None:
    answer = client.generic(method, PLAN, "<a/>", content_type=content_type)
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message", "details"}
