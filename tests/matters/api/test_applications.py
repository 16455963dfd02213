"""The API of one's own applications: who applies for whom, in the shape that its schema describes; nothing of anybody else's."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from django.test import Client

from matters.submitting.submission import submit_bundle
from tests.matters.cases.test_mandates import draft_under, filed_under, mandate_of, zhang_for
from tests.worlds.cast import logged_in
from tests.worlds.companies import NOODLES, Companies, build_companies


@pytest.fixture
def world(db: None) -> Companies:
    return build_companies()


def read(client: Client, number: str = "") -> Any:
    return client.get(f"/api/v1/applications/{number}/" if number else "/api/v1/applications/").json()


def test_it_tells_whoever_acts_and_on_what(world: Companies) -> None:
    own = world.submit(world.li_person, None, "本人")
    assert read(logged_in(world.li), own.number)["applies"] == {
        "name": world.li_person.name,
        "level": world.li_person.level,
    }
    handled = world.submit(world.zhang_person, world.noodles, "面馆")
    told = read(world.client(world.zhang, world.noodles), handled.number)["applies"]
    assert (told["name"], told["credit_code"], told["handler"]["name"]) == (*NOODLES, "张经办")
    mandate = mandate_of(world, world.li_person)
    bundle = filed_under(world, mandate, "代办")
    for client in (zhang_for(world, mandate), logged_in(world.li)):
        agent = read(client, bundle.number)["applies"]["agent"]
        assert (agent["name"], agent["mandate"], agent["from"]) == ("张经办", mandate.number, f"{mandate.begins_on}")
        assert (agent["kind"], agent["rests_on"]) == ("authorised", "online")


def test_it_lists_those_of_whom_one_acts_for_now(world: Companies) -> None:
    own = world.submit(world.zhang_person, None, "自己")
    handled = world.submit(world.zhang_person, world.noodles, "面馆")
    mandate = mandate_of(world, world.li_person)
    under = submit_bundle(draft=draft_under(world, mandate, "代办"), by=world.zhang)
    for client, bundle in (
        (logged_in(world.zhang), own),
        (world.client(world.zhang, world.noodles), handled),
        (zhang_for(world, mandate), under),
    ):
        (listed,) = read(client)
        assert (listed["number"], listed["parts"][0]["item"]) == (bundle.number, "permit")
        assert client.get("/api/v1/applications/", {"before": bundle.number}).json() == []


def test_strangers_and_nobody_read_nothing(world: Companies) -> None:
    bundle = world.submit(world.li_person, None, "本人")
    stranger = logged_in(world.stranger)
    for address in (f"/api/v1/applications/{bundle.number}/", "/api/v1/applications/none/"):
        answer = stranger.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert Client().get(address).status_code == 403
    assert read(stranger) == []
    assert stranger.get("/api/v1/applications/", {"before": bundle.number}).status_code == 404
    # Acting for another, one's own wait.
    assert (
        zhang_for(world, mandate_of(world, world.li_person)).get(f"/api/v1/applications/{bundle.number}/").status_code
        == 404
    )


def test_the_schema_describes_who_applies(client: Client, db: None) -> None:
    shapes = yaml.safe_load(client.get("/api/v1/schema/").content)["components"]["schemas"]
    assert set(shapes["Applies"]["properties"]) == {"name", "level", "credit_code", "handler", "agent"}
    agent = {"name", "mandate", "kind", "from", "until", "rests_on"}
    assert set(shapes["Agent"]["properties"]) == agent == set(shapes["Agent"]["required"])


def test_a_page_of_the_list_costs_the_same_however_many(world: Companies, django_assert_max_num_queries: Any) -> None:
    for _each in range(3):
        world.submit(world.li_person, None, "本人")
    client = logged_in(world.li)
    read(client)
    with django_assert_max_num_queries(6):
        assert len(read(client)) == 3
