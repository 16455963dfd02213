"""How far identity must be proved: nothing is asked of registers, and no item that demands it is filed, for who only says who they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from pytest_django import Settings as SettingsWrapper

from catalog.models import Department
from matters.models import Bundle, Draft
from matters.submitting.submission import submit_bundle
from matters.wording.refusals import IdentityNotProved
from portal.accounts.models import IdentityCheck, Person, User
from portal.accounts.people import claim_person, prove_own
from portal.outbox.models import OutboxMessage
from portal.outbox.processing import process
from portal.sharing.consents import NotProved, give_consent
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.models import DataSource, Fetch, SharingConsent
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.settling import INSURE, REGISTER, VALUES, Case, build_case, draft_of, publish_settling, url
from tests.worlds.sources import ADAPTERS, Listed, open_source

NAME, NUMBER = "王小花", "440524188001010014"


@pytest.fixture
def case(db: None, settings: SettingsWrapper) -> Iterator[Case]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    case = build_case()
    civil, _new = Department.objects.get_or_create(code="civil", defaults={"name": "市民政局"})
    open_source(civil, "marriage", items=("register",))
    yield case
    Listed.forget()


@pytest.fixture
def user(case: Case) -> User:
    user = User.objects.create_user("xiaohua", name=NAME)
    claim_person(name=NAME, document_kind="111", number=NUMBER, phone="13900139000", user=user)
    return user


@pytest.fixture
def draft(case: Case, user: User) -> Draft:
    draft = draft_of(case, **VALUES)
    Draft.objects.filter(pk=draft.pk).update(applicant=user.person, entered_by=user)
    draft = Draft.objects.get(pk=draft.pk)
    upload(logged_in(user), draft, ("a.jpg", PHOTO))
    upload(logged_in(user), draft, ("b.jpg", PHOTO), material="photo")
    return draft


@pytest.fixture
def demanding(draft: Draft, user: User) -> Draft:
    """The same draft of a matter that demands 实名, with every paper handed in."""
    version = publish_settling(replace(REGISTER, identity_level=1), INSURE)
    Draft.objects.filter(pk=draft.pk).update(matter_version=version)
    draft = Draft.objects.get(pk=draft.pk)
    upload(logged_in(user), draft, ("c.jpg", PHOTO), material="marriage")
    return draft


def prove(user: User) -> None:
    prove_own(user, name=NAME, document_kind="111", number=NUMBER, method=IdentityCheck.Method.SMS)


def confirm(user: User, draft: Draft) -> str:
    sent = {
        "submission_key": str(draft.submission_key),
        "revision": draft.revision,
        "consent": ["register.check", "insure.share"],
        "truth": "1",
    }
    return page_of(logged_in(user).post(url(draft, "submit"), sent, follow=True))


class TestRegisters:
    """A number that somebody only says is theirs is asked about nowhere."""

    def test_nobody_agrees_who_only_says_who_they_are(self, user: User, draft: Draft) -> None:
        page = page_of(logged_in(user).get(url(draft, "materials")))
        assert "要先实名核验，才能向有关部门查询" in page
        assert "agree-all" not in page
        logged_in(user).post(url(draft, "materials"), {"action": "agree-all"})
        process("fetch")
        assert not SharingConsent.objects.exists()
        assert not Fetch.objects.exists()
        assert not Listed.asked

    def test_whoever_is_proved_agrees(self, user: User, draft: Draft) -> None:
        prove(user)
        logged_in(user).post(url(draft, "materials"), {"action": "agree-all"})
        process("fetch")
        assert Fetch.objects.count() == 1

    def test_an_earlier_consent_of_somebody_unproved_lets_nothing_be_asked(self, user: User, draft: Draft) -> None:
        prove(user)
        logged_in(user).post(url(draft, "materials"), {"action": "agree-all"})
        Person.objects.filter(pk=user.person.pk).update(level=0)
        process("fetch")
        assert not Listed.asked
        assert not OutboxMessage.objects.filter(kind="fetch", done_at=None).exists()

    def test_whoever_goes_to_prove_it_comes_back(self, user: User, draft: Draft) -> None:
        for page in ("form", "materials"):
            answer = logged_in(user).post(
                url(draft, page), {"action": "prove", "shown": "", "revision": draft.revision}
            )
            assert answer.headers["Location"] == f"/accounts/identity/?next={quote(url(draft, page), safe='')}", page

    def test_no_consent_is_written_by_whichever_way(self, user: User, draft: Draft) -> None:
        subject = DataSubject("111", NUMBER, NAME)
        with pytest.raises(NotProved):
            give_consent(
                person=user.person,
                case=draft.submission_key,
                source=DataSource.objects.get(),
                asked=["material:marriage"],
                subjects=[subject],
                items=["register"],
                text="…",
                by=user,
            )


class TestItems:
    def test_what_demands_it_is_not_filed_and_says_how_to_get_it(self, user: User, demanding: Draft) -> None:
        with pytest.raises(IdentityNotProved):
            submit_bundle(draft=demanding, by=user, consents=["register.check", "insure.share"])
        page = confirm(user, demanding)
        assert "要先实名核验，才能提交。填写的内容都已保存。" in page
        assert f"/accounts/identity/?next={quote(url(demanding, 'check'), safe='')}" in page
        assert not Bundle.objects.exists()

    def test_it_is_filed_once_proved_with_all_that_was_typed(self, user: User, demanding: Draft) -> None:
        confirm(user, demanding)
        prove(user)
        page = page_of(logged_in(user).get(url(demanding, "check")))
        assert "还要核验身份" not in page
        assert VALUES["household:address"] in page
        demanding.refresh_from_db()
        confirm(user, demanding)
        assert Bundle.objects.count() == 1

    def test_a_level_that_rose_in_another_window_counts_at_once(self, user: User, demanding: Draft) -> None:
        held = Draft.objects.select_related("applicant").get(pk=demanding.pk)
        prove(User.objects.get(pk=user.pk))
        assert submit_bundle(draft=held, by=user, consents=["register.check", "insure.share"])

    def test_a_code_is_not_enough_where_somebody_must_have_been_seen(self, user: User, demanding: Draft) -> None:
        version = publish_settling(replace(REGISTER, identity_level=2), INSURE)
        Draft.objects.filter(pk=demanding.pk).update(matter_version=version)
        prove(user)
        assert "要先到综合窗口当面核验身份" in confirm(user, Draft.objects.get(pk=demanding.pk))
        assert not Bundle.objects.exists()

    def test_what_demands_nothing_is_filed_as_before(self, user: User, draft: Draft) -> None:
        upload(logged_in(user), draft, ("c.jpg", PHOTO), material="marriage")
        assert submit_bundle(draft=draft, by=user, consents=["register.check", "insure.share"])
