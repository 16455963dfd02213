"""Organisations and their people: on which row it rests what they are, invited by a code, removed at once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Handler, Invitation, Organisation, OrganisationCheck, Person, User
from portal.accounts.organisations.activities import (
    Evidence,
    OrganisationConflict,
    invite,
    join,
    register_organisation,
    remove,
    withdraw_invitation,
)
from portal.accounts.people import claim_person, register_person
from portal.identifiers.normalising import InvalidIdentifier
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event, SecurityEvent
from portal.notices.models import Message
from portal.notices.wording import words

CODE = "91360102MA9999013M"
DEMO = Evidence("demo")


@pytest.fixture
def chen(db: None) -> Person:
    user = User.objects.create_user("chen", name="陈思远")
    return register_person(name="陈思远", document_kind="111", number="360104199402189971", user=user, method="demo")


@pytest.fixture
def company(li: Person) -> Organisation:
    return register_organisation(name="明慧餐饮有限公司", code=CODE, legal_representative=li, evidence=DEMO)


@pytest.fixture
def boss(company: Organisation) -> Handler:
    return Handler.objects.get(organisation=company)


def handler_of(boss: Handler, person: Person, **rights: object) -> Handler:
    return join(person, invite(boss, for_whom=person.name, **rights)[1])  # type: ignore[arg-type]


def logged_in(person: Person, as_: Organisation | None = None) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    if as_ is not None:
        assert client.post(reverse("accounts:act_for"), {"principal": str(as_.pk)}).status_code == 302
    return client


class TestWhatItIs:
    def test_it_rests_on_a_row_and_its_legal_representative_acts_for_it(
        self, company: Organisation, li: Person
    ) -> None:
        assert company.kind == Organisation.Kind.COMPANY
        assert [check.source for check in company.checks.all()] == ["demo"]
        assert [(h.person, h.role) for h in company.handlers.all()] == [(li, Handler.Role.LEGAL_REPRESENTATIVE)]
        assert [event.kind for event in Event.objects.filter(chain_id=company.pk).order_by("sequence")] == [
            "organisation_registered",
            "handler_joined",
        ]
        assert verify_chain(company.pk) == []

    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            ("92360113MA9999021B", "sole_trader"),
            ("93360702MA999903X1", "cooperative"),
            ("1136010099999904XA", "public_body"),
            ("51360000999999066U", "other"),
        ],
    )
    def test_its_kind_is_what_its_code_says(self, li: Person, code: str, kind: str) -> None:
        one = register_organisation(name="一家", code=code, legal_representative=li, evidence=DEMO)
        assert one.kind == kind
        with pytest.raises(OrganisationConflict, match="kind_differs"):
            register_organisation(name="一家", code=code, legal_representative=li, evidence=DEMO, kind="branch")
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.filter(pk=one.pk).update(kind="branch")

    def test_a_code_with_a_wrong_character_and_a_claimed_person_are_refused(self, li: Person) -> None:
        with pytest.raises(InvalidIdentifier):
            register_organisation(name="一家", code="91360102MA9999013N", legal_representative=li, evidence=DEMO)
        claimed = claim_person(
            name="某人", document_kind="111", number="360102199003079991", user=User.objects.create_user("x")
        )
        with pytest.raises(OrganisationConflict, match="not_proved"):
            register_organisation(name="一家", code=CODE, legal_representative=claimed, evidence=DEMO)
        assert not Organisation.objects.exists()

    def test_once_and_another_legal_representative_takes_the_place(
        self, company: Organisation, li: Person, chen: Person
    ) -> None:
        for _time in range(2):
            again = register_organisation(name="新名餐饮有限公司", code=CODE, legal_representative=chen, evidence=DEMO)
        assert again.pk == company.pk
        assert Organisation.objects.get().name == "新名餐饮有限公司"
        assert [h.person for h in Handler.objects.in_force()] == [chen]

    def test_founding_takes_nothing_from_one_that_is_there(self, company: Organisation, chen: Person) -> None:
        founded = Evidence("founded", reference="1-01")
        for name, person in (("新名餐饮有限公司", None), (company.name, chen)):
            with pytest.raises(OrganisationConflict, match="already_known"):
                register_organisation(name=name, code=CODE, legal_representative=person, evidence=founded)
        register_organisation(name=company.name, code=CODE, legal_representative=None, evidence=founded)
        company.refresh_from_db()
        assert company.legal_representative == Handler.objects.in_force().get().person

    def test_its_people_and_who_was_replaced_are_told(
        self, company: Organisation, boss: Handler, li: Person, chen: Person
    ) -> None:
        account = User.objects.create_user("guan", name="管理")
        guan = register_person(
            name="管理", document_kind="111", number="360102199003079991", user=account, method="demo"
        )
        handler_of(boss, guan, role="administrator")
        Message.objects.all().delete()
        evidence = Evidence("register", fetch=uuid.uuid4())
        for _time in range(2):  # nothing changes the second time
            register_organisation(name=company.name, code=CODE, legal_representative=chen, evidence=evidence)
        told = Message.objects.values_list("recipient", "kind", "principal")
        assert set(told) == {
            (account.pk, "representative_seated", company.pk),
            (chen.user_id, "representative_seated", company.pk),
            (li.user_id, "representative_replaced", None),
        }
        assert len(told) == 3
        assert all("陈思远" in f"{words(each.kind, each.data)}" for each in Message.objects.all())

    def test_whoever_represents_what_was_founded_is_told(self, chen: Person) -> None:
        made = register_organisation(
            name="新店", code=CODE, legal_representative=chen, evidence=Evidence("founded", reference="1-01")
        )
        told = Message.objects.filter(kind="representative_seated").values_list("recipient", "principal")
        assert list(told) == [(chen.user_id, made.pk)]

    def test_a_window_replaces_and_renames_nothing(self, company: Organisation, li: Person, chen: Person) -> None:
        seen = Evidence("counter", officer=User.objects.create_user("sun"))
        for name, person, code in (("夺来的店", li, "name_differs"), (company.name, chen, "other_representative")):
            with pytest.raises(OrganisationConflict, match=code):
                register_organisation(name=name, code=CODE, legal_representative=person, evidence=seen)
        assert [h.person for h in Handler.objects.in_force()] == [li]
        assert OrganisationCheck.objects.count() == 1

    def test_the_database_keeps_the_rows(self, company: Organisation, boss: Handler, chen: Person) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            OrganisationCheck.objects.update(name="别的")
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_organisation SET name = '没有凭据的名称'; SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError), transaction.atomic():
            Handler.objects.filter(pk=boss.pk).update(role="administrator")
        with pytest.raises(IntegrityError), transaction.atomic():
            Handler.objects.filter(pk=boss.pk).delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            OrganisationCheck.objects.create(organisation=company, source="register", name=company.name)
        gone = remove(boss, handler_of(boss, chen).pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            Handler.objects.filter(pk=gone.pk).update(ended_at=None)


class TestInvitations:
    def test_a_code_works_once(self, boss: Handler, chen: Person) -> None:
        invitation, code = invite(boss, for_whom="陈思远", matters=["restaurant"])
        assert code.replace("-", "") not in str(Invitation.objects.values())
        handler = join(chen, code.lower().replace("-", " "))
        assert (handler.role, handler.matters, handler.invited_by) == ("handler", ["restaurant"], boss.person.user)
        invitation.refresh_from_db()
        assert invitation.handler == handler
        with pytest.raises(OrganisationConflict, match="no_such_code"):
            join(chen, code)
        kinds = Message.objects.filter(recipient=boss.person.user, principal=boss.organisation_id)
        assert sorted(kinds.values_list("kind", flat=True)) == ["handler_invited", "handler_joined"]

    def test_not_after_its_term_or_when_it_was_taken_back_or_its_inviter_is_gone(
        self, boss: Handler, chen: Person, wang: User
    ) -> None:
        _late, code = invite(boss, for_whom="陈思远")
        with connection.cursor() as cursor:  # the row stays: only time passes
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE accounts_invitation SET expires_at = now() - interval '1 second'")
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        with pytest.raises(OrganisationConflict, match="no_such_code"):
            join(chen, code)
        taken, code = invite(boss, for_whom="陈思远")
        withdraw_invitation(boss, taken.pk)
        with pytest.raises(OrganisationConflict, match="no_such_code"):
            join(chen, code)
        administrator = handler_of(boss, chen, role="administrator")
        _orphan, code = invite(administrator, for_whom="王审")
        remove(boss, administrator.pk)
        third = register_person(name="王审", document_kind="111", number="360102199003079991", user=wang, method="demo")
        with pytest.raises(OrganisationConflict, match="no_such_code"):
            join(third, code)

    def test_only_who_manages_invites_and_removes(self, boss: Handler, chen: Person) -> None:
        handler = handler_of(boss, chen)
        with pytest.raises(OrganisationConflict, match="not_yours"):
            invite(handler, for_whom="别人")
        with pytest.raises(OrganisationConflict, match="not_yours"):
            remove(handler, boss.pk)
        with pytest.raises(OrganisationConflict, match="not_removable"):
            remove(boss, boss.pk)
        with pytest.raises(OrganisationConflict, match="term_over"):
            invite(boss, for_whom="别人", until=timezone.localdate() - timedelta(days=1))
        with pytest.raises(OrganisationConflict, match="already_acts"):
            handler_of(boss, chen)
        remove(handler, handler.pk)  # oneself, always
        assert not Handler.objects.in_force().filter(person=chen).exists()


class TestPages:
    def test_the_switch_shows_and_keeps_whom_one_acts_for(self, company: Organisation, li: Person) -> None:
        client = logged_in(li, company)
        home = client.get("/").content.decode()
        assert "正在替" in home
        assert company.name in home
        assert client.get(reverse("accounts:profile")).headers["Location"] == reverse("accounts:organisation")
        page = client.get(reverse("accounts:organisation")).content.decode()
        assert CODE in page
        assert "演示数据" in page
        assert SecurityEvent.objects.filter(kind="principal_chosen", user=li.user).count() == 1
        client.post(reverse("accounts:act_for"), {"principal": "self"})
        assert "正在替" not in client.get("/").content.decode()

    def test_nobody_acts_for_who_did_not_invite_them(self, company: Organisation, chen: Person) -> None:
        client = logged_in(chen, company)
        assert client.get(reverse("accounts:organisation")).status_code == 403
        client.post(reverse("accounts:act_for"), {"principal": str(uuid.uuid4())})
        assert client.get(reverse("accounts:organisation")).status_code == 403

    def test_invited_joined_and_removed_on_the_pages(
        self, company: Organisation, li: Person, boss: Handler, chen: Person
    ) -> None:
        manager, client = logged_in(li, company), logged_in(chen)
        answer = manager.post(reverse("accounts:invite_handler"), {"for_whom": "陈思远", "role": "handler"})
        assert answer.status_code == 200
        code = answer.context["code"]
        assert client.post(reverse("accounts:organisations"), {"code": "ABCD"}).status_code == 422
        assert client.post(reverse("accounts:organisations"), {"code": code}).status_code == 302
        client.post(reverse("accounts:act_for"), {"principal": str(company.pk)})
        assert "陈思远" in client.get(reverse("accounts:organisation")).content.decode()
        assert (
            client.post(reverse("accounts:invite_handler"), {"for_whom": "别人", "role": "handler"}).status_code == 302
        )
        handler = Handler.objects.get(person=chen)
        manager.post(reverse("accounts:end_handler"), {"handler": str(handler.pk)})
        # At the very next request of the tab that is still open.
        assert client.get(reverse("accounts:organisation")).status_code == 403
        assert company.name not in client.get("/").content.decode()
        assert company.name not in client.get(reverse("accounts:organisations")).content.decode()
        assert Message.objects.filter(recipient=chen.user, kind="handler_ended").count() == 1
        assert {"handler_invited", "handler_joined", "handler_removed"} <= set(
            SecurityEvent.objects.values_list("kind", flat=True)
        )

    def test_a_term_that_is_over_ends_it(self, company: Organisation, boss: Handler, chen: Person) -> None:
        handler = handler_of(boss, chen, until=timezone.localdate())
        client = logged_in(chen, company)
        assert client.get(reverse("accounts:organisation")).status_code == 200
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE accounts_handler SET until = until - 1 WHERE id = %s", [handler.pk])
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        assert client.get(reverse("accounts:organisation")).status_code == 403

    def test_messages_are_of_whom_one_acts_for(self, company: Organisation, li: Person, boss: Handler) -> None:
        invite(boss, for_whom="陈思远")
        title = "李芳邀请陈思远来办事"
        assert title in logged_in(li, company).get(reverse("accounts:notices")).content.decode()
        assert title not in logged_in(li).get(reverse("accounts:notices")).content.decode()

    def test_ones_own_pages_offer_to_switch(self, company: Organisation, li: Person) -> None:
        client = logged_in(li, company)
        answer = client.get(reverse("retention:deletion"))
        assert answer.status_code == 409
        assert "切换到我本人" in answer.content.decode()
