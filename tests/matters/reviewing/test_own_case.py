"""An officer who applies, or is near to who applies: no step with that case is theirs, and they read of it what any applicant reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.staff.memberships import dismiss, enroll
from matters.cases.advice import to_answer
from matters.core.states import STEPS, TRANSITIONS, Party
from matters.models import Bundle, ReviewTask, SubItem, SupervisoryOrder
from matters.reviewing import review
from matters.reviewing.advice import ask_advice
from matters.reviewing.reassigning import claim_next
from matters.reviewing.standing_in import record_absence
from matters.reviewing.supervising import give_order
from matters.reviewing.transitions import require_step
from matters.views.case_actions import ACTIONS
from matters.wording.refusals import NotAllowed
from portal.accounts.models import User
from portal.ledger.models import Event
from portal.notices.models import Message
from tests.worlds.cast import logged_in
from tests.worlds.town import Town

pytestmark = pytest.mark.django_db
TEXT = "请说明为什么至今没有办结"
NEAR = frozenset({Party.APPLICANT, Party.RELATED})


@pytest.fixture
def own(turn_of_the_police: tuple[Town, Bundle]) -> tuple[Town, SubItem]:
    """The police's part of an application of Li's, who holds every post of every department; accepted and held by Wang."""
    town, bundle = turn_of_the_police
    for department in town.departments.values():
        for role in ("reviewer", "lead", "clerk"):
            enroll(town.li, department, role)
    town.li = User.objects.get(pk=town.li.pk)
    return town, review.accept(town.wang, town.part(bundle, "hukou"))


def state_of(part: SubItem) -> Any:
    """Return what a step would change: history, holder, and where the case stands."""
    task = ReviewTask.objects.filter(sub_item=part, closed_at=None).values("claimed_by", "due_on").first()
    return Event.objects.filter(chain_id=part.bundle_id).count(), task, SubItem.objects.get(pk=part.pk).state


def test_every_step_of_an_officer_bars_who_is_near_to_the_applicant() -> None:
    officers = [one for one in TRANSITIONS.values() if one.rights]
    assert {one.name for one in (*STEPS.values(), *officers) if not one.barred >= NEAR} == set()


@pytest.mark.parametrize("step", [*STEPS, *(one.name for one in TRANSITIONS.values() if one.rights)])
def test_no_step_with_ones_own_application_is_allowed(own: tuple[Town, SubItem], step: str) -> None:
    town, part = own
    with pytest.raises(NotAllowed, match="本人"):
        require_step(town.li, part, step)


def test_no_address_of_the_review_desk_does_anything_with_it(own: tuple[Town, SubItem]) -> None:
    town, part = own
    ask_advice(town.wang, part, "health", "登记是否一致", [], (timezone.localdate() + timedelta(days=5)).isoformat())
    order = give_order(town.zhou, part, TEXT, "3")
    client, before = logged_in(town.li), state_of(part)
    case = {"number": part.number}
    advice = part.advice.get()
    sent = {"number": str(advice.pk), "to": str(town.wang.pk), "reason": "不符合条件", "answer": "正在核实，三日内办结"}
    sent |= {"text": TEXT, "days": "3", "verdict": ""}
    addresses = [reverse("matters:case_action", kwargs={**case, "action": each}) for each in (*ACTIONS, "preview")]
    addresses += [reverse(f"matters:{name}", kwargs=case) for name in ("case_reassign", "order_give")]
    addresses += [reverse("matters:order", args=[order.pk]), reverse("matters:advice", args=[advice.pk])]
    assert {url for url in addresses if client.post(url, sent).status_code != 404} == set()
    for kind in ("accept", "approve", "hand_over", "remind"):
        client.post(reverse("matters:bulk", args=["police"]), {"kind": kind, "case": part.number, "sure": "1", **sent})
    assert state_of(part) == before
    read = [url for url in addresses if client.get(url).status_code != 404]
    assert read == []
    answer = client.get(reverse("matters:case", kwargs=case))
    assert answer["Location"] == reverse("matters:bundle", args=[part.bundle.number])
    assert advice not in to_answer(town.li)
    told = Message.objects.filter(recipient=town.li)
    assert not told.filter(kind__in=["advice_asked", "order_given"]).exists()


def test_the_next_case_and_the_stand_ins_are_never_ones_own(own: tuple[Town, SubItem]) -> None:
    town, part = own
    police, today = town.departments["police"], timezone.localdate()
    record_absence(town.wang, town.wang, police, town.li, today, today)
    task = ReviewTask.objects.get(sub_item=part, closed_at=None)
    assert task.claimed_by is None
    assert claim_next(town.li, police) is None
    assert claim_next(town.zhou, police) == part


def test_who_gave_an_order_reads_it_no_longer_than_they_supervise(own: tuple[Town, SubItem]) -> None:
    town, part = own
    former = User.objects.create_user("supervisor", is_staff=True)
    enroll(former, town.departments["police"], "supervisor")
    order = give_order(former, part, TEXT, "3")
    page = reverse("matters:order", args=[order.pk])
    assert logged_in(User.objects.get(pk=former.pk)).get(page).status_code == 200
    dismiss(former, town.departments["police"], "supervisor")
    assert SupervisoryOrder.objects.filter(ordered_by=former).exists()
    assert logged_in(User.objects.get(pk=former.pk)).get(page).status_code == 404
