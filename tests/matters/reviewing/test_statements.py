"""How many statements a decision costs: a case, its acceptance and its approval are most of what a bundle's life asks of a hall."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.worlds.reading import reading
from tests.worlds.town import Town, advance

# Session, account, rights; the case with its bundle; parts and decisions, returns, papers, divisions; the reading written down; task,
# who vouched, neighbours, events.
CASE = 13


def counted(client: Client, method: str, url: str, data: dict[str, str] | None = None) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url) if method == "get" else client.post(url, data or {})
    assert answer.status_code == (200 if method == "get" else 302), answer.content.decode()
    return [query["sql"] for query in queries]


@pytest.fixture
def zhao(town: Town) -> Client:
    client = Client()
    client.force_login(town.zhao)
    return client


def test_a_decision_costs_few_statements(town: Town, zhao: Client) -> None:
    bundle = town.submit()
    part = town.part(bundle, "birth_cert")
    case = f"/review/cases/{part.number}/"
    assert len(seen := counted(zhao, "get", case)) <= CASE, seen
    # Session, account, rights, case, returns, who vouched; the case as it is now (eight, a savepoint with them); the change and what it came to; task, job, the chain
    # and its event; the message kept.
    assert len(seen := counted(zhao, "post", f"{case}accept/", reading(part))) <= 23, seen
    assert len(seen := counted(zhao, "get", case)) <= CASE + 2, seen  # the message shown is forgotten
    posted = counted(zhao, "post", f"{case}approve/", {"output.number": "P360000001", **reading(part)})
    assert len(posted) <= 38, posted
    advance([bundle.pk])
    wang = Client()
    wang.force_login(town.wang)
    assert len(seen := counted(wang, "get", f"/review/cases/{town.part(bundle, 'hukou').number}/")) <= CASE + 1, seen


def test_rights_are_asked_for_once(town: Town, zhao: Client) -> None:
    part = town.part(town.submit(), "birth_cert")
    asked = [sql for sql in counted(zhao, "get", f"/review/cases/{part.number}/") if "rights_held" in sql]
    assert len(asked) == 1
