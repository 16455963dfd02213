"""Beginning an application: questions first, or where one left."""

from __future__ import annotations

import pytest
from django.test import Client

from matters.models import Draft
from tests.pages import page_of
from tests.worlds.cast import logged_in, remember
from tests.worlds.settling import ANSWERS, SLUG, Case, build_case, draft_of, url

SENT = {"relation": "parent", "children": "1", "married": "yes"}
SHOWN = {"relation.shown": "1", "children.shown": "1", "married.shown": "1"}


@pytest.fixture
def case(db: None) -> Case:
    return build_case()


def test_it_asks_to_log_in_first(case: Case, client: Client) -> None:
    response = client.get(f"/apply/{SLUG}/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/apply/")


def test_it_knows_no_matter_that_is_not_published(case: Case) -> None:
    assert logged_in(case.li).get("/apply/nothing/").status_code == 404


def test_it_tells_an_account_without_a_person_what_to_do(case: Case) -> None:
    response = logged_in(case.wang).get(f"/apply/{SLUG}/")
    assert response.status_code == 403
    assert "需要个人账户" in page_of(response)


def test_looking_writes_nothing(case: Case) -> None:
    assert logged_in(case.li).get(f"/apply/{SLUG}/").status_code == 200
    assert not Draft.objects.exists()


def test_answers_open_a_draft_with_what_is_known(case: Case) -> None:
    response = logged_in(case.li).post(f"/apply/{SLUG}/", {**SENT, **SHOWN})
    draft = Draft.objects.get()
    assert response["Location"] == url(draft, "form")
    assert draft.answers == ANSWERS
    assert b"13800138000" not in bytes(draft.form_sealed or b"")


def test_a_missing_answer_is_named_and_the_others_stay(case: Case) -> None:
    response = logged_in(case.li).post(f"/apply/{SLUG}/", {"relation": "parent", **SHOWN})
    page = page_of(response)
    assert response.status_code == 422
    assert "请回答“几个孩子”" in page
    assert 'value="parent" checked' in page
    assert not Draft.objects.exists()


def test_a_follow_up_is_asked_without_a_word_of_blame(case: Case) -> None:
    response = logged_in(case.li).post(f"/apply/{SLUG}/", {**SENT, "married": "no", **SHOWN})
    page = page_of(response)
    assert "还要回答 1 个问题" in page
    assert "error-summary" not in page
    assert 'data-question="follows" tabindex="-1" aria-describedby="q-follows-help">' in page


def test_a_follow_up_that_does_not_apply_cannot_be_answered(case: Case) -> None:
    page = page_of(logged_in(case.li).get(f"/apply/{SLUG}/"))
    assert 'aria-describedby="q-follows-help" hidden disabled>' in page


def test_a_situation_that_is_not_open_online_is_told_kindly(case: Case) -> None:
    response = logged_in(case.li).post(f"/apply/{SLUG}/", {**SENT, "relation": "other", **SHOWN})
    page = page_of(response)
    assert "其他人代办请到窗口。" in page
    assert "12345" in page
    assert not Draft.objects.exists()


@pytest.mark.parametrize("wrong", ["9", "-1", "many", "\x07", "1" * 5000])
def test_a_wrong_answer_gets_a_sentence(case: Case, wrong: str) -> None:
    response = logged_in(case.li).post(f"/apply/{SLUG}/", {**SENT, "children": wrong, **SHOWN})
    assert response.status_code == 422
    assert "error-summary" in page_of(response)


def test_an_option_that_is_not_offered_gets_a_sentence(case: Case) -> None:
    response = logged_in(case.li).post(f"/apply/{SLUG}/", {**SENT, "married": "perhaps", **SHOWN})
    assert "没有这个选项" in page_of(response)


def test_an_open_draft_is_offered_before_a_new_one(case: Case) -> None:
    draft = draft_of(case)
    client = logged_in(case.li)
    page = page_of(client.get(f"/apply/{SLUG}/"))
    assert "接着办" in page
    assert url(draft, "form") in page
    assert "您是孩子的" in page_of(client.get(f"/apply/{SLUG}/?new=1"))


def test_a_changed_situation_keeps_what_was_filled_in(case: Case) -> None:
    draft = draft_of(case, **{"child:person.name": "李小满"})
    client = logged_in(case.li)
    response = client.post(url(draft, "situation"), {**SENT, "children": "2", **SHOWN})
    assert response["Location"] == url(draft, "form")
    page = page_of(client.get(url(draft, "form")))
    assert 'value="李小满"' in page
    assert "孩子（第 2 位）" in page


def test_a_draft_can_be_deleted_by_its_applicant_alone(case: Case) -> None:
    draft = draft_of(case)
    assert logged_in(case.stranger).post(url(draft, "discard")).status_code == 404
    assert logged_in(case.li).get(url(draft, "discard")).status_code == 405
    assert logged_in(case.li).post(url(draft, "discard")).status_code == 302
    assert not Draft.objects.exists()


def test_answers_sent_after_the_session_ended_are_kept(case: Case, client: Client) -> None:
    remember(client, case.li)
    sent = client.post(f"/apply/{SLUG}/", {**SENT, **SHOWN})
    assert "/accounts/login/" in sent["Location"]
    session = client.session
    client.force_login(case.li, backend="portal.accounts.backends.AccountBackend")
    assert session
    page = page_of(client.get(f"/apply/{SLUG}/"))
    assert 'value="parent" checked' in page
