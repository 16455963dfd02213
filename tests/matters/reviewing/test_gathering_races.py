"""The end of a gathering, with real threads and real rows: nothing marked is lost, told twice or told after it was withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.versions.matters import compiled
from matters.core.states import State
from matters.models import Bundle, Contradiction, CorrectionNotice, CorrectionRequest, SubItem
from matters.reviewing.corrections import Gap, request_correction
from matters.reviewing.gathering import close_due
from matters.reviewing.leading import settle_contradiction
from matters.reviewing.points import Judgement, check_points
from matters.wording.refusals import Refusal
from portal.ledger.models import Event
from portal.outbox.models import OutboxMessage
from tests.matters.reviewing.notice_town import BOOK, NAME, build_notice_town
from tests.matters.reviewing.test_review_races import ROUNDS, answer, check_one_history, one_wins, race, withdrawal
from tests.worlds.town import Town

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
GAPS = [Gap("field", NAME, "请核对", "incorrect")]
OFFICERS = {"birth_cert": "zhao", "hukou": "wang", "medical_ins": "qian"}


@pytest.fixture
def committed_town(transactional_db: None, settings: Any) -> Iterator[Town]:
    """A town whose rows other connections see, where what is found is gathered."""
    settings.YIJIAN_GATHERING_HOURS = 24
    compiled.cache_clear()
    yield build_notice_town()
    compiled.cache_clear()


def mark(town: Town, bundle: Bundle, key: str) -> Any:
    part, officer = town.part(bundle, key), getattr(town, OFFICERS[key])
    return lambda: request_correction(officer, part, GAPS)


def check(bundle: Bundle) -> list[CorrectionNotice]:
    """Whatever won: what was told is returned, what is returned was told, each notice once. Return the notices."""
    for part in SubItem.objects.filter(bundle=bundle):
        check_one_history(part)
        told = CorrectionRequest.objects.told().filter(sub_item=part, answered_at=None).count()
        assert told == (1 if part.state == State.RETURNED else 0) or part.state == State.WITHDRAWN
    notices = list(CorrectionNotice.objects.filter(bundle=bundle).order_by("pk"))
    jobs = OutboxMessage.objects.filter(kind="notify", payload__bundle=str(bundle.pk))
    messages = jobs.filter(payload__event__in=("notice_sent", "correction_requested")).count()
    assert messages == sum(notice.sent_at is not None for notice in notices)
    return notices


def test_the_last_departments_to_mark_make_one_notice(committed_town: Town) -> None:
    for _ in range(ROUNDS):
        bundle = committed_town.submit()
        mark(committed_town, bundle, "birth_cert")()
        race(mark(committed_town, bundle, "hukou"), mark(committed_town, bundle, "medical_ins"))
        [notice] = check(bundle)
        assert notice.requests.filter(told_at=notice.sent_at).count() == 3


def test_a_mark_at_the_last_second_is_in_this_notice_or_in_the_next(committed_town: Town) -> None:
    for _ in range(ROUNDS):
        bundle = committed_town.submit()
        mark(committed_town, bundle, "birth_cert")()
        CorrectionNotice.objects.filter(bundle=bundle).update(closes_at=timezone.now() - timedelta(seconds=1))
        race(mark(committed_town, bundle, "hukou"), close_due, close_due)
        notices = check(bundle)
        standing = CorrectionRequest.objects.filter(sub_item__bundle=bundle, dropped_at=None)
        assert standing.count() == 2
        assert {one.notice_id for one in standing} <= {notice.pk for notice in notices}


def test_what_is_withdrawn_as_the_gathering_ends_is_told_before_or_never(committed_town: Town) -> None:
    town = committed_town
    for _ in range(ROUNDS):
        bundle = town.submit()
        mark(town, bundle, "birth_cert")()
        mark(town, bundle, "hukou")()
        hukou = town.part(bundle, "hukou")
        race(mark(town, bundle, "medical_ins"), withdrawal(town, hukou))
        check(bundle)
        assert SubItem.objects.get(pk=hukou.pk).state == State.WITHDRAWN


def test_an_answer_and_a_withdrawal_of_a_part_agree(committed_town: Town) -> None:
    town = committed_town
    for turn in range(ROUNDS):
        bundle = town.submit()
        asked = [mark(town, bundle, key)() for key in OFFICERS][-1]
        hukou = town.part(bundle, "hukou")
        results = race(answer(town, asked, f"李小{'一二三四五六七八九十'[turn % 10]}"), withdrawal(town, hukou))
        assert not [result for result in results if isinstance(result, Refusal)]
        [notice] = check(bundle)
        assert notice.answered_at is not None
        assert town.part(bundle, "birth_cert").state == State.RESUBMITTED
        assert town.part(bundle, "hukou").state == State.WITHDRAWN


def test_two_answers_to_one_notice_leave_one(committed_town: Town) -> None:
    town = committed_town
    for _ in range(ROUNDS):
        bundle = town.submit()
        asked = [mark(town, bundle, key)() for key in OFFICERS]
        acts = [answer(town, one, name) for one, name in zip(asked[:2], ("李小滿", "李大滿"), strict=True)]
        one_wins(race(*acts))
        check(bundle)
        assert Bundle.objects.get(pk=bundle.pk).form_revision == 2


def test_what_is_withdrawn_as_the_lead_settles_it_is_told_before_or_never(committed_town: Town) -> None:
    town = committed_town
    for _ in range(ROUNDS):
        bundle = town.submit()
        check_points(town.wang, town.part(bundle, "hukou"), {"address": Judgement(True)})
        request_correction(town.zhao, town.part(bundle, "birth_cert"), [Gap("material", BOOK, "", "unreadable")])
        CorrectionNotice.objects.filter(bundle=bundle).update(closes_at=timezone.now() - timedelta(seconds=1))
        assert close_due() == 1  # it waits for the lead now
        birth, row = town.part(bundle, "birth_cert"), Contradiction.objects.get(notice__bundle=bundle)
        results = race(settle(town, row, asked=True), settle(town, row, asked=False), withdrawal(town, birth))
        assert not isinstance(results[2], BaseException)
        close_due()
        [notice] = check(bundle)
        row.refresh_from_db()
        assert SubItem.objects.get(pk=birth.pk).state == State.WITHDRAWN
        settled = [result for result in results[:2] if not isinstance(result, BaseException)]
        assert [one for one in results[:2] if isinstance(one, BaseException) and not isinstance(one, Refusal)] == []
        assert [one.outcome for one in settled] == ([] if row.outcome == "moot" else [row.outcome])
        assert (notice.sent_at is not None) == (row.outcome == "asked")
        assert Event.objects.filter(chain_id=bundle.pk, kind="contradiction_settled").count() == len(settled)


def settle(town: Town, row: Contradiction, *, asked: bool) -> Any:
    return lambda: settle_contradiction(town.zhao, row.pk, asked=asked, reason="已与公安核实")
