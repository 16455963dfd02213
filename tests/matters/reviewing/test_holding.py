"""What somebody holds does not outlive their right to it, nor a reasonable time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from catalog.models import Membership
from catalog.staff.memberships import dismiss, enroll
from matters.integrity.checking import check_integrity
from matters.models import ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.holding import release_stale_claims
from portal.accounts.models import User
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from portal.outbox.processing import enqueue_missing
from tests.worlds.cast import logged_in
from tests.worlds.reading import reading
from tests.worlds.town import Town

SHANGHAI = "2026-11-27T16:00:00+08:00"  # a Friday


@pytest.fixture
def case(town: Town) -> SubItem:
    """The health department's sub-item, claimed by Zhao."""
    sub_item = town.part(town.submit(), "birth_cert")
    review.claim(town.zhao, sub_item)
    return sub_item


def holder_of(sub_item: SubItem) -> User | None:
    return ReviewTask.objects.get(sub_item=sub_item, closed_at=None).claimed_by


def last_event(sub_item: SubItem) -> tuple[str, int | None]:
    found = Event.objects.filter(chain_id=sub_item.bundle_id).order_by("-sequence")[0]
    return found.kind, found.actor_id


def dismissed(town: Town, admin: User) -> None:
    dismiss(town.zhao, town.departments["health"], "reviewer", by=admin)


def dismissed_in_the_console(town: Town, admin: User) -> None:
    membership = Membership.objects.get(user=town.zhao)
    page = reverse("admin:catalog_membership_delete", args=[membership.pk])
    assert logged_in(admin).post(page, {"post": "yes"}).status_code == 302


def moved(town: Town, admin: User) -> None:
    dismiss(town.zhao, town.departments["health"], "reviewer", by=admin)
    enroll(town.zhao, town.departments["police"], "reviewer")


def switched_off(town: Town, admin: User) -> None:
    town.zhao.is_active = False
    town.zhao.changed_by = admin
    town.zhao.save()


def switched_off_in_the_console(town: Town, admin: User) -> None:
    page = reverse("admin:accounts_user_change", args=[town.zhao.pk])
    sent = {"username": town.zhao.username, "name": town.zhao.name, "is_staff": "on"}
    assert logged_in(admin).post(page, sent).status_code == 302
    assert not User.objects.get(pk=town.zhao.pk).is_active


@pytest.mark.parametrize(
    "leave", [dismissed, dismissed_in_the_console, moved, switched_off, switched_off_in_the_console]
)
def test_whoever_leaves_gives_back_what_they_held(
    town: Town, case: SubItem, leave: Callable[[Town, User], None]
) -> None:
    admin = User.objects.create_superuser("root")
    leave(town, admin)
    assert holder_of(case) is None
    assert last_event(case) == ("claim_released", admin.pk)
    assert verify_chain(case.bundle_id) == []


def test_the_reconciler_finds_what_was_lost_in_any_other_way(town: Town, case: SubItem) -> None:
    User.objects.filter(pk=town.zhao.pk).update(is_active=False)
    assert holder_of(case) == town.zhao
    enqueue_missing()
    assert holder_of(case) is None
    assert last_event(case) == ("claim_released", None)


def test_another_post_that_gives_the_same_right_keeps_it(town: Town, case: SubItem) -> None:
    enroll(town.zhao, town.departments["health"], "lead")
    dismiss(town.zhao, town.departments["health"], "reviewer")
    assert holder_of(case) == town.zhao


def test_what_is_in_review_is_held_by_who_may_review(town: Town, case: SubItem) -> None:
    review.accept(town.zhao, case)
    enroll(town.zhao, town.departments["health"], "clerk")
    dismiss(town.zhao, town.departments["health"], "reviewer")
    assert holder_of(case) is None


def test_a_claim_lapses_after_the_departments_time_without_days_off(town: Town) -> None:
    health = town.departments["health"]
    health.claim_hours = 8
    health.save()
    with time_machine.travel(SHANGHAI, tick=False) as clock:
        sub_item = town.part(town.submit(), "birth_cert")
        task = review.claim(town.zhao, sub_item)
        monday = datetime.fromisoformat("2026-11-30T00:00:00+08:00")
        assert task.claim_lapses_at in (monday, monday - timedelta(days=2))
        clock.move_to(task.claim_lapses_at - timedelta(seconds=1))
        release_stale_claims()
        assert holder_of(sub_item) == town.zhao
        clock.move_to(task.claim_lapses_at + timedelta(seconds=1))
        release_stale_claims()
    assert holder_of(sub_item) is None
    assert last_event(sub_item) == ("claim_lapsed", None)


@pytest.mark.parametrize("work", ["case", "refused", "paper"])
def test_a_holder_at_work_keeps_it(town: Town, case: SubItem, work: str) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    ReviewTask.objects.filter(sub_item=case).update(claim_lapses_at=soon)
    zhao = logged_in(town.zhao)
    if work == "case":
        zhao.get(reverse("matters:case", args=[case.number]))
    elif work == "refused":
        zhao.post(reverse("matters:case_action", args=[case.number, "refuse"]), {"reason": "", **reading(case)})
    else:
        review.accept(town.zhao, case)
    assert ReviewTask.objects.get(sub_item=case).claim_lapses_at > soon + timedelta(hours=23)


def test_a_colleague_who_looks_renews_nothing(town: Town, case: SubItem) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    ReviewTask.objects.filter(sub_item=case).update(claim_lapses_at=soon)
    logged_in(town.sun).get(reverse("matters:case", args=[case.number]))
    assert ReviewTask.objects.get(sub_item=case).claim_lapses_at == soon


def test_queue_and_case_say_until_when_it_is_held(town: Town, case: SubItem) -> None:
    zhao = logged_in(town.zhao)
    for page in (reverse("matters:queue", args=["health"]), reverse("matters:case", args=[case.number])):
        assert "保留到" in zhao.get(page).content.decode()
    enroll(town.wang, town.departments["health"], "reviewer")
    page = logged_in(town.wang).get(reverse("matters:case", args=[case.number])).content.decode()
    assert "自动退回队列" in page


def test_the_database_refuses_a_claim_without_an_end(town: Town, case: SubItem) -> None:
    with pytest.raises(IntegrityError, match="review_task_claim_lapses"), transaction.atomic():
        ReviewTask.objects.filter(sub_item=case).update(claim_lapses_at=None)


def test_a_released_case_is_whole_and_may_be_decided_by_a_colleague(town: Town, case: SubItem) -> None:
    enroll(town.wang, town.departments["health"], "reviewer")
    dismiss(town.zhao, town.departments["health"], "reviewer")
    review.accept(town.wang, case)
    review.decide(town.wang, case, "approved", "", {"number": "P360000001"})
    assert not check_integrity().breaches
