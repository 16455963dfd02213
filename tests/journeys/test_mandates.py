"""Acting for another person: a mother for her child by the household register, an agent by a paper that a window recorded."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from portal.front.demo.births import ANSWERS
from portal.front.demo.people import PASSWORD
from tests.journeys.people import Somebody
from tests.running_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOTHER, CHILD = "360103199302119988", "郭子墨"
PRINCIPAL, AGENT = ("李婉清", "360103199506159965"), ("陈思远", "360104199402189971")


def acts_for(somebody: Somebody, name: str) -> None:
    """Switch at the top of the page."""
    somebody.page.locator("details.switch summary").click()
    somebody.page.get_by_role("button", name=f"代 {name} 办理").click()
    somebody.page.wait_for_load_state()
    expect(somebody.page.locator("details.switch summary")).to_contain_text(f"代 {name} 办理")


def begins_a_birth(somebody: Somebody) -> None:
    """Answer the questions of the matter and see its form."""
    somebody.page.goto("/apply/newborn/?new=1")
    for question, answer in ANSWERS.items():
        box = somebody.page.locator(f'main [name="{question}"][value="{answer}"]')
        if box.count():
            box.check()
    somebody.press("下一步")
    expect(somebody.page).to_have_url(re.compile(r"/drafts/[0-9a-f-]+/form/"))


def test_a_mother_acts_for_her_child(browser: Browser, site: Site) -> None:
    mother = Somebody(browser, site, phone=True)
    mother.page.goto("/accounts/mandates/")  # which leads to the login
    mother.press("用省统一身份认证平台登录")
    mother.page.fill("#id_username", MOTHER)
    mother.page.fill("#id_password", PASSWORD)
    mother.page.get_by_role("button", name="登录并同意提供").click()
    mother.page.wait_for_url(f"{site.address}/**")
    mother.press("开通账号并登录")
    mother.press("登记我的孩子")
    mother.fits()
    mother.page.locator("main [name=agreed]").check()
    mother.press("查询并登记")
    expect(mother.page.locator("body")).to_contain_text(f"已登记：{CHILD}")
    mother.sees("父母（法定监护人）")
    mother.fits()
    acts_for(mother, CHILD)
    begins_a_birth(mother)
    mother.page.goto("/bundles/")
    mother.sees("新生儿")
    mother.leave()


def test_an_agent_by_a_paper_until_the_principal_ends_it(browser: Browser, site: Site) -> None:
    sun = Somebody(browser, site, "sun")
    sun.page.goto("/admin/counter/mandate/")
    for who, (name, number) in (("principal", PRINCIPAL), ("agent", AGENT)):
        sun.page.fill(f"[name={who}_name]", name)
        sun.page.fill(f"[name={who}_number]", number)
    sun.page.fill("[name=paper]", "授权委托书，2026-11-30 签名")
    sun.page.fill("[name=until]", f"{timezone.localdate() + timedelta(days=30)}")
    sun.page.locator("[name=seen]").check()
    sun.page.locator("[name=every]").check()
    sun.page.get_by_role("button", name="登记", exact=True).click()
    expect(sun.page.locator("body")).to_contain_text("已登记授权 SQ")
    sun.leave()

    agent = Somebody(browser, site, "chen", phone=True)
    acts_for(agent, PRINCIPAL[0])
    begins_a_birth(agent)
    form = agent.page.url

    li = Somebody(browser, site, "li")
    li.page.goto("/accounts/notices/")
    li.sees("陈思远可以代您办事了")
    li.sees("陈思远开始代您办理")
    li.page.goto(form)
    expect(li.page).to_have_url(form)
    li.page.goto("/accounts/mandates/")
    li.press("终止授权 SQ")
    li.press("终止这份授权")
    expect(li.page.locator("body")).to_contain_text("已终止，即刻生效")
    assert agent.page.goto(form).status == 404  # type: ignore[union-attr]
    agent.context.close()
    li.leave()
