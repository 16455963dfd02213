"""Mandates: given by a one-time code, recorded from paper or a register, ended at once; nobody acts for the dead."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.accounts.mandates.activities import (
    MandateConflict,
    accept,
    end,
    offer,
    record_from_paper,
    record_parent,
    scope,
    withdraw_offer,
)
from portal.accounts.models import Handler, Mandate, MandateOffer, Organisation, Person, User
from portal.accounts.organisations.activities import invite, join, remove
from portal.accounts.people import claim_person, register_person
from portal.accounts.standing import accounts_under, held_by, may_act_under, usable_by
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.notices.wording import words
from tests.pages import page_of
from tests.portal.accounts.mandates.conftest import Give, client_of, handler_of, in_days


class TestOnline:
    def test_a_code_names_its_agent_and_works_once(self, li: Person, chen: Person, zhao: Person) -> None:
        made, code = offer(li, scope(["newborn"], in_days(30)), agent_name="陈思远")
        assert code.replace("-", "") not in str(MandateOffer.objects.values().get())
        for refused in (zhao, li):
            with pytest.raises(MandateConflict, match="no_such_code"):
                accept(refused, code)
        mandate = accept(chen, code.lower())
        assert (mandate.principal, mandate.agent, mandate.matters, mandate.source) == (li, chen, ["newborn"], "online")
        assert held_by(chen.user_id) == [mandate]  # type: ignore[arg-type]
        with pytest.raises(MandateConflict, match="no_such_code"):
            accept(chen, code)
        made.refresh_from_db()
        assert (made.mandate, made.ended_by) == (mandate, chen.user)
        assert [event.kind for event in Event.objects.filter(chain_id=mandate.pk)] == ["mandate_given"]
        assert verify_chain(mandate.pk) == []
        told = {one.recipient_id: words(one.kind, one.data).title for one in Message.objects.all()}
        assert told == {li.user_id: "陈思远可以代您办事了", chen.user_id: "您可以代李芳办事了"}

    def test_codes_that_are_taken_back_or_over_do_nothing(self, li: Person, chen: Person) -> None:
        made, code = offer(li, scope(None, in_days(1)), agent_name="陈思远")
        with pytest.raises(MandateConflict):
            withdraw_offer(chen, made.pk)
        withdraw_offer(li, made.pk)
        with pytest.raises(MandateConflict, match="no_such_code"):
            accept(chen, code)
        assert not Mandate.objects.exists()

    def test_a_code_for_a_person_is_none_for_an_organisation(
        self, li: Person, zhao: Person, agency: Organisation
    ) -> None:
        code = offer(li, scope(None, in_days(1)), agent_name=agency.name)[1]
        with pytest.raises(MandateConflict, match="no_such_code"):
            accept(zhao, code, handler_of(agency))
        code = offer(li, scope(None, in_days(1)), agent_name=agency.name, to_organisation=True)[1]
        with pytest.raises(MandateConflict, match="no_such_code"):
            accept(zhao, code)
        assert accept(zhao, code, handler_of(agency)).agent_organisation == agency

    def test_only_proved_persons_with_a_term(self, li: Person, db: None) -> None:
        said = claim_person(
            name="张三", document_kind="111", number="360113199001019994", user=User.objects.create_user("zhang")
        )
        with pytest.raises(MandateConflict, match="not_proved"):
            offer(said, scope(None, in_days(1)), agent_name="陈思远")
        for until in (None, in_days(-1)):
            with pytest.raises(MandateConflict, match="term_over"):
                offer(li, scope(None, until), agent_name="陈思远")
        code = offer(li, scope(None, in_days(1)), agent_name="张三")[1]
        with pytest.raises(MandateConflict, match="not_proved"):
            accept(said, code)


class TestWhoMayAct:
    """Asked anew each time, in every way in which a mandate may be none any more."""

    def test_table(self, give: Give, li: Person, chen: Person, zhao: Person) -> None:
        assert chen.user_id is not None
        mandate = give(["newborn"])
        assert may(mandate, "newborn", chen)
        assert not may(mandate, "school", chen)
        assert not may(mandate, "newborn", zhao)
        assert not may(mandate, "newborn", li)
        assert accounts_under(mandate.pk, "newborn") == [chen.user_id]
        assert accounts_under(mandate.pk, "school") == []
        end(mandate.pk, by=li)
        assert not may(mandate, "newborn", chen)
        assert accounts_under(mandate.pk, "newborn") == []
        assert held_by(chen.user_id) == []

    @pytest.mark.parametrize(("begins", "until", "may_act"), [(0, 0, True), (1, 2, False), (-2, -1, False)])
    def test_from_and_to(self, li: Person, chen: Person, wang: User, begins: int, until: int, may_act: bool) -> None:
        today = timezone.localdate()
        mandate = Mandate.objects.create(
            number="SQ1",
            principal=li,
            agent=chen,
            begins_on=today + timedelta(days=begins),
            until=today + timedelta(days=until),
            source="demo",
        )
        assert may(mandate, "newborn", chen) is may_act

    def test_an_intermediarys_people_as_far_as_their_matters_go(
        self, li: Person, zhao: Person, chen: Person, agency: Organisation
    ) -> None:
        code = offer(li, scope(["newborn", "school"], in_days(9)), agent_name=agency.name, to_organisation=True)[1]
        mandate = accept(zhao, code, handler_of(agency))
        boss = Handler.objects.get(organisation=agency, person=zhao)
        joined = join(chen, invite(boss, for_whom="陈思远", matters=["school"])[1])
        assert may(mandate, "newborn", zhao)
        assert may(mandate, "school", chen)
        assert not may(mandate, "newborn", chen)
        remove(boss, joined.pk)
        assert not may(mandate, "school", chen)
        with pytest.raises(MandateConflict, match="not_yours"):
            end(mandate.pk, by=chen)
        end(mandate.pk, by=zhao)
        assert not may(mandate, "school", zhao)


def may(mandate: Mandate, matter: str, someone: Person) -> bool:
    with transaction.atomic():
        found = may_act_under(mandate.pk, matter, someone.user_id)
    assert found or not any(
        one.may_handle(matter) and one.agent_id == someone.pk
        for one in usable_by(someone.user_id or 0).filter(pk=mandate.pk)
    )
    return found


class TestEnding:
    def test_both_sides_may_and_hear_of_it_and_nobody_else(
        self, give: Give, li: Person, chen: Person, zhao: Person, wang: User
    ) -> None:
        for by in (li, chen):
            mandate = give()
            with pytest.raises(MandateConflict, match="not_yours"):
                end(mandate.pk, by=zhao)
            end(mandate.pk, by=by)
            with pytest.raises(MandateConflict, match="not_yours"):
                end(mandate.pk, by=by)
            assert Message.objects.filter(key=f"mandate_ended:{mandate.pk}", recipient=li.user).exists()
            assert Message.objects.filter(key=f"mandate_ended_agent:{mandate.pk}", recipient=chen.user).exists()
        with pytest.raises(MandateConflict, match="no_reason"):
            end(give().pk, officer=wang, why=" ")


def test_the_permission_says_that_certificates_fill_in_the_form(li: Person) -> None:
    page = page_of(client_of(li).get(reverse("accounts:mandates")))
    assert "我名下证照上的姓名、住址等会填进申请表、代替材料" in page
    assert "除非您在下面允许，也看不到、用不到您的证照" in page


class TestPaperAndRegister:
    def test_a_clerk_records_what_a_paper_says(self, li: Person, chen: Person, wang: User) -> None:
        with pytest.raises(MandateConflict, match="no_paper"):
            record_from_paper(li, chen, scope(None, in_days(9)), officer=wang, paper=" ")
        with pytest.raises(MandateConflict, match="oneself"):
            record_from_paper(li, li, scope(None, in_days(9)), officer=wang, paper="授权委托书")
        with pytest.raises(MandateConflict, match="term_over"):
            record_from_paper(li, chen, scope(None, None), officer=wang, paper="授权委托书")
        made = record_from_paper(li, chen, scope(["newborn"], in_days(9)), officer=wang, paper="授权委托书")
        assert (made.source, made.officer, made.paper) == ("paper", wang, "授权委托书")

    def test_who_is_not_of_age_gives_none(self, chen: Person, wang: User) -> None:
        child = register_person(name="李小满", document_kind="111", number="360103202402299984", method="register")
        with pytest.raises(MandateConflict, match="not_of_age"):
            offer(child, scope(None, in_days(9)), agent_name="陈思远")
        with pytest.raises(MandateConflict, match="not_of_age"):
            record_from_paper(child, chen, scope(None, in_days(9)), officer=wang, paper="授权委托书")

    def test_parents_by_a_register_until_the_child_is_of_age(self, li: Person, chen: Person) -> None:
        fetch = uuid.uuid4()
        child = register_person(name="李小满", document_kind="111", number="360103202402299984", method="register")
        assert child.level == 1
        mandate = record_parent(child, li, fetch, born=date(2024, 2, 29))
        assert (mandate.kind, mandate.until) == ("parent", date(2042, 2, 28))
        assert record_parent(child, li, fetch, born=date(2024, 2, 29)) == mandate
        assert record_parent(child, chen, fetch, born=date(2024, 2, 29)) != mandate
        with pytest.raises(MandateConflict, match="term_over"):
            record_parent(chen, li, fetch, born=date(1994, 2, 18))


class TestRowsStay:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"agent": None},
            {"until": None},
            {"until": date(2020, 1, 1)},
            {"source": "paper"},
            {"source": "register"},
            {"kind": "parent", "source": "online"},
        ],
        ids=str,
    )
    def test_the_database_refuses(self, li: Person, chen: Person, wrong: dict[str, object]) -> None:
        right: dict[str, object] = {
            "number": "SQ2",
            "principal": li,
            "agent": chen,
            "begins_on": timezone.localdate(),
            "until": in_days(9),
            "source": "online",
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            Mandate.objects.create(**{**right, **wrong})

    def test_written_once_and_only_ended(self, give: Give, li: Person, chen: Person) -> None:
        mandate = give()
        for change in ({"until": in_days(99)}, {"matters": ["x"]}, {"agent": li}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Mandate.objects.filter(pk=mandate.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            mandate.delete()
        end(mandate.pk, by=li)
        with pytest.raises(IntegrityError), transaction.atomic():
            Mandate.objects.filter(pk=mandate.pk).update(ended_at=None)
