"""The lead department reminds others of what is before them: once a day, whoever has it, and only while it is before them."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from matters.models import Bundle
from matters.reviewing.leading import remind_department
from matters.reviewing.review import claim
from matters.reviewing.withdrawal import withdraw
from matters.wording.refusals import NotAllowed, Refusal, StateChanged
from portal.ledger.models import Event
from portal.notices.models import Message
from tests.matters.reviewing.notice_town import build_notice_town
from tests.worlds.cast import logged_in
from tests.worlds.town import Town


@pytest.fixture
def town(db: None) -> Town:
    return build_notice_town()


@pytest.fixture
def bundle(town: Town) -> Bundle:
    return town.submit()


def told() -> set[str]:
    return set(Message.objects.filter(kind="lead_reminded").values_list("recipient__username", flat=True))


def test_all_who_may_take_it_are_told_once_a_day(town: Town, bundle: Bundle) -> None:
    hukou = town.part(bundle, "hukou")
    remind_department(town.zhao, hukou)
    assert {town.wang.username, town.zhang.username} <= told()
    assert town.qian.username not in told()
    with pytest.raises(Refusal, match="今天已经提醒过"):
        remind_department(town.zhao, hukou)
    remind_department(town.zhao, town.part(bundle, "medical_ins"))
    assert Event.objects.filter(chain_id=bundle.pk, kind="department_reminded").count() == 2


def test_whoever_has_it_is_told_alone(town: Town, bundle: Bundle) -> None:
    claim(town.wang, town.part(bundle, "hukou"))
    remind_department(town.zhao, town.part(bundle, "hukou"))
    assert told() == {town.wang.username}


def test_nobody_is_reminded_of_what_is_not_before_them(town: Town, bundle: Bundle) -> None:
    hukou = town.part(bundle, "hukou")
    with pytest.raises(NotAllowed):
        remind_department(town.qian, hukou)
    withdraw(town.li, bundle, hukou)
    with pytest.raises(StateChanged):
        remind_department(town.zhao, hukou)
    assert told() == set()


def test_on_the_desk(town: Town, bundle: Bundle) -> None:
    hukou, desk = town.part(bundle, "hukou"), reverse("matters:lead_desk")
    address = reverse("matters:lead_remind", args=[hukou.number])
    zhao: Any = logged_in(town.zhao)
    assert address in zhao.get(desk).content.decode()
    assert "已提醒" in zhao.post(address, follow=True).content.decode()
    page = zhao.get(desk).content.decode()
    assert address not in page
    assert "今天已提醒" in page
    assert "今天已经提醒过" in zhao.post(address, follow=True).content.decode()
    assert logged_in(town.wang).post(address).status_code == 404
