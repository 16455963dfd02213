"""A second round of corrections: what was before the department already is not asked for again, unless its head allows it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from matters.core.states import State
from matters.models import Bundle, CorrectionItem, CorrectionRequest, ExtraRound, SubItem
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.extra_rounds import correct_or_ask, settle_extra_round
from matters.reviewing.points import Judgement, check_points
from matters.reviewing.withdrawal import withdraw
from matters.wording.refusals import CorrectionInvalid, NotAllowed, ReasonMissing, Refusal, StateChanged
from portal.ledger.models import Event
from tests.matters.reviewing.notice_town import build_notice_town
from tests.worlds.cast import logged_in
from tests.worlds.reading import reading
from tests.worlds.town import Town

NAME = Gap("field", "child:person.name", "与出生医学证明不一致", "incorrect")
ADDRESS = Gap("field", "household:hukou.address", "请写到门牌号", "incomplete")
WHY = "第一次核对时漏看了地址"


@pytest.fixture
def town(turn_of_the_police: tuple[Town, Bundle]) -> Town:
    return turn_of_the_police[0]


@pytest.fixture
def hukou(turn_of_the_police: tuple[Town, Bundle]) -> SubItem:
    """The police's sub-item, in their queue after one round: the name was corrected."""
    town, bundle = turn_of_the_police
    return again(town, bundle, "李小滿")


def again(town: Town, bundle: Bundle, name: str) -> SubItem:
    """Let the police ask for the name and Li answer."""
    request = request_correction(town.wang, town.part(bundle, "hukou"), [NAME])
    answer_correction(town.li, request, {NAME.key: name}, {}, unchanged_is_right=True)
    return town.part(bundle, "hukou")


def refused(town: Town, hukou: SubItem, gap: Gap) -> str:
    with pytest.raises(CorrectionInvalid) as error:
        request_correction(town.wang, hukou, [gap])
    [(place, sentence)] = error.value.problems.items()
    assert place == f"{gap.target}:{gap.key}"
    return sentence


def test_what_the_answer_changed_may_be_asked_once_more_and_no_third_time(town: Town, hukou: SubItem) -> None:
    hukou = again(town, hukou.bundle, "李大滿")
    assert "负责人批准" in refused(town, hukou, NAME)


def test_what_the_applicant_says_is_right_is_decided_on(town: Town, hukou: SubItem) -> None:
    hukou = again(town, hukou.bundle, "李小滿")  # as it was
    assert "据此作出决定" in refused(town, hukou, NAME)
    with pytest.raises(CorrectionInvalid):
        correct_or_ask(town.wang, hukou, [NAME], why=WHY)


def test_what_was_passed_is_not_asked_for_again_by_anybody(db: None) -> None:
    town = build_notice_town()
    hukou = again(town, town.submit(), "李小滿")
    check_points(town.wang, hukou, {"address": Judgement(True)})
    assert "核对通过" in refused(town, hukou, ADDRESS)
    with pytest.raises(CorrectionInvalid):
        correct_or_ask(town.wang, hukou, [ADDRESS, NAME], why=WHY)


class TestWhatWasOverlooked:
    def test_it_takes_the_heads_word(self, town: Town, hukou: SubItem) -> None:
        assert "负责人批准" in refused(town, hukou, ADDRESS)
        asked = correct_or_ask(town.wang, hukou, [ADDRESS], why=WHY)
        assert isinstance(asked, ExtraRound)
        assert (asked.round, asked.points) == (2, 1)
        assert town.part(hukou.bundle, "hukou").state == State.RESUBMITTED
        with pytest.raises(Refusal):
            correct_or_ask(town.wang, hukou, [ADDRESS], why=WHY)
        with pytest.raises(NotAllowed):
            settle_extra_round(town.wang, hukou, granted=True, reason="同意")
        with pytest.raises(ReasonMissing):
            settle_extra_round(town.zhou, hukou, granted=True, reason=" ")
        settled = settle_extra_round(town.zhou, hukou, granted=True, reason="确属漏看，同意")
        assert settled.request is not None
        assert settled.request.requested_by == town.wang
        assert CorrectionItem.objects.get(request=settled.request).reason == ADDRESS.reason
        assert town.part(hukou.bundle, "hukou").state == State.RETURNED
        kinds = set(Event.objects.filter(chain_id=hukou.bundle_id).values_list("kind", flat=True))
        assert {"extra_round_asked", "extra_round_granted"} <= kinds

    def test_refused_nothing_is_asked_of_the_applicant(self, town: Town, hukou: SubItem) -> None:
        correct_or_ask(town.wang, hukou, [ADDRESS], why=WHY)
        settle_extra_round(town.zhou, hukou, granted=False, reason="按现有内容决定")
        assert CorrectionRequest.objects.filter(sub_item=hukou, answered_at=None).count() == 0
        with pytest.raises(Refusal):
            settle_extra_round(town.zhou, hukou, granted=True, reason="同意")

    def test_a_part_that_ended_meanwhile_cannot_be_asked_for(self, town: Town, hukou: SubItem) -> None:
        correct_or_ask(town.wang, hukou, [ADDRESS], why=WHY)
        withdraw(town.li, hukou.bundle, hukou)
        with pytest.raises(StateChanged):
            settle_extra_round(town.zhou, town.part(hukou.bundle, "hukou"), granted=True, reason="同意")

    def test_the_database_knows_that_nobody_allows_their_own(self, town: Town, hukou: SubItem) -> None:
        asked = correct_or_ask(town.wang, hukou, [ADDRESS], why=WHY)
        with pytest.raises(IntegrityError, match="extra_round_not_settled_by_who_asked"), transaction.atomic():
            ExtraRound.objects.filter(pk=asked.pk).update(
                outcome="refused", settled_by=town.wang, settled_at=timezone.now()
            )


class TestThePages:
    def _post(self, user: Any, hukou: SubItem, action: str, **data: str) -> Any:
        return logged_in(user).post(reverse("matters:case_action", args=[hukou.number, action]), reading(hukou) | data)

    def test_it_is_asked_and_allowed_on_the_case(self, town: Town, hukou: SubItem) -> None:
        place = f"field:{ADDRESS.key}"
        answer = self._post(town.wang, hukou, "correct", **{f"reason:{place}": ADDRESS.reason})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "再次补正的理由" in page
        assert ADDRESS.reason in page
        sent = {f"reason:{place}": ADDRESS.reason, "why_again": WHY}
        assert self._post(town.wang, hukou, "correct", **sent).status_code == 302
        mine = logged_in(town.wang).get(reverse("matters:case", args=[hukou.number])).content.decode()
        assert WHY in mine
        assert "grant-round" not in mine
        heads = logged_in(town.zhou).get(reverse("matters:case", args=[hukou.number])).content.decode()
        assert "grant-round" in heads
        empty = self._post(town.zhou, hukou, "grant-round")
        assert empty.status_code == 422
        assert self._post(town.zhou, hukou, "grant-round", round_reason="同意").status_code == 302
        assert town.part(hukou.bundle, "hukou").state == State.RETURNED
