"""From a consent to the row of what a register answered: over a real connection, whatever the register does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings as SettingsWrapper
from structlog.testing import capture_logs

from catalog.models import Department
from portal.accounts.models import DocumentKind, IdentityCheck, User
from portal.accounts.people import register_person
from portal.front.demo.people import CITIZENS
from portal.lib.uuid7 import uuid7
from portal.registers.tell import tell
from portal.settings.connections import sharing_connections
from portal.sharing.adapters import http_json
from portal.sharing.consents import give_consent
from portal.sharing.core import replying
from portal.sharing.core.inquiry import DataSubject, Wanted
from portal.sharing.fetching import ask, write_fetches
from portal.sharing.models import DataSource, Fetch, FetchOutcome, SharingConsent
from tests.portal.registers.running import running_registers

LI = CITIZENS[0]
SUBJECT = DataSubject("111", LI.number, LI.name)
WANTED = (
    Wanted("element:household.number", "record.household.number"),
    Wanted("material:resident_id_card", "record.documents.resident_id_card"),
    Wanted("material:residence_permit", "record.documents.residence_permit"),
)


@pytest.fixture
def file(tmp_path: Path, settings: SettingsWrapper) -> Iterator[Path]:
    with running_registers(tmp_path) as running:
        settings.YIJIAN_SHARING_CONNECTIONS = sharing_connections(str(running))
        yield running
    cache.clear()


@pytest.fixture
def consent(db: None) -> SharingConsent:
    police = Department.objects.create(code="police", name="公安", short_name="公安", credit_code="11360100999991021P")
    source = DataSource.objects.create(
        code="population",
        name="人口登记",
        department=police,
        legal_basis="法",
        adapter="http_json",
        address="population",
    )
    user = User.objects.create(username="li", name=LI.name)
    person = register_person(
        name=LI.name,
        document_kind=DocumentKind.RESIDENT_ID,
        number=LI.number,
        phone=LI.phone,
        user=user,
        method=IdentityCheck.Method.DEMO,
    )
    asked: dict[str, Any] = {"asked": [each.asked for each in WANTED], "subjects": [SUBJECT], "items": ["hukou"]}
    return give_consent(person=person, case=uuid7(), source=source, text="我同意", by=user, **asked)


def test_the_outcomes_have_the_words_of_the_rows() -> None:
    words = {replying.FOUND, replying.NOT_FOUND, replying.REFUSED, replying.AWAY, replying.UNREADABLE}
    assert words == set(FetchOutcome.values)


def test_what_the_register_says_becomes_a_row(file: Path, consent: SharingConsent) -> None:
    with capture_logs() as lines:
        write_fetches([ask(consent, SUBJECT, WANTED, "办理户口登记")])
    fetch = Fetch.objects.get()
    assert (fetch.outcome, fetch.as_of is not None) == ("found", True)
    assert fetch.found == ["element:household.number", "material:resident_id_card"]
    assert fetch.answer["elements"] == {"household.number": "3601030218"}
    assert fetch.answer["documents"]["resident_id_card"]["number"] == LI.number
    assert [secret for secret in (LI.name, LI.number, "3601030218") if secret in str(lines)] == []


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [
        *(("down", "away"), ("dead", "away"), ("slow:30", "away"), ("drip", "away")),
        *(("garbage", "unreadable"), ("huge", "unreadable"), ("wrong", "unreadable")),
    ],
)
def test_whatever_it_does_instead_is_a_row_without_an_answer(
    file: Path, consent: SharingConsent, mode: str, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if outcome == "away":
        monkeypatch.setattr(http_json, "WHOLE_SECONDS", 0.5)
    tell(file, {"population": mode})
    write_fetches([ask(consent, SUBJECT, WANTED, "办理户口登记")])
    fetch = Fetch.objects.get()
    assert (fetch.outcome, fetch.found, fetch.answer) == (outcome, [], {})
