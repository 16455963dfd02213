"""The applicant's path in a real browser: on a phone, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django import Settings as SettingsWrapper

from catalog.models import Department
from matters.drafts.saving import read_form, save_values
from matters.models import Bundle, Draft, SubmittedMaterial
from portal.outbox.processing import process
from tests.matters.files import upload_corpus as corpus
from tests.worlds.building import publish
from tests.worlds.cast import LI
from tests.worlds.settling import (
    ANSWERS,
    DEFINITION,
    ELEMENTS,
    INSURE,
    MATERIALS,
    REGISTER,
    SLUG,
    VALUES,
    Case,
    draft_of,
    url,
)
from tests.worlds.sources import ADAPTERS, Listed, open_source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = "[data-save-state]"


def saved(page: Page) -> None:
    """Wait until the page says that everything is saved."""
    expect(page.locator(SAVED)).to_contain_text("已保存")


def typed(draft: Draft) -> dict[str, Any]:
    return read_form(Draft.objects.get(pk=draft.pk)).values


def field(page: Page, key: str) -> Any:
    return page.locator(f'.field[data-key="{key}"]')


class TestSituation:
    def test_follow_up_questions_come_and_go(self, open_page: Any) -> None:
        page = open_page(f"/apply/{SLUG}/")
        follow_up = page.locator("#q-follows")
        expect(follow_up).to_be_hidden()
        page.get_by_label("否").check()
        expect(follow_up).to_be_visible()
        page.get_by_label("是", exact=True).check()
        expect(follow_up).to_be_hidden()

    def test_the_only_way_left_is_not_asked_for(self, case: Case, open_page: Any) -> None:
        register, insure = DEFINITION.items
        unmarried = {"==": [{"var": "answers.married"}, "no"]}
        ways = (replace(register, group="way"), replace(insure, group="way", condition=unmarried, after=()))
        publish(replace(DEFINITION, slug="ways", items=ways), REGISTER, INSURE, elements=ELEMENTS, materials=MATERIALS)
        page = open_page("/apply/ways/")
        way = page.locator('[data-question="group.way"]')
        page.get_by_label("否").check()
        expect(way).to_be_visible()
        page.get_by_label("是", exact=True).check()
        expect(way).to_be_hidden()


class TestForm:
    def test_it_saves_by_itself_and_says_when(self, case: Case, open_page: Any) -> None:
        draft = draft_of(case)
        page = open_page(url(draft, "form"))
        with page.expect_response("**/autosave/") as answer:
            page.get_by_label("孩子姓名").fill("李小满")
        assert answer.value.ok
        saved(page)
        assert typed(draft)["child:person.name"] == "李小满"

    def test_a_date_is_saved_from_its_boxes(self, case: Case, open_page: Any) -> None:
        draft = draft_of(case)
        page = open_page(url(draft, "form"))
        boxes = field(page, "child:birth.time").locator("input[data-part]")
        with page.expect_response(
            lambda response: "autosave" in response.url and "08:15" in (response.request.post_data or "")
        ):
            for box, part in zip(boxes.all(), ("2026", "3", "1", "8", "15"), strict=True):
                box.fill(part)
        saved(page)
        assert typed(draft)["child:birth.time"] == "2026-03-01T08:15"

    def test_a_full_year_goes_on_to_the_month(self, case: Case, open_page: Any) -> None:
        page = open_page(url(draft_of(case), "form"))
        boxes = field(page, "household:moved_on").locator("input[data-part]")
        boxes.first.click()
        page.keyboard.type("20260401")
        assert [box.input_value() for box in boxes.all()] == ["2026", "04", "01"]

    def test_a_conditional_field_comes_and_goes_at_once(self, case: Case, open_page: Any) -> None:
        page = open_page(url(draft_of(case), "form"))
        expect(field(page, "household:post.address")).to_be_hidden()
        field(page, "household:posted").get_by_label("是").check()
        expect(field(page, "household:post.address")).to_be_visible()
        field(page, "household:posted").get_by_label("否").check()
        expect(field(page, "household:post.address")).to_be_hidden()

    def test_a_mistake_is_told_beside_it_when_one_leaves_and_goes_when_mended(self, case: Case, open_page: Any) -> None:
        page = open_page(url(draft_of(case), "form"))
        name = page.get_by_label("孩子姓名")
        name.fill("李小满1")
        expect(field(page, "child:person.name").locator(".msg")).to_be_hidden()
        name.blur()
        expect(field(page, "child:person.name").locator(".msg")).to_have_text("孩子姓名里不能有数字“1”，请核对。")
        assert name.get_attribute("aria-invalid") == "true"
        name.fill("李小满")
        expect(field(page, "child:person.name").locator(".msg")).to_be_hidden()

    def test_pressing_the_next_control_does_not_miss_when_a_mistake_is_told_above(
        self, case: Case, open_page: Any
    ) -> None:
        page = open_page(url(draft_of(case), "form"))
        page.set_viewport_size({"width": 390, "height": 4000})  # both in view: nothing scrolls
        page.get_by_label("孩子姓名").fill("李小满1")
        choice = field(page, "household:posted").locator("label.choice").first
        place = choice.bounding_box()
        page.mouse.move(place["x"] + 20, place["y"] + 4)
        page.mouse.down()
        page.mouse.up()
        expect(field(page, "household:posted").locator("input").nth(1)).to_be_checked()
        expect(field(page, "child:person.name").locator(".msg")).to_be_visible()

    def test_what_only_the_server_knows_is_told_with_the_next_save(self, case: Case, open_page: Any) -> None:
        page = open_page(url(draft_of(case), "form"))
        boxes = field(page, "household:moved_on").locator("input[data-part]")
        for box, part in zip(boxes.all(), ("2019", "4", "1"), strict=True):
            box.fill(part)
        boxes.last.blur()
        expect(field(page, "household:moved_on").locator(".msg")).to_have_text("迁入日期太早，请核对。")

    def test_it_counts_what_is_left(self, case: Case, open_page: Any) -> None:
        page = open_page(url(draft_of(case), "form"))
        left = page.locator("[data-count=left]")
        before = int(left.inner_text())
        page.get_by_label("孩子姓名").fill("李小满")
        expect(left).to_have_text(str(before - 1))

    def test_a_known_fact_opens_for_correction_where_it_stands(self, case: Case, open_page: Any) -> None:
        draft = draft_of(case)
        page = open_page(url(draft, "form"))
        page.get_by_role("button", name="手机号有误，修改").click()
        expect(field(page, "applicant:person.phone").locator("input")).to_be_focused()
        with page.expect_response("**/autosave/"):
            page.keyboard.type("1")
        saved(page)

    def test_two_windows_the_older_is_told_and_nothing_is_overwritten(self, case: Case, open_page: Any) -> None:
        draft = draft_of(case)
        one, other = open_page(url(draft, "form")), open_page(url(draft, "form"))
        with one.expect_response("**/autosave/"):
            one.get_by_label("孩子姓名").fill("李小满")
        saved(one)
        other.get_by_label("孩子姓名").fill("李大满")
        expect(field(other, "child:person.name").locator(".msg")).to_contain_text("在另一个窗口改成了“李小满”")
        assert other.get_by_label("孩子姓名").input_value() == "李大满"
        assert typed(draft)["child:person.name"] == "李小满"

    def test_what_another_window_changed_appears_and_is_told(self, case: Case, open_page: Any) -> None:
        draft = draft_of(case)
        page = open_page(url(draft, "form"))
        save_values(Draft.objects.get(pk=draft.pk), {"household:address": "一号"}, seen=1)
        page.get_by_label("孩子姓名").fill("李小满")
        expect(page.locator("[data-elsewhere-note]")).to_contain_text("落户地址")
        assert page.get_by_label("落户地址").input_value() == "一号"

    def test_without_a_connection_it_says_so_and_saves_later(self, case: Case, open_page: Any) -> None:
        draft = draft_of(case)
        page = open_page(url(draft, "form"))
        page.context.set_offline(True)
        page.get_by_label("孩子姓名").fill("李小满")
        expect(page.locator(SAVED)).to_contain_text("网络断了")
        page.context.set_offline(False)
        saved(page)
        assert typed(draft)["child:person.name"] == "李小满"

    def test_an_ended_session_is_told_and_the_page_keeps_what_was_typed(self, case: Case, open_page: Any) -> None:
        page = open_page(url(draft_of(case), "form"))
        page.context.clear_cookies(name="sessionid")
        page.get_by_label("孩子姓名").fill("李小满")
        expect(page.locator(SAVED)).to_contain_text("登录已过期")
        assert page.get_by_label("孩子姓名").input_value() == "李小满"

    def test_the_summary_leads_into_the_control(self, case: Case, open_page: Any) -> None:
        page = open_page(url(draft_of(case), "form"))
        page.get_by_role("button", name="保存并检查").click()
        expect(page.locator(".error-summary")).to_be_focused()
        page.get_by_role("link", name="请填写孩子姓名。").click()
        expect(page.get_by_label("孩子姓名")).to_be_focused()


class TestPapers:
    def test_choosing_a_photo_uploads_it_smaller(self, case: Case, open_page: Any, tmp_path: Path) -> None:
        draft = draft_of(case, answers={**ANSWERS, "married": "no", "follows": "mother"})
        page = open_page(url(draft, "materials"))
        photo = tmp_path / "大照片.jpg"
        photo.write_bytes(corpus.noisy_jpeg(3200, 2400))
        assert photo.stat().st_size > 1_500_000
        page.locator("#f-birth-record-file").set_input_files(photo)
        expect(page.get_by_role("link", name="大照片.jpg")).to_be_visible()
        assert SubmittedMaterial.objects.get().size < photo.stat().st_size
        expect(page.locator("#materials-lead")).to_have_text("必须上传的材料都齐了。")

    def test_a_refused_file_is_told_at_its_material(self, case: Case, open_page: Any, tmp_path: Path) -> None:
        page = open_page(url(draft_of(case), "materials"))
        program = tmp_path / "身份证.jpg"
        program.write_bytes(b"MZ" + b"\x00" * 300)
        page.locator("#f-birth-record-file").set_input_files(program)
        expect(page.locator("#f-birth-record .msg")).to_contain_text("其实是程序")

    def test_a_file_over_the_limit_is_told_before_it_is_sent(self, case: Case, open_page: Any, tmp_path: Path) -> None:
        page = open_page(url(draft_of(case), "materials"))
        large = tmp_path / "大.pdf"
        large.write_bytes(b"%PDF-1.7" + b"\x00" * 40 * 1024 * 1024)
        page.locator("#f-birth-record-file").set_input_files(large)
        expect(page.locator("#f-birth-record [data-upload-state]")).to_contain_text("“大.pdf”超过 20 MB")


@pytest.fixture
def register(case: Case, settings: SettingsWrapper) -> Iterator[None]:
    """The marriage register can be asked, and knows the applicant."""
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    Listed.records = {LI.number: {"name": LI.name, "marriage": "J360103-2020-000123"}}
    civil, _new = Department.objects.get_or_create(code="civil", defaults={"name": "市民政局"})
    open_source(civil, "marriage", items=("register",))
    yield
    Listed.forget()


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_whole_path_on_a_phone(case: Case, open_page: Any, tmp_path: Path, scripts: bool) -> None:
    page = open_page(f"/apply/{SLUG}/", scripts=scripts)
    page.get_by_label("父亲或母亲").check()
    page.locator("input[name=children][value='1']").check()
    page.locator("input[name=married][value=yes]").check()
    page.get_by_role("button", name="下一步").click()
    draft = Draft.objects.get()
    page.get_by_label("孩子姓名").fill(VALUES["child:person.name"])
    field(page, "child:person.sex").get_by_label("女").check()
    for key, parts in (("child:birth.time", ("2026", "3", "1", "8", "15")), ("household:moved_on", ("2026", "4", "1"))):
        for box, part in zip(field(page, key).locator("input[data-part]").all(), parts, strict=True):
            box.fill(part)
    page.get_by_label("落户地址").fill("南昌市西湖区一号")
    field(page, "household:posted").get_by_label("否").check()
    page.get_by_label("参保年度").fill("2026")
    page.get_by_role("button", name="下一步").click()
    page.wait_for_url("**/materials/")
    photo = tmp_path / "出生记录.jpg"
    photo.write_bytes(corpus.jpeg())
    page.wait_for_load_state()  # the page's scripts hear of the photo only once they run
    page.locator("#f-birth-record-file").set_input_files(photo)
    if not scripts:
        page.locator("#f-birth-record").get_by_role("button", name="上传").click()
    expect(page.get_by_text("出生记录.jpg").first).to_be_visible()
    page.get_by_role("button", name="全部同意，去查询").click()
    expect(page.get_by_text("正在向市民政局查询")).to_be_visible()
    process("fetch")
    if not scripts:
        page.get_by_role("link", name="看看查到没有").click()
    expect(page.get_by_text("免交 · 市民政局查到")).to_be_visible()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("李小满")).to_be_visible()
    for box in page.locator("input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("h1")).to_contain_text("已提交")
    bundle = Bundle.objects.get()
    assert bundle.idempotency_key == draft.submission_key
    expect(page.locator(".number")).to_have_text(bundle.number)


@pytest.mark.parametrize("care", [False, True], ids=["standard", "关怀版"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_step_is_wider_than_the_screen_or_hard_to_use(case: Case, open_page: Any, care: bool, width: int) -> None:
    draft = draft_of(case, **{**VALUES, "child:person.name": "李1"})
    page = open_page(f"/apply/{SLUG}/?new=1", width=width)
    if care:
        page.context.add_cookies([{"name": "display", "value": "care", "url": page.url}])
    for address in (
        f"/apply/{SLUG}/",
        f"/apply/{SLUG}/?new=1",
        *(url(draft, step) for step in ("situation", "form", "materials", "check")),
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        small = page.evaluate(
            "[...document.querySelectorAll('main button, main input:not([type=hidden],[type=radio],[type=checkbox],[type=file]), main select, main .choice')].filter((e) => e.checkVisibility() && e.offsetWidth > 2 && e.offsetHeight < 44).map((e) => e.outerHTML.slice(0, 120))"
        )
        assert not small, address
