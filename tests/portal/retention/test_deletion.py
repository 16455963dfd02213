"""A person has deleted what can be, reads of the rest until when and why it stays, and closes their account."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from certificates.activities.library import visible_to
from certificates.models import Certificate
from matters.models import Bundle, Draft
from matters.submitting.submission import submit_bundle
from portal.accounts.models import Handler, IdentityCheck, Level, Person, User
from portal.accounts.organisations.activities import Evidence, invite, join, register_organisation
from portal.accounts.people import claim_person, find_person, prove_account
from portal.ledger.models import Event, SecurityEvent
from portal.notices.inbox import send_message
from portal.notices.models import Message
from portal.retention.holds import place_hold
from portal.retention.models import ClosedAccount, DeletionRequest
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.pages import page_of
from tests.worlds.cast import LI, PASSWORD, logged_in
from tests.worlds.settling import VALUES, Case, build_case, draft_of

PAGE = "/dossier/deletion/"
CLOSING = "/dossier/closing/"
CONSENTS = ["register.check", "insure.share"]


class Texts:
    """A gateway that keeps what it was given."""

    sent: ClassVar[list[tuple[str, str]]] = []

    def send(self, phone: str, text: str) -> None:
        self.sent.append((phone, text))


@pytest.fixture
def case(db: None) -> Case:
    return build_case()


def filed(case: Case) -> Bundle:
    """File an application with both of its papers."""
    draft = draft_of(case, **VALUES)
    client = logged_in(case.li)
    for material in ("birth_record", "marriage"):
        upload(client, draft, ("a.jpg", PHOTO), material=material)
    bundle: Bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
    return bundle


@pytest.fixture
def li(case: Case) -> Client:
    return logged_in(case.li)


@pytest.fixture
def keeper(db: None) -> User:
    return User.objects.create_superuser("keeper", password="x")


class TestDeletion:
    def test_drafts_go_at_once_and_applications_stay_with_their_ground(self, case: Case, li: Client) -> None:
        draft_of(case, **VALUES)
        filed(case)
        page = page_of(li.get(PAGE))
        for said in (
            "草稿和草稿里的材料",
            "现在就能删除",
            "办结以后再保存 3650 天",
            "申请、决定和结果",
            "个人信息保护法第四十七条",
            "没有设定到期日",
        ):
            assert said in page
        Bundle.objects.update(concluded_at=Bundle.objects.get().submitted_at)
        assert "最晚保存到" in page_of(li.get(PAGE))
        page = page_of(li.post(PAGE, follow=True))
        assert not Draft.objects.filter(submitted_at=None).exists()
        assert Bundle.objects.count() == 1
        assert "已删除" in page
        asked = DeletionRequest.objects.get()
        told = {line["key"]: (line["count"], line["outcome"]) for line in asked.lines}
        assert told["drafts"] == (1, "deleted")
        assert told["bundles"] == (1, "stays")
        assert [event.kind for event in Event.objects.filter(chain_id=asked.pk)] == ["deletion_asked"]
        with pytest.raises(IntegrityError), transaction.atomic():
            DeletionRequest.objects.update(lines=[])

    def test_what_is_held_is_told_and_stays(self, case: Case, li: Client, keeper: User) -> None:
        draft_of(case, **VALUES)
        place_hold(keeper, "诉讼", person=case.li_person)
        assert "依法需要保存，现在不能删除" in page_of(li.get(PAGE))
        li.post(PAGE)
        assert Draft.objects.count() == 1

    def test_nothing_of_anybody_else_goes(self, case: Case) -> None:
        draft_of(case, **VALUES)
        client = logged_in(case.stranger)
        assert "没有保存您的申请" in page_of(client.get(PAGE))
        client.post(PAGE)
        assert Draft.objects.count() == 1


class TestClosing:
    def close(self, client: Client) -> Any:
        user = User.objects.get(pk=client.session["_auth_user_id"])
        user.set_password(PASSWORD)
        user.save()
        client.force_login(user, backend="portal.accounts.backends.AccountBackend")
        return client.post(CLOSING, {"sure": "yes", "password": PASSWORD}, follow=True)

    def without_password(self, user: User, phone: str = LI.phone) -> Client:
        """Return the browser of an account that was opened at the window and never chose a password."""
        person = Person.objects.get(user=user)
        person.phone = phone
        person.save(update_fields=["phone", "phone_index"])
        if user.has_usable_password():
            user.set_unusable_password()
            user.save()
        client = Client()
        client.force_login(user, backend="portal.accounts.backends.AccountBackend")
        return client

    def test_without_a_password_a_tick_closes_nothing_and_a_code_to_the_known_telephone_does(
        self, case: Case, settings: Any
    ) -> None:
        settings.YIJIAN_TEXT_GATEWAY = f"{__name__}.Texts"
        Texts.sent = []
        li, elsewhere = self.without_password(case.li), self.without_password(case.li)
        for sent in ({"sure": "yes"}, {"sure": "yes", "code": "000000"}):
            assert "没有注销" in page_of(li.post(CLOSING, sent, follow=True))
        assert li.post(CLOSING, {"action": "code"}).status_code == 302
        [(phone, text)] = Texts.sent
        assert phone == LI.phone
        code = re.search(r"\d{6}", text)[0]  # type: ignore[index]
        assert "没有注销" in page_of(elsewhere.post(CLOSING, {"sure": "yes", "code": code}))  # it is this session's
        assert not ClosedAccount.objects.exists()
        assert "账户已注销" in page_of(li.post(CLOSING, {"sure": "yes", "code": code}, follow=True))

    def test_a_code_is_good_for_five_tries(self, case: Case, settings: Any) -> None:
        settings.YIJIAN_TEXT_GATEWAY = f"{__name__}.Texts"
        Texts.sent = []
        li = self.without_password(case.li)
        li.post(CLOSING, {"action": "code"})
        code = re.search(r"\d{6}", Texts.sent[0][1])[0]  # type: ignore[index]
        for _each in range(5):
            li.post(CLOSING, {"sure": "yes", "code": "x"})
        assert "没有注销" in page_of(li.post(CLOSING, {"sure": "yes", "code": code}))

    def test_who_has_neither_password_nor_telephone_is_sent_to_the_window(self, case: Case) -> None:
        li = self.without_password(case.li, phone="")
        answer = li.post(CLOSING, {"sure": "yes"})
        assert "请带证件到综合窗口" in page_of(answer)
        assert not ClosedAccount.objects.exists()

    def test_the_login_ends_and_what_was_issued_stays_with_its_holder(self, case: Case, li: Client) -> None:
        draft_of(case, **VALUES)
        name = case.li.username
        send_message(case.li.pk, "x", "export_made")
        assert "账户已注销" in page_of(self.close(li))
        case.li.refresh_from_db()
        person = Person.objects.get(pk=case.li_person.pk)
        assert (case.li.is_active, case.li.name, person.user, person.phone) == (False, "", None, "")
        assert not Draft.objects.exists()
        assert not Message.objects.filter(recipient=case.li).exists()
        assert ClosedAccount.objects.get().person == person
        assert SecurityEvent.objects.filter(kind="account_closed", user=case.li).exists()
        assert li.get("/dossier/").status_code == 302
        assert not User.objects.filter(username=name).exists()

    def test_who_registers_again_finds_their_own_when_proved(self, case: Case, li: Client) -> None:
        bundle = filed(case)
        Bundle.objects.update(concluded_at=bundle.submitted_at)
        name = case.li.username
        self.close(li)
        again = User.objects.create_user(name)
        claim_person(name=LI.name, document_kind="111", number=LI.number, user=again)
        assert not Bundle.objects.of_applicant(again).exists()
        prove_account(username=name, name=LI.name, document_kind="111", number=LI.number, officer=case.wang)
        assert Bundle.objects.of_applicant(again).get() == bundle
        found = find_person("111", LI.number)
        assert found is not None
        assert found.user == again
        assert found.checks.filter(method=IdentityCheck.Method.COUNTER).exists()
        assert list(visible_to(found)) == list(Certificate.objects.filter(applicant=found))

    def test_a_claim_is_parted_from_its_account(self, case: Case) -> None:
        user = User.objects.create_user("newcomer")
        claim = claim_person(name="王五", document_kind="414", number="E12345678", user=user)
        self.close(logged_in(user))
        claim.refresh_from_db()
        assert (claim.user, claim.left_by, claim.level) == (None, user, Level.CLAIMED)

    def test_who_acted_for_others_or_let_others_act_does_so_no_more(self, case: Case, li: Client) -> None:
        boss = case.stranger.person
        organisation = register_organisation(
            name="瓷都面馆", code="91360102MA9999013M", legal_representative=boss, evidence=Evidence("demo")
        )
        own = Handler.objects.get(organisation=organisation)
        join(case.li_person, invite(own, for_whom=case.li_person.name)[1])
        self.close(li)
        assert not Handler.objects.in_force().filter(person=case.li_person).exists()
        assert Event.objects.filter(chain_id=organisation.pk, kind="handler_removed").count() == 1

    def test_what_stands_in_the_way_is_told(self, case: Case, li: Client, keeper: User) -> None:
        filed(case)
        place_hold(keeper, "诉讼", person=case.li_person)
        organisation = register_organisation(
            name="瓷都面馆", code="91360102MA9999013M", legal_representative=case.li_person, evidence=Evidence("demo")
        )
        assert Handler.objects.in_force().filter(organisation=organisation, person=case.li_person).exists()
        page = page_of(self.close(li))
        for said in ("还有 1 件申请没有办结", "依法需要保存，现在不能注销", "法定代表人"):
            assert said in page
        case.li.refresh_from_db()
        assert case.li.is_active

    def test_staff_do_not_close_theirs(self, case: Case) -> None:
        assert logged_in(case.wang).get(CLOSING).status_code == 403

    def test_it_has_to_be_confirmed(self, case: Case, li: Client) -> None:
        case.li.refresh_from_db()
        case.li.set_password("小满 river 42 stones")
        case.li.save()
        li.force_login(case.li, backend="portal.accounts.backends.AccountBackend")
        assert "密码不对" in page_of(li.post(CLOSING, {"sure": "yes", "password": "nein"}))
        assert "请勾选" in page_of(li.post(CLOSING, {"password": "小满 river 42 stones"}))
        assert "已注销" in page_of(li.post(CLOSING, {"password": "小满 river 42 stones", "sure": "yes"}, follow=True))
