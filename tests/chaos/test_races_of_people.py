"""Codes used twice, accounts closed and silence that becomes acceptance, each at the same moment as something else; see ``test_races``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.utils import timezone

from catalog.versions.matters import compiled
from matters.models import Bundle, SubItem
from matters.reviewing import review
from matters.reviewing.deeming import deem_accepted
from matters.submitting.submission import submit_bundle
from matters.wording.refusals import Refusal
from portal.accounts.mandates.activities import MandateConflict, offer, scope
from portal.accounts.mandates.activities import accept as accept_mandate
from portal.accounts.models import Handler, Mandate, Person, User
from portal.accounts.organisations.activities import OrganisationConflict, invite, join
from portal.accounts.people import register_person
from portal.ledger.models import Event
from portal.retention.closing import NotClosable, close_account
from portal.retention.models import ClosedAccount
from tests.chaos.test_races import ROUNDS
from tests.matters.reviewing.test_deeming import late, licensed
from tests.matters.reviewing.test_review_races import committed_town, one_wins, race
from tests.worlds.companies import Companies, build_companies
from tests.worlds.town import Town, advance

__all__ = ["committed_town"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def told(act: Callable[[], Any]) -> Callable[[], Any]:
    """Return the act with the refusals of other floors as refusals."""

    def run() -> Any:
        try:
            return act()
        except (MandateConflict, OrganisationConflict, NotClosable) as refused:
            return Refusal(str(refused) or "refused")

    return run


@pytest.fixture
def companies(transactional_db: None) -> Companies:
    compiled.cache_clear()
    return build_companies()


def test_an_invitation_used_twice_seats_one(companies: Companies) -> None:
    boss = companies.handler(companies.li_person, companies.noodles)
    people = [
        register_person(
            name=name, document_kind="414", number=number, user=User.objects.create_user(name), method="demo"
        )
        for name, number in (("王甲", "E10000001"), ("王乙", "E10000002"))
    ]
    for _each in range(ROUNDS):
        code = invite(boss, for_whom="经办人")[1]
        one_wins(race(*(told(lambda person=person, code=code: join(person, code)) for person in people)))  # type: ignore[misc]
        joined = Handler.objects.filter(organisation=companies.noodles, person__in=people, ended_at=None)
        assert joined.count() == 1
        joined.update(ended_at=timezone.now())


def test_a_mandate_code_used_twice_makes_one_mandate(companies: Companies) -> None:
    until = timezone.localdate() + timedelta(days=30)
    for number in range(1, ROUNDS + 1):
        code = offer(companies.li_person, scope(None, until), agent_name=companies.zhang_person.name)[1]
        one_wins(race(*(told(lambda code=code: accept_mandate(companies.zhang_person, code)) for _ in range(3))))  # type: ignore[misc]
        assert Mandate.objects.count() == number


def test_an_account_that_is_closed_as_it_submits_has_filed_or_is_closed(companies: Companies) -> None:
    for number in range(ROUNDS):
        user = User.objects.create_user(f"closing{number}")
        person = register_person(name="吴先生", document_kind="414", number=f"E{number:08d}", user=user, method="demo")
        draft = companies.draft(person, None, "招牌")
        request = RequestFactory().post("/dossier/closing/")
        request.user, request.session = user, SessionStore()  # type: ignore[assignment]
        filed, closed = race(
            lambda draft=draft, user=user: submit_bundle(draft=draft, by=user),  # type: ignore[misc]
            told(lambda request=request, user=user: close_account(request, user)),  # type: ignore[misc]
        )
        is_closed = ClosedAccount.objects.filter(user=user).exists()
        assert isinstance(filed, Bundle) != is_closed
        assert isinstance(closed, Refusal) != is_closed
        assert Bundle.objects.filter(applicant=person).exists() != is_closed
        assert Person.objects.get(pk=person.pk).user_id == (None if is_closed else user.pk)


def test_silence_that_becomes_acceptance_and_an_acceptance_are_one(committed_town: Town) -> None:
    town = licensed(committed_town)
    for _each in range(ROUNDS):
        part = late(town.part(town.submit(), "birth_cert"))
        race(lambda part=part: review.accept(town.zhao, part), deem_accepted)  # type: ignore[misc]
        accepted = Event.objects.filter(chain_id=part.bundle_id, kind__in=["accepted", "deemed_accepted"])
        assert (SubItem.objects.get(pk=part.pk).state, accepted.count()) == ("accepted", 1)
        advance([part.bundle_id])
