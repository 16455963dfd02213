"""Two sign one decision, or one signs while it is taken back; a promised paper comes as its time runs out: one of them was first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from catalog.versions.matters import compiled
from matters.models import Decision, DecisionProposal, PaperPromise, ProposalSignature, SigningRule, SubItem
from matters.reviewing import review
from matters.reviewing.breaking import end_unkept
from matters.reviewing.handing_in import hand_in
from matters.reviewing.signing import propose, send_back, sign, take_back_proposal
from matters.wording.refusals import PromiseRefused, Refusal
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from tests.matters.reviewing.test_promises import LEASE, build, make_late, submit
from tests.matters.reviewing.test_review import OUTPUTS, approve_birth
from tests.matters.reviewing.test_review_races import TURNS, race
from tests.worlds.town import Town, picture

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = 4


@pytest.fixture
def town(transactional_db: None) -> Iterator[Town]:
    """The town with promises, whose rows other connections see."""
    compiled.cache_clear()
    yield build()
    compiled.cache_clear()


def accepted(town: Town, signers: int = 0) -> SubItem:
    """Return a new case of the police on a promised lease, accepted and held by nobody; decided by so many who sign, if any."""
    SigningRule.objects.filter(is_active=True).update(is_active=False)
    if signers:
        police = town.departments["police"]
        SigningRule.objects.create(department=police, item="hukou", levels=2, signers=signers)
    birth = town.part(submit(town), "birth_cert")
    approve_birth(town, birth)
    part = review.accept(town.wang, town.part(birth.bundle, "hukou"))
    review.hand_back(town.wang, part)
    return town.part(part.bundle, "hukou")


def proposed(town: Town, signers: int) -> SubItem:
    """Return one that Wang proposes to grant."""
    part = accepted(town, signers)
    PaperPromise.objects.filter(sub_item=part).update(result_waits=False)
    turn = next(TURNS)  # each number is given once
    number = f"36010320261112{turn // 10 % 500 * 2 + 1:03d}{turn % 10}"
    propose(town.wang, part, "approved", "", {**OUTPUTS, "id_number": number})
    return town.part(part.bundle, "hukou")


def counts(part: SubItem) -> tuple[int, int]:
    """Return how many signed and how many decisions there are of it."""
    signed = ProposalSignature.objects.filter(proposal__sub_item=part).count()
    return signed, Decision.objects.filter(sub_item=part).count()


def test_of_two_who_sign_what_one_signature_decides_one_decides(town: Town) -> None:
    for _each in range(ROUNDS):
        part = proposed(town, signers=1)
        results = race(lambda part=part: sign(town.zhang, part), lambda part=part: sign(town.zhou, part))  # type: ignore[misc]
        assert [isinstance(one, Decision) for one in results].count(True) == 1
        assert [isinstance(one, Refusal) for one in results].count(True) == 1
        assert counts(part) == (1, 1)
        assert verify_chain(part.bundle_id) == []


def test_of_two_who_sign_together_the_second_decides(town: Town) -> None:
    for _each in range(ROUNDS):
        part = proposed(town, signers=2)
        results = race(lambda part=part: sign(town.zhang, part), lambda part=part: sign(town.zhou, part))  # type: ignore[misc]
        assert sorted(type(one).__name__ for one in results) == ["Decision", "NoneType"]
        assert counts(part) == (2, 1)


def test_what_is_taken_back_or_sent_back_is_not_signed(town: Town) -> None:
    for turn in range(ROUNDS):
        part = proposed(town, signers=1)
        seen = DecisionProposal.objects.get(sub_item=part).pk
        against = (
            (lambda part=part: take_back_proposal(town.wang, part))  # type: ignore[misc]
            if turn % 2
            else (lambda part=part, seen=seen: send_back(town.zhou, part, "请补充", seen=seen))  # type: ignore[misc]
        )
        signed, back = race(lambda part=part, seen=seen: sign(town.zhang, part, seen=seen), against)  # type: ignore[misc]
        assert isinstance(signed, Decision) is isinstance(back, Refusal)
        assert counts(part) == ((1, 1) if isinstance(signed, Decision) else (0, 0))
        outcome = DecisionProposal.objects.get(sub_item=part).outcome
        assert (outcome == "signed") is isinstance(signed, Decision)


def test_a_paper_that_comes_as_its_time_runs_out_came_or_did_not(town: Town) -> None:
    for _each in range(ROUNDS):
        PaperPromise.objects.filter(outcome="broken", struck_at=None).update(struck_at=timezone.now())
        part = accepted(town)
        row = PaperPromise.objects.get(sub_item=part, material=LEASE)
        make_late(row)
        came, _ended = race(lambda row=row: hand_in(town.li, row, [picture("a.png", "blue")]), end_unkept)  # type: ignore[misc]
        row.refresh_from_db()
        is_broken = row.outcome == "broken"
        assert isinstance(came, PromiseRefused) is is_broken
        assert (row.handed_in_at is None) is is_broken
        assert (SubItem.objects.get(pk=part.pk).state == "terminated") is is_broken
        kinds = set(Event.objects.filter(chain_id=part.bundle_id, sub_item="hukou").values_list("kind", flat=True))
        assert ("promise_broken" in kinds, "paper_handed_in" in kinds) == (is_broken, not is_broken)
        assert verify_chain(part.bundle_id) == []
        if not is_broken:
            assert end_unkept() == 0
