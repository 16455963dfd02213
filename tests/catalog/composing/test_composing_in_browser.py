"""A catalog manager composes a matter from nothing in a browser, without writing code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from catalog.models import Department, Matter, MatterItem, ServiceItem
from catalog.publishing.publishing import publish
from catalog.rules.rows import count_rule_of, rule_of
from catalog.staff.managers import MANAGERS
from tests.catalog.rules.test_rule_rows import SAMPLE_CASES, SAMPLE_CONDITIONS
from tests.journeys.conftest import PATIENCE_MILLISECONDS, running_browser
from tests.worlds.cast import TANG, cataloguer, logged_in


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def items(transactional_db: None) -> None:
    """Four items of two departments, each with a limit."""
    market = Department.objects.create(code="market", name="示例市市场监督管理局", short_name="市场监管")
    tax = Department.objects.create(code="tax", name="示例市税务局", short_name="税务")
    for slug, name, department in (
        ("registration", "企业设立登记", market),
        ("invoicing", "发票领用", tax),
        ("permit_promise", "经营许可（告知承诺）", market),
        ("permit_usual", "经营许可（一般流程）", market),
        ("training", "开办辅导", tax),
    ):
        ServiceItem.objects.create(
            slug=slug, name=name, department=department, promised_limit_days=2, legal_basis=[{"law": "某法"}]
        )


@pytest.fixture
def page(items: None, browser: Browser, live_server: Any) -> Iterator[Page]:
    """A window of a catalog manager who is no administrator; scripts' complaints fail the test."""
    client = logged_in(cataloguer(TANG, MANAGERS))
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=live_server.url, locale="zh-CN")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    complaints: list[str] = []
    window = context.new_page()
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield window
    context.close()
    assert not complaints


def add_item(page: Page, name: str) -> Any:
    page.click("#items [data-add-card]")
    card = page.locator("#items [data-new-list] > li").last
    card.locator(".field-item input").fill(name)
    return card


def add_question(page: Page, text: str, key: str, options: list[tuple[str, str]]) -> None:
    page.click("#questions [data-add-card]")
    card = page.locator("#questions [data-new-list] > li").last
    card.locator(".field-text input").fill(text)
    card.locator(".field-key input").fill(key)
    for value, label in options:
        card.locator("[data-add-row]").click()
        row = card.locator(".row-list > li").last
        row.locator(".cell-value input").fill(value)
        row.locator(".cell-label input").fill(label)


def keep(page: Page) -> None:
    page.click("input[name=_continue]")
    page.wait_for_selector(".messagelist .success, .errornote")
    assert page.locator(".row-error, .errorlist").all_inner_texts() == []


@pytest.mark.slow
def test_a_matter_from_nothing(page: Page) -> None:
    page.goto("/admin/catalog/matter/add/")
    page.fill("[name=name]", "开一家店")
    page.fill("[name=slug]", "shop")
    page.select_option("[name=subject]", "organisation")
    page.fill("[name=stage]", "准入准营")
    page.select_option("[name=lead_department]", label="示例市市场监督管理局")
    page.click("input[name=_save]")
    page.wait_for_selector("#items")

    add_item(page, "企业设立登记")
    add_item(page, "发票领用")
    add_item(page, "经营许可（告知承诺）").locator(".field-group input").fill("permit")
    add_item(page, "经营许可（一般流程）").locator(".field-group input").fill("permit")
    add_item(page, "开办辅导").locator(".field-optional input").check()
    add_question(page, "要领用发票吗", "invoices", [("no", "不要"), ("yes", "要")])
    keep(page)

    card = page.locator("#matteritem-invoicing")
    card.locator("summary").first.click()
    rule = card.locator(".field-condition .rule")
    rule.get_by_label("条件", exact=True).select_option(label="按条件")
    rule.get_by_label("问题或字段").select_option(label="要领用发票吗")
    rule.get_by_label("值", exact=True).select_option(label="要")
    assert rule.locator("[data-sentence]").inner_text() == "“要领用发票吗”是“要”"
    rule.get_by_label("怎么比").select_option(label="是其中之一")
    rule.get_by_label("不要", exact=True).check()
    assert json.loads(rule.locator("textarea").input_value()) == {"in": [{"var": "answers.invoices"}, ["no", "yes"]]}
    rule.get_by_label("不要", exact=True).uncheck()
    assert json.loads(rule.locator("textarea").input_value()) == {"in": [{"var": "answers.invoices"}, ["yes"]]}
    rule.get_by_label("怎么比").select_option(label="是")
    card.locator(".field-after [data-add-row]").click()
    card.locator(".cell-prerequisite input").fill("registration")
    card.locator(".cell-what input").fill("先有执照")
    page.wait_for_selector(".compose-side .findings .finding, .compose-side .finding.good")
    keep(page)
    assert "“要领用发票吗”是“要”时办" in page.locator("#matteritem-invoicing summary").first.inner_text()
    assert "等企业设立登记" in page.locator("#matteritem-invoicing summary").first.inner_text()
    assert page.locator("#items .stage:visible").all_inner_texts() == [
        "第 1 阶段：受理后就办",
        "第 2 阶段：前面的办完再办",
    ]
    assert "加办发票领用" in page.locator("#guidequestion-invoices .effects").text_content()  # type: ignore[operator]

    matter = Matter.objects.get(slug="shop")
    entry = MatterItem.objects.get(item__slug="invoicing")
    assert entry.condition == {"==": [{"var": "answers.invoices"}, "yes"]}
    page.goto(f"/admin/catalog/matter/{matter.pk}/preview/")
    assert "发票领用" not in page.locator(".item-list").inner_text()
    page.get_by_text("换个情形看看").click()
    page.locator("select").filter(has_text="要").first.select_option(label="要")
    page.locator("select").filter(has_text="经营许可（一般流程）").select_option(label="经营许可（一般流程）")
    page.get_by_role("button", name="按这个情形列出").click()
    shown = page.locator(".item-list").inner_text()
    assert "发票领用" in shown
    assert "等企业设立登记" in shown
    assert "一般流程" in shown
    assert "告知承诺" not in shown
    assert publish(matter).number == 1


@pytest.mark.slow
def test_several_choices_of_one_question_are_all_kept(page: Page) -> None:
    lead = Department.objects.get(code="market")
    matter = Matter.objects.create(slug="shop", name="店", subject="person", stage="其他", lead_department=lead)
    question = matter.questions.create(key="food", text="卖什么", position=1)
    for value, label in (("cold", "凉菜"), ("hot", "热菜"), ("tea", "茶")):
        question.options.create(value=value, label=label)
    MatterItem.objects.create(matter=matter, item=ServiceItem.objects.get(slug="registration"), position=1)
    page.goto(f"/admin/catalog/matter/{matter.pk}/change/#matteritem-registration")
    card = page.locator("#matteritem-registration")
    if not card.locator(".field-condition .rule").is_visible():
        card.locator("summary").first.click()
    rule = card.locator(".field-condition .rule")
    rule.get_by_label("条件", exact=True).select_option(label="按条件")
    rule.get_by_label("问题或字段").select_option(label="卖什么")
    rule.get_by_label("怎么比").select_option(label="是其中之一")
    for label in ("凉菜", "茶"):
        rule.get_by_label(label, exact=True).check()
    assert rule.locator("[data-sentence]").inner_text().endswith("“凉菜”、“茶”")
    keep(page)
    entry = MatterItem.objects.get(matter=matter)
    assert entry.condition == {"in": [{"var": "answers.food"}, ["cold", "tea"]]}


@pytest.mark.slow
def test_both_languages_write_the_same_rules(page: Page) -> None:
    """The browser's rules are those of ``catalog.rules.rows``."""
    matter = Matter.objects.create(slug="shop", name="店", subject="person", stage="其他")
    page.goto(f"/admin/catalog/matter/{matter.pk}/change/")
    for sample, condition in SAMPLE_CONDITIONS:
        made = page.evaluate("sample => JSON.stringify(window.yijianRules.ruleOf(sample))", sample)
        assert json.loads(made) == rule_of(condition)
    for sample, cases in SAMPLE_CASES:
        made = page.evaluate("sample => JSON.stringify(window.yijianRules.countRuleOf(sample))", sample)
        assert json.loads(made) == count_rule_of(cases)
