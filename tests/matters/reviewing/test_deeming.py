"""A licensing department that does not answer in five working days has accepted; nobody else has."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from catalog.compiling import compile_matter
from catalog.models import MatterVersion
from matters.core.states import State
from matters.integrity.plans import compare_with_plans
from matters.models import ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.deeming import deem_accepted
from matters.wording.refusals import StateChanged
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.outbox.processing import process
from tests.worlds.cast import logged_in
from tests.worlds.town import ELEMENTS, ITEMS, MATERIALS, MATTER, Town

NAME = Gap("field", "child:person.name", "请核对姓名")
LONG_AGO = timedelta(days=30)


@pytest.fixture
def licensing(town: Town) -> Town:
    """The town, where the first item is a licence."""
    return licensed(town)


def licensed(town: Town) -> Town:
    """Publish the town's matter with its first item as a licence."""
    birth = next(item for item in ITEMS if item.slug == "birth_cert")
    items = [replace(birth, item_type="01"), *(item for item in ITEMS if item != birth)]
    content = compile_matter(MATTER, items, ELEMENTS, MATERIALS)
    version = {"matter": town.version.matter, "number": 2, "content_hash": "7" * 64}
    town.version = MatterVersion.objects.create(**version, content=content)
    return town


def late(part: SubItem) -> SubItem:
    """Let the part have come long ago: its last day to be answered has passed."""
    since = part.state_since - LONG_AGO
    SubItem.objects.filter(pk=part.pk).update(state_since=since)
    ReviewTask.objects.filter(sub_item=part, closed_at=None).update(due_on=(since + timedelta(days=9)).date())
    return type(part).objects.for_case().get(pk=part.pk)


@pytest.mark.django_db
class TestSilence:
    def test_a_licence_that_nobody_answered_is_accepted_from_its_receipt(self, licensing: Town) -> None:
        part = late(licensing.part(licensing.submit(), "birth_cert"))
        assert deem_accepted() == 1
        after = licensing.part(part.bundle, "birth_cert")
        assert (after.state, after.accepted_at) == (State.ACCEPTED, part.state_since)
        task = ReviewTask.objects.get(sub_item=part, closed_at=None)
        assert (task.stage, task.due_on) == ("review", after.due_on)
        assert Event.objects.filter(chain_id=part.bundle_id, kind="deemed_accepted").count() == 1
        assert deem_accepted() == 0
        page = logged_in(licensing.zhao).get(reverse("matters:case", args=[part.number])).content.decode()
        assert "逾期没有答复，依法视为受理" in page
        process("notify")
        assert Message.objects.filter(recipient=licensing.li, kind="sub_item_deemed_accepted").exists()
        assert [one.code for one in compare_with_plans() if one.code != "promised_day_differs"] == []

    def test_what_is_no_licence_stands_late_in_its_queue(self, town: Town) -> None:
        part = late(town.part(town.submit(), "birth_cert"))
        assert deem_accepted() == 0
        assert town.part(part.bundle, "birth_cert").state == State.QUEUED

    def test_its_last_day_is_not_over_yet(self, licensing: Town) -> None:
        part = licensing.part(licensing.submit(), "birth_cert")
        with connection.cursor() as cursor:
            cursor.execute("SELECT (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date")
            today: date = cursor.fetchone()[0]
        ReviewTask.objects.filter(sub_item=part).update(due_on=today)
        assert deem_accepted() == 0
        ReviewTask.objects.filter(sub_item=part).update(due_on=today - timedelta(days=1))
        assert deem_accepted() == 1

    def test_what_was_corrected_in_time_counts_from_its_answer(self, licensing: Town) -> None:
        part = licensing.part(licensing.submit(), "birth_cert")
        asked = request_correction(licensing.zhao, part, [NAME])
        assert deem_accepted() == 0  # the applicant has it
        answer_correction(licensing.li, asked, {"child:person.name": "李小滿"}, {})
        answered = late(licensing.part(part.bundle, "birth_cert"))
        assert deem_accepted() == 1
        assert licensing.part(part.bundle, "birth_cert").accepted_at == answered.state_since

    def test_too_many_at_once_wait_for_a_person(self, licensing: Town, settings: Any) -> None:
        parts = [late(licensing.part(licensing.submit(), "birth_cert")) for _ in range(2)]
        settings.YIJIAN_DEEMED_AT_ONCE = 1
        assert deem_accepted() == 0
        told = StringIO()
        call_command("deem_accepted", stdout=told)
        assert all(part.number in told.getvalue() for part in parts)
        with pytest.raises(CommandError, match="There are 2"):
            call_command("deem_accepted", confirm=1, stdout=told)
        call_command("deem_accepted", confirm=2, stdout=told)
        assert {licensing.part(part.bundle, "birth_cert").state for part in parts} == {State.ACCEPTED}


@pytest.mark.django_db(transaction=True)
def test_an_officer_and_silence_accept_once(licensing: Town) -> None:
    for _round in range(5):
        part = late(licensing.part(licensing.submit(), "birth_cert"))
        barrier, told = threading.Barrier(2), []

        def officer(part: SubItem = part, barrier: threading.Barrier = barrier, told: list[str] = told) -> None:
            barrier.wait()
            try:
                review.accept(licensing.zhao, part)
                told.append("officer")
            except StateChanged:
                told.append("late")
            finally:
                connection.close()

        thread = threading.Thread(target=officer)
        thread.start()
        barrier.wait()
        deemed = deem_accepted()
        thread.join()
        assert (deemed, told) in ((0, ["officer"]), (1, ["late"]))
        kinds = {"accepted", "deemed_accepted"}
        assert Event.objects.filter(chain_id=part.bundle_id, kind__in=kinds).count() == 1
