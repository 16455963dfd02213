"""Nobody types a password for somebody else: a one-time link lets its owner choose one."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from portal.accounts.models import User
from portal.accounts.one_time_links import make_link, use_link
from portal.ledger.models import SecurityEvent
from portal.notices.inbox import messages_of
from portal.notices.wording import words
from tests.portal.accounts.conftest import PASSWORD
from tests.portal.accounts.test_second_factor import LOGIN, SECRET, code, is_in, log_in, post_to_link

NEW = "晴天 kettle 17 lamps"
ENDED = "链接已失效"


@pytest.fixture
def root(db: None) -> User:
    cache.clear()
    return User.objects.create_superuser("root")


@pytest.fixture
def console(root: User) -> Client:
    client = Client()
    client.force_login(root)
    return client


def link_of(console: Client, account: User) -> str:
    page = console.post(reverse("admin:auth_user_password_change", args=[account.pk])).content.decode()
    found = re.search(r'<code id="one-time-link">http://testserver(\S+)</code>', page)
    assert found is not None
    return found[1]


def choose(link: str, client: Client | None = None, **more: str) -> Any:
    return post_to_link(client or Client(), link, NEW, **more)


def test_a_new_account_gets_a_password_from_its_owner(console: Client) -> None:
    answer = console.post("/admin/accounts/user/add/", {"username": "sun", "name": "孙窗"})
    sun = User.objects.get(username="sun")
    assert answer["Location"] == reverse("admin:accounts_user_change", args=[sun.pk])
    assert choose(link_of(console, sun))["Location"] == LOGIN
    sun.refresh_from_db()
    assert sun.check_password(NEW)


def test_looking_makes_no_link_and_it_is_shown_once(console: Client, wang: User) -> None:
    address = reverse("admin:auth_user_password_change", args=[wang.pk])
    assert "new-password" not in console.get(address).content.decode()
    assert not SecurityEvent.objects.filter(kind="link_made").exists()
    token = link_of(console, wang).rstrip("/").split("/")[-1]
    assert "new-password" not in console.get(address).content.decode()
    kept = [str(row) for row in (*SecurityEvent.objects.values(), *messages_of(wang).values())]
    assert not [row for row in kept if token in row]


def test_it_is_an_event_and_the_owner_is_told(console: Client, root: User, wang: User) -> None:
    link = link_of(console, wang)
    event = SecurityEvent.objects.get(kind="link_made")
    assert (event.user, event.data) == (wang, {"by": root.pk})
    message = messages_of(wang).get()
    assert "账号 root" in words(message.kind, message.data).text
    choose(link)
    assert SecurityEvent.objects.get(kind="link_used").user == wang


def test_it_logs_nobody_in_and_ends_every_session(console: Client, client: Client, wang: User) -> None:
    client.force_login(wang)
    here = Client()
    here.force_login(wang)
    answer = choose(link_of(console, wang), here)
    assert answer["Location"] == LOGIN
    assert not is_in(here)
    assert client.get("/accounts/profile/")["Location"].startswith(LOGIN)
    log_in(client, password=PASSWORD)
    assert not is_in(client)
    log_in(client, password=NEW)
    assert is_in(client)


def test_it_ends_with_its_first_use(console: Client, wang: User) -> None:
    link, late = link_of(console, wang), Client()
    page = late.get(link)["Location"]
    choose(link)
    assert ENDED in choose(link).content.decode()
    assert ENDED in late.post(page, {"new_password1": PASSWORD, "new_password2": PASSWORD}).content.decode()
    wang.refresh_from_db()
    assert wang.check_password(NEW)


def test_it_ends_with_a_newer_one_after_seven_days_and_with_the_account(console: Client, wang: User) -> None:
    first, second = link_of(console, wang), link_of(console, wang)
    assert ENDED in choose(first).content.decode()
    with time_machine.travel(timedelta(days=7, minutes=1)):
        assert ENDED in choose(second).content.decode()
    with time_machine.travel(timedelta(days=6, hours=23)):
        assert Client().get(second).status_code == 302
    User.objects.filter(pk=wang.pk).update(is_active=False)
    assert ENDED in choose(second).content.decode()
    address = reverse("admin:auth_user_password_change", args=[wang.pk])
    assert "账号已停用" in console.post(address, follow=True).content.decode()


def test_it_outlives_a_login(console: Client, client: Client, wang: User) -> None:
    link = link_of(console, wang)
    log_in(client)
    assert choose(link)["Location"] == LOGIN


def test_no_link_opens_another_account(console: Client, root: User, wang: User) -> None:
    _empty, *parts, _uid, token, _end = link_of(console, wang).split("/")
    own = make_link(root, None).split("/")[-3]
    assert ENDED in Client().get("/" + "/".join([*parts, own, token, ""])).content.decode()


def test_a_password_that_is_refused_costs_nothing(console: Client, wang: User) -> None:
    link = link_of(console, wang)
    for first, second, said in (
        ("12345678", "12345678", "密码"),
        (NEW, NEW + "x", "两次填写的密码不一样"),
        ("", "", "请填写新密码"),
    ):
        page = post_to_link(Client(), link, first, new_password2=second)
        assert (page.status_code, said in page.content.decode()) == (200, True)
    assert choose(link)["Location"] == LOGIN


def test_one_with_a_second_factor_still_gives_it(console: Client, wang: User, settings: Settings) -> None:
    TOTP.activate(wang, SECRET)
    spare, other = RecoveryCodes.activate(wang).get_unused_codes()[:2]
    settings.YIJIAN_SECOND_FACTOR = True
    link = make_link(wang, None)
    wrong = "000000" if code() != "000000" else "111111"
    for given, said in (("", "请填写动态验证码或备用码"), (wrong, "验证码不对")):
        assert said in choose(link, code=given).content.decode()
    # A password that is refused spends no code.
    assert post_to_link(Client(), link, "12345678", code=spare).status_code == 200
    here = Client()
    assert choose(link, here, code=spare)["Location"] == LOGIN
    assert not is_in(here)
    assert log_in(here, password=NEW)["Location"] == "/accounts/second-factor/show/"
    here.post("/accounts/second-factor/show/", {"code": spare})
    assert not is_in(here)
    here.post("/accounts/second-factor/show/", {"code": other})
    assert is_in(here)


def test_ones_own_password_is_changed_on_ones_own_page(console: Client, root: User) -> None:
    answer = console.post(reverse("admin:auth_user_password_change", args=[root.pk]))
    assert answer["Location"] == "/accounts/password/"
    assert not SecurityEvent.objects.filter(kind="link_made").exists()


def test_the_first_administrator_gets_one_by_command(root: User, settings: Settings) -> None:
    said = StringIO()
    call_command("one_time_link", "ROOT", stdout=said)
    assert choose(said.getvalue().strip().removeprefix(settings.YIJIAN_PUBLIC_URL))["Location"] == LOGIN
    assert SecurityEvent.objects.get(kind="link_made").data == {"by": "command"}
    with pytest.raises(CommandError):
        call_command("one_time_link", "nobody")


def test_two_at_once_use_it_once(transactional_db: None) -> None:
    sun = User.objects.create_user("sun")
    token, together = make_link(sun, None).split("/")[-2], Barrier(2)

    def use(password: str) -> bool:
        try:
            together.wait()
            return use_link(sun, token, password, RequestFactory().post("/")) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, (NEW, PASSWORD))) == [False, True]


def test_a_password_that_is_too_short_is_refused_in_the_readers_language(console: Client, wang: User) -> None:
    page = post_to_link(Client(), link_of(console, wang), "ab1").content.decode()
    assert "密码太短，至少要 8 位。" in page
    assert "too short" not in page
