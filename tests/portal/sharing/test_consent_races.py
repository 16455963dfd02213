"""A consent is withdrawn while its source is asked: what is asked was agreed to at that moment, or is not asked; each question leaves its row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from catalog.models import Department
from portal.accounts.models import Person
from portal.lib.uuid7 import uuid7
from portal.sharing.consents import give_consent, withdraw_consents
from portal.sharing.core.inquiry import DataSubject, Wanted
from portal.sharing.fetching import NotAgreed, ask, readable_fetches, write_fetches
from portal.sharing.models import DataSource, Fetch, SharingConsent
from tests.matters.reviewing.test_review_races import race
from tests.worlds.cast import CHEN, LI, STRANGER, person_of, user_of
from tests.worlds.sources import ADAPTERS, Listed, open_source

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = 6
OWN = DataSubject("111", LI.number, LI.name)
OTHERS = [DataSubject("111", each.number, each.name) for each in (CHEN, STRANGER)]
WANTED = [Wanted("material:marriage", "marriage")]


def build() -> Person:
    """Li, and a register that may be asked."""
    civil = Department.objects.create(code="civil", name="市民政局", short_name="民政")
    open_source(civil, "marriage", items=("register",))
    return person_of(LI, user_of(LI))


@pytest.fixture
def li(transactional_db: None, settings: Settings) -> Iterator[Person]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    yield build()
    Listed.forget()


def agreed(li: Person) -> SharingConsent:
    """Li agrees to be asked about, with two others."""
    assert li.user is not None
    return give_consent(
        person=li,
        case=uuid7(),
        source=DataSource.objects.get(),
        asked=["material:marriage"],
        subjects=[OWN, *OTHERS],
        items=["register"],
        text="我同意",
        by=li.user,
    )


def put(consent: SharingConsent) -> int:
    """Ask about one after the other, as the worker does; return about how many."""
    asked = []
    for subject in (OWN, *OTHERS):
        try:
            asked.append(ask(consent, subject, WANTED, "办理"))
        except NotAgreed:
            break
    write_fetches(asked)
    return len(asked)


def test_a_withdrawal_and_a_question_have_an_order(li: Person) -> None:
    for _each in range(ROUNDS):
        Listed.asked = []
        consent = agreed(li)
        told, withdrawn = race(
            lambda consent=consent: put(consent),  # type: ignore[misc]
            lambda consent=consent: withdraw_consents(li, ids=[consent.pk]),  # type: ignore[misc]
        )
        consent.refresh_from_db()
        rows = Fetch.objects.filter(case=consent.case)
        assert withdrawn == 1
        assert len(Listed.asked) == told == rows.count()
        assert all(row.asked_at < consent.withdrawn_at for row in rows)  # type: ignore[operator]
        assert readable_fetches(consent.case) == []
