"""A paper is exempt only by a row: an answer that was agreed to, a certificate of one's own, a commitment."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from catalog.models import Department
from matters.cases.department_view import read_case
from matters.drafts.profile import profile_of
from matters.drafts.saving import save_values, start_draft
from matters.models import Draft, MaterialSatisfaction, SubItem
from matters.submitting.submission import MaterialsMissing, submit_bundle
from portal.accounts.mandates.activities import accept, offer, scope
from portal.accounts.models import User
from portal.accounts.people import register_person
from portal.outbox.processing import process
from portal.sharing.models import DataSource, Fetch, SharingConsent
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.pages import page_of
from tests.worlds.cast import LI, logged_in
from tests.worlds.settling import ANSWERS, VALUES, Case, build_case, draft_of, url
from tests.worlds.sources import ADAPTERS, Listed, open_source

MARRIED = {LI.number: {"name": LI.name, "marriage": "J360103-2020-000123"}}


@pytest.fixture
def register(db: None, settings: SettingsWrapper) -> Iterator[type[Listed]]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    yield Listed
    Listed.forget()


@pytest.fixture
def case(register: type[Listed]) -> Case:
    case = build_case()
    civil, _new = Department.objects.get_or_create(code="civil", defaults={"name": "市民政局"})
    open_source(civil, "marriage", items=("register",))
    return case


@pytest.fixture
def draft(case: Case) -> Draft:
    """Everything is there but the marriage certificate."""
    draft = draft_of(case, **VALUES)
    upload(logged_in(case.li), draft, ("a.jpg", PHOTO))
    return draft


def send(client: Client, draft: Draft, action: str, **more: Any) -> Any:
    return client.post(url(draft, "materials"), {"action": action, **more}, follow=True)


def agree_and_ask(case: Case, draft: Draft) -> str:
    send(logged_in(case.li), draft, "agree-all")
    process("fetch")
    return page_of(logged_in(case.li).get(url(draft, "materials")))


class TestAsking:
    def test_nothing_is_asked_before_somebody_agrees(self, case: Case, draft: Draft) -> None:
        page = page_of(logged_in(case.li).get(url(draft, "materials")))
        assert "同意向市民政局查询，查到就不用交。" in page
        assert "免交" not in page
        process("fetch")
        assert not Listed.asked
        with pytest.raises(MaterialsMissing):
            submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])

    def test_what_is_found_is_exempt_and_leads_to_its_row(self, case: Case, draft: Draft) -> None:
        Listed.records = MARRIED
        page = agree_and_ask(case, draft)
        fetch = Fetch.objects.get()
        assert fetch.outcome == "found"
        assert fetch.found == ["material:marriage"]
        assert f"免交 · 市民政局查到，{timezone.localtime(fetch.asked_at):%Y-%m-%d %H:%M}" in page
        bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
        row = MaterialSatisfaction.objects.get(bundle=bundle)
        assert (row.material, row.kind, row.fetch) == ("marriage", "shared_data", fetch)

    def test_the_words_agreed_to_are_kept_and_name_nobody(self, case: Case, draft: Draft) -> None:
        agree_and_ask(case, draft)
        consent = SharingConsent.objects.get()
        assert consent.text.startswith("我同意向市民政局（市民政局登记库）查询：结婚证。只用于办理：户口登记。")
        assert LI.name not in consent.text
        assert consent.text in page_of(logged_in(case.li).get("/accounts/consents/"))

    @pytest.mark.parametrize(
        ("says", "sentence"),
        [
            ("not_found", "市民政局没有查到，请上传。"),
            ("away", "市民政局的系统没有回应，请上传，或者过一会儿再查。"),
            ("refused", "市民政局没有答复这项查询，请上传。"),
            ("unreadable", "市民政局的答复读不懂，请上传。"),
        ],
    )
    def test_what_is_not_found_is_asked_for_and_says_why(
        self, case: Case, draft: Draft, says: str, sentence: str
    ) -> None:
        Listed.says = says
        assert sentence in agree_and_ask(case, draft)
        with pytest.raises(MaterialsMissing):
            submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
        upload(logged_in(case.li), draft, ("b.jpg", PHOTO), material="marriage")
        bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
        assert not MaterialSatisfaction.objects.filter(bundle=bundle).exists()

    def test_a_source_that_was_away_is_asked_again(self, case: Case, draft: Draft) -> None:
        Listed.says = "away"
        agree_and_ask(case, draft)
        Listed.says, Listed.records = "", MARRIED
        send(logged_in(case.li), draft, "again", source=Fetch.objects.get().source.code)
        process("fetch")
        assert "市民政局查到" in page_of(logged_in(case.li).get(url(draft, "materials")))

    def test_sources_are_not_for_trying_out_numbers(self, case: Case, draft: Draft, limits_of_one_minute: None) -> None:
        said = [send(logged_in(case.li), draft, "again", source="x").status_code for _turn in range(22)]
        assert said[0] == 200
        assert said[-1] == 429


class TestReading:
    """What is agreed to is read in full before and after, as page, PDF and text."""

    def test_the_text_before_is_the_text_that_is_kept(self, case: Case, draft: Draft) -> None:
        client = logged_in(case.li)
        source = DataSource.objects.get()
        before = reverse("matters:draft_document", args=[draft.pk, f"sharing:{source.code}"])
        assert before in page_of(client.get(url(draft, "materials")))
        text = client.get(before, {"as": "txt"}).content.decode()
        agree_and_ask(case, draft)
        consent = SharingConsent.objects.get()
        assert (consent.text, consent.text_sha256) == (text, hashlib.sha256(text.encode()).hexdigest())
        after = reverse("sharing:consent", args=[consent.pk])
        assert consent.text_sha256 in page_of(client.get(after))
        assert after in page_of(client.get(reverse("sharing:consents")))
        assert client.get(after, {"as": "txt"}).content.decode() == text
        assert client.get(after, {"as": "pdf"}).content.startswith(b"%PDF-")
        assert logged_in(case.stranger).get(after).status_code == 404


class TestEnding:
    def test_withdrawn_it_is_neither_asked_nor_read(self, case: Case, draft: Draft) -> None:
        Listed.records = MARRIED
        agree_and_ask(case, draft)
        consent = SharingConsent.objects.get()
        logged_in(case.li).post("/accounts/consents/", {"consent": str(consent.pk)})
        page = page_of(logged_in(case.li).get(url(draft, "materials")))
        assert "免交" not in page
        assert "同意向市民政局查询" in page
        with pytest.raises(MaterialsMissing):
            submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])

    def test_of_a_filed_case_the_reviewer_no_longer_reads_what_was_told(self, case: Case, draft: Draft) -> None:
        Listed.records = MARRIED
        agree_and_ask(case, draft)
        bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
        part = SubItem.objects.get(bundle=bundle, key="register")
        paper = next(each for each in read_case(part).papers if each.key == "marriage")
        assert [text for _label, text in paper.told] == ["J360103-2020-000123"]
        assert not paper.is_missing
        SharingConsent.objects.update(withdrawn_at=timezone.now())
        paper = next(each for each in read_case(part).papers if each.key == "marriage")
        assert not paper.told
        assert "市民政局查到" in paper.exemption  # what it was filed on stays said

    def test_only_whose_consent_it_is_takes_it_back(self, case: Case, draft: Draft) -> None:
        agree_and_ask(case, draft)
        consent = SharingConsent.objects.get()
        logged_in(case.stranger).post("/accounts/consents/", {"consent": str(consent.pk)})
        consent.refresh_from_db()
        assert consent.is_in_force

    def test_a_discarded_draft_ends_its_consents(self, case: Case, draft: Draft) -> None:
        agree_and_ask(case, draft)
        logged_in(case.li).post(url(draft, "discard"))
        assert not SharingConsent.objects.get().is_in_force


class TestTheDatabase:
    def fetch(self, consent: SharingConsent, **changes: Any) -> Fetch:
        columns = {
            "source": consent.source,
            "consent": consent,
            "case": consent.case,
            "subject_index": consent.subjects[0],
            "asked": consent.asked,
            "asked_at": timezone.now(),
            "milliseconds": 1,
            "outcome": "not_found",
        }
        return Fetch(**{**columns, **changes})

    def test_it_takes_no_fetch_that_no_consent_covers(self, case: Case, draft: Draft) -> None:
        agree_and_ask(case, draft)
        consent = SharingConsent.objects.get()
        for changes in (
            {"subject_index": "0" * 64},
            {"asked": [*consent.asked, "material:passport"]},
            {"asked_at": consent.until + timedelta(seconds=1)},
            {"case": draft.pk},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                self.fetch(consent, **changes).save()
        self.fetch(consent).save()
        SharingConsent.objects.update(withdrawn_at=timezone.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            self.fetch(consent).save()

    def test_what_was_asked_answered_and_agreed_stays(self, case: Case, draft: Draft) -> None:
        agree_and_ask(case, draft)
        for change in (
            lambda: Fetch.objects.update(outcome="found"),
            lambda: Fetch.objects.all().delete(),
            lambda: SharingConsent.objects.update(text="别的"),
            lambda: SharingConsent.objects.all()._raw_delete("default"),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()


def test_somebody_elses_number_needs_a_consent_of_its_own(case: Case, draft: Draft) -> None:
    """The applicant is who the paper is about; another account's draft finds nothing of this one's answers."""
    Listed.records = MARRIED
    agree_and_ask(case, draft)
    other = draft_of(case, **VALUES)
    save_values(other, {}, seen=other.revision)
    assert "免交" not in page_of(logged_in(case.li).get(url(other, "materials")))


def test_who_agrees_for_another_is_in_the_words_that_are_kept(case: Case) -> None:
    user = User.objects.create_user("agent", name="陈思远")
    agent = register_person(name="陈思远", document_kind="111", number="360104199402189971", user=user, method="demo")
    until = timezone.localdate() + timedelta(days=9)
    code = offer(case.li_person, scope(None, until, consents=True), agent_name=agent.name)[1]
    mandate = accept(agent, code)
    begun = start_draft(
        version=case.version,
        applicant=case.li_person,
        entered_by=user,
        answers=ANSWERS,
        profile=profile_of(case.li_person),
        mandate=mandate,
    )
    client = logged_in(user)
    client.post(reverse("accounts:act_for"), {"principal": str(mandate.pk)})
    send(client, begun, "agree-all")
    given = SharingConsent.objects.get()
    assert given.text.endswith(f"由代办人依授权 {mandate.number} 代委托人同意。")
    page = page_of(logged_in(case.li).get(reverse("sharing:consent", args=[given.pk])))
    assert f"由代办人陈思远依授权 {mandate.number} 代{case.li_person.name}同意。" in page
    assert "这是代办人代您同意时保存的原文" in page
