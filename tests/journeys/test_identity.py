"""Who somebody is: by the provincial platform, by a code, and at the window, where a squatter loses what was never his; and for whom they act."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from portal.front.demo.people import PASSWORD
from tests.journeys.people import Somebody
from tests.journeys.steps import decide, filed, upload_everything
from tests.running_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FATHER = ("周亦航", "360103199304219974")
MOTHER = ("何雨桐", "360102199409019980")
GRANDMOTHER = ("程秀兰", "360103195712039982")
SHOP = ("南昌市西湖区婉清面馆", "923601039999200394")
SITUATION = {
    "applicant": "agent",
    "licence": "have",
    "scale": "small",
    "place": "same",
    "staff_health": "have",
    "fire": "below",
    "sign": "no",
    "tobacco": "no",
}
# What neither the switch, nor the account, nor the registers know.
PREMISES = {
    "principal:person.phone": "13800000001",
    "premises:premises.division": "360103",
    "premises:premises.address": "西湖区桃苑大街 8 号 101 铺",
    "premises:premises.area": "40",
    "premises:premises.seats": "16",
    "shop:food.items": "hot",
    "shop:food.online": "false",
    "shop:staff.count": "2",
    "premises:food.warehouse": "false",
    "safety_officer:person.name": "周亦航",
    "safety_officer:person.phone": "13800000031",
    "premises:inspection.time": f"{timezone.localdate() + timedelta(days=7):%Y-%m-%d}T10:00",
    "shop:delivery.method": "pickup",
}


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
    squatter.sees("已由本人核验，属于另一个人")
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


def test_a_handler_opens_a_restaurant_in_its_companys_name(browser: Browser, site: Site, tmp_path: Path) -> None:
    """Chen acts for Li's noodle shop: what the switch says is filled in, what is granted is the shop's, and Li finds it there."""
    chen = Somebody(browser, site, "chen", phone=True)
    act_for(chen, SHOP[0])
    chen.page.goto("/apply/restaurant/")
    for question, answer in SITUATION.items():
        chen.page.locator(f'main [name="{question}"][value="{answer}"]').check()
    chen.press("下一步")
    chen.fits()
    for key, value in {"shop:company.name": SHOP[0], "shop:company.credit_code": SHOP[1]}.items():
        expect(chen.page.locator(f'main [name="{key}"]')).to_have_value(value)
    chen.press("全部同意，去查询")
    expect(chen.page.locator('main [name="principal:person.name"]')).to_have_value("李婉清")
    for key, value in PREMISES.items():
        chen.fill(key, value)
    chen.press("下一步")
    upload_everything(chen, tmp_path, deferrable=True)
    chen.press("下一步")
    number = filed(chen)

    market = Somebody(browser, site, "market")
    decide(market, "market", number, "企业营业执照信息核验", {"state": "normal"})
    granted = {"permit_number": "JY99900001", "valid_until": f"{timezone.localdate() + timedelta(days=1000):%Y-%m-%d}"}
    decide(market, "market", number, "《食品小经营许可证》新办", granted)

    chen.page.goto(f"/bundles/{number}/")
    chen.reload_until("全部事项都已办结")
    chen.page.goto("/certificates/")
    chen.sees("食品小经营许可证")
    act_for(chen, "我本人")
    chen.page.goto("/certificates/")
    assert "食品小经营许可证" not in chen.page.locator("main").inner_text()

    li = Somebody(browser, site, "li", phone=True)
    act_for(li, SHOP[0])
    li.page.goto("/certificates/")
    li.press("食品小经营许可证")
    li.sees(SHOP[0])
    li.fits()
    for somebody in (chen, market, li):
        somebody.leave()


def act_for(somebody: Somebody, name: str) -> None:
    """Turn the switch at the head of a page."""
    somebody.page.locator("details.switch summary").click()
    somebody.page.locator("details.switch").get_by_role("button", name=name).click()
    somebody.page.wait_for_load_state()
    expect(somebody.page.locator("details.switch summary")).to_contain_text(name)


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
