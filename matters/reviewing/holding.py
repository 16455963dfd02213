"""Who holds a task, and for how long: a claim lapses, and ends with the right it rests on.

Taking one and giving it back are an officer's own acts (``matters.reviewing.review``); here is what happens to it otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from catalog.models import Department
from catalog.staff.memberships import lacks_right
from matters.calendars.limits import hours_after
from matters.models import ReviewTask, SubItem
from matters.reviewing.transitions import event
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events_to_many

log = structlog.get_logger(__name__)

NO_CLAIM: Final[Mapping[str, None]] = {"claimed_by": None, "claimed_at": None, "claim_lapses_at": None}
# Looking at a case again and again writes once in a while only.
RENEWED_AT_MOST_EVERY = timedelta(minutes=30)
BATCH = 500


def claim_of(user: User, department: Department) -> dict[str, Any]:
    """Return what a task's columns hold once the user has claimed it now."""
    now = timezone.now()
    return {"claimed_by": user, "claimed_at": now, "claim_lapses_at": hours_after(now, department.claim_hours)}


def renew_claim(user: User, sub_item: SubItem, task: ReviewTask | None = None) -> None:
    """Let the claim of a holder who works on the case begin anew; nothing happens to anybody else's.

    ``task``: the open task, where the page has read it: most looks then cost nothing. Cost without it: one statement.
    """
    if task is not None and task.claimed_by_id != user.pk:
        return
    until = hours_after(timezone.now(), sub_item.department.claim_hours)
    if task is not None and task.claim_lapses_at is not None and task.claim_lapses_at >= until - RENEWED_AT_MOST_EVERY:
        return
    held = ReviewTask.objects.filter(sub_item=sub_item, closed_at__isnull=True).held_by(user)
    held.filter(claim_lapses_at__lt=until - RENEWED_AT_MOST_EVERY).update(claim_lapses_at=until)


def release_claims_of(user: User, by: User | None = None) -> int:
    """Put back into their queues the tasks that somebody holds without the right to; return how many.

    Called when a membership ends or an account is switched off. Cost: five statements, whatever the number.
    """
    return _release(_without_right().filter(claimed_by=user), "claim_released", by)


def release_stale_claims() -> int:
    """Put back what has lapsed, and what is held without a right, however it was lost; return how many. For the reconciler.

    What an officer or an applicant is working on at this moment is left for the next round.
    """
    lapsed = ReviewTask.objects.filter(claim_lapses_at__lt=timezone.now())
    return _release(_without_right(), "claim_released", None, wait=False) + _release(
        lapsed, "claim_lapsed", None, wait=False
    )


def _without_right() -> QuerySet[ReviewTask]:
    in_review = Q(stage=ReviewTask.Stage.REVIEW)
    return ReviewTask.objects.filter(
        lacks_right("claimed_by", "department", "review", "accept")
        | (in_review & lacks_right("claimed_by", "department", "review"))
    )


def _release(tasks: QuerySet[ReviewTask], kind: str, by: User | None, *, wait: bool = True) -> int:
    """Release the open ones among ``tasks``, each with its event, in batches; see ``transitions`` for the order of the locks."""
    held = tasks.filter(closed_at__isnull=True, claimed_by__isnull=False)
    released = 0
    while True:
        with transaction.atomic():
            candidates = held.order_by("sub_item_id").values_list("sub_item_id", flat=True)[:BATCH]
            locked = SubItem.objects.filter(pk__in=list(candidates)).select_related("department").order_by("pk")
            sub_items = {
                one.pk: one for one in locked.select_for_update(of=("self",), no_key=True, skip_locked=not wait)
            }
            # Looked at again: a holder may have worked on it, or handed it back, while we waited.
            found = list(held.filter(sub_item__in=list(sub_items)).select_for_update(of=("self",), no_key=True))
            ReviewTask.objects.filter(pk__in=[task.pk for task in found]).update(**NO_CLAIM)
            events: dict[Any, list[NewEvent]] = {}
            for task in found:
                sub_item = sub_items[task.sub_item_id]
                events.setdefault(sub_item.bundle_id, []).append(event(kind, sub_item, by, holder=task.claimed_by_id))
            append_events_to_many(events)
        released += len(found)
        if len(found) < BATCH:
            break
    if released:
        log.info(kind, count=released)
    return released
