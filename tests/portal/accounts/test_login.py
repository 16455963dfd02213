"""Logging in: to the right place, and not for those who guess."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from pytest_django import Settings

from catalog.models import Department, Membership
from portal.accounts.models import Person, User
from portal.lib.lockout import client_address, wait_after
from portal.settings import base
from tests.portal.accounts.conftest import PASSWORD

LOGIN = "/accounts/login/"
WRONG = "账号或密码不对"


def log_in(
    client: Client, username: str = "li", password: str = PASSWORD, address: str = "203.0.113.5", **more: str
) -> Any:
    return client.post(LOGIN, {"username": username, "password": password, **more}, REMOTE_ADDR=address)


def fail(client: Client, times: int, username: str = "li", address: str = "203.0.113.5") -> Any:
    for _ in range(times):
        response = log_in(client, username, "wrong", address)
    return response


def test_a_citizen_lands_at_home(client: Client, li: Person) -> None:
    assert log_in(client)["Location"] == reverse("home")
    assert client.get("/accounts/profile/").status_code == 200


def test_a_member_of_a_department_lands_at_the_review_desk(client: Client, wang: User) -> None:
    police = Department.objects.create(code="police", name="公安局", short_name="公安")
    Membership.objects.create(user=wang, department=police, role=Membership.Role.REVIEWER)
    assert log_in(client, "wang")["Location"] == reverse("matters:review_home")


def test_other_staff_land_at_the_console(client: Client, wang: User) -> None:
    assert log_in(client, "wang")["Location"] == reverse("admin:index")


def test_it_goes_on_where_one_was_heading(client: Client, li: Person) -> None:
    page = client.get(f"{LOGIN}?next=/bundles/")
    assert 'name="next" value="/bundles/"' in page.content.decode()
    assert log_in(client, next="/bundles/")["Location"] == "/bundles/"
    assert client.get(f"{LOGIN}?next=/bundles/")["Location"] == "/bundles/"


@pytest.mark.parametrize(
    "target",
    [
        "http://evil.example/",
        "https://evil.example",
        "//evil.example/",
        "///evil.example",
        "////evil.example",
        r"\\evil.example",
        r"/\evil.example",
        r"/\/evil.example",
        "http:evil.example",
        "http:///evil.example",
        "https:/evil.example",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        " //evil.example",
        "\t//evil.example",
        "\x01http://evil.example",
        "http://testserver@evil.example/",
        "http://testserver.evil.example/",
        "http://evil.example#@testserver/",
        "http://[::1]/",
        "http://[bad",
        "//testserver@evil.example",
        "ftp://testserver/",
        "mailto:a@evil.example",
        "///",
        "http://测试.example/",
        "/accounts/login/",
        "/accounts/login/?next=/accounts/login/",
        "/accounts/logout/",
        "/accounts/register/",
        "",
    ],
)
def test_it_never_leads_elsewhere(client: Client, li: Person, target: str) -> None:
    assert log_in(client, next=target)["Location"] == reverse("home")
    assert client.get(LOGIN, {"next": target})["Location"] == reverse("home")


def test_it_says_the_same_to_a_wrong_password_and_to_a_name_that_does_not_exist(client: Client, li: Person) -> None:
    User.objects.create_user("gone", password=PASSWORD, is_active=False)
    answers = [
        log_in(client, username, password)
        for username, password in (("li", "wrong"), ("nobody", "wrong"), ("gone", PASSWORD))
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    pages = [answer.content.decode() for answer in answers]
    assert all(WRONG in page for page in pages)
    assert 'value="nobody"' in pages[1]
    assert "wrong" not in pages[0]


def test_capitals_do_not_matter_in_the_account_name(client: Client, li: Person) -> None:
    assert log_in(client, "Li").status_code == 302


def test_the_session_is_a_new_one_after_login(client: Client, li: Person) -> None:
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    log_in(client)
    assert client.session.session_key != session.session_key


def test_five_failures_make_one_wait(client: Client, li: Person) -> None:
    assert "再错 1 次" in fail(client, 4).content.decode()
    locked = fail(client, 1)
    assert locked.status_code == 429
    assert 0 < int(locked["Retry-After"]) <= 60
    assert "请 1 分钟后再登录" in locked.content.decode()
    assert log_in(client).status_code == 429


def test_the_wait_grows_and_ends(client: Client, li: Person) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        fail(client, 5)
        clock.shift(timedelta(seconds=59))
        assert log_in(client).status_code == 429
        clock.shift(timedelta(seconds=2))
        again = fail(client, 1)
        assert (again.status_code, again["Retry-After"]) == (429, "120")
        clock.shift(timedelta(seconds=119))
        assert log_in(client).status_code == 429
        clock.shift(timedelta(seconds=2))
        assert log_in(client).status_code == 302
        assert not AccessAttempt.objects.exists()


def test_trying_during_the_wait_does_not_prolong_it(client: Client, li: Person) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False) as clock:
        fail(client, 30)
        clock.shift(timedelta(seconds=61))
        assert log_in(client).status_code == 302


def test_a_day_without_failures_forgets_them(client: Client, li: Person) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False) as clock:
        fail(client, 5)
        clock.shift(timedelta(days=1, seconds=1))
        assert fail(client, 4).status_code == 200


def test_the_owner_is_not_locked_out_by_a_stranger(client: Client, li: Person) -> None:
    assert fail(client, 6, address="198.51.100.7").status_code == 429
    assert log_in(client, address="203.0.113.5").status_code == 302


def test_another_spelling_or_browser_buys_no_more_tries(client: Client, li: Person) -> None:
    for username in ("li", "LI", "Li", "lI"):
        fail(client, 1, username)
    client.post(LOGIN, {"username": "li", "password": "wrong"}, REMOTE_ADDR="203.0.113.5", HTTP_USER_AGENT="other")
    assert log_in(client).status_code == 429


def test_a_name_that_does_not_exist_waits_alike(client: Client, db: None) -> None:
    assert fail(client, 5, "nobody").status_code == 429


def test_the_console_is_no_way_around(client: Client, wang: User) -> None:
    fail(client, 5, "wang")
    answer = client.post("/admin/login/", {"username": "wang", "password": PASSWORD}, REMOTE_ADDR="203.0.113.5")
    assert answer["Location"] == f"{LOGIN}?next=/admin/"  # there is one login
    assert "_auth_user_id" not in client.session


def test_what_was_typed_as_password_is_not_kept(client: Client, li: Person) -> None:
    log_in(client, "li", "typed-secret")
    attempt = AccessAttempt.objects.get()
    assert "typed-secret" not in f"{attempt.post_data}{attempt.get_data}"


def test_the_wait_is_never_longer_than_an_hour() -> None:
    assert [int(wait_after(n).total_seconds() // 60) for n in (0, 4, 5, 6, 9, 11, 50)] == [0, 0, 1, 2, 16, 60, 60]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.9", "203.0.113.5"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "10.9.9.9, 198.51.100.9", "198.51.100.9"),
        (2, "198.51.100.9, 10.0.0.1", "198.51.100.9"),
        (2, "198.51.100.9", "203.0.113.5"),
        (1, "not an address", None),
        (1, "", None),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: Settings, proxies: int, forwarded: str, address: str | None
) -> None:
    settings.YIJIAN_TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.5", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


@pytest.mark.parametrize(("peer", "address"), [("10.213.7.2", "198.51.100.9"), ("10.213.8.2", "10.213.8.2")])
def test_a_word_about_the_visitor_counts_only_from_where_the_proxies_stand(
    settings: Settings, peer: str, address: str
) -> None:
    settings.YIJIAN_TRUSTED_PROXIES, settings.YIJIAN_PROXY_NETWORKS = 1, [ip_network("10.213.7.0/28")]
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR="198.51.100.9")
    assert client_address(request) == address


def test_logging_out_needs_a_post(client: Client, li: Person) -> None:
    log_in(client)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/")["Location"] == reverse("home")
    assert "_auth_user_id" not in client.session


class OfBefore(Argon2PasswordHasher):
    memory_cost, parallelism = 64, 8


@override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS)
def test_passwords_are_kept_with_argon2(client: Client, li: Person) -> None:
    kept = OfBefore().encode(PASSWORD, "the salt of before")
    User.objects.filter(username="li").update(password=kept)
    assert "m=64,t=2,p=8$" in kept
    assert log_in(client)["Location"] == reverse("home")
    kept = User.objects.get(username="li").password
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password(PASSWORD, kept)


def test_a_form_without_its_token_is_explained(li: Person) -> None:
    answer = Client(enforce_csrf_checks=True).post(LOGIN, {"username": "li"})
    assert answer.status_code == 403
    assert "您没有做错什么" in answer.content.decode()
