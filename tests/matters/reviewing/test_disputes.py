"""Who finds a fact of their file wrong asks its owner; the answer has a day, an event and a message, and the fact bears a mark meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from catalog.models import Department, Material
from catalog.staff.memberships import enroll
from matters.models import Draft, FactDispute, SubItem
from matters.reviewing.disputing import OwnRequest, answer_dispute, disputes_for
from matters.reviewing.review import accept, claim, decide
from matters.submitting.submission import submit_bundle
from portal.accounts.mandates.activities import accept as accept_mandate
from portal.accounts.mandates.activities import end, offer, scope
from portal.accounts.models import User
from portal.accounts.people import register_person
from portal.ledger.models import AccessRecord, Event
from portal.notices.models import Message
from portal.outbox.processing import process
from portal.sharing.consents import give_consent
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.fetching import subject_index
from portal.sharing.models import Fetch
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.pages import page_of
from tests.worlds.cast import LI, logged_in
from tests.worlds.settling import VALUES, Case, build_case, draft_of, url
from tests.worlds.sources import ADAPTERS, Listed, open_source
from tests.worlds.town import advance

NEW = "/dossier/dispute/"
DESK = "/review/disputes/"


@pytest.fixture
def case(db: None, settings: SettingsWrapper) -> Iterator[Case]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    Listed.records = {LI.number: {"name": LI.name, "marriage": "J360103-2020-000123"}}
    case = build_case()
    civil, _new = Department.objects.get_or_create(code="civil", defaults={"name": "市民政局"})
    Material.objects.get_or_create(code="marriage", defaults={"name": "结婚证"})
    open_source(civil, "marriage", items=("register",))
    enroll(case.qian, civil, "reviewer")
    yield case
    Listed.forget()


@pytest.fixture
def draft(case: Case) -> Draft:
    draft = draft_of(case, **VALUES)
    client = logged_in(case.li)
    upload(client, draft, ("a.jpg", PHOTO))
    client.post(url(draft, "materials"), {"action": "agree-all"})
    process("fetch")
    return draft


def be_late() -> None:
    """Let the day pass by which it had to be answered; no row says otherwise but by hand of the database's owner."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE matters_factdispute DISABLE TRIGGER USER")
        FactDispute.objects.update(due_on=timezone.localdate() - timedelta(days=5))
        cursor.execute("ALTER TABLE matters_factdispute ENABLE TRIGGER USER")


def fact() -> str:
    return f"source:{Department.objects.get(code='civil').data_sources.get().code}:material:marriage"


def ask(case: Case, wanted: str = "证号最后一位应是 4") -> Any:
    return logged_in(case.li).post(NEW, {"fact": fact(), "wanted": wanted}, follow=True)


def answer(user: User, dispute: FactDispute, **sent: str) -> Any:
    return logged_in(user).post(f"{DESK}{dispute.pk}/", sent, follow=True)


class TestAsking:
    def test_it_goes_to_the_owner_with_a_day_and_an_event(self, case: Case, draft: Draft) -> None:
        assert f"{NEW}?fact=" in page_of(logged_in(case.li).get("/dossier/"))
        page = page_of(ask(case))
        assert "有异议" in page
        assert "市民政局应在" in page
        dispute = FactDispute.objects.get()
        assert dispute.department.code == "civil"
        assert (dispute.said, dispute.wanted) == ("编号：J360103-2020-000123", "证号最后一位应是 4")
        assert dispute.due_on > timezone.localdate() + timedelta(days=9)
        assert list(Event.objects.filter(chain_id=dispute.pk).values_list("kind", flat=True)) == ["dispute_opened"]

    def test_nothing_said_is_told_beside_the_box(self, case: Case, draft: Draft) -> None:
        response = ask(case, "  ")
        assert response.status_code == 422
        assert "请写明哪里不对" in page_of(response)
        assert not FactDispute.objects.exists()

    def test_it_waits_once(self, case: Case, draft: Draft) -> None:
        ask(case)
        assert "您已经提出过" in page_of(ask(case)) or FactDispute.objects.count() == 1
        assert FactDispute.objects.count() == 1

    def test_what_is_not_in_ones_file_cannot_be_disputed(self, case: Case, draft: Draft) -> None:
        page = page_of(logged_in(case.stranger).post(NEW, {"fact": fact(), "wanted": "x"}, follow=True))
        assert "您的档案里没有这一条" in page
        assert not FactDispute.objects.exists()

    def test_what_was_answered_about_kin_is_another_fact_than_the_same_of_oneself(
        self, case: Case, draft: Draft
    ) -> None:
        told = Fetch.objects.get()
        kin, elsewhere = DataSubject("111", "360102199003079991", "张三"), uuid4()
        consent = give_consent(
            person=case.li_person,
            case=elsewhere,
            source=told.source,
            asked=told.asked,
            subjects=[kin],
            items=["register"],
            text="我同意",
            by=case.li,
        )
        kept = {name: getattr(told, name) for name in ("source", "milliseconds", "as_of", "asked", "found")}
        other = Fetch(
            **kept,
            case=elsewhere,
            consent=consent,
            subject_index=subject_index(kin),
            asked_at=timezone.now(),
            outcome="found",
        )
        other.seal_answer({"elements": {}, "documents": {"marriage": {"number": "J-9"}}})
        other.save()
        theirs = f"{fact()}:{subject_index(kin)[:16]}"
        logged_in(case.li).post(NEW, {"fact": theirs, "wanted": "他没有结婚证"})
        assert list(FactDispute.objects.values_list("fact", flat=True)) == [theirs]
        assert "J-9" not in FactDispute.objects.get().said
        ask(case)
        assert FactDispute.objects.count() == 2


class TestAnswering:
    def test_the_owners_people_answer_and_the_person_hears(self, case: Case, draft: Draft) -> None:
        ask(case)
        dispute = FactDispute.objects.get()
        desk = page_of(logged_in(case.qian).get(DESK))
        assert "结婚证" in desk
        assert LI.name not in desk
        shown = page_of(logged_in(case.qian).get(f"{DESK}{dispute.pk}/"))
        assert "证号最后一位应是 4" in shown
        assert AccessRecord.objects.filter(subject=case.li_person.pk, purpose="dispute", department="civil").exists()
        answer(case.qian, dispute, outcome="kept", answer="与档案核对一致")
        dispute.refresh_from_db()
        assert (dispute.outcome, dispute.answered_by) == ("kept", case.qian)
        message = Message.objects.get(recipient=case.li, key=f"dispute:{dispute.pk}")
        assert message.kind == "dispute_kept"
        page = page_of(logged_in(case.li).get("/dossier/"))
        assert "没有更正。与档案核对一致" in page
        assert "有异议" not in page

    def test_a_reason_is_needed(self, case: Case, draft: Draft) -> None:
        ask(case)
        assert answer(case.qian, FactDispute.objects.get(), outcome="kept", answer="").status_code == 422

    def test_it_is_answered_once(self, case: Case, draft: Draft) -> None:
        ask(case)
        dispute = FactDispute.objects.get()
        answer(case.qian, dispute, outcome="corrected", answer="已改")
        assert answer(case.qian, dispute, outcome="kept", answer="再来").status_code == 422
        dispute.refresh_from_db()
        assert dispute.outcome == "corrected"

    def test_other_departments_do_not_see_it(self, case: Case, draft: Draft) -> None:
        ask(case)
        dispute = FactDispute.objects.get()
        assert logged_in(case.wang).get(f"{DESK}{dispute.pk}/").status_code == 404
        assert logged_in(case.li).get(DESK).status_code == 404

    def test_nobody_answers_their_own(self, case: Case, draft: Draft) -> None:
        ask(case)
        dispute = FactDispute.objects.get()
        enroll(case.li, dispute.department, "reviewer")
        assert answer(case.li, dispute, outcome="kept", answer="好").status_code == 404
        with pytest.raises(IntegrityError), transaction.atomic():
            FactDispute.objects.update(outcome="kept", answered_by=case.li, answered_at=timezone.now())

    @pytest.mark.parametrize("is_agent", [True, False])
    def test_nor_that_of_whom_a_mandate_ties_them_to(self, case: Case, draft: Draft, is_agent: bool) -> None:
        """Whoever acts for somebody, or lets them act, does not judge what stands about them; nor once it has ended since."""
        ask(case)
        dispute = FactDispute.objects.get()
        qian = register_person(name="钱敏", document_kind="414", number="E10000001", user=case.qian, method="demo")
        principal, agent = (case.li_person, qian) if is_agent else (qian, case.li_person)
        assert disputes_for(case.qian).exists()
        until = timezone.localdate() + timedelta(days=30)
        mandate = accept_mandate(agent, offer(principal, scope(None, until), agent_name=agent.name)[1])
        assert answer(case.qian, dispute, outcome="kept", answer="好").status_code == 404
        assert not disputes_for(case.qian).exists()
        end(mandate.pk, by=principal)
        assert not disputes_for(case.qian).exists()
        with pytest.raises(OwnRequest):
            answer_dispute(dispute, "kept", "好", case.qian)

    def test_the_database_keeps_what_was_said_and_one_answer(self, case: Case, draft: Draft) -> None:
        ask(case)
        answered = {"outcome": "corrected", "answered_by": case.qian, "answered_at": timezone.now()}
        for change in ({"label": "别的"}, {"due_on": timezone.localdate()}, {**answered, "label": "别的"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                FactDispute.objects.update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            FactDispute.objects.all().delete()
        answer(case.qian, FactDispute.objects.get(), outcome="kept", answer="没有错")
        with pytest.raises(IntegrityError), transaction.atomic():
            FactDispute.objects.update(**answered)


class TestShown:
    def test_the_reviewer_sees_that_the_fact_is_disputed(self, case: Case, draft: Draft) -> None:
        bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
        number = SubItem.objects.get(bundle=bundle, key="register").number
        SubItem.objects.filter(number=number).update(state="accepted")
        address = reverse("matters:case", args=[number])
        assert "有异议" not in page_of(logged_in(case.wang).get(address))
        ask(case)
        assert "有异议" in page_of(logged_in(case.wang).get(address))

    def test_the_next_department_sees_that_a_result_is_disputed(self, case: Case, draft: Draft) -> None:
        bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
        advance([bundle.pk])
        part = SubItem.objects.for_case().get(bundle=bundle, key="register")
        claim(case.wang, part)
        decide(case.wang, accept(case.wang, part), "approved", outputs={"number": "360103202603010024"})
        advance([bundle.pk])
        address = reverse("matters:case", args=[SubItem.objects.get(bundle=bundle, key="insure").number])
        assert "有异议" not in page_of(logged_in(case.zhao).get(address))
        said = f"decision:{part.number}:number"
        logged_in(case.li).post(NEW, {"fact": said, "wanted": "末位应是 3"})
        earlier = page_of(logged_in(case.zhao).get(address)).partition("前项办理结果")[2].partition("</section>")[0]
        assert "有异议" in earlier

    def test_the_late_are_told_the_person_and_the_supervisor(self, case: Case, draft: Draft) -> None:
        ask(case)
        be_late()
        assert "已超过期限" in page_of(logged_in(case.li).get("/dossier/"))
        enroll(case.zhou, Department.objects.get(code="civil"), "lead")
        page = page_of(logged_in(case.zhou).get("/review/inspection/?department=civil"))
        assert "超期未答的更正请求" in page
        assert "结婚证" not in page

    def test_who_only_supervises_sees_of_the_late_the_times_alone(self, case: Case, draft: Draft) -> None:
        ask(case)
        be_late()
        dispute = FactDispute.objects.get()
        wu = User.objects.create_user("wu", is_staff=True)
        enroll(wu, dispute.department, "supervisor")
        client = logged_in(wu)
        assert [client.get(address).status_code for address in (DESK, f"{DESK}{dispute.pk}/")] == [404, 404]
        assert answer(wu, dispute, outcome="kept", answer="没有更正").status_code == 404
        assert DESK not in page_of(client.get("/review/"))
        dispute.refresh_from_db()
        assert dispute.outcome == ""
        page = page_of(client.get("/review/inspection/?department=civil"))
        assert "答复期限" in page
        assert [told for told in (dispute.label, dispute.source, dispute.said, dispute.wanted) if told in page] == []
