"""A session that ends under an open page, and a passkey, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django import Settings

from portal.accounts.models import User
from portal.accounts.one_time_links import make_link
from tests.worlds.cast import LI, PASSWORD, SUN
from tests.worlds.settling import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BAR = "#session-watch"


def log_in(page: Page, username: str) -> None:
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()


def look_again(page: Page) -> None:
    """Come back to the window, as from another one."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_page_warns_keeps_what_was_typed_and_goes_on(case: Case, open_page: Any, settings: Settings) -> None:
    settings.YIJIAN_IDLE_SECONDS = 4 * 60  # so near the end that the page warns at once
    page = open_page("/accounts/profile/")
    expect(page.locator(BAR)).to_contain_text("再过 5 分钟会自动退出登录")
    page.get_by_label("手机号").fill("13912345678")
    settings.YIJIAN_IDLE_SECONDS = 30 * 60
    page.get_by_role("button", name="接着办").click()
    expect(page.locator(BAR)).to_be_hidden()

    settings.YIJIAN_IDLE_SECONDS = 4 * 60
    page.reload()
    page.get_by_label("手机号").fill("13912345678")
    expect(page.locator(BAR)).to_be_visible()
    Session.objects.all().delete()
    look_again(page)
    expect(page.locator(BAR)).to_contain_text("已经自动退出登录")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="重新登录").click()
    settings.YIJIAN_IDLE_SECONDS = 30 * 60
    log_in(opened.value, LI.username)
    expect(opened.value.get_by_text("退出").first).to_be_visible()
    look_again(page)
    expect(page.locator(BAR)).to_contain_text("可以接着办了")
    page.get_by_role("button", name="保存手机号").click()
    expect(page.get_by_text("手机号已更改。")).to_be_visible()
    case.li.person.refresh_from_db()
    assert case.li.person.phone == "13912345678"


def test_a_page_of_one_account_is_not_sent_by_another(case: Case, open_page: Any, settings: Settings) -> None:
    settings.YIJIAN_IDLE_SECONDS = 4 * 60
    page = open_page("/accounts/profile/")
    expect(page.locator(BAR)).to_be_visible()
    Session.objects.all().delete()
    look_again(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="重新登录").click()
    log_in(opened.value, SUN.username)
    expect(opened.value.get_by_text("退出").first).to_be_visible()
    look_again(page)
    expect(page.locator(BAR)).to_contain_text("另一个账号")


def test_a_member_of_staff_sets_up_a_passkey_and_comes_in_with_it(
    case: Case, open_page: Any, settings: Settings
) -> None:
    settings.YIJIAN_SECOND_FACTOR = True
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    page = open_page("/", width=1280)
    page.context.clear_cookies()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": device})

    page.goto(make_link(User.objects.get(username=SUN.username), None))
    for box in page.locator("main input[type=password]").all():
        box.fill(PASSWORD)
    page.get_by_role("button", name="设置密码").click()
    log_in(page, SUN.username)
    expect(page.get_by_role("heading", name="二次验证")).to_be_visible()
    page.get_by_role("link", name="添加通行密钥").click()
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="继续").click()
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("heading", name="备用码")).to_be_visible()
    assert Authenticator.objects.filter(user=User.objects.get(username=SUN.username), type="webauthn").count() == 1

    page.locator(".util").get_by_role("button", name="退出").click()
    page.goto("/accounts/login/?next=/accounts/profile/")
    log_in(page, SUN.username)
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("heading", name="登记信息")).to_be_visible()
