"""Everything known: a benefit is found by records, and one confirmation files it, in a real browser, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from catalog.versions.matters import compiled
from matters.drafts.matching import match_benefits
from matters.models import BenefitPolicy, Bundle
from portal.outbox.processing import process
from tests.worlds.ruled import Ruled, build_ruled
from tests.worlds.sources import ADAPTERS, Listed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def case(transactional_db: None, settings: Settings) -> Iterator[Ruled]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    compiled.cache_clear()
    Listed.forget()
    yield build_ruled()
    compiled.cache_clear()
    Listed.forget()


@pytest.mark.parametrize("scripts", [True, False])
def test_two_taps_and_nothing_typed(case: Ruled, open_page: Any, scripts: bool) -> None:
    case.submit()
    process("decide_by_rule")
    BenefitPolicy.objects.create(
        code="allowance",
        name="育儿补贴（演示）",
        department=case.departments["police"],
        matter="ruled",
        conditions="有接种证的孩子",
        ground="本部门办理中形成的记录",
        certificate_type="vaccination_record",
    )
    assert match_benefits() == 1
    page = open_page("/benefits/", scripts=scripts)
    page.get_by_role("link", name="看一遍，一次确认提交").click()
    expect(page.get_by_text("李小满").first).to_be_visible()
    assert page.locator("main form.consent-form input:not([type=hidden]), main form.consent-form select").count() == 0
    page.get_by_role("button", name="确认提交").click()
    page.wait_for_url("**/submitted/")
    assert Bundle.objects.count() == 2
    number = Bundle.objects.order_by("submitted_at").last().number  # type: ignore[union-attr]
    expect(page.get_by_text(number).first).to_be_visible()
