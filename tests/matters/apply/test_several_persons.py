"""Three children on one form: any of them can be left out, and what is wrong says whose it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from matters.drafts.saving import read_form
from matters.drafts.uploads import take_upload
from matters.models import Draft, SubmittedMaterial
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.settling import ANSWERS, VALUES, Case, build_case, draft_of, url
from tests.worlds.town import picture

NAMES = {"child:person.name": "李一", "child#2:person.name": "李二", "child#3:person.name": "李三"}


@pytest.fixture
def case(db: None) -> Case:
    return build_case()


@pytest.fixture
def draft(case: Case) -> Draft:
    return draft_of(case, answers={**ANSWERS, "children": 3}, **{**VALUES, **NAMES, "child#3:insurance.year": "2027"})


@pytest.fixture
def client(case: Case) -> Client:
    return logged_in(case.li)


def state_of(draft: Draft) -> tuple[Any, dict[str, Any]]:
    draft.refresh_from_db()
    return draft.answers["children"], read_form(draft).values


def remove(client: Client, draft: Draft, named: str, **more: Any) -> str:
    sent = {"revision": draft.revision, "remove": named, **more}
    return page_of(client.post(url(draft, "form"), sent, follow=True))


def test_the_second_of_three_can_be_left_out(client: Client, draft: Draft) -> None:
    assert 'name="remove" value="child#2/3"' in page_of(client.get(url(draft, "form")))
    page = remove(client, draft, "child#2/3", **{"child:person.name": "李大"})
    assert "已移除孩子（第 2 位）" in page
    count, values = state_of(draft)
    assert count == 2
    assert values["child:person.name"] == "李大"  # what was typed last is saved first
    assert values["child#2:person.name"] == "李三"
    assert values["child#2:insurance.year"] == "2027"


def test_whoever_was_left_out_comes_back_last(client: Client, draft: Draft) -> None:
    remove(client, draft, "child/3")
    client.post(url(draft, "situation"), {"relation": "parent", "children": "3", "married": "yes"})
    _count, values = state_of(draft)
    assert [values[key] for key in NAMES] == ["李二", "李三", "李一"]


def test_a_paper_goes_with_its_person(client: Client, draft: Draft) -> None:
    paper = take_upload(draft, "birth_record", picture(), accept=("image/png",))
    SubmittedMaterial.objects.filter(pk=paper.pk).update(material="child#3:birth_record")
    remove(client, draft, "child/3")
    assert SubmittedMaterial.objects.get(pk=paper.pk).material == "child#2:birth_record"


def test_a_button_of_another_window_removes_nobody_else(client: Client, draft: Draft) -> None:
    remove(client, draft, "child#2/3")
    assert "人数刚才在另一个窗口改过，没有移除" in remove(client, draft, "child#2/3")
    assert state_of(draft)[0] == 2


@pytest.mark.parametrize(
    "named", ["", "child#9/3", "child#0/3", "nobody/3", "child#2/x", "household/1", "child#2", "/3"]
)
def test_nonsense_removes_nobody(client: Client, draft: Draft, named: str) -> None:
    remove(client, draft, named)
    assert state_of(draft)[0] == 3


def test_the_only_one_cannot_be_left_out(case: Case, client: Client) -> None:
    draft = draft_of(case)
    assert 'name="remove"' not in page_of(client.get(url(draft, "form")))
    remove(client, draft, "child/1")
    assert state_of(draft)[0] == 1


def test_an_older_window_does_not_bring_the_order_back(client: Client, draft: Draft) -> None:
    older = {"revision": draft.revision, **NAMES, "action": "save"}
    remove(client, draft, "child#2/3")
    client.post(url(draft, "form"), older)
    _count, values = state_of(draft)
    assert (values["child:person.name"], values["child#2:person.name"]) == ("李一", "李三")


def test_what_is_wrong_says_whose_it_is(client: Client, draft: Draft) -> None:
    page = page_of(client.post(url(draft, "form"), {"revision": draft.revision, "action": "check"}))
    above = page.partition("error-summary")[2].partition("</ul>")[0]
    assert "孩子（第 2 位）：请填写参保年度。" in above
    assert "孩子（第 3 位）：请选择孩子性别。" in above
    check = page_of(client.get(url(draft, "check"))).partition("error-summary")[2].partition("</ul>")[0]
    assert "孩子（第 2 位）：请填写参保年度。" in check


def test_a_whole_number_is_explained_with_an_example_of_its_field(case: Case, client: Client) -> None:
    draft = draft_of(case)
    sent = {"revision": draft.revision, "child:insurance.year": "39.5", "action": "save"}
    assert "参保年度应填整数，如 2030。" in page_of(client.post(url(draft, "form"), sent))


def test_a_stored_mistake_is_told_beside_its_field_and_not_called_done(case: Case, client: Client) -> None:
    draft = draft_of(case, **{**VALUES, "child:insurance.year": "1999"})
    page = page_of(client.get(url(draft, "form")))
    assert "参保年度不能小于 2026" in page
    assert "error-summary" not in page
    assert "data-left-none hidden" in page
    assert '还有 <b data-count="wrong">1</b> 项要改正' in page


def test_a_draft_deleted_elsewhere_is_told_to_the_script(case: Case, client: Client, draft: Draft) -> None:
    Draft.objects.all().delete()
    for answer in (
        client.get(url(draft, "autosave")),
        client.post(url(draft, "autosave"), '{"revision": 1, "values": {}}', content_type="application/json"),
    ):
        assert answer.status_code == 404
        assert answer.json()["code"] == "draft_gone"


def test_the_script_hears_of_what_it_shows_as_wrong(client: Client, draft: Draft) -> None:
    body = '{"revision": 2, "values": {"household:address": "一号"}, "wrong": ["child#3:insurance.year", 7, "x"]}'
    answer = client.post(url(draft, "autosave"), body, content_type="application/json")
    assert answer.json()["problems"] == {}
    body = body.replace("一号", "二号").replace('"child#3:insurance.year"', '"household:moved_on"')
    client.post(
        url(draft, "autosave"),
        '{"revision": 3, "values": {"household:moved_on": "2019-01-01"}}',
        content_type="application/json",
    )
    answer = client.post(url(draft, "autosave"), body, content_type="application/json")
    assert answer.json()["problems"] == {"household:moved_on": "迁入日期太早，请核对。"}
