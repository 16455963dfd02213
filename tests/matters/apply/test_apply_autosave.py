"""Saving as one types: a small JSON address that never loses and never overwrites."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from matters.drafts.saving import read_form, save_values
from matters.models import Draft
from tests.worlds.cast import logged_in
from tests.worlds.settling import Case, build_case, draft_of, url


@pytest.fixture
def case(db: None) -> Case:
    return build_case()


def send(client: Client, draft: Draft, revision: Any, **values: Any) -> Any:
    body = json.dumps({"revision": revision, "values": values})
    return client.post(url(draft, "autosave"), body, content_type="application/json")


def test_it_saves_and_tells_the_time(case: Case) -> None:
    draft = draft_of(case)
    answer = send(logged_in(case.li), draft, 1, **{"child:person.name": "李小满"}).json()
    assert answer["revision"] == 2
    assert len(answer["saved_at"]) == 5
    assert (answer["conflicts"], answer["elsewhere"], answer["problems"]) == ({}, {}, {})


def test_it_tells_what_is_wrong_with_what_was_sent_and_saves_it_all_the_same(case: Case) -> None:
    draft = draft_of(case)
    answer = send(logged_in(case.li), draft, 1, **{"child:person.name": "李1", "household:address": ""}).json()
    assert answer["problems"] == {"child:person.name": "孩子姓名里不能有数字“1”，请核对。"}
    draft.refresh_from_db()
    assert read_form(draft).values["child:person.name"] == "李1"


def test_the_older_window_is_told_and_nothing_is_overwritten(case: Case) -> None:
    draft, client = draft_of(case), logged_in(case.li)
    send(client, draft, 1, **{"child:person.name": "李小满", "child:insurance.year": "2026"})
    answer = send(client, draft, 1, **{"child:person.name": "李大满", "household:address": "一号"}).json()
    assert answer["conflicts"] == {"child:person.name": "李小满"}
    assert answer["elsewhere"] == {"child:insurance.year": "2026"}
    draft.refresh_from_db()
    values = read_form(draft).values
    assert (values["child:person.name"], values["household:address"]) == ("李小满", "一号")


def test_looking_tells_what_others_changed(case: Case) -> None:
    draft = draft_of(case)
    save_values(Draft.objects.get(pk=draft.pk), {"household:address": "一号"}, seen=1)
    answer = logged_in(case.li).get(url(draft, "autosave"), {"since": "1"}).json()
    assert (answer["revision"], answer["elsewhere"]) == (2, {"household:address": "一号"})


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "1",
        '{"values": []}',
        '{"revision": 1}',
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"values": {"x": 1e999}}',
        '{"values": {"x": NaN}}',
        '{"values": {"x": -Infinity}}',
        '{"values": {"x": 1' + "0" * 1_000_000 + "}}",
        '{"values": {"child:person.name": "a", "child:person.name": "李"}}',
        "\xff\xfe",
    ],
)
def test_what_cannot_be_read_is_refused_clearly(case: Case, body: str) -> None:
    draft = draft_of(case)
    response = logged_in(case.li).post(url(draft, "autosave"), body, content_type="application/json")
    assert response.status_code == 400


@pytest.mark.parametrize(
    "value",
    [
        "\x00",
        "a\ud800b",
        1,
        1.5,
        True,
        None,
        [],
        ["a", {}],
        {},
        {"a": 1},
        [[["x"]]],
        "x" * 100_000,
        10**17,
        ["x"] * 9_000,
    ],
)
@pytest.mark.parametrize("key", ["child:person.name", "household:kinds", "household:posted", "child:birth.time"])
def test_no_value_breaks_it(case: Case, key: str, value: Any) -> None:
    draft, client = draft_of(case), logged_in(case.li)
    assert send(client, draft, 1, **{key: value}).status_code == 200
    assert client.get(url(draft, "form")).status_code == 200
    assert client.get(url(draft, "check")).status_code == 200


@pytest.mark.parametrize(
    ("key", "maximum"),
    [
        ("child:person.name", 200),
        ("household:address", 300),
        ("household:post.address", 5000),
        ("household:kinds", 5000),
    ],
)
def test_what_is_longer_than_its_kind_may_be_is_told_and_never_stored(case: Case, key: str, maximum: int) -> None:
    draft, client = draft_of(case), logged_in(case.li)
    assert send(client, draft, 1, **{key: "字" * maximum}).json()["problems"].get(key, "").find("没有保存") == -1
    answer = send(client, draft, 2, **{key: "字" * (maximum + 1)}).json()
    assert f"最多 {maximum} 个字" in answer["problems"][key]
    assert "没有保存" in answer["problems"][key]
    assert answer["revision"] == 2
    posted = client.post(url(draft, "form"), {key: "字" * (maximum + 1), "revision": "2", "action": "save"})
    assert posted.status_code == 422
    draft.refresh_from_db()
    assert "字" * maximum in (read_form(draft).values[key], *(read_form(draft).values[key] or ()))
    if key != "household:kinds":
        assert "字" * (maximum + 1) in posted.content.decode()  # shown again, to be shortened


def test_unknown_fields_are_harmless(case: Case) -> None:
    draft = draft_of(case)
    body = '{"revision": 1, "values": {"child:person.name": "李", "no:such": "x", "child:person.id_number": "1"}}'
    assert logged_in(case.li).post(url(draft, "autosave"), body, content_type="application/json").status_code == 200
    draft.refresh_from_db()
    values = read_form(draft).values
    assert values["child:person.name"] == "李"
    assert not {"no:such", "child:person.id_number"} & set(values)


def test_more_than_a_form_can_hold_is_refused(case: Case) -> None:
    draft = draft_of(case)
    assert send(logged_in(case.li), draft, 1, **{"child:person.name": "x" * 3_000_000}).status_code == 400


def test_it_needs_a_token(case: Case) -> None:
    draft = draft_of(case)
    client = Client(enforce_csrf_checks=True)
    client.force_login(case.li, backend="portal.accounts.backends.AccountBackend")
    assert send(client, draft, 1, **{"child:person.name": "李"}).status_code == 403


def test_an_ended_session_is_told_so(case: Case, client: Client) -> None:
    answer = send(client, draft_of(case), 1)
    assert answer.status_code == 401
    assert answer.json()["code"] == "login_required"
    assert "还在这一页上" in answer.json()["message"]


def test_a_submitted_draft_says_where_it_is(case: Case) -> None:
    draft = draft_of(case)
    Draft.objects.filter(pk=draft.pk).update(submitted_at=draft.saved_at)
    answer = send(logged_in(case.li), draft, 1, **{"child:person.name": "李"})
    assert answer.status_code == 409
    assert answer.json()["next"] == url(draft, "submitted")


def test_it_costs_two_queries_beside_the_session(case: Case, django_assert_num_queries: Any) -> None:
    draft, client = draft_of(case), logged_in(case.li)
    send(client, draft, 1, **{"child:person.name": "李"})
    with django_assert_num_queries(4):  # session, user, draft, save
        send(client, draft, 2, **{"child:person.name": "李小"})
