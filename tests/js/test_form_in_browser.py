"""The form while it is filled in: names composed with pinyin, mistakes that are mended, a draft deleted elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from matters.drafts.discarding import discard
from matters.drafts.saving import read_form
from matters.drafts.uploads import take_upload
from matters.models import Draft
from tests.worlds.settling import VALUES, Case, draft_of, url
from tests.worlds.town import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME = "child:person.name"


def field(page: Page, key: str) -> Any:
    return page.locator(f'.field[data-key="{key}"]')


def test_nothing_is_judged_or_saved_while_a_name_is_composed(case: Case, open_page: Any) -> None:
    draft = draft_of(case)
    page = open_page(url(draft, "form"))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if "autosave" in request.url else None)
    name = page.get_by_label("孩子姓名")
    # A mistake stands beside the name already, so that each further letter would be judged.
    name.fill("李1")
    name.blur()
    expect(field(page, NAME).locator(".msg")).to_be_visible()
    name.fill("")
    name.focus()
    keyboard = page.context.new_cdp_session(page)
    for letters in ("l", "li", "li x", "li xiao", "li xiao man"):
        keyboard.send("Input.imeSetComposition", {"text": letters, "selectionStart": 0, "selectionEnd": 0})
    # Something else is saved meanwhile: the page keeps saving, only not this.
    with page.expect_response("**/autosave/"):
        page.evaluate("document.querySelector('#f-household-address').value = '一号'")
        page.evaluate(
            "document.querySelector('#f-household-address').dispatchEvent(new Event('input', {bubbles: true}))"
        )
    expect(field(page, NAME).locator(".msg")).to_be_hidden()
    assert not any("xiao" in body for body in sent)
    with page.expect_response(lambda answer: "李小满" in (answer.request.post_data or "")):
        keyboard.send("Input.insertText", {"text": "李小满"})
    assert name.input_value() == "李小满"
    assert not any("xiao" in body for body in sent)
    assert read_form(Draft.objects.get(pk=draft.pk)).values[NAME] == "李小满"


def test_what_is_mended_disappears_above_and_beside(case: Case, open_page: Any) -> None:
    page = open_page(url(draft_of(case, **{**VALUES, NAME: "李1", "child:insurance.year": ""}), "form"))
    page.get_by_role("button", name="保存并检查").click()
    above = page.locator(".error-summary")
    expect(above.locator("li")).to_have_count(2)
    expect(above.locator("h2")).to_have_text("有 2 处需要填写或改正")
    page.get_by_label("孩子姓名").fill("李小满")
    expect(above.locator("li")).to_have_count(1)
    expect(above.locator("h2")).to_have_text("有 1 处需要填写或改正")
    page.get_by_label("参保年度").fill("2026")
    page.get_by_label("参保年度").blur()
    expect(above).to_have_count(0)
    expect(page.locator("[data-left-none]")).to_be_visible()


def test_a_refused_number_is_not_called_done(case: Case, open_page: Any) -> None:
    page = open_page(url(draft_of(case, **VALUES), "form"))
    expect(page.locator("[data-left-none]")).to_be_visible()
    page.get_by_label("参保年度").fill("1999")
    page.get_by_label("参保年度").blur()
    expect(page.locator("[data-left-none]")).to_be_hidden()
    expect(page.locator("[data-left-wrong]")).to_have_text("还有 1 项要改正")
    page.get_by_label("参保年度").fill("2026")
    expect(page.locator("[data-left-none]")).to_be_visible()


def test_a_rule_that_is_met_again_is_no_longer_told_of_the_other_field(case: Case, open_page: Any) -> None:
    """The sentence stands beside one field; what mends it may be typed into another."""
    draft = draft_of(case, **VALUES)
    page = open_page(url(draft, "form"))
    page.evaluate(
        "(key) => { const field = document.querySelector(`.field[data-key='${key}']`); field.classList.add('err');"
        " field.querySelector('.msg').textContent = '不一致'; field.querySelector('.msg').hidden = false; }",
        "household:moved_on",
    )
    page.get_by_label("孩子姓名").fill("李大满")
    expect(field(page, "household:moved_on").locator(".msg")).to_be_hidden()


def test_a_draft_deleted_elsewhere_says_so(case: Case, open_page: Any) -> None:
    draft = draft_of(case)
    page = open_page(url(draft, "form"))
    discard(Draft.objects.get(pk=draft.pk))
    page.get_by_label("孩子姓名").fill("李小满")
    expect(page.locator("[data-save-state]")).to_contain_text("这份草稿已经在别处删除")
    expect(page.locator("[data-save-state] a")).to_have_text("重新办理这件事")
    expect(page.get_by_role("button", name="下一步：上传材料")).to_be_disabled()
    assert page.get_by_label("孩子姓名").input_value() == "李小满"


def test_a_tick_takes_its_complaint_away(case: Case, open_page: Any) -> None:
    draft = draft_of(case, **VALUES)
    for paper in ("birth_record", "marriage"):
        take_upload(draft, paper, picture(), accept=("image/png",))
    page = open_page(url(draft, "check"))
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".error-summary li")).to_have_count(2)
    for box in page.locator("#consents input").all():
        box.check()
    expect(page.locator("#consents .msg")).to_have_count(0)
    expect(page.locator(".error-summary li")).to_have_count(1)
    page.locator("#truth").check()
    expect(page.locator(".error-summary")).to_have_count(0)
    expect(page.locator(".field.err")).to_have_count(0)
