"""Special procedures (特别程序): begun with a reason and told to the applicant, ended with a result; the clock stands still meanwhile.

Only what the published item lists, and only after acceptance: Administrative Licensing Law art. 45, of hearings art. 46–48.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from matters.calendars.limits import due_after
from matters.cases.procedures import ListedProcedure, listed_procedures, lists_procedures
from matters.core.states import AFTER_ACCEPTANCE
from matters.models import Bundle, ReviewTask, SpecialProcedure, SubItem
from matters.reviewing.clock import count_anew
from matters.reviewing.transitions import applicant_notice, event, require_step, stale_state_refusal
from matters.wording.refusals import Invalid, NotAllowed, ProcedureRefused, TakenByAnother
from portal.accounts.models import User
from portal.ledger.chain import append_events
from portal.lib.whole_numbers import whole_number
from portal.outbox.enqueueing import enqueue_many

REASON_LENGTH = 300
FINDINGS_LENGTH = 2_000
# How long before a hearing its day is announced (art. 48).
HEARING_NOTICE_DAYS = 7


@transaction.atomic
def start_procedure(
    user: User, sub_item: SubItem, kind: str, reason: str, held_on: str = "", joins: str = ""
) -> SpecialProcedure:
    """Begin a procedure that the item lists, tell the applicant why and how long, and let the clock stand still unless its days count.

    ``held_on``: the day it is held, ISO; a hearing needs one. ``joins``: the inspection of another department that goes on the same visit;
    its day is this one's. Raises ``Invalid`` (keys ``procedure``, ``procedure_reason``, ``held_on``), ``ProcedureRefused``,
    ``StateChanged``, ``TakenByAnother``, ``NotAllowed``.
    """
    require_step(user, sub_item, "start_procedure")
    bundle, locked = _lock(sub_item)
    task = ReviewTask.objects.filter(sub_item=locked, closed_at__isnull=True).select_related("claimed_by").first()
    if locked.state not in AFTER_ACCEPTANCE or task is None:
        raise stale_state_refusal(locked)
    if task.claimed_by_id not in (None, user.pk):
        raise TakenByAnother(str(task.claimed_by))
    now = timezone.now()
    visit = _visit(locked, kind, joins)
    listed, day = _checked(locked, kind, reason, held_on, visit, timezone.localdate(now))
    expected = due_after(timezone.localdate(now), listed.days).date
    try:
        with transaction.atomic():
            row = SpecialProcedure.objects.create(
                sub_item=locked,
                kind=listed.kind,
                name=listed.name,
                days=listed.days,
                is_counted=listed.is_counted,
                held_on=day,
                joins=visit,
                reason=reason.strip(),
                started_by=user,
                started_at=now,
                expected_on=max(expected, day) if day else expected,
            )
    except IntegrityError:
        raise ProcedureRefused(_("“%(name)s”已经在进行。") % {"name": listed.name}) from None
    _count(bundle, locked)
    enqueue_many([applicant_notice(locked, "procedure_started", now)])
    told = {
        "procedure": row.kind,
        "days": row.days,
        "expected_on": row.expected_on.isoformat(),
        "together": bool(visit),
    }
    append_events(bundle.pk, [event("procedure_started", locked, user, **told)])
    return row


@transaction.atomic
def end_procedure(user: User, sub_item: SubItem, number: str, outcome: str, findings: str) -> SpecialProcedure:
    """Record what a procedure came to; the clock goes on. ``number``: the key of its row.

    Of a hearing somebody else than who examines the case keeps the record (art. 48). Whoever reviews here may record it, also while a
    colleague holds the case. Raises ``Invalid`` (keys ``outcome``, ``findings``), ``ProcedureRefused``, ``NotAllowed``.
    """
    require_step(user, sub_item, "end_procedure")
    bundle, locked = _lock(sub_item)
    row = SpecialProcedure.objects.filter(sub_item=locked, ended_at=None, pk=whole_number(number) or 0).first()
    if row is None:
        raise ProcedureRefused(_("这项程序已经结束，可能同事已经记录。"))
    problems = {}
    if outcome not in SpecialProcedure.Outcome.values:
        problems["outcome"] = _("请选择结果。")
    if not findings.strip():
        problems["findings"] = _("请写明经过和结论。")
    elif len(findings.strip()) > FINDINGS_LENGTH:
        problems["findings"] = _("记录最多 %(limit)s 个字，请写短一些。") % {"limit": FINDINGS_LENGTH}
    if problems:
        raise Invalid(_("记录还不完整，没有提交。"), problems)
    is_held = outcome != SpecialProcedure.Outcome.DROPPED
    if row.kind == "hearing" and is_held and _examines(user, locked, row):
        raise NotAllowed(_("听证要由审查这一件以外的工作人员主持和记录，请主持听证的同事来记录。"))
    now = timezone.now()
    row.outcome, row.findings, row.ended_by, row.ended_at = outcome, findings.strip(), user, now
    row.save(update_fields=["outcome", "findings", "ended_by", "ended_at"])
    _count(bundle, locked)
    if locked.state in AFTER_ACCEPTANCE:
        enqueue_many([applicant_notice(locked, "procedure_ended", now)])
    append_events(bundle.pk, [event("procedure_ended", locked, user, procedure=row.kind, outcome=outcome)])
    return row


def drop_procedures(bundle: Bundle, sub_items: Iterable[SubItem], now: datetime) -> None:
    """End what is under way in sub-items that the applicant has withdrawn: it is not held any more.

    Inside the caller's transaction, which holds the bundle and the sub-items. No query where the version lists no procedure.
    """
    if not lists_procedures(bundle):
        return
    under_way = SpecialProcedure.objects.filter(sub_item__in=list(sub_items), ended_at__isnull=True)
    dropped = set(under_way.values_list("sub_item_id", flat=True))
    under_way.update(outcome=SpecialProcedure.Outcome.DROPPED, ended_at=now)
    for one in sub_items:
        if one.pk in dropped:
            count_anew(bundle, one)


def _examines(user: User, sub_item: SubItem, row: SpecialProcedure) -> bool:
    held = ReviewTask.objects.filter(sub_item=sub_item, closed_at__isnull=True, claimed_by=user)
    return row.started_by_id == user.pk or held.exists()


def _lock(sub_item: SubItem) -> tuple[Bundle, SubItem]:
    bundle = Bundle.objects.select_for_update(of=("self",), no_key=True).get(pk=sub_item.bundle_id)
    locked = SubItem.objects.for_case().select_for_update(of=("self",), no_key=True).get(pk=sub_item.pk)
    return bundle, locked


def _count(bundle: Bundle, sub_item: SubItem) -> None:
    """Set the days anew that follow from the pauses, also of the whole and of the line in the queue."""
    due_on = count_anew(bundle, sub_item)
    ReviewTask.objects.filter(sub_item=sub_item, closed_at__isnull=True, stage=ReviewTask.Stage.REVIEW).update(
        due_on=due_on
    )


def _visit(sub_item: SubItem, kind: str, joins: str) -> SpecialProcedure | None:
    """Return the inspection to go along with. Raises ``ProcedureRefused`` where it is over or none of this application's."""
    if not joins:
        return None
    planned = SpecialProcedure.objects.filter(
        pk=whole_number(joins) or 0,
        kind="inspection",
        ended_at__isnull=True,
        joins__isnull=True,
        held_on__isnull=False,
        sub_item__bundle=sub_item.bundle_id,
    ).exclude(sub_item=sub_item)
    found = planned.first()
    if found is None or kind != "inspection":
        raise ProcedureRefused(_("要一起去的勘验已经结束或者改了安排，请看过最新情况再定。"))
    return found


def _checked(
    sub_item: SubItem, kind: str, reason: str, held_on: str, visit: SpecialProcedure | None, today: date
) -> tuple[ListedProcedure, date | None]:
    problems = {}
    listed = {one.kind: one for one in listed_procedures(sub_item)}.get(kind)
    if listed is None:
        problems["procedure"] = _("请选择实施清单列明的程序。")
    if not reason.strip():
        problems["procedure_reason"] = _("请写明为什么要做，申请人看得到。")
    elif len(reason.strip()) > REASON_LENGTH:
        problems["procedure_reason"] = _("理由最多 %(limit)s 个字，请写短一些。") % {"limit": REASON_LENGTH}
    day, wrong = (visit.held_on, "") if visit else _day(kind, held_on, today)
    if wrong:
        problems["held_on"] = wrong
    if problems or listed is None:
        raise Invalid(_("特别程序还没有启动，请补全。"), problems)
    return listed, day


def _day(kind: str, typed: str, today: date) -> tuple[date | None, str]:
    """Return the day a procedure is held, and what is wrong with it."""
    if not typed.strip():
        return None, _("听证要写明哪一天举行。") if kind == "hearing" else ""
    try:
        day = parse_date(typed.strip())
    except ValueError:
        day = None
    if day is None:
        return None, _("请填写日期，如 2026-12-01。")
    if day < today:
        return None, _("这一天已经过去。")
    if (day - today).days > 366:
        return None, _("这一天太远了，请核对。")
    if kind == "hearing" and (day - today).days < HEARING_NOTICE_DAYS:
        return None, _("听证要提前 %(days)s 天通知申请人，请改晚一些。") % {"days": HEARING_NOTICE_DAYS}
    return day, ""
