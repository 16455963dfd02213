"""More time to decide: asked once, granted by another person, told to the applicant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from matters.calendars.limits import due_after
from matters.integrity.plans import compare_with_plans
from matters.models import Extension, ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.extending import ask_extension, settle_extension
from matters.wording.refusals import ExtensionRefused, Invalid, NotAllowed, StateChanged, TakenByAnother
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.outbox.processing import process
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.cast import logged_in
from tests.worlds.reading import reading
from tests.worlds.town import Town

pytestmark = pytest.mark.django_db
WHY = "需要向外省核实登记情况"


@pytest.fixture
def accepted(town: Town) -> SubItem:
    """The police's part, accepted by Wang; Zhou heads the police, Zhang is a colleague."""
    birth = town.part(town.submit(), "birth_cert")
    approve_birth(town, birth)
    return review.accept(town.wang, town.part(birth.bundle, "hukou"))


def _post(user: Any, part: SubItem, action: str, **data: str) -> Any:
    return logged_in(user).post(reverse("matters:case_action", args=[part.number, action]), reading(part) | data)


class TestTheWholeWay:
    def test_it_is_asked_on_the_page_granted_by_the_head_and_told(self, town: Town, accepted: SubItem) -> None:
        before, promised = accepted.due_on, accepted.bundle.promised_on
        assert before is not None
        page = logged_in(town.wang).get(reverse("matters:case", args=[accepted.number])).content.decode()
        assert "申请延期" in page
        assert _post(town.wang, accepted, "extend", days="3", extension_reason=WHY).status_code == 302
        asked = town.part(accepted.bundle, "hukou")
        assert asked.due_on == before  # nothing moves before it is granted
        page = logged_in(town.wang).get(reverse("matters:case", args=[accepted.number])).content.decode()
        assert "等负责人审批" in page
        assert "grant-extension" not in page
        queue = logged_in(town.zhou).get(reverse("matters:queue", args=["police"]), {"filter": "extension"})
        assert accepted.number in queue.content.decode()
        page = logged_in(town.zhou).get(reverse("matters:case", args=[accepted.number])).content.decode()
        assert WHY in page
        assert "grant-extension" in page
        assert _post(town.zhou, accepted, "grant-extension").status_code == 302
        late = town.part(accepted.bundle, "hukou")
        assert late.due_on == due_after(before, 3).date
        assert ReviewTask.objects.get(sub_item=late, closed_at=None).due_on == late.due_on
        assert late.bundle.promised_on is not None
        assert promised is not None
        assert late.bundle.promised_on == due_after(promised, 3).date
        assert not list(compare_with_plans())
        process("notify")
        assert Message.objects.filter(recipient=town.li, kind="sub_item_extended").count() == 1
        told = logged_in(town.li).get(reverse("matters:bundle", args=[accepted.bundle.number])).content.decode()
        assert WHY in told
        assert "延期 3 个工作日" in told
        kinds = list(Event.objects.filter(chain_id=accepted.bundle_id).values_list("kind", flat=True))
        assert kinds.count("extension_asked") == kinds.count("extended") == 1

    def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
        self, town: Town, accepted: SubItem
    ) -> None:
        answer = _post(town.wang, accepted, "extend", days="11", extension_reason=WHY)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "请填写 1 到 10 之间的工作日数" in page
        assert WHY in page
        assert 'value="11"' in page
        assert not Extension.objects.exists()

    def test_what_was_not_granted_changes_nothing_and_is_told_to_nobody(self, town: Town, accepted: SubItem) -> None:
        ask_extension(town.wang, accepted, "2", WHY)
        settle_extension(town.zhou, accepted, granted=False)
        assert town.part(accepted.bundle, "hukou").due_on == accepted.due_on
        told = logged_in(town.li).get(reverse("matters:bundle", args=[accepted.bundle.number])).content.decode()
        assert WHY not in told
        with pytest.raises(ExtensionRefused, match="只能延长一次"):
            ask_extension(town.wang, accepted, "2", WHY)
        with pytest.raises(ExtensionRefused, match="没有等您审批"):
            settle_extension(town.zhou, accepted, granted=True)

    def test_it_stays_through_a_correction(self, town: Town, accepted: SubItem) -> None:
        ask_extension(town.wang, accepted, "3", WHY)
        settle_extension(town.zhou, accepted, granted=True)
        due_on = town.part(accepted.bundle, "hukou").due_on
        part = town.part(accepted.bundle, "hukou")
        asked = request_correction(town.wang, part, [Gap("field", "child:person.name", "请核对")])
        answer_correction(town.li, asked, {"child:person.name": "李小滿"}, {})
        assert town.part(accepted.bundle, "hukou").due_on == due_on
        assert not list(compare_with_plans())


class TestWhoAndWhen:
    @pytest.mark.parametrize(
        ("days", "reason", "wrong"),
        [
            ("", WHY, {"days"}),
            ("0", WHY, {"days"}),
            ("１", WHY, {"days"}),
            ("9999", "", {"days", "extension_reason"}),
            ("3", "长" * 301, {"extension_reason"}),
        ],
    )
    def test_days_and_reason_are_needed(
        self, town: Town, accepted: SubItem, days: str, reason: str, wrong: set[str]
    ) -> None:
        with pytest.raises(Invalid) as refused:
            ask_extension(town.wang, accepted, days, reason)
        assert set(refused.value.problems) == wrong

    def test_only_who_handles_it_asks_and_only_another_head_grants(self, town: Town, accepted: SubItem) -> None:
        with pytest.raises(TakenByAnother):
            ask_extension(town.zhang, accepted, "3", WHY)
        with pytest.raises(NotAllowed):
            ask_extension(town.zhao, accepted, "3", WHY)
        ask_extension(town.wang, accepted, "3", WHY)
        for nobody in (town.wang, town.zhang, town.zhao, town.li):
            with pytest.raises(NotAllowed):
                settle_extension(nobody, accepted, granted=True)
        assert not Extension.objects.exclude(outcome="").exists()

    def test_a_head_does_not_grant_what_they_asked_themselves(self, town: Town, accepted: SubItem) -> None:
        review.hand_back(town.wang, accepted)
        ask_extension(town.zhou, town.part(accepted.bundle, "hukou"), "3", WHY)
        with pytest.raises(NotAllowed):
            settle_extension(town.zhou, accepted, granted=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            Extension.objects.update(outcome="granted", settled_by=town.zhou, settled_at=timezone.now())

    def test_what_is_overdue_or_not_accepted_cannot_be_extended(self, town: Town, accepted: SubItem) -> None:
        SubItem.objects.filter(pk=accepted.pk).update(due_on=timezone.localdate() - timedelta(days=1))
        with pytest.raises(ExtensionRefused, match="已经超期"):
            ask_extension(town.wang, accepted, "3", WHY)
        SubItem.objects.filter(pk=accepted.pk).update(due_on=timezone.localdate())
        ask_extension(town.wang, accepted, "3", WHY)
        SubItem.objects.filter(pk=accepted.pk).update(due_on=timezone.localdate() - timedelta(days=1))
        with pytest.raises(ExtensionRefused, match="不能再批准"):
            settle_extension(town.zhou, accepted, granted=True)
        settle_extension(town.zhou, accepted, granted=False)
        fresh = town.part(town.submit(), "birth_cert")
        with pytest.raises(StateChanged):
            ask_extension(town.zhao, fresh, "3", WHY)
