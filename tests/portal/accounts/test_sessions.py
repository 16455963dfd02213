"""A session ends by itself, and nothing is lost by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.accounts.models import Person, User
from tests.portal.accounts.conftest import PASSWORD

PROFILE = "/accounts/profile/"
STATUS = "/accounts/session/"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False) as travelled:
        yield travelled


@pytest.fixture
def inside(client: Client, li: Person, clock: Any) -> Client:
    log_in(client)
    return client


def log_in(client: Client, username: str = "li", target: str = PROFILE) -> Any:
    return client.post("/accounts/login/", {"username": username, "password": PASSWORD, "next": target})


def left(client: Client) -> int:
    found: int = json.loads(client.get(STATUS).content)["left"]
    return found


def test_it_ends_after_half_an_hour_without_a_request(inside: Client, clock: Any) -> None:
    clock.shift(timedelta(minutes=29))
    assert inside.get(PROFILE).status_code == 200
    clock.shift(timedelta(minutes=29))
    assert inside.get(PROFILE).status_code == 200
    clock.shift(timedelta(minutes=31, seconds=1))
    assert inside.get(PROFILE)["Location"] == f"/accounts/login/?next={PROFILE}"
    assert "_auth_user_id" not in inside.session


def test_it_ends_after_twelve_hours_whatever_is_done(inside: Client, clock: Any) -> None:
    for _ in range(35):
        clock.shift(timedelta(minutes=20))
        assert inside.get(PROFILE).status_code == 200
    clock.shift(timedelta(minutes=20))
    assert inside.get(PROFILE).status_code == 302


def test_only_looking_how_long_it_lasts_does_not_prolong_it(inside: Client, clock: Any) -> None:
    clock.shift(timedelta(minutes=20))
    assert left(inside) == 11 * 60
    clock.shift(timedelta(minutes=11))
    assert left(inside) == 0
    assert inside.get(PROFILE).status_code == 302


def test_whoever_is_still_there_says_so(inside: Client, clock: Any) -> None:
    clock.shift(timedelta(minutes=26))
    said = json.loads(inside.post(STATUS).content)
    assert said["left"] == 31 * 60
    assert said["who"]
    assert said["token"]


def test_what_was_posted_too_late_is_there_after_the_login(inside: Client, clock: Any) -> None:
    clock.shift(timedelta(minutes=32))
    answer = inside.post(PROFILE, {"phone": "13912345678"}, headers={"Referer": f"http://testserver{PROFILE}"})
    assert answer["Location"] == f"/accounts/login/?next={PROFILE}"
    log_in(inside)
    assert 'value="13912345678"' in inside.get(PROFILE).content.decode()


@pytest.mark.parametrize(
    "referer", ["http://[", "http://[::1", "//[", "http://[x]/", "http://a]/", "http://\u2100/", "\x80"]
)
def test_so_it_is_whatever_page_the_browser_names(inside: Client, clock: Any, referer: str) -> None:
    clock.shift(timedelta(minutes=32))
    answer = inside.post(PROFILE, {"phone": "13912345678"}, headers={"Referer": referer})
    assert answer["Location"] == f"/accounts/login/?next={PROFILE}"
    log_in(inside)
    assert 'value="13912345678"' in inside.get(PROFILE).content.decode()


def test_what_was_posted_too_late_is_not_for_another(inside: Client, clock: Any, wang: User) -> None:
    clock.shift(timedelta(minutes=32))
    inside.post(PROFILE, {"phone": "13912345678"}, headers={"Referer": f"http://testserver{PROFILE}"})
    log_in(inside, "wang")
    assert "pending_post" not in inside.session


def test_a_script_is_told_in_its_own_language(inside: Client, clock: Any) -> None:
    clock.shift(timedelta(minutes=32))
    answer = inside.post(PROFILE, "{}", content_type="application/json")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (401, "login_required")


def test_a_page_is_told_nothing_of_a_session_that_is_nobodys(client: Client, db: None) -> None:
    assert json.loads(client.get(STATUS).content) == {"left": 0}


def test_a_request_is_written_down_once_a_minute(inside: Client, clock: Any, django_assert_num_queries: Any) -> None:
    inside.get(STATUS)
    with django_assert_num_queries(2):  # session, account
        inside.post(STATUS)
    clock.shift(timedelta(seconds=61))
    with django_assert_num_queries(5):  # and the session kept, within a savepoint
        inside.post(STATUS)


def test_leaving_is_never_in_the_way(inside: Client, clock: Any) -> None:
    clock.shift(timedelta(minutes=32))
    assert inside.post("/accounts/logout/")["Location"] == "/"
