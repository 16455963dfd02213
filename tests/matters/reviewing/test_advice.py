"""Asking another department's advice: it sees the question and what was chosen for it, answers once, and the case shows it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from catalog.staff.memberships import dismiss, enroll
from catalog.versions.matters import compiled
from matters.models import Advice, SubItem
from matters.reviewing import review
from matters.reviewing.advice import answer_advice, ask_advice, remind_of_advice, revoke_advice
from matters.wording.refusals import AdviceRefused, Invalid, NotAllowed, StateChanged
from portal.ledger.models import AccessRecord, Event
from portal.notices.models import Message
from tests.matters.reviewing.test_review_races import one_wins, race
from tests.worlds.cast import logged_in
from tests.worlds.reading import reading
from tests.worlds.town import CANARY_HEALTH, Town, build_town

pytestmark = pytest.mark.django_db
QUESTION = "医院的记录和贵局的登记是否一致"
NAME = "child:person.name"


def soon(days: int = 5) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def accepted_birth(town: Town) -> SubItem:
    """The health department's part, accepted by Zhao."""
    return review.accept(town.zhao, town.part(town.submit(), "birth_cert"))


@pytest.fixture
def birth(town: Town) -> SubItem:
    return accepted_birth(town)


def asked(town: Town, birth: SubItem, **more: Any) -> Advice:
    return ask_advice(town.zhao, birth, "police", QUESTION, [NAME], soon(), **more)


def _case(user: Any, part: SubItem) -> str:
    return logged_in(user).get(reverse("matters:case", args=[part.number])).content.decode()


def _page(user: Any, advice: Advice) -> Any:
    return logged_in(user).get(reverse("matters:advice", args=[advice.pk]))


def test_the_whole_way(town: Town, birth: SubItem) -> None:
    assert "征求其他部门的意见" in _case(town.zhao, birth)
    sent = {
        "advice_department": "police",
        "question": QUESTION,
        "advice_field": [NAME],
        "advice_due": soon(),
        "yes_no": "1",
    }
    address = reverse("matters:case_action", args=[birth.number, "ask-advice"])
    assert logged_in(town.zhao).post(address, {**sent, **reading(birth)}).status_code == 302
    advice = Advice.objects.get()
    assert Message.objects.filter(kind="advice_asked", recipient=town.wang).count() == 1
    assert QUESTION not in logged_in(town.wang).get(reverse("matters:advice_list")).content.decode()
    page = _page(town.wang, advice).content.decode()
    assert QUESTION in page
    assert "李小满" in page
    assert CANARY_HEALTH not in page
    assert AccessRecord.objects.get(purpose="advice").fields == [NAME]
    answer = logged_in(town.wang).post(reverse("matters:advice", args=[advice.pk]), {"answer": "一致"})
    assert answer.status_code == 422
    assert "请选择同意或者不同意" in answer.content.decode()
    assert "一致" in answer.content.decode()
    answered = {"answer": "核对过，一致", "verdict": "yes"}
    assert logged_in(town.wang).post(reverse("matters:advice", args=[advice.pk]), answered).status_code == 302
    assert "核对过，一致" in _case(town.zhao, birth)
    assert Message.objects.filter(kind="advice_answered", recipient=town.zhao).count() == 1
    # Once answered, the form is shown no more.
    assert "李小满" not in _page(town.wang, advice).content.decode()
    kinds = Event.objects.filter(chain_id=birth.bundle_id, kind__startswith="advice_").order_by("sequence")
    assert list(kinds.values_list("kind", flat=True)) == ["advice_asked", "advice_answered"]


def test_only_who_reviews_in_the_department_that_is_asked_sees_it(town: Town, birth: SubItem) -> None:
    advice = asked(town, birth)
    for user in (town.qian, town.sun, town.li, town.stranger, town.zhao):
        assert _page(user, advice).status_code == 404
    with pytest.raises(NotAllowed):
        answer_advice(town.qian, advice, "", "没有意见")


def test_what_is_not_of_the_own_form_is_never_shown(town: Town, birth: SubItem) -> None:
    advice = ask_advice(town.zhao, birth, "police", QUESTION, [NAME, "household:hukou.address"], soon())
    assert advice.fields == [NAME]


def test_a_confidential_answer_is_read_by_who_asked_alone(town: Town, birth: SubItem) -> None:
    answer_advice(town.wang, asked(town, birth, is_confidential=True), "", "只说给卫健听")
    other = ask_advice(town.zhao, birth, "insurance", QUESTION, [], soon())
    assert "只说给卫健听" not in _page(town.qian, other).content.decode()
    shared = ask_advice(town.zhao, birth, "police", QUESTION, [], soon())
    answer_advice(town.wang, shared, "", "大家都可以看")
    assert "大家都可以看" in _page(town.qian, other).content.decode()
    assert "只说给卫健听" in _case(town.zhao, birth)


def test_it_is_taken_back_and_reminded_of_once_a_day(town: Town, birth: SubItem) -> None:
    advice = asked(town, birth)
    remind_of_advice(town.zhao, birth, str(advice.pk))
    with pytest.raises(AdviceRefused, match="今天已经催过"):
        remind_of_advice(town.zhao, birth, str(advice.pk))
    assert Message.objects.filter(kind="advice_reminded", recipient=town.wang).count() == 1
    revoke_advice(town.zhao, birth, str(advice.pk))
    assert _page(town.wang, advice).status_code == 404
    with pytest.raises(AdviceRefused):
        answer_advice(town.wang, advice, "", "来晚了")
    with pytest.raises(AdviceRefused):
        revoke_advice(town.zhao, birth, str(advice.pk))


def test_what_is_missing_is_named_at_its_place(town: Town, birth: SubItem) -> None:
    with pytest.raises(Invalid) as refusal:
        ask_advice(town.zhao, birth, "health", " ", [], "明天")
    assert set(refusal.value.problems) == {"advice_department", "question", "advice_due"}
    with pytest.raises(Invalid):
        ask_advice(town.zhao, birth, "police", QUESTION, [], soon(-1))
    asked(town, birth)
    with pytest.raises(AdviceRefused, match="还没有答复"):
        asked(town, birth)
    for user in (town.wang, town.sun):
        with pytest.raises(NotAllowed):
            ask_advice(user, birth, "insurance", QUESTION, [], soon())
    with pytest.raises(StateChanged):
        ask_advice(town.zhao, town.part(town.submit(), "birth_cert"), "police", QUESTION, [], soon())


def test_a_concluded_case_waits_for_no_answer(town: Town, birth: SubItem) -> None:
    advice = asked(town, birth)
    review.decide(town.zhao, birth, "rejected", "分娩记录查不到")
    with pytest.raises(AdviceRefused, match="已经办结"):
        answer_advice(town.wang, advice, "", "一致")
    assert _page(town.wang, advice).status_code == 404
    assert not AccessRecord.objects.filter(purpose="advice").exists()
    assert "没有等答复的征求意见" in logged_in(town.wang).get(reverse("matters:advice_list")).content.decode()


def test_an_answer_is_told_to_who_holds_the_case_now_and_to_nobody_dismissed(town: Town, birth: SubItem) -> None:
    advice = asked(town, birth)
    for role in ("reviewer", "lead"):
        dismiss(town.zhao, birth.department, role)
    enroll(town.zhang, birth.department, "reviewer")
    review.claim(town.zhang, birth)
    answer_advice(town.wang, advice, "", "一致")
    told = Message.objects.filter(kind="advice_answered").values_list("recipient", flat=True)
    assert list(told) == [town.zhang.pk]


def test_the_database_keeps_an_answer_whole_and_by_another(town: Town, birth: SubItem) -> None:
    advice = asked(town, birth)
    for wrong in (
        {"answered_at": timezone.now()},
        {"verdict": "yes"},
        {"answered_by": town.wang},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Advice.objects.filter(pk=advice.pk).update(**wrong)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture
    def town(self, transactional_db: None) -> Iterator[Town]:
        compiled.cache_clear()
        yield build_town()
        compiled.cache_clear()

    def test_an_answer_and_a_revocation_exclude_each_other(self, town: Town) -> None:
        for _round in range(6):
            birth = accepted_birth(town)
            advice = asked(town, birth)
            results = race(
                lambda advice=advice: answer_advice(town.wang, advice, "", "一致"),  # type: ignore[misc]
                lambda advice=advice, birth=birth: revoke_advice(town.zhao, birth, str(advice.pk)),  # type: ignore[misc]
            )
            one_wins(results)
            advice.refresh_from_db()
            assert (advice.answered_at is None) is (advice.revoked_at is not None)

    def test_of_two_answers_one_stands(self, town: Town) -> None:
        for _round in range(6):
            advice = asked(town, accepted_birth(town))
            acts = [functools.partial(answer_advice, user, advice, "", "一致") for user in (town.wang, town.zhang)]
            one_wins(race(*acts))
            advice.refresh_from_db()
            assert advice.answered_by in (town.wang, town.zhang)
