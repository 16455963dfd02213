"""Two at once, with real threads and real rows: exactly one wins, and the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from django.db import connections

from catalog.versions.matters import compiled
from matters.cases.sealed_form import open_bundle_form
from matters.core.states import State, replay
from matters.models import Bundle, CorrectionRequest, Decision, ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.holding import NO_CLAIM
from matters.reviewing.reassigning import claim_next
from matters.reviewing.withdrawal import withdraw
from matters.wording.refusals import Refusal
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from tests.matters.reviewing.test_review import OUTPUTS, approve_birth
from tests.processes import PATIENCE_SECONDS
from tests.worlds.town import Town, build_town

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = 6
TURNS = count()


@pytest.fixture
def committed_town(transactional_db: None) -> Iterator[Town]:
    """A town whose rows other connections see."""
    compiled.cache_clear()
    yield build_town()
    compiled.cache_clear()


def race(*acts: Callable[[], Any]) -> list[Any]:
    """Start every act at the same moment, each on its own connection; return results and refusals in the order given."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=PATIENCE_SECONDS)
            results[place] = act()
        except Refusal as refusal:
            results[place] = refusal
        except BaseException as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE_SECONDS)
    unexpected = [result for result in results if isinstance(result, BaseException) and not isinstance(result, Refusal)]
    assert unexpected == []
    return results


def accepted(town: Town) -> SubItem:
    """Return the police's sub-item, accepted and claimed by nobody."""
    bundle = town.submit()
    approve_birth(town, town.part(bundle, "birth_cert"))
    hukou = town.part(bundle, "hukou")
    review.accept(town.wang, hukou)
    ReviewTask.objects.filter(sub_item=hukou).update(**NO_CLAIM)
    return hukou


def check_one_history(sub_item: SubItem) -> None:
    """Whatever won, the events lead to the state and the chain is whole."""
    events = Event.objects.filter(chain_id=sub_item.bundle_id, sub_item=sub_item.key).order_by("sequence")
    state = SubItem.objects.get(pk=sub_item.pk).state
    assert replay(events.values_list("kind", flat=True)) == state
    assert verify_chain(sub_item.bundle_id) == []
    open_tasks = ReviewTask.objects.filter(sub_item=sub_item, closed_at=None).count()
    assert open_tasks == (1 if state in ("queued", "resubmitted", "accepted", "under_review") else 0)
    assert Decision.objects.filter(sub_item=sub_item).count() == (
        1 if state in ("approved", "rejected", "not_accepted") else 0
    )


def one_wins(results: list[Any]) -> None:
    refusals = [result for result in results if isinstance(result, Refusal)]
    assert len(refusals) == len(results) - 1
    assert all(refusal.sentence for refusal in refusals)


def approve(town: Town, user: Any, sub_item: SubItem) -> Callable[[], Any]:
    mine = town.part(sub_item.bundle, sub_item.key)
    turn = next(TURNS)  # each number is given once
    outputs = {**OUTPUTS, "id_number": f"36010320261112{turn // 10 % 500 * 2 + 1:03d}{turn % 10}"}
    return lambda: review.decide(user, mine, "approved", "", outputs)


def reject(town: Town, user: Any, sub_item: SubItem) -> Callable[[], Any]:
    mine = town.part(sub_item.bundle, sub_item.key)
    return lambda: review.decide(user, mine, "rejected", "不符合规定")


def correct(town: Town, user: Any, sub_item: SubItem) -> Callable[[], Any]:
    mine = town.part(sub_item.bundle, sub_item.key)
    return lambda: request_correction(user, mine, [Gap("field", "child:person.name", "请核对")])


def claim(town: Town, user: Any, sub_item: SubItem) -> Callable[[], Any]:
    mine = town.part(sub_item.bundle, sub_item.key)
    return lambda: review.claim(user, mine)


def withdrawal(town: Town, sub_item: SubItem) -> Callable[[], Any]:
    mine = town.part(sub_item.bundle, sub_item.key)
    return lambda: withdraw(town.li, mine.bundle, mine)


def answer(town: Town, asked: CorrectionRequest, name: str) -> Callable[[], Any]:
    mine = CorrectionRequest.objects.select_related("sub_item__bundle__applicant").get(pk=asked.pk)
    return lambda: answer_correction(town.li, mine, {"child:person.name": name}, {})


def test_two_decisions_leave_one(committed_town: Town) -> None:
    town = committed_town
    for _ in range(ROUNDS):
        hukou = accepted(town)
        one_wins(race(approve(town, town.wang, hukou), reject(town, town.zhang, hukou)))
        check_one_history(hukou)


def test_the_same_reviewer_in_two_windows_decides_once(committed_town: Town) -> None:
    town = committed_town
    for _ in range(ROUNDS):
        hukou = accepted(town)
        one_wins(race(*(approve(town, town.wang, hukou) for _ in range(4))))
        check_one_history(hukou)


def test_a_decision_and_a_correction_leave_one(committed_town: Town) -> None:
    town = committed_town
    for _ in range(ROUNDS):
        hukou = accepted(town)
        one_wins(race(approve(town, town.wang, hukou), correct(town, town.zhang, hukou)))
        check_one_history(hukou)
        state = SubItem.objects.get(pk=hukou.pk).state
        assert CorrectionRequest.objects.filter(sub_item=hukou).exists() is (state == State.RETURNED)


def test_a_decision_and_a_withdrawal_leave_one(committed_town: Town) -> None:
    town = committed_town
    for _ in range(ROUNDS):
        hukou = accepted(town)
        one_wins(race(approve(town, town.wang, hukou), withdrawal(town, hukou)))
        check_one_history(hukou)


def test_two_claims_leave_one_holder(committed_town: Town) -> None:
    town = committed_town
    for _ in range(ROUNDS):
        hukou = accepted(town)
        acts = [claim(town, user, hukou) for user in (town.wang, town.zhang, town.zhou)]
        one_wins(race(*acts))
        assert Event.objects.filter(chain_id=hukou.bundle_id, kind="claimed", sub_item="hukou").count() == 1


def test_claiming_next_gives_each_a_case_of_their_own(committed_town: Town) -> None:
    town = committed_town
    cases = {accepted(town).pk for _ in range(4)}
    police = town.departments["police"]
    users = [town.wang, town.zhang, town.zhou, town.wang]
    results = race(*(lambda user=user: claim_next(user, police) for user in users))
    assert {one.pk for one in results} == cases


def test_a_claim_and_a_colleagues_decision_agree(committed_town: Town) -> None:
    town = committed_town
    for _ in range(ROUNDS):
        hukou = accepted(town)
        one_wins(race(claim(town, town.zhang, hukou), approve(town, town.wang, hukou)))
        check_one_history(hukou)


def test_an_answer_sent_twice_counts_once(committed_town: Town) -> None:
    town = committed_town
    for _ in range(ROUNDS):
        hukou = accepted(town)
        asked = request_correction(town.wang, hukou, [Gap("field", "child:person.name", "请核对")])
        acts = [answer(town, asked, name) for name in ("李小滿", "李大滿")]
        one_wins(race(*acts))
        check_one_history(hukou)


def test_two_departments_corrections_both_survive(committed_town: Town) -> None:
    town = committed_town
    hukou = accepted(town)
    bundle = hukou.bundle
    SubItem.objects.filter(bundle=bundle, key="medical_ins").update(state=State.QUEUED)
    insurance = town.part(bundle, "medical_ins")
    ReviewTask.objects.create(sub_item=insurance, department=insurance.department, opened_at=hukou.state_since)
    first = request_correction(town.wang, hukou, [Gap("field", "household:hukou.address", "请写详细")])
    second = request_correction(town.qian, insurance, [Gap("field", "child:insurance.note", "请写具体")])
    race(
        lambda: answer_correction(town.li, first, {"household:hukou.address": "南昌市西湖区二号"}, {}),
        lambda: answer_correction(town.li, second, {"child:insurance.note": "灵活就业"}, {}),
    )
    saved = Bundle.objects.get(pk=bundle.pk)
    values = open_bundle_form(saved).values
    assert (values["household:hukou.address"], values["child:insurance.note"]) == ("南昌市西湖区二号", "灵活就业")
    assert saved.form_revision == 3
