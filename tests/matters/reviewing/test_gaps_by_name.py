"""Wherever a correction is told: the field or paper by its name, the department, why, since when, until when; never a key."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matters.models import Channel, CorrectionRequest, ReviewTask, SubItem
from matters.reviewing.corrections import Gap, request_correction
from matters.wording.refusals import CorrectionInvalid
from matters.wording.states import day
from portal.accounts.models import User
from portal.notices.models import Message
from portal.notices.wording import words
from portal.outbox.processing import process
from tests.matters.reviewing.test_corrections import BOOK, NAME
from tests.worlds.cast import logged_in
from tests.worlds.town import Town

KEYS = ("child:person.name", "household_book", "material:", "field:")


@pytest.fixture
def asked(town: Town) -> CorrectionRequest:
    """The police ask for a name and a paper, until a day, of an application that came at the window."""
    bundle = town.submit(channel=Channel.COUNTER)
    # Both parts are with their departments at once, as parts that do not wait for each other are.
    hukou = town.part(bundle, "hukou")
    SubItem.objects.filter(pk=hukou.pk).update(state="queued")
    ReviewTask.objects.create(sub_item=hukou, department=hukou.department, opened_at=hukou.state_since)
    until = timezone.localdate() + timedelta(days=20)
    return request_correction(town.wang, town.part(bundle, "hukou"), [NAME, BOOK], answer_by=until)


def said(text: str, asked: CorrectionRequest) -> None:
    """Check what a page says, without its addresses and controls."""
    assert all(name in text for name in ("姓名", "户口簿", NAME.reason, BOOK.reason, "市公安局"))
    assert day(asked.requested_at) in text
    assert asked.answer_by is not None
    assert day(asked.answer_by) in text


def test_the_applicant_and_the_window_read_names(town: Town, asked: CorrectionRequest) -> None:
    number = asked.sub_item.bundle.number
    for user, address in (
        (town.li, reverse("matters:bundle", args=[number])),
        (town.sun, reverse("admin:counter_bundle", args=[number])),
        (town.wang, reverse("matters:case", args=[asked.sub_item.number])),
    ):
        page = logged_in(user).get(address).content.decode()
        said(page, asked)
        visible = page.split("</header>")[-1]
        assert not [key for key in KEYS if f">{key}" in visible or f"：{key}" in visible]


def test_the_console_reads_names(town: Town, asked: CorrectionRequest) -> None:
    town.zhou.is_staff = True
    town.zhou.save()
    page = logged_in(User.objects.get(pk=town.zhou.pk)).get(
        reverse("admin:matters_correctionrequest_change", args=[asked.pk])
    )
    text = page.content.decode()
    assert page.status_code == 200
    assert all(name in text for name in ("姓名", "户口簿", "市公安局"))
    assert not [key for key in KEYS[:2] if key in text]


def test_home_and_inbox_name_what_is_to_be_corrected(town: Town, asked: CorrectionRequest) -> None:
    process("notify")
    message = Message.objects.get(kind="correction_requested")
    text = str(words(message.kind, message.data).text)
    assert asked.answer_by is not None
    assert all(part in text for part in ("2 处：姓名、户口簿", f"请在{day(asked.answer_by)}前补正"))
    home = logged_in(town.li).get("/").content.decode()
    assert "市公安局请您补正：姓名、户口簿。" in home


def test_an_old_message_without_names_still_reads_well() -> None:
    old = words("correction_requested", {"item": "户口登记", "count": 2, "department": "市公安局"})
    assert str(old.text) == "“户口登记”需要补正 2 处：详见办件。请按提示改好后重新提交。"


@pytest.mark.parametrize("wrong", ["2026-02-30", "明天", "9999-12-31", str(timezone.localdate())])
def test_a_last_day_must_be_a_day_to_come(town: Town, wrong: str) -> None:
    part = town.part(town.submit(), "birth_cert")
    with pytest.raises(CorrectionInvalid) as refused:
        request_correction(town.zhao, part, [Gap("field", NAME.key, "请核对")], answer_by=wrong)
    assert set(refused.value.problems) == {"answer_by"}


def test_without_a_last_day_the_page_says_that_there_is_none(town: Town) -> None:
    bundle = town.submit()
    request_correction(town.zhao, town.part(bundle, "birth_cert"), [NAME])
    assert (
        "没有规定截止日期" in logged_in(town.li).get(reverse("matters:bundle", args=[bundle.number])).content.decode()
    )
