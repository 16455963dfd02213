"""Whoever works here reaches nothing with a password alone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import Person, User
from portal.accounts.one_time_links import make_link
from portal.ledger.models import SecurityEvent
from tests.portal.accounts.conftest import PASSWORD

LOGIN, SHOW, FACTORS = "/accounts/login/", "/accounts/second-factor/show/", "/accounts/second-factor/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def demanded(settings: Settings) -> Iterator[None]:
    settings.YIJIAN_SECOND_FACTOR = True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def enrolled(wang: User) -> User:
    TOTP.activate(wang, SECRET)
    return wang


def code(secret: str = SECRET, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def log_in(client: Client, username: str = "wang", target: str = "/admin/", password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"username": username, "password": password, "next": target})


def use_link(client: Client, user: User, **more: str) -> Any:
    """Choose a password with a one-time link, which ends in the same password as before."""
    return post_to_link(client, make_link(user, None), **more)


def post_to_link(client: Client, link: str, password: str = PASSWORD, **more: str) -> Any:
    page = client.get(link)
    chosen = {"new_password1": password, "new_password2": password, **more}
    return client.post(page["Location"], chosen) if page.status_code == 302 else page


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_password_alone_opens_nothing(client: Client, enrolled: User) -> None:
    assert log_in(client)["Location"] == SHOW
    assert not is_in(client)
    assert client.get("/admin/").status_code == 302
    assert not is_in(client)


def test_the_code_opens_what_one_was_heading_for(client: Client, enrolled: User) -> None:
    log_in(client, target="/admin/accounts/person/")
    page = client.get(SHOW).content.decode()
    assert "动态验证码" in page
    assert client.post(SHOW, {"code": code()})["Location"] == "/admin/accounts/person/"
    assert client.session["_auth_user_id"] == str(enrolled.pk)
    assert client.get("/admin/").status_code == 200


def test_a_wrong_code_opens_nothing_and_says_so(client: Client, enrolled: User) -> None:
    log_in(client)
    answer = client.post(SHOW, {"code": "000000" if code() != "000000" else "111111"})
    assert "验证码不对" in answer.content.decode()
    assert not is_in(client)


def test_a_code_opens_once(enrolled: User) -> None:
    used = code()
    first, second = Client(), Client()
    for client in (first, second):
        log_in(client)
        client.post(SHOW, {"code": used})
    assert (is_in(first), is_in(second)) == (True, False)


def test_guessing_codes_is_slowed_down(enrolled: User) -> None:
    client = Client()
    log_in(client)
    wrong = str((int(code()) + 1) % 10**6).zfill(6)
    pages = [client.post(SHOW, {"code": wrong}).content.decode() for _ in range(7)]
    assert "试的次数太多了" in pages[-1]
    client.post(SHOW, {"code": code()})
    assert not is_in(client)


def test_staff_without_a_factor_reach_enrolment_and_nothing_else(client: Client, wang: User) -> None:
    wang.user_permissions.add(Permission.objects.get(codename="view_person"))
    assert log_in(client)["Location"] == "/admin/"
    for address in ("/", "/admin/", "/admin/accounts/person/", "/review/", "/accounts/profile/", "/api/v1/schema/"):
        assert client.get(address)["Location"] == FACTORS, address
    assert client.post("/accounts/password/", {"old_password": PASSWORD})["Location"] == FACTORS
    answer = client.post("/review/", "{}", content_type="application/json")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "second_factor_required")
    assert "工作账号需要二次验证" in client.get(FACTORS).content.decode()
    assert client.post("/accounts/logout/").status_code == 302


def test_whoever_has_a_post_without_being_marked_as_staff_needs_one_too(client: Client, li: Person) -> None:
    assert li.user is not None
    li.user.groups.add(Group.objects.create(name="a post"))
    log_in(client, "li", target="/")
    assert client.get("/")["Location"] == FACTORS


def test_whoever_only_knows_the_password_does_not_enrol(client: Client, wang: User) -> None:
    log_in(client)
    page = client.get(FACTORS).content.decode()
    assert "请向管理员要一个" in page
    assert 'href="/accounts/second-factor/code/"' not in page
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": FACTORS})
    for address in ("code/", "passkeys/add/", "recovery-codes/", "recovery-codes/new/", "show-again/"):
        assert client.get(FACTORS + address)["Location"] == FACTORS, address
        assert client.post(FACTORS + address, {"code": "000000"})["Location"] == FACTORS, address
    assert not Authenticator.objects.filter(user=wang).exists()


def test_a_link_opens_enrolment_where_it_was_used_and_for_whom(client: Client, wang: User, li: Person) -> None:
    elsewhere, start = Client(), FACTORS + "code/"
    use_link(client, wang)
    log_in(elsewhere)
    assert elsewhere.get(start)["Location"] == FACTORS
    log_in(client)
    assert client.get(start)["Location"].startswith("/accounts/reauthenticate/")
    User.objects.create_user("zhao", password=PASSWORD, is_staff=True)
    use_link(client, wang)
    log_in(client, "zhao")
    assert client.get(start)["Location"] == FACTORS


def test_a_citizen_enrols_without_a_link_and_staff_of_an_open_demo_town_too(
    client: Client, li: Person, wang: User, settings: Settings
) -> None:
    log_in(client, "li", target="/")
    assert client.get(FACTORS + "code/")["Location"].startswith("/accounts/reauthenticate/")
    settings.YIJIAN_SECOND_FACTOR = False
    other = Client()
    log_in(other)
    assert other.get(FACTORS + "code/")["Location"].startswith("/accounts/reauthenticate/")


def test_they_enrol_by_themselves_and_go_on(transactional_db: None, client: Client, wang: User) -> None:
    use_link(client, wang)
    log_in(client)
    asked = client.get("/accounts/second-factor/code/")
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert "请再输一次密码" in client.get(asked["Location"]).content.decode()
    wrong = client.post(asked["Location"], {"password": "wrong"}).content.decode()
    assert "密码不对" in wrong
    answer = client.post(asked["Location"], {"password": PASSWORD, "next": "/accounts/second-factor/code/"})
    assert answer["Location"] == "/accounts/second-factor/code/"
    page = client.get("/accounts/second-factor/code/").content.decode()
    secret = page.split("<code>")[1].split("</code>")[0]
    answer = client.post("/accounts/second-factor/code/", {"code": code(secret)})
    assert answer["Location"] == "/accounts/second-factor/recovery-codes/"
    assert "备用码" in client.get(answer["Location"]).content.decode()
    assert client.get("/admin/").status_code == 200
    assert secret not in json.dumps([one.data for one in Authenticator.objects.all()])


def test_a_session_of_before_the_factor_was_demanded_begins_anew(client: Client, enrolled: User) -> None:
    client.force_login(enrolled)
    assert client.get("/admin/")["Location"] == "/accounts/login/?next=/admin/"
    assert not is_in(client)


def test_the_console_has_no_login_of_its_own(client: Client, enrolled: User) -> None:
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/accounts/login/?next=/admin/"
    answer = client.post("/admin/login/", {"username": "wang", "password": PASSWORD})
    assert answer.status_code == 302
    assert not is_in(client)


def test_whoever_does_not_work_here_is_told_so_at_the_console(client: Client, li: Person) -> None:
    log_in(client, "li", target="/")
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "不是工作账号" in answer.content.decode()


def test_a_citizen_needs_none_and_may_have_one(client: Client, li: Person) -> None:
    assert log_in(client, "li", target="/bundles/")["Location"] == "/bundles/"
    assert li.user is not None
    TOTP.activate(li.user, SECRET)
    other = Client()
    assert log_in(other, "li", target="/bundles/")["Location"] == SHOW
    assert not is_in(other)


def test_a_recovery_code_opens_once(enrolled: User) -> None:
    spare = RecoveryCodes.activate(enrolled).get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        log_in(client)
        client.post(SHOW, {"code": spare})
    assert (is_in(first), is_in(second)) == (True, False)


def test_the_last_factor_of_staff_stays(client: Client, enrolled: User) -> None:
    log_in(client)
    client.post(SHOW, {"code": code()})
    stop = "/accounts/second-factor/code/stop/"
    client.post(f"/accounts/reauthenticate/?next={stop}", {"password": PASSWORD, "next": stop})
    client.post(stop)
    key = Authenticator.objects.create(user=enrolled, type=Authenticator.Type.WEBAUTHN, data={"name": "x"})
    assert Authenticator.objects.filter(user=enrolled, type="totp").exists()
    client.post(stop)
    assert not Authenticator.objects.filter(user=enrolled, type="totp").exists()
    client.post(f"/accounts/second-factor/passkeys/{key.pk}/remove/")
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_the_secret_lies_sealed(enrolled: User) -> None:
    factor = Authenticator.objects.get(user=enrolled)
    assert SECRET not in json.dumps(factor.data)


def test_the_seed_of_the_demo_town_is_asked_for_only_on_request(enrolled: User, settings: Settings) -> None:
    Authenticator.objects.filter(user=enrolled).update(data={**Authenticator.objects.get().data, "demo": True})
    asked, unasked = Client(), Client()
    assert log_in(asked)["Location"] == SHOW
    settings.YIJIAN_SECOND_FACTOR = False
    assert log_in(unasked)["Location"] == "/admin/"
    assert is_in(unasked)


def test_a_real_deployment_always_demands_it() -> None:
    from portal.settings import base

    assert base.YIJIAN_SECOND_FACTOR is True
    source = (base.BASE_DIR / "portal/settings/production.py").read_text()
    assert "SECOND_FACTOR" not in source


def test_what_becomes_of_a_factor_is_an_event(transactional_db: None, client: Client, wang: User) -> None:
    use_link(client, wang)
    log_in(client)
    start = "/accounts/second-factor/code/"
    client.post(f"/accounts/reauthenticate/?next={start}", {"password": PASSWORD, "next": start})
    secret = client.get(start).content.decode().split("<code>")[1].split("</code>")[0]
    client.post(start, {"code": code(secret)})
    key = Authenticator.objects.create(user=wang, type=Authenticator.Type.WEBAUTHN, data={"name": "x"})
    client.post(f"{start}stop/")
    kinds = list(SecurityEvent.objects.filter(user=wang).values_list("kind", "data__factor").order_by("pk"))
    assert [kind for kind, _factor in kinds[:3]] == ["link_made", "link_used", "logged_in"]
    assert ("factor_added", "totp") in kinds
    assert kinds[-1] == ("factor_removed", "totp")
    key.delete()
    other = Client()
    TOTP.activate(wang, SECRET)
    log_in(other)
    other.post(SHOW, {"code": "no"}, REMOTE_ADDR="203.0.113.5")
    failed = SecurityEvent.objects.filter(kind="factor_failed").get()
    assert (failed.user, failed.address) == (wang, "203.0.113.5")


def test_whoever_has_lost_everything_is_reset_by_command(client: Client, enrolled: User, settings: Settings) -> None:
    said = StringIO()
    call_command("reset_second_factor", "WANG", stdout=said)
    assert log_in(client)["Location"] == "/admin/"
    assert client.get("/admin/")["Location"] == FACTORS
    link = said.getvalue().split()[-1].removeprefix(settings.YIJIAN_PUBLIC_URL)
    assert post_to_link(Client(), link)["Location"] == LOGIN
    assert SecurityEvent.objects.filter(user=enrolled, kind="factor_removed").exists()
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody")
