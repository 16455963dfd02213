"""A case goes to a named colleague, to a stand-in, or back to whoever asked for its correction; the next one comes from the list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from catalog.staff.memberships import dismiss, enroll
from matters.models import Bundle, CorrectionRequest, OfficerAbsence, ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.reassigning import claim_next, colleagues_of, reassign
from matters.reviewing.standing_in import end_absence, record_absence
from matters.wording.refusals import AbsenceInvalid, CannotTake, NotAllowed, Refusal, StateChanged, TakenByAnother
from portal.accounts.models import User
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.outbox.processing import enqueue_missing
from tests.worlds.cast import logged_in
from tests.worlds.town import Town


@pytest.fixture
def hukou(turn_of_the_police: tuple[Town, Bundle]) -> SubItem:
    town, bundle = turn_of_the_police
    return town.part(bundle, "hukou")


@pytest.fixture
def town(turn_of_the_police: tuple[Town, Bundle]) -> Town:
    return turn_of_the_police[0]


def holder(sub_item: SubItem) -> User | None:
    return ReviewTask.objects.get(sub_item=sub_item, closed_at=None).claimed_by


def away(town: Town, user: User, stand_in: User, first: int = 0, last: int = 3) -> OfficerAbsence:
    today = timezone.localdate()
    police = town.departments["police"]
    return record_absence(user, user, police, stand_in, today + timedelta(days=first), today + timedelta(days=last))


def asked_and_answered(town: Town, by: User, hukou: SubItem) -> None:
    asked = request_correction(by, town.part(hukou.bundle, "hukou"), [Gap("field", "child:person.name", "请核对")])
    asked = CorrectionRequest.objects.select_related("sub_item__bundle__applicant", "sub_item__department").get(
        pk=asked.pk
    )
    answer_correction(town.li, asked, {"child:person.name": "李小滿"}, {})


class TestHandingOver:
    def test_the_colleague_holds_it_is_told_and_the_history_says_so(self, town: Town, hukou: SubItem) -> None:
        review.claim(town.wang, hukou)
        reassign(town.wang, hukou, town.zhang)
        assert holder(hukou) == town.zhang
        last = Event.objects.filter(chain_id=hukou.bundle_id).order_by("-sequence")[0]
        assert (last.kind, last.actor_id) == ("reassigned", town.wang.pk)
        assert last.data == {"given_to": town.zhang.pk, "holder": town.wang.pk}
        message = Message.objects.get(recipient=town.zhang, kind="case_reassigned")
        assert message.data["number"] == hukou.number
        assert logged_in(town.zhang).get(message.link).status_code == 200
        assert verify_chain(hukou.bundle_id) == []

    def test_what_another_holds_is_the_leads_to_give(self, town: Town, hukou: SubItem) -> None:
        review.claim(town.wang, hukou)
        with pytest.raises(TakenByAnother):
            reassign(town.zhang, hukou, town.zhang)
        reassign(town.zhou, hukou, town.zhang)
        assert holder(hukou) == town.zhang

    def test_what_nobody_holds_is_assigned_by_the_lead_alone(self, town: Town, hukou: SubItem) -> None:
        with pytest.raises(NotAllowed):
            reassign(town.wang, hukou, town.zhang)
        reassign(town.zhou, hukou, town.zhang)
        assert holder(hukou) == town.zhang

    @pytest.mark.parametrize("name", ["zhao", "sun", "li"])
    def test_nobody_gets_a_case_who_may_not_review_it(self, town: Town, hukou: SubItem, name: str) -> None:
        review.claim(town.wang, hukou)
        with pytest.raises(CannotTake):
            reassign(town.wang, hukou, getattr(town, name))
        assert holder(hukou) == town.wang

    def test_nobody_gets_the_case_of_whoever_is_near_to_them(self, town: Town, hukou: SubItem) -> None:
        enroll(town.li, town.departments["police"], "reviewer")
        review.claim(town.wang, hukou)
        with pytest.raises(CannotTake, match="回避"):
            reassign(town.wang, hukou, town.li)

    def test_what_is_decided_goes_nowhere(self, town: Town, hukou: SubItem) -> None:
        review.decide(town.wang, review.accept(town.wang, hukou), "rejected", "不符合规定")
        with pytest.raises(StateChanged):
            reassign(town.zhou, hukou, town.zhang)

    def test_the_page_offers_colleagues_with_what_they_hold_and_says_what_is_wrong(
        self, town: Town, hukou: SubItem
    ) -> None:
        review.claim(town.wang, hukou)
        wang, address = logged_in(town.wang), reverse("matters:case_reassign", args=[hukou.number])
        page = wang.get(address).content.decode()
        assert "手上 0 件" in page
        assert f'value="{town.zhang.pk}"' in page
        assert f'value="{town.wang.pk}"' not in page  # who has it
        refused = wang.post(address, {"to": "x"})
        assert refused.status_code == 422
        assert "请选择转交给哪位同事" in refused.content.decode()
        assert wang.post(address, {"to": town.zhang.pk}).status_code == 302
        assert holder(hukou) == town.zhang
        assert wang.get(reverse("matters:case", args=[hukou.number])).content.decode().count("reassign/") == 0


class TestNext:
    def test_the_next_case_comes_from_the_list_one_looks_at(self, town: Town) -> None:
        late, early = (town.part(town.submit(), "birth_cert") for _place in range(2))
        tasks = ReviewTask.objects.filter(closed_at=None)
        tasks.filter(sub_item=late).update(due_on=date(2099, 1, 1))
        tasks.filter(sub_item=early).update(due_on=date(2020, 1, 1))
        health = town.departments["health"]
        assert claim_next(town.zhao, health, filter="review") is None
        assert claim_next(town.zhao, health, filter="overdue") == early
        assert claim_next(town.zhao, health, filter="overdue") is None
        assert claim_next(town.zhao, health, filter="mine") == late  # there is nothing to claim in one's own list

    def test_by_time_left_the_most_urgent_comes_first(self, town: Town) -> None:
        first, second = (town.part(town.submit(), "birth_cert") for _place in range(2))
        tasks = ReviewTask.objects.filter(closed_at=None)
        tasks.filter(sub_item=first).update(due_on=date(2099, 1, 1))
        tasks.filter(sub_item=second).update(due_on=date(2020, 1, 1))
        assert claim_next(town.zhao, town.departments["health"], sort="left") == second

    def test_from_an_unfinished_case_no_second_one_is_taken(self, town: Town) -> None:
        parts = [town.part(town.submit(), "birth_cert") for _place in range(2)]
        zhao, address = logged_in(town.zhao), reverse("matters:next_case", args=["health"])
        taken = zhao.post(address, {"filter": "all"})
        assert taken["Location"] == f"/review/cases/{parts[0].number}/?filter=all"
        again = zhao.post(address, {"filter": "all", "open": parts[0].number}, follow=True)
        assert "没有再取新的" in again.content.decode()
        assert holder(parts[1]) is None
        review.hand_back(town.zhao, parts[0])
        zhao.post(address, {"filter": "all", "open": parts[0].number})
        assert ReviewTask.objects.filter(claimed_by=town.zhao, closed_at=None).count() == 1


class TestAfterACorrection:
    def test_it_comes_back_to_whoever_asked(self, town: Town, hukou: SubItem) -> None:
        asked_and_answered(town, town.wang, hukou)
        assert holder(hukou) == town.wang

    def test_it_comes_to_the_stand_in_while_they_are_away(self, town: Town, hukou: SubItem) -> None:
        away(town, town.wang, town.zhang)
        asked_and_answered(town, town.wang, hukou)
        assert holder(hukou) == town.zhang

    def test_nobody_has_it_where_they_review_there_no_more(self, town: Town, hukou: SubItem) -> None:
        asked = request_correction(town.wang, hukou, [Gap("field", "child:person.name", "请核对")])
        dismiss(town.wang, town.departments["police"], "reviewer")
        found = CorrectionRequest.objects.select_related("sub_item__bundle__applicant", "sub_item__department")
        answer_correction(town.li, found.get(pk=asked.pk), {"child:person.name": "李小滿"}, {})
        assert holder(hukou) is None


class TestAbsence:
    def test_what_they_hold_goes_to_the_stand_in_at_once(self, town: Town, hukou: SubItem) -> None:
        review.claim(town.wang, hukou)
        away(town, town.wang, town.zhang)
        assert holder(hukou) == town.zhang
        assert Event.objects.filter(chain_id=hukou.bundle_id).order_by("-sequence")[0].kind == "reassigned"
        assert Message.objects.filter(recipient=town.zhang, kind="stand_in_asked").count() == 1

    def test_one_that_begins_later_moves_nothing_before_that_day(self, town: Town, hukou: SubItem) -> None:
        review.claim(town.wang, hukou)
        away(town, town.wang, town.zhang, first=1)
        enqueue_missing()
        assert holder(hukou) == town.wang
        with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
            ReviewTask.objects.filter(sub_item=hukou).update(claim_lapses_at=timezone.now() + timedelta(days=9))
            enqueue_missing()
        assert holder(hukou) == town.zhang

    def test_while_away_nothing_is_claimed_and_nothing_handed_over_to_them(self, town: Town, hukou: SubItem) -> None:
        absence = away(town, town.wang, town.zhang)
        with pytest.raises(NotAllowed, match="不在岗"):
            review.claim(town.wang, hukou)
        with pytest.raises(NotAllowed, match="不在岗"):
            claim_next(town.wang, town.departments["police"])
        with pytest.raises(CannotTake, match="不在岗"):
            reassign(town.zhou, hukou, town.wang)
        end_absence(town.wang, absence)
        review.claim(town.wang, hukou)
        with pytest.raises(Refusal, match="已经结束"):
            end_absence(town.wang, absence)

    def test_what_cannot_stand_is_said_beside_its_box(self, town: Town) -> None:
        today, police = timezone.localdate(), town.departments["police"]
        cases: list[tuple[User | None, date | None, date | None, set[str]]] = [
            (None, None, None, {"stand_in", "from_on", "until_on"}),
            (town.wang, today, today, {"stand_in"}),
            (town.zhao, today, today, {"stand_in"}),
            (town.zhang, today - timedelta(days=1), today, {"from_on"}),
            (town.zhang, today + timedelta(days=2), today, {"until_on"}),
            (town.zhang, today, today + timedelta(days=400), {"until_on"}),
        ]
        for stand_in, first, last, wrong in cases:
            with pytest.raises(AbsenceInvalid) as refused:
                record_absence(town.wang, town.wang, police, stand_in, first, last)
            assert set(refused.value.problems) == wrong
        away(town, town.zhang, town.wang)
        with pytest.raises(AbsenceInvalid) as refused:
            record_absence(town.wang, town.wang, police, town.zhang, today, today)
        assert set(refused.value.problems) == {"stand_in"}  # each for the other would stand in for nobody
        with pytest.raises(AbsenceInvalid) as refused:
            record_absence(town.zhang, town.zhang, police, town.zhou, today, today)
        assert set(refused.value.problems) == {"from_on"}

    def test_only_the_lead_records_it_for_another(self, town: Town) -> None:
        today, police = timezone.localdate(), town.departments["police"]
        with pytest.raises(NotAllowed):
            record_absence(town.zhang, town.wang, police, town.zhang, today, today)
        assert record_absence(town.zhou, town.wang, police, town.zhang, today, today).recorded_by == town.zhou
        assert Message.objects.filter(recipient=town.wang, kind="absence_recorded").count() == 1

    def test_the_page_records_shows_and_ends_it(self, town: Town) -> None:
        wang, address = logged_in(town.wang), reverse("matters:absences", args=["police"])
        refused = wang.post(address, {"from_on": "x", "until_on": "2020-01-01", "stand_in": town.zhang.pk})
        assert refused.status_code == 422
        assert 'value="2020-01-01"' in refused.content.decode()
        today = timezone.localdate().isoformat()
        assert wang.post(address, {"from_on": today, "until_on": today, "stand_in": town.zhang.pk}).status_code == 302
        absence = OfficerAbsence.objects.get()
        end = reverse("matters:absence_end", args=["police", absence.pk])
        assert end in wang.get(address).content.decode()
        assert logged_in(town.zhang).post(end).status_code == 404
        assert wang.post(end).status_code == 302
        assert not OfficerAbsence.objects.standing().exists()


def test_colleagues_are_those_who_review(town: Town) -> None:
    assert set(colleagues_of(town.departments["police"])) == {town.wang, town.zhang, town.zhou}
