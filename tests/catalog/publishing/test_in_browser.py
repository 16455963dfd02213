"""The whole way in a browser: Tang edits and proposes, Deng reviews and publishes, and a case that is open runs on by the old version."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from catalog.models import Matter, ServiceItem
from catalog.packages.importing import import_package
from catalog.staff.managers import MANAGERS, REVIEWERS
from catalog.versions.matters import current_version
from matters.cases.department_view import plan_of
from matters.drafts.saving import save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.models import Bundle
from matters.submitting.submission import submit_bundle
from portal.accounts.models import User
from tests.journeys.conftest import PATIENCE_MILLISECONDS, running_browser
from tests.worlds.cast import DENG, LI, TANG, cataloguer, user_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenFor = Callable[[User], Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def window(browser: Browser, live_server: Any) -> Iterator[OpenFor]:
    """Return a function that opens a window for a member of staff; scripts' complaints fail the test."""
    contexts, complaints = [], list[str]()

    def open_for(user: User) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(base_url=live_server.url, locale="zh-CN", reduced_motion="reduce")
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_for
    for context in contexts:
        context.close()
    assert not complaints


def submit(matter: Matter) -> Bundle:
    """Submit an application as Li would."""
    li = user_of(LI)
    draft = start_draft(
        version=current_version(matter.slug), applicant=li.person, entered_by=li, answers={"invoices": "no"}, profile={}
    )
    values = {"company:company.name": "南昌示例科技有限公司", "company:company.capital": "100"}
    save_values(draft, values, seen=draft.revision)
    page = io.BytesIO()
    Image.new("RGB", (620, 877), "white").save(page, "PDF")
    take_upload(draft, "charter", SimpleUploadedFile("章程.pdf", page.getvalue()), accept=("application/pdf",))
    return submit_bundle(draft=draft, by=li)


def test_proposed_by_one_published_by_another_and_the_open_case_stays(tiny: Path, window: OpenFor) -> None:
    import_package(tiny)
    opening, item = Matter.objects.get(), ServiceItem.objects.get(slug="registration")
    bundle = submit(opening)
    tang, deng = cataloguer(TANG, MANAGERS), cataloguer(DENG, REVIEWERS)

    page = window(tang)
    page.goto(reverse("admin:catalog_serviceitem_change", args=[item.pk]))
    page.locator("#id_promised_limit_days").fill("3")
    page.locator("[name=_save]").first.click()
    expect(page.locator(".messagelist")).to_contain_text("成功")
    page.goto(reverse("admin:catalog_matter_change", args=[opening.pk]))
    page.get_by_role("link", name="提出发布").first.click()
    expect(page.locator(".changes")).to_contain_text("承诺时限由 1 天改为 3 天。")
    page.get_by_label("修改说明").fill("与省里的清单一致")
    page.get_by_role("button", name="提出发布").click()
    expect(page.locator(".messagelist")).to_contain_text("请另一位目录审核员审核")
    expect(page.get_by_role("button", name="通过并发布")).to_have_count(0)

    review = window(deng)
    review.goto(reverse("admin:catalog_proposal_changelist"))
    review.get_by_role("link", name="开办企业").click()
    expect(review.locator("#difference")).to_contain_text("申请人要多做或多等 1")
    expect(review.locator("#effect")).to_contain_text("1 件已提交、还没办结的申请不受影响")
    found = Axe().run(review, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert found.violations_count == 0, found.generate_report()
    review.get_by_role("button", name="通过并发布").click()
    expect(review.locator(".messagelist")).to_contain_text("已发布：开办企业 v2")

    assert current_version("opening").number == 2
    held = Bundle.objects.select_related("matter_version").get(pk=bundle.pk)
    assert held.matter_version.number == 1
    assert plan_of(held).items[0].promised_limit_days == 1

    page.goto(reverse("admin:catalog_serviceitem_history", args=[item.pk]))
    expect(page.locator(".entry").first).to_contain_text("唐编目")
    expect(page.locator(".entry").first).to_contain_text("承诺时限")
