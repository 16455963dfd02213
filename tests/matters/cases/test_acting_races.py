"""Who is removed, or whose mandate ends, while they submit: the application counts as filed before it, or is refused; nothing in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from catalog.versions.matters import compiled
from matters.models import Bundle, Draft, SubItem
from matters.submitting.submission import MandateEnded, NotRepresented, submit_bundle
from portal.accounts.mandates.activities import MandateScope, end, write_mandate
from portal.accounts.models import Handler
from portal.accounts.organisations.activities import remove
from portal.ledger.models import Event
from tests.matters.reviewing.test_review_races import race
from tests.worlds.companies import Companies, build_companies

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = 50


@pytest.fixture
def committed_town(transactional_db: None) -> Iterator[Companies]:
    """Companies whose rows other connections see."""
    compiled.cache_clear()
    yield build_companies()
    compiled.cache_clear()


def check_filed_or_refused(draft: Draft, result: object, refusal: type[Exception]) -> None:
    """Either the whole application is there, with its one event, or nothing of it, and the draft is open still."""
    filed = Bundle.objects.filter(idempotency_key=draft.submission_key).first()
    assert isinstance(result, refusal) is (filed is None), result
    assert (Draft.objects.get(pk=draft.pk).submitted_at is None) is (filed is None)
    if filed is not None:
        assert SubItem.objects.filter(bundle=filed).count() == 1
        assert Event.objects.filter(chain_id=filed.pk, kind="submitted", sub_item="").count() == 1


def test_a_removed_handler_has_filed_before_or_is_refused(committed_town: Companies) -> None:
    world = committed_town
    boss = world.handler(world.li_person, world.noodles)
    gone = world.handler(world.zhang_person, world.noodles)
    for _each in range(ROUNDS):
        draft = world.draft(world.zhang_person, world.noodles, "招牌")
        result, _removed = race(
            lambda draft=draft: submit_bundle(draft=draft, by=world.zhang),  # type: ignore[misc]
            lambda gone=gone: remove(boss, gone.pk),  # type: ignore[misc]
        )
        check_filed_or_refused(draft, result, NotRepresented)
        assert not Handler.objects.in_force().filter(person=world.zhang_person, organisation=world.noodles).exists()
        gone = Handler.objects.create(organisation=world.noodles, person=world.zhang_person, role="handler")


def test_an_agent_whose_mandate_ends_has_filed_before_or_is_refused(committed_town: Companies) -> None:
    world = committed_town
    until = timezone.localdate() + timedelta(days=30)
    for _each in range(ROUNDS):
        with transaction.atomic():
            mandate = write_mandate(
                world.li_person, world.zhang_person, None, MandateScope(None, until), by=world.li, source="online"
            )
        begun = world.draft(world.li_person, None, "招牌", mandate=mandate, entered_by=world.zhang)
        draft = Draft.objects.select_related("applicant", "mandate").get(pk=begun.pk)
        result, _ended = race(
            lambda draft=draft: submit_bundle(draft=draft, by=world.zhang),  # type: ignore[misc]
            lambda mandate=mandate: end(mandate.pk, by=world.li_person),  # type: ignore[misc]
        )
        check_filed_or_refused(draft, result, MandateEnded)
