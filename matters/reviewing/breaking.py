"""What follows by itself from a promise (容缺受理, 告知承诺): a reminder before its day, and what becomes of it when nothing comes.

The days are those of the database's clock. Nothing counts as broken before its applicant was reminded and had a day after that, so that a
clock that jumped reminds first; what is too much for one search waits for a person (``manage.py end_unkept``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now, TruncDate
from django.urls import reverse
from django.utils import timezone

from catalog.models import Membership
from catalog.staff.memberships import who_may
from catalog.staff.telling import tell_staff
from matters.calendars.limits import due_after, is_provisional
from matters.cases.access import whose_own
from matters.cases.promises import lapse_of_record
from matters.core.clocks import SHANGHAI
from matters.core.states import AFTER_ACCEPTANCE, State, can
from matters.models import Bundle, PaperPromise, ReviewTask, SubItem
from matters.reviewing.promising import drop_promises, open_check
from matters.reviewing.transitions import (
    applicant_notice,
    apply_transition,
    dispatch_dependents,
    event,
    facts_of,
)
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events, append_events_to_many
from portal.outbox.enqueueing import enqueue_many

log = structlog.get_logger(__name__)

BATCH = 200
AFTER_REMINDER = timedelta(days=1)
Outcome, Breach = PaperPromise.Outcome, PaperPromise.Breach
# Where a promise can be broken: under way, or decided on it.
STANDING = sorted({*AFTER_ACCEPTANCE, State.APPROVED})


def look_at_promises() -> int:
    """Remind, end what was not kept, and see that what is to be checked stands in its queue; return how much was done. For the reconciler."""
    return remind() + end_unkept() + open_missing_checks()


@transaction.atomic
def remind() -> int:
    """Remind applicants of papers whose last day is near or past; each once for each day that was set. At most two statements where none is near."""
    near = due_after(timezone.localdate(), settings.YIJIAN_PROMISE_REMINDER_DAYS).date
    waiting = PaperPromise.objects.awaited().filter(reminded_at=None, due_on__lte=near, sub_item__state__in=STANDING)
    rows = list(
        waiting.select_related("sub_item__department", "sub_item__bundle")
        .defer("sub_item__bundle__form_sealed")
        .order_by("due_on", "id")
        .select_for_update(of=("self",), skip_locked=True)[:BATCH]
    )
    if not rows:
        return 0
    PaperPromise.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=Now())
    now = timezone.now()
    parts = {row.sub_item_id: row.sub_item for row in rows}
    enqueue_many(applicant_notice(part, "paper_reminded", now) for part in parts.values())
    events: dict[Any, list[NewEvent]] = {}
    for part in parts.values():
        events.setdefault(part.bundle_id, []).append(event("paper_reminded", part, None))
    append_events_to_many(events)
    return len(rows)


def unkept() -> QuerySet[PaperPromise]:
    """Return the papers whose day has passed by the database's clock, a day after a reminder at the earliest, the longest first."""
    today = TruncDate(Now(), tzinfo=SHANGHAI)
    late = PaperPromise.objects.awaited().filter(due_on__lt=today, reminded_at__lt=Now() - AFTER_REMINDER)
    return late.filter(sub_item__state__in=STANDING).order_by("due_on", "id")


def end_unkept(at_most: int | None = None) -> int:
    """Conclude what follows from papers that did not come; return of how many. More than ``at_most`` at once are left, and said in the log."""
    at_most = settings.YIJIAN_UNKEPT_AT_ONCE if at_most is None else at_most
    rows = unkept().values_list("pk", "due_on")[: at_most + 1]
    late = [pk for pk, due_on in rows if not is_provisional(due_on)]
    if len(late) > at_most:
        log.error("unkept_promises_held", more_than=at_most, remedy="manage.py end_unkept")
        return 0
    return sum(_end(pk) for pk in late)


@transaction.atomic
def _end(pk: int) -> bool:
    """Break one promise. What somebody works on at this moment is left for the next round."""
    found = PaperPromise.objects.filter(pk=pk).values_list("sub_item__bundle", flat=True)
    held = Bundle.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk__in=found)
    if not held.values_list("pk", flat=True):
        return False
    row = unkept().select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if row is None:
        return False
    part = SubItem.objects.for_case().select_for_update(of=("self",), no_key=True).get(pk=row.sub_item_id)
    if part.state != State.APPROVED and not can("end_unkept", facts_of(part)):
        return False  # a hearing or an inspection is under way: it ends first
    break_promise(row, part, Breach.LATE, None, timezone.now())
    return True


def break_promise(
    row: PaperPromise, part: SubItem, breach: str, user: User | None, now: datetime, findings: str = ""
) -> None:
    """Put a broken promise on record: what is under way ends, with what waits for it; of what was granted the department's leads are told.

    Inside a transaction that holds the bundle and its part. ``user``: who found it, none where its day has passed.
    """
    row.outcome, row.breach, row.settled_at, row.settled_by = Outcome.BROKEN, breach, now, user
    row.bars_until, row.findings = lapse_of_record(timezone.localdate(now)), findings
    row.save(update_fields=["outcome", "breach", "settled_at", "settled_by", "bars_until", "findings"])
    events = [event("promise_broken", part, user, material=row.material, breach=str(breach), until=str(row.bars_until))]
    jobs = []
    if part.state in AFTER_ACCEPTANCE:
        apply_transition(None, part, "end_unkept", now, concluded_at=now)
        ReviewTask.objects.filter(sub_item=part, closed_at=None).update(closed_at=now)
        drop_promises([part], now)
        events.append(event("ended_unkept", part, user))
        jobs += [dispatch_dependents(part), applicant_notice(part, "ended_unkept", now)]
    else:
        jobs.append(applicant_notice(part, "promise_broken", now))
        _tell_leads(row, part)
    enqueue_many(jobs)
    append_events(part.bundle_id, events)
    log.warning("promise_broken", sub_item=part.number, department=part.department.code, breach=str(breach))


def strike_record(pk: int, user: User) -> None:
    """Strike a broken promise off its person's record, because its department found that it is wrong. Inside the caller's transaction."""
    row = PaperPromise.objects.filter(pk=pk, outcome=Outcome.BROKEN, struck_at=None)
    if row.update(struck_at=timezone.now()):
        part = SubItem.objects.select_related("department").get(promises=pk)
        append_events(part.bundle_id, [event("promise_struck", part, user)])


def _tell_leads(row: PaperPromise, part: SubItem) -> None:
    """Tell who answers for a department that something was granted on a promise that was not kept: whether it is rescinded is theirs."""
    leads = Membership.objects.filter(department=part.department_id, role=Membership.Role.LEAD)
    tell_staff(
        "granted_on_broken_promise",
        {"item": part.name, "number": part.number},
        key=f"promise_broken:{row.pk}",
        link=reverse("matters:case", args=[part.number]),
        accounts=leads.values_list("user", flat=True),
        now_may=who_may(part.department, "decide") - whose_own(part.bundle),
    )


def open_missing_checks() -> int:
    """Put approved cases that have something to check and no open task into their queues; return how many."""
    busy = ReviewTask.objects.filter(sub_item=OuterRef("sub_item"), closed_at=None)
    rows = PaperPromise.objects.to_check().filter(~Exists(busy), sub_item__state=State.APPROVED)
    ids = list(rows.order_by("sub_item").values_list("sub_item", flat=True).distinct()[:BATCH])
    now = timezone.now()
    return sum(open_check(part, now) for part in SubItem.objects.for_case().filter(pk__in=ids))
