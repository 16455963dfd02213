"""Opening an organisation's account online: the register says whether whoever asks is its legal representative."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from catalog.models import Department
from portal.accounts.models import Handler, Organisation, Person
from portal.registers.town import Town
from portal.sharing.core.inquiry import Inquiry, Reply
from portal.sharing.core.replying import reply_to
from portal.sharing.models import DataSource, Fetch, Grant, Provision, SharingConsent
from portal.sharing.organisations import ASKED, ITEM
from tests.worlds.cast import LI, STRANGER, logged_in, person_of, user_of

CODE, NAME = "91360102MA9999013M", "明慧餐饮有限公司"
RECORD: dict[str, Any] = {
    "registered_name": NAME,
    "credit_code": CODE,
    "kind": "有限责任公司",
    "status": "存续",
    "legal_representative": {"name": LI.name, "id_kind": "111", "number": LI.number},
}


class Enterprises:
    """A register of companies that tests fill; it answers as the sandbox's does."""

    records: dict[str, Any] = {}  # noqa: RUF012 - put there by each test
    outcome = ""

    def ask(self, inquiry: Inquiry) -> Reply:
        if self.outcome:
            return Reply(self.outcome)
        held = self.records.get(inquiry.subject.number)
        found = held is not None and held["registered_name"] == inquiry.subject.name
        return reply_to(inquiry.subject, inquiry.wanted, {"found": found, "record": held or {}})


@pytest.fixture
def register(db: None, settings: Settings) -> Iterator[DataSource]:
    settings.YIJIAN_SHARING_ADAPTERS = {"enterprises": "tests.portal.sharing.test_organisations.Enterprises"}
    market = Department.objects.create(code="market", name="市场监督管理局", short_name="市场监管")
    source = DataSource.objects.create(
        code="enterprise", name="登记", department=market, legal_basis="条例", adapter="enterprises"
    )
    paths = {
        "company.name": "registered_name",
        "representative.person.name": "legal_representative.name",
        "representative.person.id_kind": "legal_representative.id_kind",
        "representative.person.id_number": "legal_representative.number",
    }
    for code in ASKED:
        path = paths.get(code, code.removeprefix("company."))
        provision = Provision.objects.create(
            source=source, kind="element", code=code, about="organisation", path=f"record.{path}"
        )
        Grant.objects.create(
            provision=provision, item=ITEM, purpose="登记", state="granted", decided_at="2026-11-30T00:00Z"
        )
    Enterprises.records, Enterprises.outcome = {CODE: RECORD}, ""
    yield source
    Enterprises.records, Enterprises.outcome = {}, ""


@pytest.fixture
def li(db: None) -> Person:
    return person_of(LI, user_of(LI))


def opened(client: Client, **changes: str) -> Any:
    return client.post(reverse("sharing:open_organisation"), {"name": NAME, "code": CODE, "agreed": "on", **changes})


@pytest.mark.usefixtures("register")
class TestOpening:
    def test_the_legal_representative_opens_it_by_the_register(self, li: Person) -> None:
        assert opened(logged_in(li.user), code=f" {CODE[:9]}-{CODE[9:].lower()}").status_code == 302  # type: ignore[arg-type]
        organisation = Organisation.objects.get()
        assert (organisation.name, organisation.kind, organisation.legal_representative) == (NAME, "company", li)
        check, fetch = organisation.checks.get(), Fetch.objects.get()
        assert (check.source, check.fetch) == ("register", fetch.pk)
        assert SharingConsent.objects.get().person == li
        assert Handler.objects.get().person == li

    def test_without_consent_nothing_is_asked(self, li: Person) -> None:
        assert opened(logged_in(li.user), agreed="").status_code == 422  # type: ignore[arg-type]
        assert not Fetch.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"legal_representative": {"name": LI.name, "id_kind": "111", "number": STRANGER.number}}, "不是您"),
            ({"legal_representative": {"name": STRANGER.name, "id_kind": "111", "number": LI.number}}, "不是您"),
            ({"status": "吊销，未注销"}, "已经注销或者吊销"),
            ({"kind": "个体工商户"}, "不一致"),
            ({"registered_name": "另一家公司"}, "没有查到"),
        ],
    )
    def test_what_the_register_says_otherwise_opens_nothing(
        self, li: Person, changes: dict[str, Any], said: str
    ) -> None:
        Enterprises.records = {CODE: RECORD | changes}
        answer = opened(logged_in(li.user))  # type: ignore[arg-type]
        assert said in answer.content.decode()
        assert NAME in answer.content.decode(), "what was typed stays"
        assert not Organisation.objects.exists()
        assert Fetch.objects.count() == 1, "the question stays as a row"

    @pytest.mark.parametrize("outcome", ["away", "refused", "unreadable"])
    def test_a_register_that_does_not_answer_leads_to_the_window(self, li: Person, outcome: str) -> None:
        Enterprises.outcome = outcome
        assert "没有回应" in opened(logged_in(li.user)).content.decode()  # type: ignore[arg-type]

    def test_without_its_owners_grant_it_is_not_asked(self, li: Person) -> None:
        Grant.objects.filter(provision__code="company.status").delete()
        assert "现在不能在网上核对" in logged_in(li.user).get(reverse("sharing:open_organisation")).content.decode()  # type: ignore[arg-type]
        assert "现在不能在网上核对" in opened(logged_in(li.user)).content.decode()  # type: ignore[arg-type]


def test_the_demo_register_knows_what_is_asked() -> None:
    import datetime

    from portal.front.demo.sources import REGISTERS

    enterprise = next(one for one in REGISTERS if one.code == "enterprise")
    assert set(ASKED) <= set(enterprise.company_facts)
    record = Town(datetime.date(2026, 11, 30)).answer("enterprise", "credit_code", "923601039999200394", "")
    assert record is not None
    assert record["kind"] == "个体工商户"
