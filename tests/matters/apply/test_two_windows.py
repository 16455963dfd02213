"""Two windows on one application: the situation, the papers. Each saves what was changed in it, and a conflict is told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from matters.drafts.uploads import take_upload
from matters.models import Draft, SubmittedMaterial
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.settling import ANSWERS, Case, build_case, draft_of, url
from tests.worlds.town import picture

SENT = {"relation": "parent", "children": "1", "married": "yes"}


@pytest.fixture
def case(db: None) -> Case:
    return build_case()


@pytest.fixture
def draft(case: Case) -> Draft:
    return draft_of(case)


@pytest.fixture
def client(case: Case) -> Client:
    return logged_in(case.li)


def opened(client: Client, draft: Draft) -> dict[str, Any]:
    """Open 选择情形 in a window and return what it would send."""
    return {**SENT, "shown": shown_on(page_of(client.get(url(draft, "situation"))))}


def shown_on(page: str) -> str:
    found = re.search(r'<input type="hidden" name="shown" value="([^"]+)">', page)
    assert found
    return found[1]


def answers_of(draft: Draft) -> dict[str, Any]:
    return Draft.objects.get(pk=draft.pk).answers


def test_each_window_changes_its_own_answer(client: Client, draft: Draft) -> None:
    one, other = opened(client, draft), opened(client, draft)
    client.post(url(draft, "situation"), {**one, "children": "2"})
    response = client.post(url(draft, "situation"), {**other, "married": "no", "follows": "mother"}, follow=True)
    assert answers_of(draft) == {**ANSWERS, "children": 2, "married": "no", "follows": "mother"}
    assert "您在另一个窗口改过的回答保留了：“几个孩子”。" in page_of(response)


def test_a_conflict_is_told_beside_the_question_and_settled_by_sending_again(client: Client, draft: Draft) -> None:
    one, other = opened(client, draft), opened(client, draft)
    client.post(url(draft, "situation"), {**one, "children": "2"})
    response = client.post(url(draft, "situation"), {**other, "children": "3"})
    page = page_of(response)
    assert response.status_code == 422
    assert "这一题刚才在另一个窗口改成了“2”" in page.partition('id="q-children"')[2].partition("</fieldset>")[0]
    assert 'name="children" value="3"' in page
    assert answers_of(draft)["children"] == 2
    client.post(url(draft, "situation"), {**other, "children": "3", "shown": shown_on(page)})
    assert answers_of(draft)["children"] == 3


def test_a_question_that_the_other_window_brought_up_is_not_forgotten(client: Client, draft: Draft) -> None:
    one, other = opened(client, draft), opened(client, draft)
    client.post(url(draft, "situation"), {**one, "married": "no", "follows": "mother"})
    client.post(url(draft, "situation"), {**other, "children": "2"})
    assert answers_of(draft) == {**ANSWERS, "children": 2, "married": "no", "follows": "mother"}


def test_a_file_replaced_in_one_window_is_not_replaced_by_the_other_unseen(client: Client, draft: Draft) -> None:
    old = take_upload(draft, "birth_record", picture("一.png"), accept=("image/png",))
    newer = take_upload(draft, "birth_record", picture("二.png", "red"), accept=("image/png",), replaces=old)
    sent = {"material": "birth_record", "replaces": str(old.pk), "files": picture("三.png", "blue")}
    page = page_of(client.post(url(draft, "materials"), sent, follow=True))
    assert "您要替换的文件已经在另一个窗口换掉或移除了" in page
    assert {paper.original_name for paper in SubmittedMaterial.objects.all()} == {newer.original_name, "三.png"}


def test_a_file_removed_twice_is_told(client: Client, draft: Draft) -> None:
    paper = take_upload(draft, "birth_record", picture(), accept=("image/png",))
    for sentence in ("已移除", "这个文件已经在另一个窗口移除或换掉了"):
        assert sentence in page_of(client.post(f"{url(draft, 'materials', paper=paper.pk)}remove/", follow=True))


def test_a_paper_that_another_window_made_needless_says_so(client: Client, draft: Draft) -> None:
    """The page was open with it; the situation chosen elsewhere asks for it no longer."""
    client.post(url(draft, "situation"), {**SENT, "married": "no", "follows": "mother"})
    response = client.post(url(draft, "materials"), {"material": "marriage", "files": picture()})
    assert response.status_code == 422
    assert "按现在的情形不用交这份材料" in page_of(response)
