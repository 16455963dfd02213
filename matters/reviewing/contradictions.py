"""What departments disagree on in a notice that is about to be sent, and what becomes of it.

A field or paper that one department found wrong while a review point of another, that it passed, is about the same, is not told before the lead
department has said whether it is asked for. The applicant is not to pay for a lead that says nothing: it is then left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.utils import timezone

from catalog.models import Department
from catalog.staff.memberships import who_may
from catalog.staff.telling import tell_staff
from matters.calendars.limits import hours_after
from matters.cases.access import whose_own
from matters.cases.department_view import plan_of
from matters.cases.rows import requests_of
from matters.core.states import IN_QUEUE
from matters.models import Bundle, Contradiction, CorrectionItem, CorrectionNotice, CorrectionRequest, SubItem
from matters.reviewing.rounds import passed_places
from portal.ledger.chain import NewEvent, append_events

Outcome = Contradiction.Outcome
Place = tuple[str, str]
BATCH = 100


def contradict(
    bundle: Bundle,
    notice: CorrectionNotice,
    requests: Sequence[CorrectionRequest],
    parts: Iterable[SubItem],
    until: datetime | None,
    now: datetime,
) -> bool:
    """Note what departments disagree on; return whether the lead department still has time to settle it.

    ``until``: the moment before which the notice has to go out. What is not settled in time lapses here, and what nobody asks for any more is
    closed. Inside a transaction that holds the bundle and its parts.
    """
    known = {(one.target, one.key) for one in notice.contradictions.all()}
    found = {place: by for place, by in _disagreed(bundle, requests, parts).items() if place not in known}
    slug = plan_of(bundle).matter.lead_department
    lead = Department.objects.filter(code=slug).first() if found else None
    if lead is not None:
        settle_by = hours_after(now, settings.YIJIAN_SETTLING_HOURS)
        settle_by = settle_by if until is None else max(now, min(settle_by, until))
        for (target, key), passed_by in sorted(found.items()):
            Contradiction.objects.create(
                notice=notice,
                target=target,
                key=key,
                passed_by_id=passed_by,
                lead=lead,
                found_at=now,
                settle_by=settle_by,
            )
        if settle_by > now:
            tell_lead(lead, bundle, notice, "contradiction")
    waiting = set(notice.contradictions.waiting(now).values_list("pk", flat=True))
    over = [one for one in notice.contradictions.filter(outcome="") if one.pk not in waiting]
    for one in over:
        one.outcome = Outcome.LAPSED if one.settle_by <= now else Outcome.MOOT
        one.settled_at = now
    Contradiction.objects.bulk_update(over, ["outcome", "settled_at"])
    append_events(bundle.pk, [_lapsed(one) for one in over if one.outcome == Outcome.LAPSED])
    return bool(waiting)


def set_aside(notice: CorrectionNotice, requests: Iterable[CorrectionRequest]) -> None:
    """Take out of the requests what is not asked for after all; what was named stays readable as set aside."""
    left_out = notice.contradictions.filter(outcome__in=[Outcome.LEFT_OUT, Outcome.LAPSED])
    places = set(left_out.values_list("target", "key"))
    if not places:
        return
    items = CorrectionItem.objects.filter(request__in=[one.pk for one in requests])
    ids = [pk for pk, target, key in items.values_list("pk", "target", "key") if (target, key) in places]
    CorrectionItem.objects.filter(pk__in=ids).update(origin=CorrectionItem.Origin.SET_ASIDE)


@transaction.atomic
def remind_leads() -> int:
    """Remind lead departments of what they have not settled half way to its end, once each; return how many. For the reconciler."""
    now = timezone.now()
    waiting = Contradiction.objects.waiting(now).filter(reminded_at=None)
    late = waiting.filter(found_at__lte=Value(now) - (F("settle_by") - F("found_at")) / 2)
    held = late.select_for_update(of=("self",), no_key=True, skip_locked=True)
    rows = list(held.select_related("notice__bundle", "lead").order_by("settle_by")[:BATCH])
    Contradiction.objects.filter(pk__in=[one.pk for one in rows]).update(reminded_at=now)
    for notice, lead in {one.notice: one.lead for one in rows}.items():
        tell_lead(lead, notice.bundle, notice, "contradiction_waits")
    return len(rows)


def _disagreed(bundle: Bundle, requests: Sequence[CorrectionRequest], parts: Iterable[SubItem]) -> dict[Place, int]:
    """Return what is named and another department has passed: place → the department that passed it."""
    named: dict[Place, set[int]] = {}
    for request in requests:
        for item in request.items.all():
            named.setdefault((item.target, item.key), set()).add(request.sub_item.department_id)
    found: dict[Place, int] = {}
    plan, all_requests = plan_of(bundle), None
    for part in parts:
        if part.state in IN_QUEUE and plan.item(part.key).review_points:
            all_requests = requests_of(bundle) if all_requests is None else all_requests
            passed = passed_places(part, all_requests)
            found |= {
                place: part.department_id
                for place, by in named.items()
                if place in passed and by - {part.department_id}
            }
    return found


def _lapsed(row: Contradiction) -> NewEvent:
    data = {"notice": row.notice_id, "place": f"{row.target}:{row.key}"}
    return NewEvent("contradiction_lapsed", data=data)


def tell_lead(lead: Department, bundle: Bundle, notice: CorrectionNotice, kind: str) -> None:
    """Tell whoever decides in the lead department that something waits for them, each once of a kind and notice."""
    able = who_may(lead, "decide") - whose_own(bundle)
    told, key = {"number": bundle.number}, f"{notice.pk}:{kind}"
    tell_staff(kind, told, key=key, link="/review/lead/", accounts=able, now_may=able)
