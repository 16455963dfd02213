"""The lead department (牵头部门): it sees its matters' applications whole, settles what departments disagree on, and reminds them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.staff.memberships import department_ids_for, may, who_may
from catalog.staff.telling import tell_staff
from matters.cases.access import whose_own
from matters.core.states import IN_QUEUE
from matters.models import Bundle, Contradiction, CorrectionNotice, CorrectionRequest, ReviewTask, SubItem
from matters.models.querysets import own_bundles
from matters.reviewing.gathering import hold_parts, is_over, send_notice
from matters.reviewing.transitions import event, require_step, stale_state_refusal
from matters.wording.refusals import NotAllowed, ReasonMissing, ReasonTooLong, Refusal
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events
from portal.ledger.models import Event

PAGE = 30
REASON_LENGTH = 600


def led_for(user: Any) -> frozenset[int]:
    """Return the departments for which the user settles what others disagree on: those in which they decide."""
    return department_ids_for(user, "decide")


def open_contradictions(user: Any) -> QuerySet[Contradiction]:
    """Return what waits for the user's departments as leads, soonest first. One query, and one for the marks of each notice."""
    marks = CorrectionRequest.objects.filter(dropped_at=None).select_related("sub_item__department")
    waiting = Contradiction.objects.waiting(timezone.now()).filter(lead__in=led_for(user))
    waiting = waiting.exclude(notice__bundle__in=own_bundles(user))  # not told yet to whom it is about
    found = waiting.select_related("notice__bundle__matter_version__matter", "lead", "passed_by")
    found = found.defer("notice__bundle__form_sealed", "notice__bundle__matter_version__content")
    return found.prefetch_related(
        Prefetch("notice__requests", queryset=marks.prefetch_related("items")),
    ).order_by("settle_by", "pk")


def led_bundles(user: Any) -> QuerySet[Bundle]:
    """Return the open applications of the matters that the user's departments lead, soonest due first, with their parts and who holds them; none of the user's own."""
    tasks = ReviewTask.objects.filter(closed_at=None).select_related("claimed_by")
    parts = SubItem.objects.select_related("department").order_by("number")
    parts = parts.prefetch_related(Prefetch("review_tasks", queryset=tasks, to_attr="open_tasks"))
    gathering = CorrectionNotice.objects.filter(sent_at=None, dropped_at=None)
    bundles = Bundle.objects.filter(matter_version__matter__lead_department__in=led_for(user), concluded_at=None)
    return (
        bundles.exclude(pk__in=own_bundles(user))
        .select_related("matter_version__matter")
        .defer("form_sealed", "matter_version__content")
        .prefetch_related(
            Prefetch("sub_items", queryset=parts),
            Prefetch("correction_notices", queryset=gathering, to_attr="gathering"),
        )
        .order_by("promised_on", "pk")
    )


@transaction.atomic
def settle_contradiction(user: User, contradiction_id: int, *, asked: bool, reason: str) -> Contradiction:
    """Say whether the applicant is asked for what departments disagree on; the notice goes out with the last of them.

    Who had asked for it is told with the reason. Whoever decides in the lead department, and neither applies nor acts for the applicant. Raises ``ReasonMissing``, ``NotAllowed``,
    ``Refusal`` where it was settled, lapsed or taken back meanwhile.
    """
    found = Contradiction.objects.select_related("notice", "lead").get(pk=contradiction_id)
    if not may(user, "decide", found.lead):
        raise NotAllowed(_("只有牵头部门%(department)s可以裁定。") % {"department": found.lead.name})
    reason = _checked_reason(reason)
    bundle, parts = hold_parts(found.notice.bundle_id)
    require_step(user, parts[0], "settle_contradiction", department=found.lead)
    now = timezone.now()
    held = Contradiction.objects.waiting(now).select_for_update(of=("self",), no_key=True)
    row = held.filter(pk=found.pk).first()
    if row is None:
        raise Refusal(_("这一条已经裁定、过了期限，或者部门不再要求，您这次的操作没有生效。"))
    row.outcome = Contradiction.Outcome.ASKED if asked else Contradiction.Outcome.LEFT_OUT
    row.reason, row.settled_by, row.settled_at = reason, user, now
    row.save(update_fields=["outcome", "reason", "settled_by", "settled_at"])
    data = {"notice": row.notice_id, "place": f"{row.target}:{row.key}", "outcome": str(row.outcome)}
    append_events(
        bundle.pk, [NewEvent("contradiction_settled", actor_id=user.pk, department=found.lead.code, data=data)]
    )
    _tell_who_asked(bundle, row)
    notice = CorrectionNotice.objects.get(pk=row.notice_id)
    if notice.is_gathering and is_over(notice, parts, now):
        send_notice(notice, parts, now)
    return row


def _checked_reason(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing(_("请写明裁定理由，提出补正的部门会看到。"))
    if len(reason.strip()) > REASON_LENGTH:
        raise ReasonTooLong(_("理由最多 %(limit)s 个字，请写短一些，再提交。") % {"limit": REASON_LENGTH})
    return reason.strip()


def _tell_who_asked(bundle: Bundle, row: Contradiction) -> None:
    marks = CorrectionRequest.objects.filter(notice=row.notice_id, dropped_at=None, items__target=row.target)
    marks = marks.filter(items__key=row.key).select_related("sub_item").distinct()
    asked = row.outcome == Contradiction.Outcome.ASKED
    own = whose_own(bundle)
    for mark in marks:
        tell_staff(
            "contradiction_asked" if asked else "contradiction_left_out",
            {"department": row.lead.name, "number": mark.sub_item.number, "reason": row.reason},
            key=f"contradiction:{row.pk}:{mark.pk}",
            link=reverse("matters:case", args=[mark.sub_item.number]),
            accounts={mark.requested_by_id} - {row.settled_by_id},
            now_may=who_may(mark.sub_item.department_id, "review", "accept") - own,
        )


@transaction.atomic
def remind_department(user: User, sub_item: SubItem) -> None:
    """Remind a department of a part that is before it, at most once a day and part: who has it, or all who may take it.

    Whoever decides in the lead department. Raises ``NotAllowed``, ``StateChanged`` where nothing is before the department any more,
    ``Refusal`` where it was reminded today or nobody can be told.
    """
    lead = sub_item.bundle.matter_version.matter.lead_department
    if lead is None or not may(user, "decide", lead):
        raise NotAllowed(_("只有牵头部门可以提醒其他部门。"))
    require_step(user, sub_item, "remind_department", department=lead)
    locked = SubItem.objects.select_for_update(of=("self",), no_key=True).get(pk=sub_item.pk)
    if locked.state not in IN_QUEUE:
        raise stale_state_refusal(sub_item)
    now = timezone.now()
    if (sub_item.bundle_id, sub_item.key) in reminded_today([sub_item.bundle_id], now):
        raise Refusal(_("今天已经提醒过这个部门。"))
    task = ReviewTask.objects.filter(sub_item=sub_item, closed_at=None).first()
    able = who_may(sub_item.department, "review") - whose_own(sub_item.bundle)
    held_by = {task.claimed_by_id} & able if task is not None else set()
    people = (held_by or able) - {user.pk}
    if not people:
        raise Refusal(_("这个部门没有可以收到提醒的人，请打电话联系。"))
    data = {"department": lead.name, "item": sub_item.name, "number": sub_item.number}
    link, key = (
        reverse("matters:case", args=[sub_item.number]),
        f"lead:{sub_item.number}:{timezone.localdate(now):%Y%m%d}",
    )
    tell_staff("lead_reminded", data, key=key, link=link, accounts=people, now_may=able)
    append_events(sub_item.bundle_id, [event("department_reminded", sub_item, user, lead=lead.code)])


def reminded_today(bundle_ids: Collection[UUID], now: datetime) -> set[tuple[UUID, str]]:
    """Return of which parts of these bundles a department was reminded today: (bundle, key of the part). One query."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    found = Event.objects.filter(chain_id__in=bundle_ids, kind="department_reminded", at__gte=midnight)
    return set(found.values_list("chain_id", "sub_item"))
