"""Supervision: lists of what is late, orders answered on record, cards once each, and figures that hide small numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from catalog.models import Department
from catalog.staff.memberships import dismiss, enroll
from matters.calendars.limits import due_after
from matters.models import Bundle, DailyFigure, DeadlineCard, ReviewTask, SubItem, SupervisoryOrder
from matters.reviewing import review
from matters.reviewing.cards import give_cards
from matters.reviewing.figures import percentile, reckon
from matters.reviewing.inspection import supervised_list
from matters.reviewing.supervising import OrderRefused, answer_order, give_order
from matters.wording.refusals import Invalid, NotAllowed
from portal.accounts.models import User
from portal.ledger.models import Event
from portal.notices.models import Message
from tests.worlds.cast import PASSWORD, logged_in
from tests.worlds.town import Town

pytestmark = pytest.mark.django_db
TEXT = "请说明为什么至今没有办结"
ANSWER = "正在向外省核实，三个工作日内办结"


@pytest.fixture
def accepted(turn_of_the_police: tuple[Town, Bundle]) -> tuple[Town, SubItem]:
    """The police's part, accepted and held by Wang; Zhou heads the police."""
    town, bundle = turn_of_the_police
    return town, review.accept(town.wang, town.part(bundle, "hukou"))


@pytest.fixture
def supervisor(accepted: tuple[Town, SubItem]) -> User:
    """Who only supervises the police."""
    found = User.objects.create_user("supervisor", password=PASSWORD, name="监察员", is_staff=True)
    enroll(found, accepted[0].departments["police"], "supervisor")
    return found


def due(part: SubItem, days: int) -> None:
    """Let a part be due so many days from today."""
    day = timezone.localdate() + timedelta(days=days)
    SubItem.objects.filter(pk=part.pk).update(due_on=day)
    ReviewTask.objects.filter(sub_item=part, closed_at=None).update(due_on=day)


def test_an_order_stands_on_the_queue_the_case_and_the_officers_first_page(
    accepted: tuple[Town, SubItem], supervisor: User
) -> None:
    town, part = accepted
    give_order(supervisor, part, TEXT, "3")
    wang = logged_in(town.wang)
    queue = reverse("matters:queue", args=["police"])
    for address in (queue, f"{queue}?filter=ordered"):
        assert "督办，" in wang.get(address).content.decode()
    order = SupervisoryOrder.objects.get()
    case = reverse("matters:case", args=[part.number])
    assert reverse("matters:order", args=[order.pk]) in wang.get(case).content.decode()
    assert "效能监察督办，等本部门书面答复的 1 件" in wang.get(reverse("matters:review_home")).content.decode()
    answer_order(town.wang, order, ANSWER)
    assert "督办，" not in wang.get(queue).content.decode()
    assert reverse("matters:order", args=[order.pk]) not in wang.get(case).content.decode()


class TestLists:
    @pytest.mark.parametrize(
        ("chosen", "is_in"), [("all", True), ("late", True), ("unanswered", False), ("slow", False)]
    )
    def test_what_is_late_is_in_its_list(self, accepted: tuple[Town, SubItem], chosen: str, is_in: bool) -> None:
        town, part = accepted
        due(part, -1)
        assert (part in supervised_list(town.zhou, town.departments["police"], chosen)) is is_in

    def test_what_nobody_answered_is_in_its_own(self, turn_of_the_police: tuple[Town, Bundle]) -> None:
        town, bundle = turn_of_the_police
        part = town.part(bundle, "hukou")
        police = town.departments["police"]
        assert part not in supervised_list(town.zhou, police, "unanswered")
        due(part, -1)
        assert part in supervised_list(town.zhou, police, "unanswered")


class TestOrders:
    def test_it_is_told_answered_on_record_and_told_back(
        self, accepted: tuple[Town, SubItem], supervisor: User
    ) -> None:
        town, part = accepted
        page = logged_in(supervisor).post(
            reverse("matters:order_give", args=[part.number]), {"text": TEXT, "days": "2"}
        )
        assert page.status_code == 302
        order = SupervisoryOrder.objects.get()
        assert order.due_on == due_after(timezone.localdate(), 2).date
        told = Message.objects.filter(kind="order_given")
        assert set(told.values_list("recipient", flat=True)) == {town.wang.pk, town.zhou.pk}
        address = reverse("matters:order", args=[order.pk])
        assert TEXT in logged_in(town.wang).get(address).content.decode()
        assert logged_in(town.wang).post(address, {"answer": ANSWER}).status_code == 302
        assert ANSWER in logged_in(supervisor).get(address).content.decode()
        assert Message.objects.get(kind="order_answered").recipient == supervisor
        kinds = Event.objects.filter(chain_id=part.bundle_id, kind__startswith="order_").order_by("sequence")
        assert list(kinds.values_list("kind", flat=True)) == ["order_given", "order_answered"]

    def test_the_answer_is_told_to_who_supervises_now(self, accepted: tuple[Town, SubItem], supervisor: User) -> None:
        town, part = accepted
        order = give_order(supervisor, part, TEXT, "2")
        dismiss(supervisor, town.departments["police"], "supervisor")
        answer_order(town.wang, order, ANSWER)
        assert Message.objects.get(kind="order_answered").recipient == town.zhou  # who leads, and can read it

    def test_one_stands_open_and_is_answered_once(self, accepted: tuple[Town, SubItem], supervisor: User) -> None:
        town, part = accepted
        order = give_order(supervisor, part, TEXT, "2")
        with pytest.raises(OrderRefused):
            give_order(supervisor, part, TEXT, "2")
        answer_order(town.wang, order, ANSWER)
        with pytest.raises(OrderRefused):
            answer_order(town.zhou, order, ANSWER)
        with pytest.raises(IntegrityError), transaction.atomic():
            SupervisoryOrder.objects.filter(pk=order.pk).update(due_on=timezone.localdate())
        assert give_order(supervisor, part, TEXT, "1").pk != order.pk

    def test_who_gave_it_does_not_answer_it(self, accepted: tuple[Town, SubItem]) -> None:
        town, part = accepted
        order = give_order(town.zhou, part, TEXT, "2")
        with pytest.raises(NotAllowed):
            answer_order(town.zhou, order, ANSWER)

    def test_what_cannot_stand_is_said_beside_it(self, accepted: tuple[Town, SubItem], supervisor: User) -> None:
        _town, part = accepted
        with pytest.raises(Invalid) as refused:
            give_order(supervisor, part, "短", "99")
        assert set(refused.value.problems) == {"text", "days"}

    def test_strangers_find_none(self, accepted: tuple[Town, SubItem], supervisor: User) -> None:
        town, part = accepted
        order = give_order(supervisor, part, TEXT, "2")
        for user in (town.li, town.stranger, town.zhao):
            assert logged_in(user).get(reverse("matters:order", args=[order.pk])).status_code == 404
            assert logged_in(user).get(reverse("matters:order_give", args=[part.number])).status_code == 404


class TestCards:
    def test_each_is_given_once_to_the_holder_and_the_chief(self, accepted: tuple[Town, SubItem]) -> None:
        town, part = accepted
        due(part, 0)
        assert give_cards() == 1
        assert give_cards() == 0
        due(part, -1)
        assert give_cards() == 1
        colours = DeadlineCard.objects.order_by("given_at").values_list("colour", flat=True)
        assert list(colours) == ["yellow", "red"]
        told = Message.objects.filter(kind="card_red").values_list("recipient", flat=True)
        assert set(told) == {town.wang.pk, town.zhou.pk}

    def test_the_department_sets_how_early(self, accepted: tuple[Town, SubItem]) -> None:
        _town, part = accepted
        due(part, 6)
        assert give_cards() == 0
        Department.objects.filter(code="police").update(card_days=10)
        assert give_cards() == 1

    def test_too_many_at_once_wait_for_a_person(self, accepted: tuple[Town, SubItem]) -> None:
        _town, part = accepted
        due(part, -30)
        assert give_cards(at_most=0) == 0
        assert not DeadlineCard.objects.exists()
        assert give_cards(at_most=1) == 1


class TestFigures:
    def test_a_day_is_reckoned_from_the_cases_and_anew_without_doubling(self, accepted: tuple[Town, SubItem]) -> None:
        town, part = accepted
        today = timezone.localdate()
        for _each in range(2):
            reckon(today)
        police = DailyFigure.objects.get(day=today, department=town.departments["police"])
        health = DailyFigure.objects.get(day=today, department=town.departments["health"])
        assert (police.filed, police.concluded) == (1, 0)
        assert (health.filed, health.concluded, health.approved, health.late) == (1, 1, 1, 0)
        assert health.days_to_decide == {"0": 1}
        assert part.department_id == police.department_id

    def test_medians_are_of_whole_days(self) -> None:
        assert percentile({}, 0.5) is None
        assert percentile({0: 5, 3: 4, 9: 1}, 0.5) == 0
        assert percentile({0: 5, 3: 4, 9: 1}, 0.9) == 3

    def test_a_supervisor_reads_the_barometer_and_the_public_no_small_number(
        self, accepted: tuple[Town, SubItem], supervisor: User, client: Any
    ) -> None:
        town, part = accepted
        yesterday = timezone.localdate() - timedelta(days=1)
        noon = timezone.now() - timedelta(days=1)
        columns = {"day": yesterday, "matter": town.matter, "channel": "online", "days_to_decide": {"2": 4}}
        row = DailyFigure.objects.create(department=town.departments["police"], filed=4, concluded=4, **columns)

        def page() -> str:
            return str(client.get(reverse("matters:statistics")).content.decode())

        seen = logged_in(supervisor).get(reverse("matters:barometer")).content.decode()
        assert town.matter.name in seen
        assert town.matter.name not in page()
        # These are the parts of one family's application.
        DailyFigure.objects.filter(pk=row.pk).update(filed=6, concluded=6)
        assert town.matter.name not in page()
        more = [town.submit() for _each in range(4)]
        Bundle.objects.filter(pk__in=[part.bundle_id, *(one.pk for one in more)]).update(submitted_at=noon)
        assert town.matter.name not in page()
        SubItem.objects.filter(key="birth_cert").update(state="approved", concluded_at=noon)
        assert town.matter.name in page()
