"""The owner's desk: requests by departments for their items, decided by the owner's lead with a reason, disputed and settled; sources' health."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Department, ServiceItem
from catalog.staff.memberships import enroll
from portal.accounts.models import User
from portal.accounts.people import register_person
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.sharing.consents import give_consent
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.desk import request_grant
from portal.sharing.fetching import subject_index, write_fetches
from portal.sharing.models import DataSource, Fetch, Grant, GrantDispute
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.sources import open_source

DESK = "/sharing/"


class Offices:
    """Police ask, the civil affairs bureau owns; each has a lead, the police a reviewer; an administrator settles."""

    def __init__(self) -> None:
        self.police = Department.objects.create(code="police", name="市公安局")
        self.civil = Department.objects.create(code="civil", name="市民政局")
        self.item = ServiceItem.objects.create(slug="register", name="户口登记", department=self.police)
        self.asker = self.staff("wang", self.police, "reviewer")
        self.owner = self.staff("zhou", self.civil, "lead")
        self.admin = User.objects.create_user("admin", is_staff=True, is_superuser=True)
        self.source = open_source(self.civil, "marriage", contact="0791-1")

    def staff(self, name: str, department: Department, role: str) -> User:
        user = User.objects.create_user(name, is_staff=True)
        enroll(user, department, role)
        return user

    def act(self, user: User, act: str, **sent: Any) -> Any:
        return logged_in(user).post(DESK, {"act": act, **sent}, follow=True)

    def ask(self) -> Grant:
        provision = self.source.provisions.get()
        self.act(self.asker, "request", provision=provision.pk, item="register", purpose="核对婚姻关系")
        return Grant.objects.get()


@pytest.fixture
def offices(db: None) -> Offices:
    return Offices()


class TestGrants:
    def test_a_department_asks_and_the_owners_lead_agrees(self, offices: Offices) -> None:
        grant = offices.ask()
        assert (grant.state, grant.requested_by, grant.purpose) == ("requested", offices.asker, "核对婚姻关系")
        assert Message.objects.filter(recipient=offices.owner, kind="grant_requested").exists()
        offices.act(offices.owner, "granted", grant=grant.pk, reason="符合目录")
        grant.refresh_from_db()
        assert (grant.state, grant.decided_by, grant.reason) == ("granted", offices.owner, "符合目录")
        assert Message.objects.filter(recipient=offices.asker, kind="grant_granted").exists()
        kinds = Event.objects.filter(data__grant=grant.pk).order_by("sequence").values_list("kind", flat=True)
        assert list(kinds) == ["grant_requested", "grant_granted"]

    def test_a_legal_ground_is_asked_for_with_its_article_and_decided(self, offices: Offices) -> None:
        sent = {"provision": offices.source.provisions.get().pk, "item": "register", "purpose": "核对婚姻关系"}
        refused = offices.act(offices.asker, "request", **sent, legal_ground="有规定")
        assert refused.status_code == 422
        assert "请写明哪部法律、哪一条" in page_of(refused)
        assert 'value="有规定"' in refused.content.decode()
        offices.act(offices.asker, "request", **sent, legal_ground="《演示条例》第十条")
        grant = Grant.objects.get()
        assert grant.legal_ground == "《演示条例》第十条"
        decided = {"grant": grant.pk, "reason": "好", "legal_ground": "《演示条例》第十条第二款"}
        offices.act(offices.owner, "granted", **decided)
        grant.refresh_from_db()
        assert (grant.state, grant.legal_ground) == ("granted", "《演示条例》第十条第二款")
        grounds = Event.objects.filter(data__grant=grant.pk).order_by("sequence").values_list("data__ground", flat=True)
        assert list(grounds) == ["《演示条例》第十条", "《演示条例》第十条第二款"]

    def test_the_owner_may_agree_without_the_ground(self, offices: Offices) -> None:
        provision = offices.source.provisions.get()
        grant = request_grant(provision, offices.item, "x", offices.asker, legal_ground="《演示条例》第十条")
        offices.act(offices.owner, "granted", grant=grant.pk, reason="好", legal_ground="")
        grant.refresh_from_db()
        assert (grant.state, grant.legal_ground) == ("granted", "")

    def test_nobody_decides_without_a_reason(self, offices: Offices) -> None:
        grant = offices.ask()
        response = offices.act(offices.owner, "granted", grant=grant.pk, reason=" ")
        assert response.status_code == 422
        assert "请写明用途或者理由" in page_of(response)
        grant.refresh_from_db()
        assert grant.state == "requested"

    @pytest.mark.parametrize("who", ["asker", "admin", "own_lead", "reviewer_of_the_owner"])
    def test_only_the_owners_lead_decides(self, offices: Offices, who: str) -> None:
        grant = offices.ask()
        others = {
            "asker": offices.asker,
            "admin": offices.admin,
            "own_lead": offices.staff("zhao", offices.police, "lead"),
            "reviewer_of_the_owner": offices.staff("qian", offices.civil, "reviewer"),
        }
        offices.act(others[who], "granted", grant=grant.pk, reason="好")
        grant.refresh_from_db()
        assert grant.state == "requested"

    def test_who_leads_both_does_not_decide_what_they_asked(self, offices: Offices) -> None:
        enroll(offices.owner, offices.police, "reviewer")
        offices.act(
            offices.owner, "request", provision=offices.source.provisions.get().pk, item="register", purpose="x"
        )
        grant = Grant.objects.get()
        assert "要由另一个人答复" in page_of(offices.act(offices.owner, "granted", grant=grant.pk, reason="好"))

    def test_ended_it_is_ended_and_may_be_asked_for_again(self, offices: Offices) -> None:
        grant = offices.ask()
        offices.act(offices.owner, "granted", grant=grant.pk, reason="好")
        offices.act(offices.owner, "ended", grant=grant.pk, reason="用途不符")
        grant.refresh_from_db()
        assert (grant.state, grant.ended_by) == ("ended", offices.owner)
        assert offices.ask().state == "requested"

    def test_a_foreign_item_is_not_asked_for(self, offices: Offices) -> None:
        ServiceItem.objects.create(slug="other", name="别的", department=offices.civil)
        sent = {"provision": offices.source.provisions.get().pk, "item": "other", "purpose": "x"}
        assert offices.act(offices.asker, "request", **sent).status_code == 422
        assert not Grant.objects.exists()

    def test_who_only_supervises_looks_on(self, offices: Offices) -> None:
        wu = offices.staff("wu", offices.police, "supervisor")
        assert "提出需求" not in page_of(logged_in(wu).get(DESK))
        sent = {"provision": offices.source.provisions.get().pk, "item": "register", "purpose": "x"}
        assert offices.act(wu, "request", **sent).status_code == 422
        assert not Grant.objects.exists()
        grant = offices.ask()
        offices.act(offices.owner, "refused", grant=grant.pk, reason="没有依据")
        assert "提出争议" not in page_of(logged_in(wu).get(DESK))
        assert offices.act(wu, "dispute", grant=grant.pk, reason="条例有依据").status_code == 422
        assert not GrantDispute.objects.exists()

    def test_citizens_do_not_come_in(self, offices: Offices) -> None:
        assert logged_in(User.objects.create_user("chen")).get(DESK).status_code == 404


class TestDisputes:
    def refused(self, offices: Offices) -> Grant:
        grant = offices.ask()
        offices.act(offices.owner, "refused", grant=grant.pk, reason="没有依据")
        offices.act(offices.asker, "dispute", grant=grant.pk, reason="条例有依据")
        return grant

    def test_it_is_shown_and_settled_by_an_administrator(self, offices: Offices) -> None:
        grant = self.refused(offices)
        dispute = GrantDispute.objects.get()
        page = page_of(logged_in(offices.owner).get(DESK))
        assert "有争议" in page
        assert "条例有依据" in page
        offices.act(offices.admin, "uphold", dispute=dispute.pk, reason="应当共享")
        grant.refresh_from_db()
        assert (grant.state, grant.decided_by) == ("granted", offices.admin)

    def test_the_parties_do_not_settle_it(self, offices: Offices) -> None:
        self.refused(offices)
        for user in (offices.asker, offices.owner):
            offices.act(user, "uphold", dispute=GrantDispute.objects.get().pk, reason="好")
            assert GrantDispute.objects.get().settled_at is None


class TestHealth:
    def fail(self, source: DataSource, outcome: str, times: int) -> None:
        user = User.objects.create_user(f"li{User.objects.count()}")
        person = register_person(name="李芳", document_kind="111", number="36010319850615908X", method="demo")
        subject = DataSubject("111", "36010319850615908X", "李芳")
        consent = give_consent(
            person=person,
            case=person.pk,
            source=source,
            asked=["material:marriage"],
            subjects=[subject],
            items=["register"],
            text="同意",
            by=user,
        )
        for time in range(times):
            row = Fetch(
                source=source,
                consent=consent,
                case=consent.case,
                subject_index=subject_index(subject),
                asked=["material:marriage"],
                asked_at=timezone.now() + timedelta(milliseconds=time),
                milliseconds=1,
                outcome=outcome,
            )
            write_fetches([row])

    def told(self, offices: Offices) -> int:
        return Message.objects.filter(recipient=offices.owner, kind="source_failing").count()

    def test_its_owner_is_told_once_for_each_time_that_it_fails(self, offices: Offices) -> None:
        self.fail(offices.source, "away", 2)
        assert self.told(offices) == 0
        self.fail(offices.source, "away", 4)
        assert self.told(offices) == 1
        assert "连续 6 次没有正常答复" in page_of(logged_in(offices.owner).get(DESK))
        self.fail(offices.source, "not_found", 1)
        assert "连续" not in page_of(logged_in(offices.owner).get(DESK))
        self.fail(offices.source, "unreadable", 3)
        assert self.told(offices) == 2

    def test_the_list_says_who_owns_it_and_when_it_answered(self, offices: Offices) -> None:
        page = page_of(logged_in(offices.asker).get(DESK))
        for said in ("市民政局登记库", "市民政局", "0791-1", "近 30 天没有查过"):
            assert said in page
