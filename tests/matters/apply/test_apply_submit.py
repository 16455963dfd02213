"""Checking and submitting: everything in sight, consent by consent, once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from matters.cases.sealed_form import open_bundle_form
from matters.drafts.saving import read_form, save_values
from matters.models import Bundle, Draft
from tests.matters.apply.test_apply_materials import upload
from tests.matters.files import upload_corpus as corpus
from tests.pages import page_of
from tests.worlds.cast import LI, logged_in, remember
from tests.worlds.settling import (
    INSURE,
    REGISTER,
    VALUES,
    Case,
    build_case,
    counter_draft,
    draft_of,
    publish_settling,
    url,
)

REQUIRED = ["register.check", "insure.share"]


@pytest.fixture
def case(db: None) -> Case:
    return build_case()


@pytest.fixture
def ready(case: Case) -> Draft:
    """A draft with nothing missing but consent."""
    draft = draft_of(case, **VALUES)
    client = logged_in(case.li)
    upload(client, draft, ("a.jpg", corpus.jpeg()))
    upload(client, draft, ("b.jpg", corpus.jpeg()), material="marriage")
    draft.refresh_from_db()
    return draft


def submit(client: Client, draft: Draft, consents: list[str] | None = None, **changes: Any) -> Any:
    data = {
        "submission_key": str(draft.submission_key),
        "revision": draft.revision,
        "truth": "1",
        "consent": REQUIRED if consents is None else consents,
    }
    return client.post(url(draft, "submit"), {**data, **changes})


class TestChecking:
    def test_it_shows_every_answer_in_words(self, case: Case, ready: Draft) -> None:
        page = page_of(logged_in(case.li).get(url(ready, "check")))
        for words in (
            "李小满",
            "2026年3月1日 08:15",
            "户口簿",
            "父亲或母亲",
            "a.jpg",
            "“户口登记”办结后自动填入",
            "来自账户登记信息",
        ):
            assert words in page

    def test_consents_are_never_merged(self, case: Case, ready: Draft) -> None:
        page = page_of(logged_in(case.li).get(url(ready, "check")))
        assert page.count('name="consent"') == 3
        assert "市公安局" in page
        assert "市医疗保障局" in page
        assert "（可以不选）" in page

    def test_what_is_missing_leads_back_to_its_place_and_cannot_be_submitted(self, case: Case) -> None:
        draft = draft_of(case, **{**VALUES, "child:person.name": ""})
        page = page_of(logged_in(case.li).get(url(draft, "check")))
        assert f'<a href="{url(draft, "form")}#f-child-person-name">请填写孩子姓名。</a>' in page
        assert re.search(rf'<a href="{url(draft, "materials")}#f-birth-record">\s*还没有上传“出生医学记录”', page)
        assert 'name="submission_key"' not in page


class TestSubmitting:
    def test_it_leads_to_the_number(self, case: Case, ready: Draft) -> None:
        client = logged_in(case.li)
        response = submit(client, ready)
        assert response["Location"] == url(ready, "submitted")
        bundle = Bundle.objects.get()
        page = page_of(client.get(response["Location"]))
        assert bundle.number in page
        assert f"/bundles/{bundle.number}/" in page
        assert "收件凭证" in page

    def test_a_form_sent_twice_is_one_application(self, case: Case, ready: Draft) -> None:
        client = logged_in(case.li)
        assert submit(client, ready)["Location"] == submit(client, ready)["Location"] == url(ready, "submitted")
        assert Bundle.objects.count() == 1

    def test_it_records_which_consents_were_given(self, case: Case, ready: Draft) -> None:
        submit(logged_in(case.li), ready, [*REQUIRED, "insure.news", "no.such"])
        assert set(open_bundle_form(Bundle.objects.get()).consents) == {*REQUIRED, "insure.news"}

    def test_a_missing_consent_is_told_at_its_box_and_the_other_ticks_stay(self, case: Case, ready: Draft) -> None:
        response = submit(logged_in(case.li), ready, ["register.check"])
        page = page_of(response)
        assert response.status_code == 422
        assert page.count("请阅读并同意这一项") == 1
        assert 'value="register.check" checked' in page
        assert 'id="truth" name="truth" value="1" checked' in page
        assert not Bundle.objects.exists()

    def test_without_the_statement_of_truth_nothing_is_sent(self, case: Case, ready: Draft) -> None:
        response = submit(logged_in(case.li), ready, truth="")
        page = page_of(response)
        assert "请确认填写的内容和材料真实" in page
        assert 'value="insure.share" checked' in page
        assert not Bundle.objects.exists()

    def test_after_being_told_it_can_be_submitted(self, case: Case, ready: Draft) -> None:
        client = logged_in(case.li)
        submit(client, ready, [])
        ready.refresh_from_db()
        submit(client, ready)
        assert Bundle.objects.count() == 1

    def test_what_changed_in_another_window_is_shown_first(self, case: Case, ready: Draft) -> None:
        save_values(Draft.objects.get(pk=ready.pk), {"child:person.name": "李大满"}, seen=ready.revision)
        response = submit(logged_in(case.li), ready)
        page = page_of(response)
        assert "您在另一个窗口改动过这份申请" in page
        assert "李大满" in page
        assert not Bundle.objects.exists()

    @pytest.mark.parametrize("key", ["", "x", "00000000-0000-0000-0000-000000000000", "\x07"])
    def test_a_foreign_key_leads_back_to_checking(self, case: Case, ready: Draft, key: str) -> None:
        assert submit(logged_in(case.li), ready, submission_key=key)["Location"] == url(ready, "check")
        assert not Bundle.objects.exists()

    def test_rules_that_changed_meanwhile_are_shown_first(self, case: Case, ready: Draft) -> None:
        publish_settling(REGISTER, INSURE)
        assert submit(logged_in(case.li), ready)["Location"] == url(ready, "check")
        assert not Bundle.objects.exists()

    def test_ticks_sent_after_the_session_ended_are_kept(self, case: Case, ready: Draft, client: Client) -> None:
        remember(client, case.li)
        sent = submit(client, ready)
        assert f"next={url(ready, 'check')}" in sent["Location"]
        client.force_login(case.li, backend="portal.accounts.backends.AccountBackend")
        page = page_of(client.get(url(ready, "check")))
        assert 'value="insure.share" checked' in page
        assert 'id="truth" name="truth" value="1" checked' in page
        assert "李小满" in page
        assert not Bundle.objects.exists()

    def test_strangers_cannot_submit(self, case: Case, ready: Draft) -> None:
        assert submit(logged_in(case.stranger), ready).status_code == 404
        assert not Bundle.objects.exists()

    def test_a_clerk_submits_what_they_entered(self, case: Case) -> None:
        draft, client = counter_draft(case), logged_in(case.sun)
        save_values(draft, VALUES, seen=draft.revision)
        upload(client, draft, ("a.jpg", corpus.jpeg()))
        upload(client, draft, ("b.jpg", corpus.jpeg()), material="marriage")
        draft.refresh_from_db()
        submit(client, draft)
        bundle = Bundle.objects.get()
        assert (bundle.applicant, bundle.entered_by, bundle.channel) == (draft.applicant, case.sun, "counter")

    def test_it_costs_twelve_statements_at_most(
        self, case: Case, ready: Draft, django_assert_max_num_queries: Any
    ) -> None:
        client = logged_in(case.li)
        client.get(url(ready, "check"))
        with django_assert_max_num_queries(12):
            submit(client, ready)
        assert Bundle.objects.count() == 1

    def test_hidden_answers_are_not_submitted(self, case: Case, ready: Draft) -> None:
        save_values(ready, {"household:post.address": "信箱一号"}, seen=ready.revision)
        assert read_form(ready).values["household:post.address"] == "信箱一号"
        submit(logged_in(case.li), ready)
        assert "household:post.address" not in open_bundle_form(Bundle.objects.get()).values


class TestReceipt:
    def test_it_lists_items_and_papers(self, case: Case, ready: Draft) -> None:
        client = logged_in(case.li)
        submit(client, ready)
        page = page_of(client.get(url(ready, "receipt")))
        for words in (
            Bundle.objects.get().number,
            "户口登记",
            "医保参保",
            "出生医学记录",
            "a.jpg",
            LI.name,
            "不代表已经受理",
        ):
            assert words in page

    def test_there_is_none_before_submitting(self, case: Case, ready: Draft) -> None:
        assert logged_in(case.li).get(url(ready, "receipt")).status_code == 404
        assert logged_in(case.li).get(url(ready, "submitted"))["Location"] == url(ready, "check")
