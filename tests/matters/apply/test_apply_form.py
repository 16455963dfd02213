"""The merged form: what is asked, what is known, what is wrong, and that nothing typed is lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import translation

from catalog.definitions import LineDefinition
from matters.drafts.saving import read_form
from matters.models import Draft
from tests.worlds.cast import logged_in, remember
from tests.worlds.settling import (
    ANSWERS,
    INSURE,
    REGISTER,
    VALUES,
    Case,
    build_case,
    counter_draft,
    draft_of,
    posted,
    publish_settling,
    url,
    with_line,
)


@pytest.fixture
def case(db: None) -> Case:
    return build_case()


def field_html(page: str, key: str) -> str:
    """Return the part of the page that asks for one field."""
    start = page.index(f'data-key="{key}"')
    end = page.find('<div class="field', start)
    return page[start : end if end > 0 else len(page)]


def opening(page: str, key: str) -> str:
    """Return the tag that opens a field."""
    place = page.index(f'data-key="{key}"')
    return page[page.rindex("<", 0, place) : page.index(">", place) + 1]


class TestAsking:
    def test_it_asks_each_fact_once_and_says_who_gets_it(self, case: Case) -> None:
        page = logged_in(case.li).get(url(draft_of(case), "form")).content.decode()
        assert page.count('name="child:person.name"') == 1
        name = field_html(page, "child:person.name")
        assert "用于：公安、医保" in name
        assert "登记用" in name

    def test_it_asks_for_every_child_on_their_own(self, case: Case) -> None:
        draft = draft_of(case, answers={**ANSWERS, "children": 2})
        page = logged_in(case.li).get(url(draft, "form")).content.decode()
        assert "孩子（第 1 位）" in page
        assert "孩子（第 2 位）" in page
        assert 'name="child#2:person.name"' in page

    def test_it_shows_what_is_known_as_a_fact_with_its_source(self, case: Case) -> None:
        page = logged_in(case.li).get(url(draft_of(case), "form")).content.decode()
        number = field_html(page, "applicant:person.id_number")
        assert "来自账户登记信息" in number
        assert "360102********422X" in number
        assert '<div class="control" hidden>' in number

    def test_a_known_fact_can_be_corrected_without_scripts(self, case: Case) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        sent = client.post(
            url(draft, "form"), posted(draft, {"child:person.name": "李"}, edit="applicant:person.phone")
        )
        assert "edit=applicant%3Aperson.phone" in sent["Location"]
        page = client.get(sent["Location"]).content.decode()
        assert '<div class="control">' in field_html(page, "applicant:person.phone")
        assert 'value="李"' in page

    def test_it_never_asks_for_what_a_department_will_decide(self, case: Case) -> None:
        page = logged_in(case.li).get(url(draft_of(case), "form")).content.decode()
        assert 'name="child:person.id_number"' not in page
        assert "“户口登记”办结后自动填入" in page

    def test_a_conditional_field_waits_for_its_condition(self, case: Case) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        key = "household:post.address"
        assert opening(client.get(url(draft, "form")).content.decode(), key).endswith("hidden>")
        client.post(url(draft, "form"), posted(draft, {"household:posted": True}, action="save"))
        assert not opening(client.get(url(draft, "form")).content.decode(), key).endswith("hidden>")

    def test_it_tells_the_figures_of_this_application(self, case: Case) -> None:
        page = logged_in(case.li).get(url(draft_of(case), "form")).content.decode()
        text = re.sub(r"<[^>]+>", "", page)
        assert "已为您填好 4 项" in text
        assert "2 个事项" in text
        assert "2 个部门" in text
        assert "已保存" in text

    def test_it_speaks_the_readers_language(self, case: Case) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        client.cookies["django_language"] = "en"
        try:
            page = client.get(url(draft, "form")).content.decode()
        finally:
            translation.activate("zh-hans")
        assert "Child&#x27;s name" in page
        assert "孩子姓名" not in page

    def test_every_control_has_a_label_and_its_hint_and_error_are_tied_to_it(self, case: Case) -> None:
        page = logged_in(case.li).get(url(draft_of(case), "form")).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        labels = set(re.findall(r'<label[^>]* for="([^"]+)"', main))
        for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", main):
            if 'type="hidden"' not in tag:
                identifier = re.search(r' id="([^"]+)"', tag)
                assert identifier, tag
                assert identifier[1] in labels, tag
        for described in re.findall(r'aria-describedby="([^"]+)"', main):
            assert all(f'id="{each}"' in main for each in described.split())


class TestSaving:
    def test_a_sound_form_goes_on_to_the_papers(self, case: Case) -> None:
        draft = draft_of(case)
        response = logged_in(case.li).post(url(draft, "form"), posted(draft, VALUES, action="next"))
        assert response["Location"] == url(draft, "materials")

    def test_everything_wrong_is_listed_first_and_told_beside_its_cause(self, case: Case) -> None:
        draft = draft_of(case)
        wrong = {**VALUES, "child:person.name": "李小满1", "child:birth.time": "2099-02-03T08:15"}
        response = logged_in(case.li).post(url(draft, "form"), posted(draft, wrong, action="next"))
        page = response.content.decode()
        assert response.status_code == 422
        assert "有 2 处需要填写或改正" in page
        assert '<a href="#f-child-person-name">孩子姓名里不能有数字“1”，请核对。</a>' in page
        name = field_html(page, "child:person.name")
        assert "不能有数字“1”" in name
        assert 'value="李小满1"' in name
        assert 'aria-invalid="true"' in name
        assert "不能晚于今天" in field_html(page, "child:birth.time")

    @pytest.mark.parametrize(
        ("key", "typed", "told"),
        [
            ("applicant:person.id_number", "360102199208154220", "对照证件逐位核对"),
            ("applicant:person.id_number", "36010219920815422", "应为 18 位，您填了 17 位"),
            ("applicant:person.phone", "1380013800", "电话号码不对"),
            ("child:birth.time", "2026-02-30T08:15", "这一天不存在"),
            ("child:birth.time", "2026-02-03", "几时几分"),
            ("child:insurance.year", "2031", "不能大于 2030"),
            ("child:insurance.year", "二〇二六", "应填整数"),
            ("household:moved_on", "2019-04-01", "迁入日期太早"),
            ("child:person.sex", "3", "没有这个选项"),
            ("child:person.sex", "", "请选择孩子性别"),
            ("household:address", "", "请填写落户地址"),
        ],
    )
    def test_each_mistake_gets_its_sentence_and_stays_as_typed(
        self, case: Case, key: str, typed: str, told: str
    ) -> None:
        draft = draft_of(case)
        response = logged_in(case.li).post(url(draft, "form"), posted(draft, {**VALUES, key: typed}, action="next"))
        assert response.status_code == 422
        assert told in field_html(response.content.decode(), key)
        draft.refresh_from_db()
        assert read_form(draft).values.get(key, "") == typed

    def test_what_is_missing_is_not_held_against_a_mere_save(self, case: Case) -> None:
        draft = draft_of(case)
        response = logged_in(case.li).post(
            url(draft, "form"), posted(draft, {"child:person.name": "李小满"}, action="save")
        )
        assert response["Location"] == url(draft, "form")

    def test_it_goes_on_elsewhere(self, case: Case) -> None:
        draft = draft_of(case)
        logged_in(case.li).post(url(draft, "form"), posted(draft, {"child:person.name": "李小满"}, action="save"))
        assert 'value="李小满"' in logged_in(case.li).get(url(draft, "form")).content.decode()

    def test_unticking_the_last_box_is_saved(self, case: Case) -> None:
        draft = draft_of(case, **{"household:kinds": ["book", "card"]})
        data = posted(draft, {}, action="save") | {"household:kinds.shown": "1"}
        logged_in(case.li).post(url(draft, "form"), data)
        draft.refresh_from_db()
        assert read_form(draft).values["household:kinds"] == []

    def test_what_became_invisible_is_not_lost_while_it_is_a_draft(self, case: Case) -> None:
        draft = draft_of(case, **{"household:posted": True, "household:post.address": "信箱一号"})
        client = logged_in(case.li)
        client.post(url(draft, "form"), posted(draft, {"household:posted": False}, action="save"))
        draft.refresh_from_db()
        client.post(url(draft, "form"), posted(draft, {"household:posted": True}, action="save"))
        assert "信箱一号" in client.get(url(draft, "form")).content.decode()


class TestTwoWindows:
    def test_changes_of_different_fields_are_joined(self, case: Case) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        first = posted(draft, {"child:person.name": "李小满", "household:address": ""}, action="save")
        second = posted(draft, {"child:person.name": "", "household:address": "一号"}, action="save")
        client.post(url(draft, "form"), first)
        client.post(url(draft, "form"), second)
        draft.refresh_from_db()
        values = read_form(draft).values
        assert (values["child:person.name"], values["household:address"]) == ("李小满", "一号")

    def test_a_field_changed_in_both_is_shown_to_the_later_one_and_not_overwritten(self, case: Case) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        client.post(url(draft, "form"), posted(draft, {"child:person.name": "李小满"}, action="save"))
        response = client.post(url(draft, "form"), posted(draft, {"child:person.name": "李大满"}, action="save"))
        name = field_html(response.content.decode(), "child:person.name")
        assert "在另一个窗口改成了“李小满”" in name
        assert 'value="李大满"' in name
        draft.refresh_from_db()
        assert read_form(draft).values["child:person.name"] == "李小满"

    def test_saving_again_after_being_told_takes_the_later_one(self, case: Case) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        client.post(url(draft, "form"), posted(draft, {"child:person.name": "李小满"}, action="save"))
        told = client.post(url(draft, "form"), posted(draft, {"child:person.name": "李大满"}, action="save"))
        revision = re.search(r'name="revision" value="(\d+)"', told.content.decode())
        assert revision
        client.post(
            url(draft, "form"),
            posted(draft, {"child:person.name": "李大满"}, action="save") | {"revision": revision[1]},
        )
        draft.refresh_from_db()
        assert read_form(draft).values["child:person.name"] == "李大满"


class TestDoors:
    @pytest.mark.parametrize("step", ["situation", "form", "autosave", "materials", "check", "submit"])
    def test_strangers_find_nothing(self, case: Case, step: str) -> None:
        draft = draft_of(case)
        for user in (case.stranger, case.sun):
            assert logged_in(user).get(url(draft, step)).status_code == 404
            assert logged_in(user).post(url(draft, step), "{}", content_type="application/json").status_code in {
                404,
                405,
            }

    def test_a_clerk_fills_in_what_they_opened_at_the_window(self, case: Case) -> None:
        draft = counter_draft(case)
        page = logged_in(case.sun).get(url(draft, "form")).content.decode()
        assert "您正在窗口为 陈**生 办理" in page
        for user in (case.li, case.stranger):
            assert logged_in(user).get(url(draft, "form")).status_code == 404

    def test_what_was_typed_is_kept_when_the_session_ends(self, case: Case, client: Client) -> None:
        draft = draft_of(case)
        remember(client, case.li)
        sent = client.post(url(draft, "form"), posted(draft, {"child:person.name": "李小满"}, action="next"))
        assert "/accounts/login/" in sent["Location"]
        client.force_login(case.li, backend="portal.accounts.backends.AccountBackend")
        assert 'value="李小满"' in client.get(url(draft, "form")).content.decode()

    def test_a_submitted_draft_leads_to_its_number(self, case: Case) -> None:
        draft = draft_of(case)
        Draft.objects.filter(pk=draft.pk).update(submitted_at=draft.saved_at)
        response = logged_in(case.li).get(url(draft, "form"))
        assert response["Location"] == url(draft, "submitted")


class TestHostileInput:
    @pytest.mark.parametrize(
        "bad",
        [
            "a\x00b",
            "\x00",
            "<script>alert(1)</script>",
            "{{ 7*7 }}",
            "'; DROP TABLE x;--",
            "\u202egnp",
            "x" * 1_000_000,
        ],
    )
    def test_no_text_breaks_the_page(self, case: Case, bad: str) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        response = client.post(url(draft, "form"), posted(draft, {**VALUES, "household:address": bad}, action="next"))
        assert response.status_code in {302, 422}
        page = client.get(url(draft, "form")).content.decode()
        assert "<script>alert" not in page
        assert "49" not in field_html(page, "household:address")

    @pytest.mark.parametrize("name", ["child:nothing", "csrf", "child:person.id_number", "__proto__"])
    def test_fields_the_form_does_not_ask_for_are_ignored(self, case: Case, name: str) -> None:
        draft = draft_of(case)
        logged_in(case.li).post(url(draft, "form"), posted(draft, VALUES, action="next") | {name: "x"})
        draft.refresh_from_db()
        assert name not in read_form(draft).values

    def test_two_thousand_fields_are_refused_clearly(self, case: Case) -> None:
        draft = draft_of(case)
        response = logged_in(case.li).post(url(draft, "form"), {f"f{number}": "" for number in range(2000)})
        assert response.status_code == 400

    @pytest.mark.parametrize("revision", ["", "x", "-5", "9" * 400, "1.5"])
    def test_a_senseless_revision_counts_as_the_oldest(self, case: Case, revision: str) -> None:
        draft = draft_of(case)
        data = posted(draft, VALUES, action="next") | {"revision": revision}
        assert logged_in(case.li).post(url(draft, "form"), data).status_code in {302, 422}


class TestNewerVersion:
    def test_a_draft_moves_on_and_says_what_is_new(self, case: Case) -> None:
        draft = draft_of(case, **{"child:person.name": "李小满"})
        line = LineDefinition("dz", "household", "post.address", "寄送地址", section="insurance")
        publish_settling(REGISTER, with_line(INSURE, line))
        page = logged_in(case.li).get(url(draft, "form")).content.decode()
        assert "办理规定刚刚更新" in page
        assert "增加了要填的内容：“寄送地址”" in page
        assert 'value="李小满"' in page

    def test_a_version_that_changes_nothing_for_them_is_not_mentioned(self, case: Case) -> None:
        draft = draft_of(case)
        same = publish_settling(REGISTER, INSURE)
        page = logged_in(case.li).get(url(draft, "form")).content.decode()
        assert "办理规定刚刚更新" not in page
        draft.refresh_from_db()
        assert draft.matter_version == same


def test_a_pattern_that_could_run_away_is_left_to_the_server(case: Case) -> None:
    line = LineDefinition("bz", "household", "post.address", "寄送地址", section="insurance")
    safe, unsafe = "[ab]{2}", "(a|a)*b"
    asks = [replace(line, constraints={"pattern": pattern}) for pattern in (safe, unsafe)]
    publish_settling(
        with_line(REGISTER, replace(asks[0], code="yz", section="household")), with_line(INSURE, replace(asks[1]))
    )
    draft, client = draft_of(case), logged_in(case.li)
    page = client.get(url(draft, "form")).content.decode()
    assert safe in page
    assert unsafe not in page
    changed = {"revision": 1, "values": {"household:post.address": "aa"}}
    answer = client.post(url(draft, "autosave"), changed, content_type="application/json").json()
    assert "household:post.address" in answer["problems"]
