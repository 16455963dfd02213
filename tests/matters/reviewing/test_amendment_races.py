"""A changed fact, its decision and its amendment at once, with real threads: no two valid certificates disagree afterwards."""

from __future__ import annotations

import pytest

from matters.core.states import State
from matters.models import Amendment, Bundle, ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.amending import agree_to_amendment, refuse_amendment
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.wording.refusals import AmendmentAwaited
from portal.ledger.chain import verify_chain
from tests.matters.reviewing.test_amendments import NAME, NEW, names_on_certificates, value
from tests.matters.reviewing.test_review import OUTPUTS
from tests.matters.reviewing.test_review_races import accepted, committed_town, one_wins, race  # noqa: F401
from tests.worlds.town import Town

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = 3


def agree_everywhere(bundle: Bundle) -> None:
    found = names_on_certificates(bundle)
    assert all(len(each) == 1 for each in found.values())
    assert len({name for each in found.values() for name in each}) == 1
    assert verify_chain(bundle.pk) == []


def test_agreeing_and_refusing_leave_one(committed_town: Town) -> None:  # noqa: F811
    town = committed_town
    for _ in range(ROUNDS):
        hukou = accepted(town)
        asked = request_correction(town.wang, hukou, [Gap("field", NAME, "请核对")])
        answer_correction(town.li, asked, {NAME: NEW}, {})
        first, second = (town.part(hukou.bundle, "birth_cert") for _each in range(2))
        one_wins(
            race(
                lambda first=first: agree_to_amendment(town.zhao, first),  # type: ignore[misc]
                lambda second=second: refuse_amendment(town.zhao, second, "不同意"),  # type: ignore[misc]
            )
        )
        agree_everywhere(hukou.bundle)
        [name] = names_on_certificates(hukou.bundle)["birth_certificate"]
        assert value(hukou.bundle) == name


def test_a_decision_and_another_departments_correction(committed_town: Town) -> None:  # noqa: F811
    town = committed_town
    for turn in range(ROUNDS):
        hukou = accepted(town)
        outputs = {**OUTPUTS, "id_number": f"36010320261112{turn:02d}19"}  # each number is given once
        SubItem.objects.filter(bundle=hukou.bundle, key="medical_ins").update(state=State.QUEUED)
        insurance = town.part(hukou.bundle, "medical_ins")
        ReviewTask.objects.create(sub_item=insurance, department=insurance.department, opened_at=hukou.state_since)
        asked = request_correction(town.qian, insurance, [Gap("field", NAME, "请核对")])
        mine = town.part(hukou.bundle, "hukou")
        decided, _answered = race(
            lambda mine=mine, outputs=outputs: review.decide(town.wang, mine, "approved", "", outputs),  # type: ignore[misc]
            lambda asked=asked: answer_correction(town.li, asked, {NAME: NEW}, {}),  # type: ignore[misc]
        )
        agree_everywhere(hukou.bundle)
        waiting = set(
            Amendment.objects.open().values_list("sub_item__key", flat=True).filter(sub_item__bundle=hukou.bundle)
        )
        assert waiting == ({"birth_cert"} if isinstance(decided, AmendmentAwaited) else {"birth_cert", "hukou"})
        for key, officer in (("birth_cert", town.zhao), ("hukou", town.wang)):
            if key in waiting:
                agree_to_amendment(officer, town.part(hukou.bundle, key))
        agree_everywhere(hukou.bundle)
