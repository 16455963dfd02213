"""What a register says while somebody fills in the form: it comes in by itself, and nothing that is being typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django import Settings as SettingsWrapper

from matters.models import Draft
from portal.outbox.processing import process
from tests.matters.apply.test_prefill import ADDRESS, KNOWN, ROLES, UNMARRIED
from tests.worlds.building import publish
from tests.worlds.settling import DEFINITION, ELEMENTS, INSURE, MATERIALS, POSTS, REGISTER, Case, draft_of
from tests.worlds.sources import ADAPTERS, Listed, supply

pytestmark = pytest.mark.browser


@pytest.fixture
def case(transactional_db: None, settings: SettingsWrapper) -> Iterator[Case]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    definition = replace(DEFINITION, slug="prefilled", roles=ROLES)
    case = Case.build(publish(definition, REGISTER, INSURE, elements=ELEMENTS, materials=MATERIALS), POSTS)
    supply(case.departments["police"], {"address": "address"}, ("register",), name="人口登记")
    yield case
    Listed.forget()


@pytest.fixture
def draft(case: Case) -> Draft:
    return draft_of(case, answers=UNMARRIED)


def test_what_comes_later_is_filled_in_beside_what_is_being_typed(draft: Draft, open_page: Any) -> None:
    Listed.records = KNOWN
    page = open_page(f"/drafts/{draft.pk}/form/")
    page.get_by_role("button", name="全部同意，去查询").click()
    expect(page.get_by_text("正在查询。您可以接着填")).to_be_visible()
    name = page.get_by_role("textbox", name="孩子姓名")
    name.press_sequentially("李小")
    before = name.bounding_box()
    process("fetch")
    expect(page.locator(f'[name="{ADDRESS}"]')).to_have_value("西湖区登记路 1 号")
    expect(page.locator(f'.field[data-key="{ADDRESS}"]')).to_contain_text("人口登记 · 2026-11-30")
    expect(page.locator("[data-filled-note]")).to_have_text("查到了，又替您填好 1 项。请核对。")
    assert abs(name.bounding_box()["y"] - before["y"]) < 2  # nothing jumps under the hand
    name.press_sequentially("满")
    expect(name).to_have_value("李小满")
    page.get_by_role("button", name="保存并检查").click()
    expect(page.locator(f'.field[data-key="{ADDRESS}"] .fact')).to_contain_text("西湖区登记路 1 号")
    expect(page.get_by_role("textbox", name="孩子姓名")).to_have_value("李小满")


def test_what_is_typed_while_the_question_is_out_stays(draft: Draft, open_page: Any) -> None:
    Listed.records = KNOWN
    page = open_page(f"/drafts/{draft.pk}/form/")
    page.get_by_role("button", name="全部同意，去查询").click()
    address = page.locator(f'[name="{ADDRESS}"]')
    address.fill("东湖区手填路 2 号")
    process("fetch")
    expect(page.locator("[data-filled-note]")).not_to_be_empty()
    expect(address).to_have_value("东湖区手填路 2 号")
    page.get_by_role("button", name="保存并检查").click()
    expect(page.locator(f'.field[data-key="{ADDRESS}"]')).to_contain_text("查到的是“西湖区登记路 1 号”，您改过")


def test_only_what_is_left_is_shown_and_everything_again(draft: Draft, open_page: Any) -> None:
    page = open_page(f"/drafts/{draft.pk}/form/")
    known = page.locator('.field[data-key="applicant:person.name"]')
    expect(known).to_be_visible()
    page.get_by_role("link", name="只看待填").click()
    expect(known).to_be_hidden()
    expect(page.get_by_role("textbox", name="孩子姓名")).to_be_visible()
    page.get_by_role("link", name="看全部").click()
    expect(known).to_be_visible()
