"""One notice for all departments (一次性告知): what they find wrong is gathered, then told to the applicant at once.

A department marks what it misses; nothing else of the application stands still meanwhile, and its own clock runs until the applicant is told.
The notice goes out as soon as every department that has the application before it has checked, at the latest when the time of the
gathering is over, and always before the last day on which a department has to answer (Administrative Licensing Law art. 32).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from matters.calendars.limits import hours_after
from matters.cases.department_view import plan_of
from matters.core.states import IN_QUEUE, State
from matters.models import (
    Bundle,
    Contradiction,
    CorrectionItem,
    CorrectionNotice,
    CorrectionRequest,
    ReviewTask,
    SubItem,
)
from matters.reviewing.contradictions import contradict, set_aside
from matters.reviewing.transitions import applicant_notice, event, require_step, stale_state_refusal
from matters.wording.refusals import NotAllowed, TakenByAnother
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events
from portal.outbox.enqueueing import Job, enqueue_many

log = structlog.get_logger(__name__)

# Where a department has the application before it and has not said whether it is complete.
TO_CHECK = frozenset({State.QUEUED, State.RESUBMITTED})
BATCH = 200


def hold_parts(bundle_id: UUID) -> tuple[Bundle, list[SubItem]]:
    """Lock a bundle and then all of its sub-items; return both, the sub-items by id."""
    bundle = Bundle.objects.select_for_update(of=("self",), no_key=True).get(pk=bundle_id)
    parts = SubItem.objects.filter(bundle=bundle).select_related("department").order_by("pk")
    found = list(parts.select_for_update(of=("self",), no_key=True))
    for part in found:
        part.bundle = bundle
    return bundle, found


def gathering_notice(bundle: Bundle, now: datetime) -> CorrectionNotice:
    """Return the notice that gathers for a bundle, begun now where none does. Inside a transaction that holds the bundle."""
    gathering = CorrectionNotice.objects.filter(bundle=bundle, sent_at=None, dropped_at=None).first()
    if gathering is not None:
        return gathering
    slug = plan_of(bundle).matter.slug
    hours = settings.YIJIAN_GATHERING_HOURS_OF.get(slug, settings.YIJIAN_GATHERING_HOURS)
    return CorrectionNotice.objects.create(bundle=bundle, opened_at=now, closes_at=hours_after(now, hours))


def close_before(notice: CorrectionNotice, task: ReviewTask | None) -> None:
    """Let a notice be sent before the last day on which a department that is in it has to answer."""
    if task is None or task.due_on is None:
        return
    last = timezone.make_aware(datetime.combine(task.due_on, time.min))
    if last < notice.closes_at:
        notice.closes_at = max(last, notice.opened_at)
        notice.save(update_fields=["closes_at"])


def is_over(notice: CorrectionNotice, parts: Sequence[SubItem], now: datetime) -> bool:
    """Return whether a notice waits for nobody any more: nothing that departments disagree on, and its time is over or all have checked."""
    if notice.contradictions.waiting(now).exists():
        return False
    if notice.closes_at <= now:
        return True
    marked = set(notice.requests.filter(dropped_at=None).values_list("sub_item_id", flat=True))
    return all(part.pk in marked for part in parts if part.state in TO_CHECK)


def send_notice(notice: CorrectionNotice, parts: Sequence[SubItem], now: datetime) -> list[CorrectionRequest]:
    """Tell the applicant everything that was gathered, in one message; return the requests that were told.

    Inside a transaction that holds the bundle and all its sub-items (``parts``). What was decided, withdrawn or accepted as complete after it
    was marked is not told; a notice of which nothing is left is dropped.
    """
    of = {part.pk: part for part in parts}
    requests = list(notice.requests.filter(dropped_at=None).select_related("requested_by").order_by("pk"))
    bundle = parts[0].bundle
    told: list[CorrectionRequest] = []
    lost: list[CorrectionRequest] = []
    for request in requests:
        request.sub_item = part = of[request.sub_item_id]
        was_accepted_since = part.accepted_at is not None and part.accepted_at > request.requested_at
        (told if part.state in IN_QUEUE and not was_accepted_since else lost).append(request)
    if contradict(bundle, notice, told, parts, _told_before(told), now):
        return []
    set_aside(notice, told)
    for request in [one for one in told if not one.items.filter(origin=CorrectionItem.Origin.NAMED).exists()]:
        told.remove(request)
        lost.append(request)
    CorrectionRequest.objects.filter(pk__in=[one.pk for one in lost]).update(dropped_at=now)
    if not told:
        CorrectionNotice.objects.filter(pk=notice.pk).update(dropped_at=now)
        notice.dropped_at = now
        return []
    ids = [one.sub_item_id for one in told]
    SubItem.objects.filter(pk__in=ids).update(state=State.RETURNED, state_since=now)
    ReviewTask.objects.filter(sub_item__in=ids, closed_at__isnull=True).update(closed_at=now)
    CorrectionRequest.objects.filter(pk__in=[one.pk for one in told]).update(told_at=now)
    CorrectionNotice.objects.filter(pk=notice.pk).update(sent_at=now)
    notice.sent_at = now
    events = []
    for request in told:
        request.told_at = now
        part = request.sub_item
        part.came_from, part.state, part.state_since = part.state, State.RETURNED, now
        names = [f"{item.target}:{item.key}" for item in request.items.asked()]
        data = {"notice": notice.pk} if len(told) > 1 else {}
        events.append(event("correction_requested", request.sub_item, request.requested_by, items=names, **data))
    if len(told) == 1:
        enqueue_many([applicant_notice(told[0].sub_item, "correction_requested", now)])
    else:
        payload = {"bundle": str(notice.bundle_id), "event": "notice_sent", "notice": notice.pk}
        enqueue_many([Job("notify", f"{notice.pk}:notice_sent", payload)])
        events.append(NewEvent("notice_sent", data={"notice": notice.pk}))
    append_events(notice.bundle_id, events)
    log.info("notice_sent", notice=notice.pk, departments=len(told))
    return told


def _told_before(requests: Iterable[CorrectionRequest]) -> datetime | None:
    """Return before when a notice has to go out: the last day of the first department that has not accepted yet; None where all have."""
    ids = [one.sub_item_id for one in requests if one.sub_item.accepted_at is None]
    days = ReviewTask.objects.filter(sub_item__in=ids, closed_at=None, due_on__isnull=False).values_list(
        "due_on", flat=True
    )
    first = min((day for day in days if day is not None), default=None)
    return None if first is None else timezone.make_aware(datetime.combine(first, time.min))


@transaction.atomic
def take_back_marks(user: User, sub_item: SubItem) -> None:
    """Drop what a department marked and the applicant was not told yet. Raises ``StateChanged`` where it was told meanwhile, ``NotAllowed``.

    By who marked it, or who holds the case now. Raises ``TakenByAnother`` as well.
    """
    require_step(user, sub_item, "take_back_marks")
    bundle, parts = hold_parts(sub_item.bundle_id)
    now = timezone.now()
    marked = CorrectionRequest.objects.gathering().filter(sub_item=sub_item)
    held = ReviewTask.objects.filter(sub_item=sub_item, closed_at__isnull=True).select_related("claimed_by").first()
    holder = held.claimed_by if held is not None else None
    if holder != user and marked.exists() and not marked.filter(requested_by=user).exists():
        raise (
            TakenByAnother(str(holder))
            if holder is not None
            else NotAllowed(_("请先认领这一件，再收回同事标出的内容。"))
        )
    if not marked.update(dropped_at=now):
        raise stale_state_refusal(sub_item)
    append_events(bundle.pk, [event("deficiencies_dropped", sub_item, user)])
    notice = CorrectionNotice.objects.get(bundle=bundle, sent_at=None, dropped_at=None)
    if not notice.requests.filter(dropped_at=None).exists():
        send_notice(notice, parts, now)


def close_due() -> int:
    """Send the notices that wait for nobody any more; return how many were ended. For the reconciler.

    What a department marks or an applicant does at this moment is left for the next round.
    """
    now = timezone.now()
    unchecked = SubItem.objects.filter(bundle=OuterRef("bundle"), state__in=sorted(TO_CHECK)).exclude(
        Exists(
            CorrectionRequest.objects.filter(sub_item=OuterRef("pk"), notice=OuterRef(OuterRef("pk")), dropped_at=None)
        )
    )
    gathering = CorrectionNotice.objects.filter(sent_at=None, dropped_at=None)
    due = gathering.filter(Q(closes_at__lte=now) | ~Exists(unchecked)).order_by("closes_at")
    due = due.exclude(Exists(Contradiction.objects.waiting(now).filter(notice=OuterRef("pk"))))
    return sum(_close(bundle) for bundle in due.values_list("bundle", flat=True)[:BATCH])


@transaction.atomic
def _close(bundle_id: UUID) -> bool:
    free = Bundle.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    if not free.filter(pk=bundle_id).exists():
        return False
    _bundle, parts = hold_parts(bundle_id)
    now = timezone.now()
    notice = CorrectionNotice.objects.filter(bundle=bundle_id, sent_at=None, dropped_at=None).first()
    if notice is None or not is_over(notice, parts, now):
        return False
    send_notice(notice, parts, now)
    return True
