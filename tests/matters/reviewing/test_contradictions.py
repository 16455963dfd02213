"""One department finds wrong what another has passed: the lead department settles it before the applicant is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from matters.cases.rows import requests_of
from matters.core.states import State
from matters.models import Bundle, Contradiction, CorrectionItem, CorrectionNotice, CorrectionRequest
from matters.reviewing.contradictions import remind_leads
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.gathering import close_due
from matters.reviewing.leading import settle_contradiction
from matters.reviewing.points import Judgement, check_points
from matters.reviewing.rounds import passed_places
from matters.reviewing.withdrawal import withdraw
from matters.wording.refusals import NotAllowed, ReasonMissing, ReasonTooLong, Refusal
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.notices.wording import words
from tests.matters.reviewing.notice_town import BOOK, NAME, build_notice_town
from tests.worlds.cast import logged_in
from tests.worlds.town import Town

BOOK_BLURRED = Gap("material", BOOK, "", "unreadable")
NAME_WRONG = Gap("field", NAME, "与分娩记录不一致", "incorrect")


@pytest.fixture
def town(db: None, settings: Any) -> Town:
    settings.YIJIAN_GATHERING_HOURS = 24
    return build_notice_town()


@pytest.fixture
def bundle(town: Town) -> Bundle:
    """The police have passed the household's book; health, which leads, finds it unreadable and the name wrong. Nobody else is waited for."""
    bundle = town.submit()
    check_points(town.wang, town.part(bundle, "hukou"), {"address": Judgement(True)})
    request_correction(town.zhao, town.part(bundle, "birth_cert"), [NAME_WRONG, BOOK_BLURRED])
    pass_time(bundle)
    assert close_due() == 1
    return bundle


def pass_time(bundle: Bundle) -> None:
    CorrectionNotice.objects.filter(bundle=bundle).update(closes_at=timezone.now() - timedelta(minutes=1))


def told(bundle: Bundle) -> list[str]:
    items = CorrectionItem.objects.filter(request__sub_item__bundle=bundle, request__told_at__isnull=False).asked()
    return [item.key for item in items]


def test_nobody_is_told_before_the_lead_has_settled_it(town: Town, bundle: Bundle) -> None:
    row = Contradiction.objects.get()
    assert (row.key, row.lead.code) == (BOOK, "health")
    assert told(bundle) == []
    assert town.part(bundle, "birth_cert").state == State.QUEUED
    assert close_due() == 0
    assert Message.objects.filter(recipient=town.zhao, kind="contradiction").count() == 1


def test_what_the_lead_keeps_is_asked_for(town: Town, bundle: Bundle) -> None:
    settle_contradiction(town.zhao, Contradiction.objects.get().pk, asked=True, reason="页面确实模糊")
    assert sorted(told(bundle)) == sorted([NAME, BOOK])
    with pytest.raises(Refusal):
        settle_contradiction(town.zhao, Contradiction.objects.get().pk, asked=False, reason="再想想")


def test_what_the_lead_leaves_out_is_not(town: Town, bundle: Bundle) -> None:
    with pytest.raises(ReasonMissing):
        settle_contradiction(town.zhao, Contradiction.objects.get().pk, asked=False, reason="")
    with pytest.raises(NotAllowed):
        settle_contradiction(town.wang, Contradiction.objects.get().pk, asked=False, reason="不是牵头部门")
    settle_contradiction(town.zhao, Contradiction.objects.get().pk, asked=False, reason="公安已核对通过")
    assert told(bundle) == [NAME]
    request = CorrectionRequest.objects.get(sub_item__bundle=bundle)
    page = logged_in(town.li).get(reverse("matters:correction", args=[bundle.number, request.pk])).content.decode()
    assert f"material:{BOOK}" not in page
    answer_correction(town.li, request, {NAME: "李小滿"}, {})
    passed = passed_places(town.part(bundle, "hukou"), requests_of(Bundle.objects.get(pk=bundle.pk)))
    assert ("material", BOOK) in passed
    assert town.part(bundle, "birth_cert").state == State.RESUBMITTED


def test_who_had_asked_reads_the_reason(town: Town, bundle: Bundle) -> None:
    Contradiction.objects.update(lead=town.departments["police"])
    row = Contradiction.objects.get()
    with pytest.raises(ReasonMissing, match="提出补正的部门会看到"):
        settle_contradiction(town.zhou, row.pk, asked=False, reason=" ")
    with pytest.raises(ReasonTooLong):
        settle_contradiction(town.zhou, row.pk, asked=False, reason="长" * 601)
    settle_contradiction(town.zhou, row.pk, asked=False, reason="已当面核对户口簿")
    message = Message.objects.get(recipient=town.zhao, kind="contradiction_left_out")
    assert "已当面核对户口簿" in words(message.kind, message.data).text


def test_a_lead_that_says_nothing_does_not_hold_up_the_applicant(town: Town, bundle: Bundle) -> None:
    Contradiction.objects.update(settle_by=timezone.now() - timedelta(seconds=1))
    assert close_due() == 1
    assert told(bundle) == [NAME]
    assert Contradiction.objects.get().outcome == "lapsed"
    assert Event.objects.filter(chain_id=bundle.pk, kind="contradiction_lapsed").count() == 1


def test_what_is_withdrawn_meanwhile_is_not_told(town: Town, bundle: Bundle) -> None:
    withdraw(town.li, bundle, town.part(bundle, "birth_cert"))
    with pytest.raises(Refusal):
        settle_contradiction(town.zhao, Contradiction.objects.get().pk, asked=True, reason="页面确实模糊")
    assert close_due() == 1
    assert told(bundle) == []
    assert CorrectionNotice.objects.get(bundle=bundle).dropped_at is not None
    assert Contradiction.objects.get().outcome == "moot"


def test_what_is_taken_back_need_not_be_settled(town: Town, bundle: Bundle) -> None:
    part = town.part(bundle, "birth_cert")
    request_correction(town.zhao, part, [NAME_WRONG])
    assert told(bundle) == [NAME]
    assert Contradiction.objects.get().outcome == "moot"
    assert "户口簿" not in logged_in(town.zhao).get(reverse("matters:lead_desk")).content.decode()


def test_the_lead_is_reminded_half_way_once(town: Town, bundle: Bundle) -> None:
    assert remind_leads() == 0
    now = timezone.now()
    Contradiction.objects.update(found_at=now - timedelta(hours=7), settle_by=now + timedelta(hours=6))
    assert remind_leads() == 1
    assert remind_leads() == 0
    assert Message.objects.filter(recipient=town.zhao, kind="contradiction_waits").count() == 1


def test_what_was_left_out_may_be_set_off_by_the_answer(town: Town, bundle: Bundle) -> None:
    settle_contradiction(town.zhao, Contradiction.objects.get().pk, asked=False, reason="公安已核对通过")
    request = CorrectionRequest.objects.get(sub_item__bundle=bundle)
    CorrectionItem.objects.create(request=request, target="material", key=BOOK, origin="rule", reason="随之改变")
    assert sorted(told(bundle)) == sorted([NAME, BOOK])
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionItem.objects.create(request=request, target="material", key=BOOK, origin="rule", reason="又一次")


def test_the_desk_of_the_lead(town: Town, bundle: Bundle) -> None:
    zhao, desk = logged_in(town.zhao), reverse("matters:lead_desk")
    page = zhao.get(desk).content.decode()
    assert "户口簿" in page
    assert bundle.number in page
    assert "李小满" not in page
    row = Contradiction.objects.get()
    settle = reverse("matters:settle_contradiction", args=[row.pk])
    assert zhao.post(settle, {"outcome": "asked", "reason": " "}).status_code == 422
    assert logged_in(town.wang).post(settle, {"outcome": "asked", "reason": "是"}).status_code == 404
    assert bundle.number not in logged_in(town.wang).get(desk).content.decode()
    assert logged_in(town.li).get(desk).status_code == 403
    assert zhao.post(settle, {"outcome": "asked", "reason": "页面确实模糊"}).status_code == 302
    assert BOOK in told(bundle)
