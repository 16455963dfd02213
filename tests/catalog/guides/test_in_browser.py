"""Questions, checklist, guides and reports in a real browser: on a phone and a desk, with scripts and without, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from catalog.models import Matter, MistakeReport
from tests.journeys.conftest import PATIENCE_MILLISECONDS, running_browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = "/matters/opening/situation/"
PAGES = (
    "/matters/",
    "/matters/?department=tax",
    "/matters/opening/",
    HERE,
    f"{HERE}?invoices=nothing",
    f"{HERE}?invoices=yes&place=there",
    "/matters/opening/checklist/?invoices=yes&place=here",
    "/matters/opening/mistake/",
    "/items/",
    "/items/registration/",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def window(request: pytest.FixtureRequest, live_server: Any, opening: Matter) -> Iterator[Any]:
    """Return a function that opens an address; a script's complaint fails the test."""
    chromium: Browser = request.getfixturevalue("browser")
    cache.clear()
    contexts, complaints = [], []

    def open_window(address: str, *, scripts: bool = True, width: int = 390, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            base_url=live_server.url,
            java_script_enabled=scripts,
            reduced_motion="reduce",
            locale="zh-CN",
            **options,
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not complaints


def test_questions_follow_each_other_without_a_reload_and_the_back_button_goes_back(window: Any) -> None:
    page = window(HERE)
    page.evaluate("window.stays = true")
    page.get_by_label("要", exact=True).check()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("group", name="企业开在哪里")).to_be_visible()
    assert page.evaluate("window.stays")
    assert "invoices=yes" in page.url
    assert page.evaluate("document.activeElement.textContent") == "企业开在哪里"
    page.go_back()
    expect(page.get_by_role("group", name="要领用发票吗")).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("group", name="企业开在哪里")).to_be_visible()
    page.get_by_label("本市").check()
    page.get_by_role("button", name="下一步").click()
    page.wait_for_url("**/checklist/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("开办企业：您的清单")


def test_the_same_by_keyboard_alone(window: Any) -> None:
    page = window(HERE)
    page.locator("legend").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="企业开在哪里")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/checklist/**")


def test_an_answer_is_changed_and_the_list_follows(window: Any) -> None:
    page = window("/matters/opening/checklist/?invoices=yes&place=here")
    page.locator("a", has_text="修改：要领用发票吗").click()
    page.get_by_label("不要").check()
    page.get_by_role("button", name="下一步").click()
    page.wait_for_url("**/checklist/?invoices=no")
    expect(page.locator(".sum")).to_contain_text("1 个事项")


def test_without_scripts_each_question_is_a_page(window: Any) -> None:
    page = window(HERE, scripts=False)
    page.get_by_label("要", exact=True).check()
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("外省").check()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_contain_text("外省企业请到当地办理")
    page.locator("a", has_text="修改：企业开在哪里").click()
    page.get_by_label("本市").check()
    page.get_by_role("button", name="下一步").click()
    page.wait_for_url("**/checklist/**")
    expect(page.locator("[data-print]")).to_be_hidden()


def test_a_filter_is_chosen_without_scripts_and_kept_in_the_address(window: Any) -> None:
    page = window("/matters/", scripts=False)
    page.locator("summary", has_text="部门").click()
    page.get_by_role("link", name="税务 1").click()
    assert page.url.endswith("?department=tax")
    expect(page.get_by_role("link", name="开办企业")).to_be_visible()


def test_a_mistake_is_reported_from_the_guide(window: Any) -> None:
    page = window("/items/invoicing/")
    page.get_by_role("link", name="报错").click()
    page.get_by_label("收费不对").check()
    page.get_by_label("请说一说").fill("工本费已经取消😀")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status").first).to_contain_text("示例市税务局会核对")
    assert MistakeReport.objects.get().text == "工本费已经取消😀"


@pytest.mark.parametrize(
    ("width", "options", "pages"),
    [(390, {}, PAGES), (1280, {}, PAGES[2:]), (390, {"color_scheme": "dark"}, PAGES[2:7:2])],
)
def test_every_page_fits_and_can_be_read_by_everybody(
    window: Any, width: int, options: dict[str, Any], pages: tuple[str, ...]
) -> None:
    page = window(pages[0], width=width, **options)
    for address in pages:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
        small = page.evaluate(
            "[...document.querySelectorAll('main button, main input:not([type=hidden],[type=radio],[type=checkbox]), main select, main .choice, main .btn, main summary')]"
            ".filter((e) => e.checkVisibility() && e.offsetWidth > 2 && e.offsetHeight < 44).map((e) => e.outerHTML.slice(0, 120))"
        )
        assert not small, address


def test_the_code_for_the_phone_is_shown_on_wide_screens_only(window: Any) -> None:
    address = "/matters/opening/checklist/?invoices=no"
    expect(window(address, width=1280).locator("svg.code")).to_be_visible()
    expect(window(address).locator("svg.code")).to_be_hidden()
