"""By when a department answers, and the clock that stands still while the applicant corrects."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse

from matters.calendars import official_calendar
from matters.core.clocks import add_working_days
from matters.core.states import State
from matters.integrity.plans import compare_with_plans
from matters.models import ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.tracking.progress import progress_of
from portal.notices.models import Message
from portal.outbox.processing import process
from tests.worlds.cast import logged_in
from tests.worlds.town import Town

pytestmark = pytest.mark.django_db
NAME = Gap("field", "child:person.name", "请核对姓名")


def _at(text: str) -> time_machine.travel:
    return time_machine.travel(f"{text}+08:00", tick=False)


def _day_of_task(part: SubItem) -> date | None:
    return ReviewTask.objects.get(sub_item=part, closed_at=None).due_on


def _sentence(part: SubItem) -> str:
    bundle = type(part.bundle).objects.for_page().get(pk=part.bundle_id)
    return next(step.sentence for step in progress_of(bundle).steps if step.sub_item.pk == part.pk)


def _received(town: Town, moment: str) -> SubItem:
    """Hand in an application as if its first part had reached the queue at that moment (the database's clock does not travel)."""
    part = town.part(town.submit(), "birth_cert")
    since = datetime.fromisoformat(f"{moment}+08:00")
    SubItem.objects.filter(pk=part.pk).update(state_since=since)
    return town.part(part.bundle, "birth_cert")


class TestFiveDays:
    def test_what_comes_into_a_queue_is_to_be_answered_in_five_working_days(self, town: Town) -> None:
        part = town.part(town.submit(), "birth_cert")
        with time_machine.travel(part.state_since, tick=False):
            due = _day_of_task(part)
            assert due is not None
            page = logged_in(town.zhao).get(reverse("matters:queue", args=["health"])).content.decode()
            assert "还剩 5 个工作日" in page
            assert "决定是否受理" in page
            case = logged_in(town.zhao).get(reverse("matters:case", args=[part.number])).content.decode()
            assert f"{due.day}日 前决定是否受理" in case
            assert f"{due.day}日前决定是否受理" in _sentence(part)
        assert not list(compare_with_plans())

    def test_what_was_corrected_before_acceptance_has_five_days_anew(self, town: Town) -> None:
        part = town.part(town.submit(), "birth_cert")
        asked = request_correction(town.zhao, part, [NAME])
        with _at("2030-06-03T10:00:00"):  # a Monday of a year whose holidays nobody announced
            answer_correction(town.li, asked, {"child:person.name": "李小滿"}, {})
        assert _day_of_task(part) == date(2030, 6, 10)

    def test_a_day_that_does_not_follow_is_a_breach(self, town: Town) -> None:
        part = _received(town, "2026-11-02T10:00:00")
        assert [breach.code for breach in compare_with_plans()] == ["answer_day_differs"]
        ReviewTask.objects.filter(sub_item=part).update(due_on=date(2026, 11, 9))
        assert not list(compare_with_plans())


class TestStandingStill:
    @pytest.fixture
    def accepted(self, town: Town) -> SubItem:
        """The first part, accepted on a Thursday: its limit of some days ends in the week after."""
        part = _received(town, "2026-11-02T10:00:00")
        type(part.bundle).objects.filter(pk=part.bundle_id).update(
            submitted_at=datetime.fromisoformat("2026-11-02T09:00:00+08:00"), promised_on=None
        )
        with _at("2026-11-05T10:00:00"):
            return review.accept(town.zhao, town.part(part.bundle, "birth_cert"))

    def test_the_days_of_a_correction_do_not_count(self, town: Town, accepted: SubItem) -> None:
        assert (accepted.promised_limit_days, accepted.due_on) == (1, date(2026, 11, 6))
        with _at("2026-11-06T10:00:00"):  # Friday, the first of its days
            asked = request_correction(town.zhao, accepted, [NAME])
            assert "不计入办理时限" in _sentence(town.part(accepted.bundle, "birth_cert"))
        with _at("2026-11-16T10:00:00"):  # Monday ten days later: six working days were the applicant's
            answer_correction(town.li, asked, {"child:person.name": "李小滿"}, {})
        part = town.part(accepted.bundle, "birth_cert")
        assert part.state == State.RESUBMITTED
        with _at("2026-11-16T10:00:00"):
            late = review.accept(town.zhao, part)
        assert late.due_on == date(2026, 11, 16) == _day_of_task(part)

    def test_the_promise_moves_by_what_is_on_the_longest_path(self, town: Town, accepted: SubItem) -> None:
        with _at("2026-11-05T11:00:00"):
            asked = request_correction(town.zhao, accepted, [NAME])
        with _at("2026-11-05T17:00:00"):  # answered on the same day: nothing was lost
            answer_correction(town.li, asked, {"child:person.name": "李小滿"}, {})
        bundle = town.part(accepted.bundle, "birth_cert").bundle
        same_day = bundle.promised_on
        with _at("2026-11-05T18:00:00"):
            asked = request_correction(town.zhao, town.part(bundle, "birth_cert"), [NAME])
        with _at("2026-11-12T09:00:00"):
            answer_correction(town.li, asked, {"child:person.name": "李小满"}, {})
        bundle.refresh_from_db()
        assert bundle.promised_on == add_working_days(same_day, 5, official_calendar()).date
        assert [breach.code for breach in compare_with_plans() if "day" in breach.code] == []


def test_what_was_accepted_is_told_once_and_goes_on_after_its_correction(town: Town) -> None:
    part = review.accept(town.zhao, town.part(town.submit(), "birth_cert"))
    asked = request_correction(town.zhao, part, [NAME])
    answer_correction(town.li, asked, {"child:person.name": "李小滿"}, {})
    page = logged_in(town.zhao).get(reverse("matters:case", args=[part.number])).content.decode()
    assert "已补正，接着审查" in page
    assert "待受理" not in page
    assert (
        "已补正，接着审查"
        in logged_in(town.li).get(reverse("matters:bundle", args=[part.bundle.number])).content.decode()
    )
    review.accept(town.zhao, town.part(part.bundle, "birth_cert"))
    process("notify")
    assert Message.objects.filter(recipient=town.li, kind="sub_item_accepted").count() == 1
