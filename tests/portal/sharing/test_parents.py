"""A parent is who a register's own record of them names as one: its children under age, asked with consent, kept as rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from catalog.models import Department
from portal.accounts.mandates.activities import last_day_as_child
from portal.accounts.models import Mandate, Person, User
from portal.accounts.people import find_person, register_person
from portal.retention.closing import close_account
from portal.sharing.core.inquiry import Inquiry, Reply
from portal.sharing.core.replying import reply_to
from portal.sharing.models import DataSource, Fetch, Grant, Provision, SharingConsent
from portal.sharing.parents import ASKED, ITEM, PATHS
from tests.pages import page_of
from tests.worlds.cast import LI, logged_in, person_of, user_of

CHILD = {"name": "李小满", "number": "360103202402299984", "birth_date": "2024-02-29", "sex": "2"}
GROWN = {"name": "李大满", "number": "360103200002290017", "birth_date": "2000-02-29", "sex": "1"}


class Households:
    """A register that keeps whose children somebody's are."""

    children: list[dict[str, Any]] = []  # noqa: RUF012
    outcome = ""

    def ask(self, inquiry: Inquiry) -> Reply:
        if self.outcome:
            return Reply(self.outcome)
        found = inquiry.subject.number == LI.number
        return reply_to(inquiry.subject, inquiry.wanted, {"found": found, "record": {"children": self.children}})


@pytest.fixture
def register(db: None, settings: Settings) -> Iterator[DataSource]:
    settings.YIJIAN_SHARING_ADAPTERS = {"households": "tests.portal.sharing.test_parents.Households"}
    police = Department.objects.create(code="police", name="市公安局", short_name="公安")
    source = DataSource.objects.create(
        code="population", name="人口", department=police, legal_basis="条例", adapter="households"
    )
    for code in ASKED:
        provision = Provision.objects.create(
            source=source, kind="element", code=code, about="person", path=f"record.{PATHS[code]}"
        )
        Grant.objects.create(
            provision=provision, item=ITEM, purpose="登记", state="granted", decided_at="2026-11-30T00:00Z"
        )
    Households.children, Households.outcome = [CHILD, GROWN, {"name": "李新", "number": None}], ""
    yield source
    Households.children, Households.outcome = [], ""


@pytest.fixture
def li(db: None) -> Person:
    return person_of(LI, user_of(LI))


def recorded(li: Person, **sent: str) -> Any:
    return logged_in(li.user).post(reverse("sharing:children"), sent or {"agreed": "on"}, follow=True)  # type: ignore[arg-type]


class TestChildren:
    def test_the_child_under_age_with_a_number_and_nobody_else(self, register: DataSource, li: Person) -> None:
        assert "已登记：李小满" in page_of(recorded(li))
        mandate = Mandate.objects.get()
        child = find_person("111", CHILD["number"])
        assert child is not None
        assert (mandate.principal, mandate.agent, mandate.kind, mandate.source) == (child, li, "parent", "register")
        assert (mandate.until, mandate.fetch) == (date(2042, 2, 28), Fetch.objects.get().pk)
        assert (child.level, child.checks.get().method) == (1, "register")
        assert "向市公安局查询" in SharingConsent.objects.get().text
        recorded(li)
        assert Mandate.objects.count() == 1
        own = page_of(logged_in(li.user).get(reverse("dossier:own_file")))  # type: ignore[arg-type]
        assert "子女姓名" in own
        assert "您代李小满办事" in own
        assert str(CHILD["number"]) not in own

    def test_without_consent_nothing_is_asked(self, register: DataSource, li: Person) -> None:
        assert recorded(li, other="x").status_code == 422
        assert not Fetch.objects.exists()

    @pytest.mark.parametrize(("outcome", "said"), [("away", "没有回应"), ("not_found", "没有查到")])
    def test_what_came_of_it_is_told_and_stays_as_a_row(
        self, register: DataSource, li: Person, outcome: str, said: str
    ) -> None:
        Households.outcome = outcome
        assert said in page_of(recorded(li))
        assert Fetch.objects.get().outcome == outcome
        assert not Mandate.objects.exists()

    def test_a_child_known_under_another_name_is_for_the_window(self, register: DataSource, li: Person) -> None:
        register_person(name="别的孩子", document_kind="111", number=str(CHILD["number"]), method="demo")
        assert "到综合窗口核对" in page_of(recorded(li))
        assert not Mandate.objects.exists()

    def test_no_register_no_promise(self, li: Person) -> None:
        assert "现在不能在网上核对" in page_of(logged_in(li.user).get(reverse("sharing:children")))  # type: ignore[arg-type]


def test_a_parent_consents_until_the_child_is_fourteen(register: DataSource, li: Person) -> None:
    recorded(li)
    mandate = Mandate.objects.get()
    assert [mandate.may_consent(day) for day in (date(2038, 2, 28), date(2038, 3, 1))] == [True, False]
    assert last_day_as_child(date(2024, 2, 29)) == date(2042, 2, 28)
    assert mandate.state(timezone.localdate()) == "in_force"


def test_whoever_asked_may_have_the_answer_deleted_and_close_their_account(register: DataSource, li: Person) -> None:
    """The answer rests on a consent that is in force: it is taken back with it, and what was recorded by it stays."""
    recorded(li)
    page = page_of(logged_in(li.user).post("/dossier/deletion/", follow=True))  # type: ignore[arg-type]
    assert "能删除的已经删除" in page
    assert Fetch.objects.get().answer_sealed is None
    assert SharingConsent.objects.get().withdrawn_at is not None
    assert Mandate.objects.get().ended_at is None
    recorded(li)
    user = User.objects.get(pk=li.user_id)
    request = RequestFactory().post("/dossier/closing/")
    request.user, request.session = user, SessionStore()  # type: ignore[assignment]
    close_account(request, user)
    assert not Fetch.objects.filter(answer_sealed__isnull=False).exists()
