"""Special procedures: only what the item lists, told to the applicant, with the clock standing still; nothing decided before the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from matters.calendars.limits import due_after
from matters.integrity.plans import compare_with_plans
from matters.models import ReviewTask, SpecialProcedure, SubItem
from matters.reviewing import review
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.procedures import end_procedure, start_procedure
from matters.reviewing.withdrawal import withdraw
from matters.wording.refusals import Invalid, NotAllowed, ProcedureRefused, ProcedureUnderWay, StateChanged
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.outbox.processing import process
from tests.matters.reviewing.test_review import OUTPUTS, approve_birth
from tests.matters.reviewing.test_review_races import check_one_history, one_wins, race
from tests.worlds.building import publish
from tests.worlds.cast import logged_in
from tests.worlds.keeping import kept
from tests.worlds.reading import reading
from tests.worlds.town import CERTIFICATE_TYPES, ELEMENTS, ITEMS, MATERIALS, MATTER, POSTS, Town

pytestmark = pytest.mark.django_db
WHY = "要看房屋的实际用途"
LISTED = [
    {"name": "现场核查", "kind": "inspection", "days": "5", "basis": ""},
    {"name": "听证", "kind": "hearing", "days": "20", "basis": ""},
    {"name": "鉴定", "kind": "appraisal", "days": "3", "counted": True},
    {"name": "只在指南里的", "days": "很久"},
]
HELD = {"hukou": {"special_procedures": LISTED}, "medical_ins": {"special_procedures": LISTED[:1]}}


def build() -> Town:
    """The town, with special procedures listed by the police and the insurance; the insurance waits for nobody."""
    items = {**dict(MATTER.facts).get("items", {}), **HELD}
    free = tuple(replace(use, after=()) if use.item == "medical_ins" else use for use in MATTER.items)
    matter = replace(MATTER, items=free, facts={**MATTER.facts, "items": items})
    changed = [
        replace(item, lines=tuple(line for line in item.lines if line.element != "person.id_number"))
        if item.slug == "medical_ins"
        else item
        for item in ITEMS
    ]
    version = publish(matter, *changed, elements=ELEMENTS, materials=MATERIALS)
    return Town.build(version, POSTS, CERTIFICATE_TYPES)


@pytest.fixture
def town() -> Town:
    return kept("town with procedures", build)


@pytest.fixture
def accepted(town: Town) -> SubItem:
    """The police's part, accepted by Wang."""
    birth = town.part(town.submit(), "birth_cert")
    approve_birth(town, birth)
    return review.accept(town.wang, town.part(birth.bundle, "hukou"))


def _post(user: Any, part: SubItem, action: str, **data: str) -> Any:
    return logged_in(user).post(reverse("matters:case_action", args=[part.number, action]), reading(part) | data)


def _page(user: Any, part: SubItem) -> str:
    return logged_in(user).get(reverse("matters:case", args=[part.number])).content.decode()


class TestTheWholeWay:
    def test_it_is_begun_on_the_page_told_and_ended_with_a_result(self, town: Town, accepted: SubItem) -> None:
        before = accepted.due_on
        assert before is not None
        page = _page(town.wang, accepted)
        assert "启动特别程序" in page
        assert "只在指南里的" not in page
        sent = {"procedure": "inspection", "procedure_reason": WHY}
        assert _post(town.wang, accepted, "start-procedure", **sent).status_code == 302
        row = SpecialProcedure.objects.get()
        assert (row.name, row.days, row.reason) == ("现场核查", 5, WHY)
        paused = town.part(accepted.bundle, "hukou")
        assert paused.due_on is not None
        assert paused.due_on > before
        assert ReviewTask.objects.get(sub_item=accepted, closed_at=None).due_on == paused.due_on
        process("notify")
        assert Message.objects.filter(recipient=town.li, kind="procedure_started").count() == 1
        told = logged_in(town.li).get(reverse("matters:bundle", args=[accepted.bundle.number])).content.decode()
        assert WHY in told
        assert "不计办理时限" in told
        sent = {"number": str(row.pk), "outcome": "passed", "findings": "自住，符合"}
        assert _post(town.wang, accepted, "end-procedure", **sent).status_code == 302
        # It began and ended on one day: no day stood still.
        assert town.part(accepted.bundle, "hukou").due_on == before
        assert not list(compare_with_plans())
        kinds = Event.objects.filter(chain_id=accepted.bundle_id, kind__startswith="procedure_")
        assert list(kinds.order_by("sequence").values_list("kind", flat=True)) == [
            "procedure_started",
            "procedure_ended",
        ]

    def test_nothing_is_decided_before_its_result_is_on_record(self, town: Town, accepted: SubItem) -> None:
        row = start_procedure(town.wang, accepted, "inspection", WHY)
        part = town.part(accepted.bundle, "hukou")
        for outcome in ("approved", "rejected"):
            with pytest.raises(ProcedureUnderWay):
                review.decide(town.wang, part, outcome, "不符合规定", OUTPUTS)
        assert "确认准予" not in _page(town.wang, accepted)
        end_procedure(town.wang, part, str(row.pk), "failed", "不符合")
        review.decide(town.wang, town.part(accepted.bundle, "hukou"), "rejected", "现场核查不符合要求")

    def test_what_was_typed_stays_beside_what_is_wrong(self, town: Town, accepted: SubItem) -> None:
        answer = _post(town.wang, accepted, "start-procedure", procedure="hearing", procedure_reason=WHY, held_on="")
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "听证要写明哪一天举行" in text
        assert WHY in text
        row = start_procedure(town.wang, town.part(accepted.bundle, "hukou"), "inspection", WHY)
        answer = _post(town.wang, accepted, "end-procedure", number=str(row.pk), findings="去看过了")
        assert answer.status_code == 422
        assert "请选择结果" in answer.content.decode()
        assert "去看过了" in answer.content.decode()


class TestWhatIsRefused:
    @pytest.mark.parametrize("kind", ["test", "", "只在指南里的"])
    def test_what_the_item_does_not_list(self, town: Town, accepted: SubItem, kind: str) -> None:
        with pytest.raises(Invalid) as refusal:
            start_procedure(town.wang, accepted, kind, WHY)
        assert set(refusal.value.problems) == {"procedure"}

    def test_before_acceptance_and_by_others(self, town: Town, accepted: SubItem) -> None:
        queued = town.part(town.submit(), "medical_ins")
        with pytest.raises(StateChanged):
            start_procedure(town.qian, queued, "inspection", WHY)
        for user in (town.zhao, town.sun, town.li):
            with pytest.raises(NotAllowed):
                start_procedure(user, accepted, "inspection", WHY)

    def test_a_second_of_the_same_kind(self, town: Town, accepted: SubItem) -> None:
        start_procedure(town.wang, accepted, "inspection", WHY)
        with pytest.raises(ProcedureRefused, match="已经在进行"):
            start_procedure(town.wang, accepted, "inspection", WHY)

    @pytest.mark.parametrize("held_on", ["2026-13-40", "2020-01-01", "明天", "2126-01-01"])
    def test_days_that_are_none_or_gone(self, town: Town, accepted: SubItem, held_on: str) -> None:
        with pytest.raises(Invalid) as refusal:
            start_procedure(town.wang, accepted, "inspection", WHY, held_on)
        assert set(refusal.value.problems) == {"held_on"}

    def test_a_hearing_is_not_recorded_by_who_examines_the_case(self, town: Town) -> None:
        with time_machine.travel("2026-11-19T10:00:00+08:00", tick=False):
            birth = town.part(town.submit(), "birth_cert")
            approve_birth(town, birth)
            part = review.accept(town.wang, town.part(birth.bundle, "hukou"))
            with pytest.raises(Invalid, match="补全"):
                start_procedure(town.wang, part, "hearing", WHY, "2026-11-24")  # less than seven days
            row = start_procedure(town.wang, part, "hearing", WHY, "2026-11-27")
            with pytest.raises(NotAllowed, match="主持"):
                end_procedure(town.wang, part, str(row.pk), "passed", "双方陈述完毕")
            with pytest.raises(IntegrityError), transaction.atomic():
                SpecialProcedure.objects.update(outcome="passed", ended_by=town.wang, ended_at=row.started_at)
            for odd in ("²", "9" * 5000):
                with pytest.raises(ProcedureRefused):
                    end_procedure(town.zhang, part, odd, "passed", "双方陈述完毕")
                with pytest.raises(ProcedureRefused):
                    start_procedure(town.wang, part, "inspection", WHY, "", odd)
            end_procedure(town.zhang, part, str(row.pk), "passed", "双方陈述完毕")


class TestTheClock:
    def test_days_that_count_move_nothing(self, town: Town, accepted: SubItem) -> None:
        before = accepted.due_on
        start_procedure(town.wang, accepted, "appraisal", WHY)
        assert town.part(accepted.bundle, "hukou").due_on == before
        assert not list(compare_with_plans())

    def test_a_procedure_and_a_correction_at_once_stand_still_once(self, town: Town) -> None:
        """A procedure from Thursday to Wednesday and a correction from Friday to Tuesday: four working days, not six."""
        with time_machine.travel("2026-11-19T10:00:00+08:00", tick=False):
            birth = town.part(town.submit(), "birth_cert")
            approve_birth(town, birth)
            # Nobody else has anything to name: what the police name is told at once.
            review.decide(town.qian, review.accept(town.qian, town.part(birth.bundle, "medical_ins")), "approved")
            part = review.accept(town.wang, town.part(birth.bundle, "hukou"))
            assert part.due_on == date(2026, 11, 26)
            row = start_procedure(town.wang, part, "inspection", WHY)
        with time_machine.travel("2026-11-20T10:00:00+08:00", tick=False):
            part = town.part(part.bundle, "hukou")
            asked = request_correction(town.wang, part, [Gap("field", "household:hukou.address", "请写到门牌")])
        with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False):
            answer_correction(town.li, asked, {"household:hukou.address": "南昌市西湖区二号"}, {})
        with time_machine.travel("2026-11-25T10:00:00+08:00", tick=False):
            end_procedure(town.wang, town.part(part.bundle, "hukou"), str(row.pk), "passed", "看过了")
        due = due_after(date(2026, 11, 26), 3).date  # the 20th, the 23rd and the 24th
        assert town.part(part.bundle, "hukou").due_on == due
        assert not list(compare_with_plans())


def test_two_departments_go_together(town: Town, accepted: SubItem) -> None:
    """The second sees only whose inspection it is and on which day; each records its own result."""
    insurance = review.accept(town.qian, town.part(accepted.bundle, "medical_ins"))
    first = start_procedure(town.wang, accepted, "inspection", WHY, due_after(timezone.localdate(), 3).date.isoformat())
    page = _page(town.qian, insurance)
    assert "和其他部门一起去" in page
    assert WHY not in page
    sent = {"procedure": "inspection", "procedure_reason": "一并看看", "joins": str(first.pk)}
    assert _post(town.qian, insurance, "start-procedure", **sent).status_code == 302
    second = SpecialProcedure.objects.get(joins=first)
    assert second.held_on == first.held_on
    told = logged_in(town.li).get(reverse("matters:bundle", args=[accepted.bundle.number])).content.decode()
    assert "您只用等一次" in told
    elsewhere = review.accept(town.qian, town.part(town.submit(), "medical_ins"))
    with pytest.raises(ProcedureRefused):  # of another application
        start_procedure(town.qian, elsewhere, "inspection", WHY, joins=str(first.pk))


def test_a_withdrawal_ends_what_is_under_way(town: Town, accepted: SubItem) -> None:
    start_procedure(town.wang, accepted, "inspection", WHY)
    withdraw(town.li, accepted.bundle)
    assert SpecialProcedure.objects.get().outcome == "dropped"
    assert not list(compare_with_plans())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture
    def part(self, transactional_db: None) -> Iterator[tuple[Town, SubItem]]:
        from catalog.versions.matters import compiled

        compiled.cache_clear()
        town = build()
        yield town, self.ready(town)
        compiled.cache_clear()

    def ready(self, town: Town) -> SubItem:
        part = review.accept(town.qian, town.part(town.submit(), "medical_ins"))
        return town.part(part.bundle, "medical_ins")

    def test_of_two_that_begin_one_does(self, part: tuple[Town, SubItem]) -> None:
        town, ready = part
        for _round in range(6):
            results = race(*[lambda ready=ready: start_procedure(town.qian, ready, "inspection", WHY)] * 2)  # type: ignore[misc]
            one_wins(results)
            assert SpecialProcedure.objects.filter(sub_item=ready).count() == 1
            ready = self.ready(town)

    def test_deciding_and_beginning_exclude_each_other(self, part: tuple[Town, SubItem]) -> None:
        town, ready = part
        for _round in range(6):
            one, other = town.part(ready.bundle, ready.key), town.part(ready.bundle, ready.key)
            results = race(
                lambda one=one: review.decide(town.qian, one, "rejected", "不符合规定"),
                lambda other=other: start_procedure(town.qian, other, "inspection", WHY),
            )
            one_wins(results)
            under_way = SpecialProcedure.objects.filter(sub_item=ready, ended_at=None).exists()
            assert under_way is (SubItem.objects.get(pk=ready.pk).state == "accepted")
            check_one_history(ready)
            ready = self.ready(town)
