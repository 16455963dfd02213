"""Three departments, one notice: what they find is gathered, told at once, answered at once, and goes back to each of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from matters.cases.department_view import read_case
from matters.cases.sealed_form import open_bundle_form
from matters.core.states import State
from matters.integrity.checking import check_integrity
from matters.models import Bundle, CorrectionNotice, CorrectionRequest, ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.gathering import close_due, take_back_marks
from matters.reviewing.withdrawal import withdraw
from matters.wording.refusals import NotAllowed, StateChanged, TakenByAnother
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.outbox.processing import process
from tests.matters.reviewing.notice_town import BOOK, NAME, build_notice_town
from tests.worlds.cast import logged_in
from tests.worlds.town import Town, picture

BLURRED = Gap("material", BOOK, "", "unreadable")


def named(reason: str) -> Gap:
    return Gap("field", NAME, reason, "incorrect")


@pytest.fixture
def town(db: None, settings: Any) -> Town:
    settings.YIJIAN_GATHERING_HOURS = 24
    return build_notice_town()


@pytest.fixture
def bundle(town: Town) -> Bundle:
    return town.submit()


def mark_all(town: Town, bundle: Bundle) -> CorrectionRequest:
    """Let all three departments find the name wrong, two of them the book; return what the last asked, which ends the gathering."""
    request_correction(town.zhao, town.part(bundle, "birth_cert"), [named("与分娩记录不一致"), BLURRED])
    request_correction(town.wang, town.part(bundle, "hukou"), [named("用字不合规"), BLURRED])
    return request_correction(town.qian, town.part(bundle, "medical_ins"), [named("与户口登记不一致")])


def states(bundle: Bundle) -> set[str]:
    return set(SubItem.objects.filter(bundle=bundle).values_list("state", flat=True))


def pass_time(bundle: Bundle) -> None:
    CorrectionNotice.objects.filter(bundle=bundle).update(closes_at=timezone.now() - timedelta(minutes=1))


class TestGathering:
    def test_nothing_is_told_and_nothing_stands_still_while_others_check(self, town: Town, bundle: Bundle) -> None:
        birth = town.part(bundle, "birth_cert")
        asked = request_correction(town.zhao, birth, [named("与分娩记录不一致")])
        assert asked.told_at is None
        assert states(bundle) == {State.QUEUED}
        assert ReviewTask.objects.filter(sub_item=birth, closed_at=None, claimed_by=town.zhao).exists()
        assert close_due() == 0
        process("notify")
        assert not Message.objects.filter(kind__in=("correction_requested", "notice_sent")).exists()
        page = logged_in(town.li).get(reverse("matters:bundle", args=[bundle.number])).content.decode()
        assert "现在补正" not in page
        assert logged_in(town.li).get(reverse("matters:correction", args=[bundle.number, asked.pk])).status_code == 404
        page = logged_in(town.zhao).get(reverse("matters:case", args=[birth.number])).content.decode()
        assert "已标出，还没有告知申请人" in page
        review.accept(town.wang, town.part(bundle, "hukou"))  # another department goes on

    def test_it_is_told_at_once_when_the_last_department_has_checked(self, town: Town, bundle: Bundle) -> None:
        assert mark_all(town, bundle).told_at is not None
        assert states(bundle) == {State.RETURNED}
        notice = CorrectionNotice.objects.get(bundle=bundle)
        assert notice.sent_at is not None
        assert set(notice.requests.values_list("told_at", flat=True)) == {notice.sent_at}
        process("notify")
        message = Message.objects.get(recipient=town.li, kind="notice_sent")
        assert message.data["count"] == 2
        assert len(message.data["departments"]) == 3
        kinds = list(Event.objects.filter(chain_id=bundle.pk).values_list("kind", flat=True))
        assert kinds.count("correction_requested") == 3

    def test_who_accepts_has_checked(self, town: Town, bundle: Bundle) -> None:
        request_correction(town.zhao, town.part(bundle, "birth_cert"), [named("与分娩记录不一致")])
        review.accept(town.wang, town.part(bundle, "hukou"))
        assert close_due() == 0
        review.accept(town.qian, town.part(bundle, "medical_ins"))
        assert close_due() == 1
        assert town.part(bundle, "birth_cert").state == State.RETURNED
        assert town.part(bundle, "hukou").state == State.ACCEPTED

    def test_the_time_of_the_gathering_ends_it(self, town: Town, bundle: Bundle) -> None:
        request_correction(town.zhao, town.part(bundle, "birth_cert"), [named("与分娩记录不一致")])
        pass_time(bundle)
        assert close_due() == 1
        assert states(bundle) == {State.RETURNED, State.QUEUED}
        later = request_correction(town.wang, town.part(bundle, "hukou"), [named("用字不合规")])
        assert later.told_at is None  # another notice gathers now
        assert close_due() == 0

    def test_it_ends_before_the_last_day_to_answer(self, town: Town, bundle: Bundle) -> None:
        birth = town.part(bundle, "birth_cert")
        ReviewTask.objects.filter(sub_item=birth).update(due_on=timezone.localdate())
        assert request_correction(town.zhao, birth, [named("与分娩记录不一致")]).told_at is not None

    def test_a_matter_has_a_time_of_its_own(self, town: Town, bundle: Bundle, settings: Any) -> None:
        settings.YIJIAN_GATHERING_HOURS_OF = {"newborn": 0}
        assert request_correction(town.zhao, town.part(bundle, "birth_cert"), [named("不一致")]).told_at is not None

    def test_marking_again_replaces_and_taking_back_drops(self, town: Town, bundle: Bundle) -> None:
        birth = town.part(bundle, "birth_cert")
        first = request_correction(town.zhao, birth, [named("不一致")])
        second = request_correction(town.zhao, birth, [BLURRED])
        first.refresh_from_db()
        assert first.dropped_at is not None
        with pytest.raises(NotAllowed):
            take_back_marks(town.wang, birth)
        take_back_marks(town.zhao, birth)
        second.refresh_from_db()
        assert second.dropped_at is not None
        assert CorrectionNotice.objects.get(bundle=bundle).dropped_at is not None
        with pytest.raises(StateChanged):
            take_back_marks(town.zhao, birth)

    def test_what_is_accepted_or_withdrawn_after_it_was_marked_is_not_told(self, town: Town, bundle: Bundle) -> None:
        birth, hukou = town.part(bundle, "birth_cert"), town.part(bundle, "hukou")
        request_correction(town.zhao, birth, [named("不一致")])
        request_correction(town.wang, hukou, [named("不一致")])
        review.accept(town.zhao, town.part(bundle, "birth_cert"))
        withdraw(town.li, bundle, hukou)
        pass_time(bundle)
        assert close_due() == 1
        assert CorrectionNotice.objects.get(bundle=bundle).dropped_at is not None
        assert not CorrectionRequest.objects.told().exists()
        assert not check_integrity(with_files=False).breaches


class TestTheAnswer:
    def test_one_answer_reaches_every_department_with_its_own_difference(self, town: Town, bundle: Bundle) -> None:
        asked = mark_all(town, bundle)
        answer_correction(town.li, asked, {NAME: "李小滿"}, {BOOK: [picture("新的.png", "red")]})
        assert states(bundle) == {State.RESUBMITTED}
        notice = CorrectionNotice.objects.get(bundle=bundle)
        assert notice.answered_at is not None
        assert not notice.requests.filter(answered_at=None).exists()
        assert ReviewTask.objects.filter(sub_item__bundle=bundle, closed_at=None).count() == 3
        assert Bundle.objects.get(pk=bundle.pk).form_revision == 2
        for key, papers in (("birth_cert", 1), ("hukou", 1), ("medical_ins", 0)):
            form = read_case(town.part(bundle, key))
            rows = [row for section in form.sections for row in section.rows if row.is_corrected]
            assert [(row.text, row.before) for row in rows] == [("李小滿", "李小满")]
            assert len([paper for paper in form.papers if paper.is_corrected]) == papers
        assert not check_integrity(with_files=False).breaches

    def test_the_page_shows_a_field_once_with_three_reasons(self, town: Town, bundle: Bundle) -> None:
        asked = mark_all(town, bundle)
        page = logged_in(town.li).get(reverse("matters:correction", args=[bundle.number, asked.pk])).content.decode()
        assert page.count(f'data-entry="{NAME}"') == 1
        assert page.count(f'data-entry="material:{BOOK}"') == 1
        for reason in ("与分娩记录不一致", "用字不合规", "与户口登记不一致"):
            assert page.count(reason) == 1
        above = logged_in(town.li).get(reverse("matters:bundle", args=[bundle.number])).content.decode()
        assert above.count("现在补正") == 1

    def test_what_was_typed_is_kept_until_it_is_sent(self, town: Town, bundle: Bundle) -> None:
        asked = mark_all(town, bundle)
        li, place = logged_in(town.li), reverse("matters:correction", args=[bundle.number, asked.pk])
        assert li.post(place, {NAME: "李小滿", "save": "1"}).status_code == 302
        assert states(bundle) == {State.RETURNED}
        draft = CorrectionNotice.objects.get(bundle=bundle)
        assert "李小滿".encode() not in bytes(draft.draft_sealed or b"")
        page = li.get(place).content.decode()
        assert "李小滿" in page
        assert "暂存过" in page
        assert open_bundle_form(Bundle.objects.get(pk=bundle.pk)).values[NAME] == "李小满"

    def test_what_one_part_withdraws_is_not_answered(self, town: Town, bundle: Bundle) -> None:
        asked = mark_all(town, bundle)
        withdraw(town.li, bundle, town.part(bundle, "hukou"))
        answer_correction(town.li, asked, {NAME: "李小滿"}, {BOOK: [picture("新的.png", "red")]})
        assert states(bundle) == {State.RESUBMITTED, State.WITHDRAWN}
        assert CorrectionNotice.objects.get(bundle=bundle).answered_at is not None
        assert not check_integrity(with_files=False).breaches

    def test_the_clock_stands_from_the_notice_to_the_answer(self, town: Town, bundle: Bundle) -> None:
        hukou = review.accept(town.wang, town.part(bundle, "hukou"))
        request_correction(town.wang, hukou, [named("用字不合规")])
        before = town.part(bundle, "hukou").due_on
        pass_time(bundle)
        close_due()
        request = CorrectionRequest.objects.get(sub_item=hukou)
        CorrectionRequest.objects.update(requested_at=timezone.now() - timedelta(days=20))
        answer_correction(town.li, request, {NAME: "李小滿"}, {})
        assert town.part(bundle, "hukou").due_on == before  # told and answered on one day: the gathering did not count


def test_strangers_and_other_departments_find_nothing(town: Town, bundle: Bundle) -> None:
    asked = mark_all(town, bundle)
    for somebody in (town.wang, town.stranger):
        client: Any = logged_in(somebody)
        assert client.get(reverse("matters:correction", args=[bundle.number, asked.pk])).status_code == 404


def test_only_who_marked_or_who_holds_the_case_takes_it_back(town: Town, bundle: Bundle) -> None:
    part = town.part(bundle, "hukou")
    request_correction(town.wang, part, [named("用字不合规")])
    with pytest.raises(TakenByAnother):
        take_back_marks(town.zhang, part)
    review.hand_back(town.wang, part)
    with pytest.raises(NotAllowed, match="请先认领"):
        take_back_marks(town.zhang, part)
    review.claim(town.zhang, part)
    take_back_marks(town.zhang, part)
    assert not CorrectionRequest.objects.gathering().filter(sub_item=part).exists()
