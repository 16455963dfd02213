"""Whoever guesses is slowed down, on every way there is, and learns nothing from how long an answer takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client

from portal.accounts.forms import OLD_PASSWORD_TRIES
from portal.accounts.models import Person, User
from portal.accounts.views import REGISTER_TRIES
from portal.lib.lockout import ADDRESS_FAILURES
from tests.portal.accounts.conftest import PASSWORD
from tests.portal.accounts.test_registration import REGISTER, RIGHT

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the hashes that are made, whatever for: they are what takes time."""
    made: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: MD5PasswordHasher, password: str, salt: str, *more: Any) -> str:
        made.append(salt)
        return encode(self, password, salt, *more)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    return made


def log_in(client: Client, username: str, password: str = "wrong", address: str = "203.0.113.5") -> Any:
    return client.post(LOGIN, {"username": username, "password": password}, REMOTE_ADDR=address)


def test_guessing_across_names_makes_the_address_wait(client: Client, li: Person) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False) as clock:
        answers = [log_in(client, f"name{n}") for n in range(ADDRESS_FAILURES)]
        assert {answer.status_code for answer in answers[:-1]} == {200}
        slowed = log_in(client, "li", PASSWORD)
        assert slowed.status_code == 429
        assert 0 < int(slowed["Retry-After"]) <= 900
        assert "太多次登录没有成功" in slowed.content.decode()
        assert log_in(client, "li", PASSWORD, "198.51.100.7").status_code == 302
        clock.shift(timedelta(minutes=15, seconds=1))
        assert log_in(Client(), "li", PASSWORD).status_code == 302


def test_a_login_that_succeeds_buys_no_more_tries(client: Client, li: Person) -> None:
    for n in range(ADDRESS_FAILURES):
        log_in(client, f"name{n}")
        if n == ADDRESS_FAILURES // 2:
            assert log_in(Client(), "li", PASSWORD).status_code == 302
    assert log_in(Client(), "li", PASSWORD).status_code == 429


def test_the_present_password_cannot_be_guessed_at_an_open_session(client: Client, li: Person) -> None:
    assert li.user is not None
    client.force_login(li.user)
    new = {"new_password1": "other 17 rivers", "new_password2": "other 17 rivers"}
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False) as clock:
        for _ in range(OLD_PASSWORD_TRIES):
            page = client.post("/accounts/password/", {"old_password": "wrong", **new}).content.decode()
            assert "当前密码不对" in page
        page = client.post("/accounts/password/", {"old_password": PASSWORD, **new}).content.decode()
        assert "请 15 分钟后再试" in page
        li.user.refresh_from_db()
        assert li.user.check_password(PASSWORD)
        clock.shift(timedelta(minutes=15, seconds=1))
        assert client.post("/accounts/password/", {"old_password": PASSWORD, **new}).status_code == 302


def test_a_name_that_is_taken_is_told_a_few_times_only(client: Client, li: Person) -> None:
    for _ in range(REGISTER_TRIES):
        assert "已有人使用" in client.post(REGISTER, {**RIGHT, "username": "li"}).content.decode()
    slowed = client.post(REGISTER, {**RIGHT, "username": "li"})
    assert slowed.status_code == 429
    assert "后再开通账号" in slowed.content.decode()
    assert "已有人使用" not in slowed.content.decode()


def test_a_login_takes_as_long_for_a_name_that_exists_as_for_one_that_does_not(
    client: Client, li: Person, hashed: list[str]
) -> None:
    User.objects.create_user("gone", password=PASSWORD, is_active=False)
    User.objects.create_user("never")  # no password that could be right
    took = {}
    for username in ("li", "nobody", "gone", "never"):
        hashed.clear()
        log_in(client, username)
        took[username] = len(hashed)
    assert set(took.values()) == {1}, took


def test_opening_an_account_takes_as_long_for_a_name_that_is_taken(
    client: Client, li: Person, hashed: list[str]
) -> None:
    took = []
    for username in ("li", "new"):
        hashed.clear()
        Client().post(REGISTER, {**RIGHT, "username": username})
        took.append(len(hashed))
    assert took == [1, 1]


def test_the_console_has_no_page_of_its_own_for_the_present_password(wang: User) -> None:
    client = Client()
    client.force_login(wang)
    sent = {"old_password": "wrong", "new_password1": "a", "new_password2": "b"}
    for answer in (client.get("/admin/password_change/"), client.post("/admin/password_change/", sent)):
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/")
