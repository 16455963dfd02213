"""Two, or eight, at the same moment, two hundred times: real threads, real rows, and at the end one legal order of events.

``YIJIAN_RACE_ROUNDS`` makes it fewer. The races that every run of the tests runs a few times are run here as often as the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from django.utils import timezone

from catalog.staff.memberships import dismiss, enroll
from catalog.versions.matters import compiled
from matters.core.states import State
from matters.integrity import check_integrity
from matters.models import Bundle, Decision, ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.holding import release_stale_claims
from matters.reviewing.withdrawal import withdraw
from matters.wording.refusals import NotAllowed, Refusal
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from portal.outbox.models import OutboxMessage
from portal.outbox.processing import process
from tests.certificates import test_certificate_races
from tests.matters.cases import test_acting_races
from tests.matters.reviewing import (
    test_amendment_races,
    test_gathering_races,
    test_reassigning_races,
    test_review_races,
    test_signing_races,
)
from tests.matters.reviewing.notice_town import build_notice_town
from tests.matters.reviewing.test_promises import build as build_promises
from tests.matters.reviewing.test_review_races import (
    accepted,
    approve,
    check_one_history,
    claim,
    committed_town,
    correct,
    one_wins,
    race,
    withdrawal,
)
from tests.portal.sharing import test_consent_races
from tests.portal.sharing.test_consent_races import build as build_register
from tests.worlds.companies import build_companies
from tests.worlds.sources import ADAPTERS
from tests.worlds.town import Town, advance, build_town

__all__ = ["committed_town"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = int(os.environ.get("YIJIAN_RACE_ROUNDS", "200"))
# The races of every run of the tests, each with how its town is built.
BUILT: dict[ModuleType, Callable[[], Any]] = {
    test_review_races: build_town,
    test_gathering_races: build_notice_town,
    test_reassigning_races: build_town,
    test_amendment_races: build_town,
    test_acting_races: build_companies,
    test_signing_races: build_promises,
    test_certificate_races: build_town,
    test_consent_races: build_register,
}
SHORT = [(module, name) for module in BUILT for name in vars(module) if name.startswith("test_")]


@pytest.fixture
def town(committed_town: Town) -> Iterator[Town]:
    """The town; whatever was raced in it, the database is whole afterwards."""
    yield committed_town
    let_the_workers_finish()
    assert check_integrity(with_files=False).breaches == []


def let_the_workers_finish() -> None:
    """Do all that was promised: what waits longer than a minute counts as forgotten, and long races take longer."""
    while any(process(kind)[0] for kind in ("fan_out", "render_certificate", "draw_up", "notify")):
        pass
    assert not OutboxMessage.objects.filter(done_at=None).exclude(kind="prune").exists()


def refusals(results: list[Any]) -> list[Refusal]:
    return [each for each in results if isinstance(each, Refusal)]


@pytest.mark.parametrize(("module", "name"), SHORT, ids=lambda each: getattr(each, "__name__", each))
def test_the_short_races_run_long(
    transactional_db: None, module: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    if module is test_gathering_races:
        settings.YIJIAN_GATHERING_HOURS = 24
    if module is test_consent_races:
        settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    compiled.cache_clear()
    monkeypatch.setattr(module, "ROUNDS", ROUNDS)
    getattr(module, name)(BUILT[module]())
    compiled.cache_clear()


# In review


def test_a_decision_and_the_lead_who_takes_the_case_over_agree(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        review.claim(town.wang, hukou)
        part = town.part(hukou.bundle, "hukou")

        def take_over(part: SubItem = part) -> None:
            review.hand_back(town.zhou, part)
            review.claim(town.zhou, part)

        decided, taken = race(approve(town, town.wang, hukou), take_over)
        check_one_history(hukou)
        task = ReviewTask.objects.filter(sub_item=hukou).latest("opened_at")
        if isinstance(decided, Refusal):
            assert task.claimed_by == town.zhou
        assert isinstance(decided, Decision) or not isinstance(taken, Refusal)


def test_a_decision_and_the_end_of_the_right_to_it_agree(town: Town) -> None:
    police = town.departments["police"]
    for _ in range(ROUNDS):
        hukou = accepted(town)
        decided, _dismissed = race(
            approve(town, town.zhang, hukou), lambda: dismiss(town.zhang, police, "reviewer", by=town.zhou)
        )
        assert isinstance(decided, Decision | NotAllowed | Refusal)
        check_one_history(hukou)
        assert not ReviewTask.objects.filter(claimed_by=town.zhang, closed_at=None).exists()
        enroll(town.zhang, police, "reviewer")


def test_a_claim_and_the_end_of_the_right_to_it_leave_nothing_held(town: Town) -> None:
    police = town.departments["police"]
    hukou = accepted(town)
    for _ in range(ROUNDS):
        race(claim(town, town.zhang, hukou), lambda: dismiss(town.zhang, police, "reviewer", by=town.zhou))
        release_stale_claims()  # what was claimed in the same moment, the reconciler gives back
        assert not ReviewTask.objects.filter(claimed_by=town.zhang, closed_at=None).exists()
        enroll(town.zhang, police, "reviewer")
    check_one_history(hukou)


def test_a_claim_that_lapses_and_a_decision_agree(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        review.claim(town.wang, hukou)
        ReviewTask.objects.filter(sub_item=hukou, closed_at=None).update(claim_lapses_at=timezone.now())
        decided, _released = race(approve(town, town.wang, hukou), release_stale_claims)
        assert isinstance(decided, Decision)
        check_one_history(hukou)


def test_a_claim_that_lapses_and_a_colleague_who_waits_for_it_agree(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        review.claim(town.wang, hukou)
        ReviewTask.objects.filter(sub_item=hukou, closed_at=None).update(claim_lapses_at=timezone.now())
        claimed, _released, _again = race(claim(town, town.zhang, hukou), release_stale_claims, release_stale_claims)
        holder = ReviewTask.objects.get(sub_item=hukou, closed_at=None).claimed_by
        assert holder == (None if isinstance(claimed, Refusal) else town.zhang)
        assert Event.objects.filter(chain_id=hukou.bundle_id, kind="claim_lapsed").count() == 1
        check_one_history(hukou)


def test_a_correction_and_a_withdrawal_leave_one(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        corrected, withdrawn = race(correct(town, town.wang, hukou), withdrawal(town, hukou))
        assert not isinstance(withdrawn, Refusal)  # what was returned may be withdrawn as well
        assert SubItem.objects.get(pk=hukou.pk).state == State.WITHDRAWN
        assert isinstance(corrected, Refusal) or not ReviewTask.objects.filter(sub_item=hukou, closed_at=None).exists()
        check_one_history(hukou)


def test_an_answer_and_a_withdrawal_agree(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        asked = request_correction(town.wang, hukou, [Gap("field", "child:person.name", "请核对")])
        race(
            lambda asked=asked: answer_correction(town.li, asked, {"child:person.name": "李大滿"}, {}),  # type: ignore[misc]
            withdrawal(town, hukou),
        )
        assert SubItem.objects.get(pk=hukou.pk).state == State.WITHDRAWN
        check_one_history(hukou)


def test_a_withdrawal_sent_twice_counts_once(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        one_wins(race(withdrawal(town, hukou), withdrawal(town, hukou)))
        assert Event.objects.filter(chain_id=hukou.bundle_id, kind="withdrawn", sub_item="hukou").count() == 1
        check_one_history(hukou)


def test_withdrawing_everything_and_a_decision_agree(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        bundle = hukou.bundle
        decided, withdrawn = race(approve(town, town.wang, hukou), lambda bundle=bundle: withdraw(town.li, bundle))  # type: ignore[misc]
        assert not isinstance(withdrawn, Refusal)
        assert ("hukou" in {one.key for one in withdrawn}) == isinstance(decided, Refusal)
        check_one_history(hukou)


def both_in_review(town: Town) -> tuple[SubItem, SubItem]:
    """Return the two last sub-items of a bundle, both accepted; their order is set aside."""
    hukou = accepted(town)
    medical = SubItem.objects.for_case().get(bundle=hukou.bundle_id, key="medical_ins")
    SubItem.objects.filter(pk=medical.pk).update(state=State.QUEUED)
    ReviewTask.objects.create(sub_item=medical, department=medical.department, opened_at=hukou.state_since)
    return hukou, review.accept(town.qian, town.part(hukou.bundle, "medical_ins"))


def test_the_last_two_decisions_conclude_the_bundle_once(committed_town: Town) -> None:
    town = committed_town  # its order is set aside, which the check of the whole would name
    for _ in range(ROUNDS):
        hukou, medical = both_in_review(town)
        bundle = hukou.bundle_id

        def decide_and_advance(act: Callable[[], Any], bundle: Any = bundle) -> Callable[[], Any]:
            def run() -> Any:
                act()
                advance([bundle])

            return run

        results = race(
            decide_and_advance(approve(town, town.wang, hukou)),
            decide_and_advance(lambda part=medical: review.decide(town.qian, part, "approved", "", {})),  # type: ignore[misc]
            lambda bundle=bundle: advance([bundle]),  # type: ignore[misc]
        )
        assert refusals(results) == []
        assert Bundle.objects.get(pk=bundle).concluded_at is not None
        assert Event.objects.filter(chain_id=bundle, kind="concluded").count() == 1
        assert OutboxMessage.objects.filter(kind="notify", subject=f"{bundle}:concluded").count() == 1
        assert verify_chain(bundle) == []


def test_workers_that_dispatch_the_same_bundle_dispatch_it_once(town: Town) -> None:
    for _ in range(ROUNDS):
        bundle = town.submit(dispatch=False)
        race(*(lambda bundle=bundle: advance([bundle.pk]) for _ in range(4)))  # type: ignore[misc]
        assert ReviewTask.objects.filter(sub_item__bundle=bundle).count() == 1
        assert Event.objects.filter(chain_id=bundle.pk, kind="queued").count() == 1
        assert verify_chain(bundle.pk) == []
