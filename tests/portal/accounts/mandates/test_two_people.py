"""A guardianship, a death and taking one back: one officer proposes, another confirms, and until then nothing changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from portal.accounts.mandates.activities import MandateConflict, MandateScope, end, is_dead, offer, scope
from portal.accounts.mandates.earlier import confirm_earlier, refuse_earlier, tell_unconfirmed, waiting
from portal.accounts.mandates.two_people import (
    WindowProposalRefused,
    confirm,
    propose_alive,
    propose_death,
    propose_guardian,
    refuse,
)
from portal.accounts.models import Death, DeathWithdrawal, Mandate, Person, User, WindowProposal
from portal.accounts.people import register_person
from portal.accounts.standing import usable_by
from portal.ledger.chain import open_chain, verify_chain
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.notices.wording import words
from tests.portal.accounts.mandates.conftest import Give, in_days

HERE, WINDOW = ("police",), "县公安局的综合窗口（电话 0791-88888888）"


@pytest.fixture
def sun(db: None) -> User:
    return User.objects.create_user("sun", name="孙丽", is_staff=True)


@pytest.fixture
def child(db: None) -> Person:
    return register_person(name="李小满", document_kind="111", number="360103202402299984", method="register")


def guardian(ward: Person, who: Person, officer: User, **changes: Any) -> WindowProposal:
    told: dict[str, Any] = {"kind": "guardian", "basis": "court", "paper": "（2026）赣0103民特9号判决书", **changes}
    return propose_guardian(ward, who, MandateScope(None, None), officer=officer, sites=HERE, **told)


def died(person: Person, officer: User) -> WindowProposal:
    return propose_death(person, died_on=date(2026, 11, 1), paper="死亡证明", officer=officer, sites=HERE)


def confirmed(proposal: WindowProposal, officer: User) -> WindowProposal:
    return confirm(proposal.pk, officer=officer, sites=HERE, window=WINDOW)


class TestGuardians:
    def test_another_officer_puts_it_into_force_and_the_ward_is_told_where_to_object(
        self, li: Person, chen: Person, sun: User, wang: User
    ) -> None:
        proposal = guardian(li, chen, sun)
        assert not Mandate.objects.exists()
        assert not Message.objects.filter(recipient=li.user).exists()
        with pytest.raises(WindowProposalRefused, match="same_person"):
            confirmed(proposal, sun)
        with pytest.raises(WindowProposalRefused, match="not_here"):
            confirm(proposal.pk, officer=wang, sites=["health"], window=WINDOW)
        confirmed(proposal, wang)
        mandate = Mandate.objects.get()
        assert (mandate.officer, mandate.confirmed_by, mandate.basis, mandate.until) == (sun, wang, "court", None)
        assert list(usable_by(chen.user_id)) == [mandate]
        told = Message.objects.get(recipient=li.user)
        said = words(told.kind, told.data)
        assert WINDOW in said.text
        assert "随时可以终止" not in said.text
        with pytest.raises(WindowProposalRefused, match="not_open"):
            confirmed(proposal, wang)
        assert [event.kind for event in Event.objects.filter(chain_id=proposal.pk)] == [
            "guardian_proposed",
            "guardian_confirmed",
        ]
        assert verify_chain(proposal.pk) == []
        # Neither side ends it; a window does, for a reason that both read.
        for by in (li, chen):
            with pytest.raises(MandateConflict, match="not_yours"):
                end(mandate.pk, by=by)
        end(mandate.pk, officer=wang, why="登记有误")
        assert not usable_by(chen.user_id)
        for account in (li.user, chen.user):
            ended = Message.objects.filter(recipient=account, kind__endswith="by_window").get()
            assert "登记有误" in words(ended.kind, ended.data).text

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"basis": "birth"}, "no_decision"),
            ({"basis": "other"}, "no_decision"),
            ({"basis": ""}, "no_decision"),
            ({"kind": "parent"}, "of_age"),
            ({"paper": " "}, "no_paper"),
        ],
    )
    def test_an_adult_has_one_by_a_decision_and_no_parents(
        self, li: Person, chen: Person, sun: User, changes: dict[str, str], code: str
    ) -> None:
        with pytest.raises(MandateConflict, match=code):
            guardian(li, chen, sun, **changes)

    def test_a_child_has_one_by_other_papers_too(self, child: Person, chen: Person, sun: User, wang: User) -> None:
        confirmed(guardian(child, chen, sun, basis="other", paper="遗嘱"), wang)
        assert Mandate.objects.get().principal == child

    def test_nobody_proposes_or_confirms_for_themselves(self, child: Person, chen: Person, wang: User) -> None:
        assert chen.user is not None
        with pytest.raises(WindowProposalRefused, match="own_business"):
            guardian(child, chen, chen.user)
        proposal = guardian(child, chen, wang)
        with pytest.raises(WindowProposalRefused, match="own_business"):
            confirmed(proposal, chen.user)
        with pytest.raises(MandateConflict, match="is_proposed"):
            guardian(child, chen, wang)
        refuse(proposal.pk, officer=wang, sites=HERE)
        assert not Mandate.objects.exists()

    def test_the_database_refuses_one_officer_alone(self, li: Person, chen: Person, sun: User) -> None:
        row = {
            "number": "SQ1", "principal": li, "agent": chen, "kind": "guardian", "source": "paper", "paper": "判决书",
            "basis": "court", "begins_on": in_days(0), "officer": sun,
        }  # fmt: skip
        for second in (None, sun):
            with pytest.raises(IntegrityError, match="another officer"), transaction.atomic():
                Mandate.objects.create(confirmed_by=second, **row)
            with pytest.raises(IntegrityError, match="another officer"), transaction.atomic():
                Death.objects.create(person=li, died_on=in_days(0), paper="死亡证明", officer=sun, confirmed_by=second)
        proposal = guardian(li, chen, sun)
        with pytest.raises(DatabaseError), transaction.atomic():
            WindowProposal.objects.filter(pk=proposal.pk).update(
                status="confirmed", decided_by=sun, decided_at=proposal.proposed_at
            )
        with pytest.raises(IntegrityError, match="decided once"), transaction.atomic():
            WindowProposal.objects.filter(pk=proposal.pk).delete()


class TestDeaths:
    def test_nothing_changes_until_another_officer_confirms_and_a_wrong_one_is_taken_back(
        self, give: Give, li: Person, chen: Person, sun: User, wang: User
    ) -> None:
        mandate = give()
        proposal = died(li, sun)
        with pytest.raises(WindowProposalRefused, match="same_person"):
            confirmed(proposal, sun)
        assert not is_dead(li)
        assert list(usable_by(chen.user_id)) == [mandate]
        with pytest.raises(MandateConflict, match="not_dead"):
            propose_alive(li, why="本人到场", officer=sun, sites=HERE)
        confirmed(proposal, wang)
        assert not usable_by(chen.user_id)
        told = Message.objects.get(recipient=li.user, kind="death_recorded")
        assert WINDOW in words(told.kind, told.data).text
        for act in (lambda: offer(li, scope(None, in_days(1)), agent_name="陈思远"), lambda: died(li, sun)):
            with pytest.raises(MandateConflict, match="dead"):
                act()
        # Taken back by two again: what was refused meanwhile works, and the rows stay.
        undoing = propose_alive(li, why="本人带身份证到场", officer=wang, sites=HERE)
        with pytest.raises(WindowProposalRefused, match="same_person"):
            confirmed(undoing, wang)
        assert is_dead(li)
        confirmed(undoing, sun)
        assert not is_dead(li)
        assert list(usable_by(chen.user_id)) == [mandate]
        assert offer(li, scope(None, in_days(1)), agent_name="陈思远")
        assert Message.objects.filter(recipient=li.user, kind="death_withdrawn").exists()
        assert [event.kind for event in Event.objects.filter(chain_id=undoing.pk)] == [
            "alive_proposed",
            "alive_confirmed",
        ]
        with pytest.raises(IntegrityError), transaction.atomic():
            DeathWithdrawal.objects.all().delete()
        # Whoever lives dies again.
        confirmed(died(li, sun), wang)
        assert (is_dead(li), Death.objects.filter(person=li).count()) == (True, 2)


class TestOfTheTimeOfOneOfficer:
    @pytest.fixture
    def earlier(self, li: Person, chen: Person, sun: User) -> Mandate:
        """Chen is Li's guardian by Sun's word alone, as rows stood before two were needed."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL session_replication_role = replica"
            )  # today's triggers rest, as they were not there then
            made = Mandate.objects.create(
                number="SQ20260101AAAAAA",
                principal=li,
                agent=chen,
                kind="guardian",
                source="paper",
                paper="（2026）赣0103民特9号判决书",
                officer=sun,
                begins_on=date(2026, 1, 1),
                sees_certificates=True,
                consents=True,
            )
            cursor.execute("SET LOCAL session_replication_role = origin")
        open_chain(made.pk)
        return made

    def test_it_counts_for_nothing_until_another_officer_confirms_it(
        self, li: Person, chen: Person, sun: User, wang: User, earlier: Mandate
    ) -> None:
        assert list(usable_by(chen.user_id)) == list(Mandate.objects.in_force()) == []
        assert (earlier.state(date(2026, 11, 1)), earlier.is_in_term) == ("unconfirmed", False)
        assert list(waiting(HERE)) == [earlier]  # at which window it was recorded nobody knows
        with pytest.raises(WindowProposalRefused, match="same_person"):
            confirm_earlier(earlier.pk, officer=sun, sites=HERE, window=WINDOW)
        with pytest.raises(WindowProposalRefused, match="own_business"):
            confirm_earlier(earlier.pk, officer=chen.user, sites=HERE, window=WINDOW)
        confirm_earlier(earlier.pk, officer=wang, sites=HERE, window=WINDOW)
        assert list(usable_by(chen.user_id)) == [earlier]
        assert WINDOW in words("guardian_confirmed", Message.objects.get(recipient=li.user).data).text
        assert list(Event.objects.filter(chain_id=earlier.pk).values_list("kind", "actor")) == [
            ("mandate_confirmed", wang.pk)
        ]
        with pytest.raises(WindowProposalRefused, match="not_open"):
            confirm_earlier(earlier.pk, officer=wang, sites=HERE, window=WINDOW)

    def test_what_its_paper_does_not_bear_out_is_ended(self, chen: Person, wang: User, earlier: Mandate) -> None:
        ended = refuse_earlier(earlier.pk, officer=wang, sites=HERE)
        assert ended.ended_by == wang
        assert not waiting(HERE).exists()
        assert Message.objects.filter(recipient=chen.user, kind="mandate_ended_agent_by_window").exists()

    def test_both_sides_are_told_once_that_it_waits(self, li: Person, chen: Person, earlier: Mandate) -> None:
        assert [tell_unconfirmed(), tell_unconfirmed()] == [1, 0]
        told = Message.objects.filter(kind__startswith="guardian_unconfirmed")
        assert {one.recipient for one in told} == {li.user, chen.user}

    def test_the_database_lets_one_officer_be_added_and_nothing_else(
        self, sun: User, wang: User, earlier: Mandate
    ) -> None:
        for change in ({"confirmed_by": sun}, {"confirmed_by": wang, "consents": False}, {"sites": ["health"]}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Mandate.objects.filter(pk=earlier.pk).update(**change)
        Mandate.objects.filter(pk=earlier.pk).update(confirmed_by=wang)
        with pytest.raises(IntegrityError), transaction.atomic():
            Mandate.objects.filter(pk=earlier.pk).update(confirmed_by=None)
