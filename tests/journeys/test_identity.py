"""Who somebody is: by the provincial platform, by a code, and at the window, where a squatter loses what was never his."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from portal.front.demo.people import PASSWORD
from tests.journeys.people import Somebody
from tests.running_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FATHER = ("周亦航", "360103199304219974")
MOTHER = ("何雨桐", "360102199409019980")
GRANDMOTHER = ("程秀兰", "360103195712039982")


def test_a_person_enters_by_the_platform_and_is_where_they_were(browser: Browser, site: Site) -> None:
    father = Somebody(browser, site, phone=True)
    father.page.goto("/apply/newborn/")  # which leads to the login
    father.press("用省统一身份认证平台登录")
    at_the_platform(father, FATHER[1])
    father.sees(FATHER[0])
    father.fits()
    father.press("开通账号并登录")
    expect(father.page).to_have_url(re.compile(r"/apply/newborn/$"))
    father.page.goto("/accounts/profile/")
    father.sees("已实名")
    father.sees("省统一身份认证平台")
    father.press("退出登录")

    # The next one at this screen is asked who they are, although he was logged in to the platform.
    father.page.goto("/accounts/profile/")
    father.press("用省统一身份认证平台登录")
    at_the_platform(father, FATHER[1])
    expect(father.page).to_have_url(re.compile(r"/accounts/profile/$"))
    father.leave()


def test_an_account_is_proved_by_a_code_to_the_registered_telephone(browser: Browser, site: Site) -> None:
    mother = Somebody(browser, site, phone=True)
    register(mother, *MOTHER, username="heyutong")
    mother.page.goto("/accounts/identity/?next=/bundles/")
    mother.fits()
    mother.press("用短信核验")
    mother.page.locator("#phone-agreed").check()
    mother.press("同意并发送验证码")
    mother.fits()
    phone = Somebody(browser, site, phone=True)
    phone.page.goto("/demo/phone/")
    phone.reload_until("验证码 ")
    code = re.search(r"验证码 (\d{6})", phone.page.locator("main").inner_text())
    assert code is not None
    mother.page.fill("#phone-code", code[1])
    mother.press("核验")
    expect(mother.page).to_have_url(re.compile(r"/bundles/$"))
    mother.page.goto("/accounts/profile/")
    mother.sees("已实名")
    phone.leave()
    mother.leave()


def test_the_owner_takes_her_number_back_at_the_window(browser: Browser, site: Site) -> None:
    squatter = Somebody(browser, site)
    register(squatter, *GRANDMOTHER, username="squatter")
    squatter.page.goto("/accounts/profile/")
    squatter.sees("未核验")

    sun = Somebody(browser, site, "sun")
    sun.page.goto("/admin/counter/identity/")
    sun.page.locator('[name="does"][value="open"]').check()
    sun.page.fill('[name="username"]', "chengxiulan")
    sun.page.fill('[name="number"]', GRANDMOTHER[1])
    sun.page.fill('[name="name"]', GRANDMOTHER[0])
    sun.page.locator('[name="seen"]').check()
    sun.page.locator('[name="signed"]').check()
    sun.page.get_by_role("button", name="核验", exact=True).click()
    link = sun.page.locator("code").inner_text()
    expect(sun.page.locator("body")).to_contain_text("另有 1 个账号填写过这个证件号码，已经收回")

    squatter.page.reload()
    squatter.sees("已由本人在窗口核验，属于另一个人")
    assert GRANDMOTHER[0] not in squatter.page.locator("main").inner_text()

    owner = Somebody(browser, site, phone=True)
    owner.page.goto(link)
    owner.page.fill('[name="new_password1"]', f"{PASSWORD}-own")
    owner.page.fill('[name="new_password2"]', f"{PASSWORD}-own")
    owner.page.locator('main button[type="submit"], main button:not([type])').first.click()
    owner.page.goto("/accounts/login/?next=/accounts/profile/")
    if owner.page.locator('[name="username"]').count():
        owner.page.fill('[name="username"]', "chengxiulan")
        owner.page.fill('[name="password"]', f"{PASSWORD}-own")
        owner.press("登录")
    owner.sees("已实名")
    owner.sees("窗口当面核验")
    for somebody in (squatter, sun, owner):
        somebody.leave()


def at_the_platform(somebody: Somebody, number: str) -> None:
    somebody.page.fill("#id_username", number)
    somebody.page.fill("#id_password", PASSWORD)
    somebody.page.get_by_role("button", name="登录并同意提供").click()
    somebody.page.wait_for_url(f"{somebody.site.address}/**")


def register(somebody: Somebody, name: str, number: str, *, username: str) -> None:
    somebody.page.goto("/accounts/register/")
    for place, value in {
        "name": name,
        "number": number,
        "phone": "13912345678",
        "username": username,
        "password1": f"{PASSWORD}-x",
        "password2": f"{PASSWORD}-x",
    }.items():
        somebody.page.fill(f'[name="{place}"]', value)
    somebody.page.locator("main form").get_by_role("button").last.click()
    somebody.page.wait_for_load_state()
