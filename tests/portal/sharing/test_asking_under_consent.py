"""What is asked rests on a consent that is in force at that very moment, whenever the page or the worker read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from portal.sharing.consents import withdraw_consents
from portal.sharing.fetching import NotAgreed, ask, readable_fetches, write_fetches
from portal.sharing.models import Fetch, SharingConsent
from tests.portal.sharing.test_consent_races import OTHERS, OWN, WANTED, agreed, build
from tests.worlds.cast import LI
from tests.worlds.sources import ADAPTERS, Listed


@pytest.fixture
def register(db: None, settings: Settings) -> Iterator[type[Listed]]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    yield Listed
    Listed.forget()


def test_who_is_next_is_not_asked_about_and_who_was_has_their_row(register: type[Listed]) -> None:
    li = build()
    consent = agreed(li)
    first = ask(consent, OWN, WANTED, "办理")
    withdraw_consents(li, ids=[consent.pk])
    with pytest.raises(NotAgreed):
        ask(consent, OTHERS[0], WANTED, "办理")
    assert [one.subject.number for one in Listed.asked] == [LI.number]
    write_fetches([first])
    assert Fetch.objects.get().asked_at < SharingConsent.objects.get().withdrawn_at  # type: ignore[operator]
    assert readable_fetches(consent.case) == []
