"""Supervision (效能监察): cases and times for everybody who supervises, what stands in a case only in a sample drawn by the system.

The supervisor says why and how many; which ones, the system draws. The draw is an event in each case's history, and each reading
leaves a line with the purpose, where the applicant reads it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Department
from matters.models import Inspection, ReviewTask, SubItem, SupervisoryOrder
from matters.models.querysets import own_bundles
from matters.reviewing.transitions import event, require_right
from matters.wording.refusals import Refusal
from portal.accounts.models import Handler, Mandate, User
from portal.ledger.chain import NewEvent, append_events_to_many

MOST = 10
PURPOSE_SHORTEST, PURPOSE_LONGEST = 5, 200
DRAWS_A_DAY = 3
DRAWN_FROM = timedelta(days=365)
OPEN_FOR = timedelta(days=14)


class InspectionRefused(Refusal):
    """No sample is drawn; the sentence says why."""

    code = "inspection_refused"


def supervised_cases(user: User, department: Department) -> QuerySet[SubItem]:
    """Return a department's cases with their times and nothing of a person, open ones first, what is due first at the head; none of the user's own."""
    shown = ("number", "key", "name", "state", "state_since", "accepted_at", "due_on", "concluded_at", "department")
    rows = SubItem.objects.filter(department=department).exclude(bundle__in=own_bundles(user)).select_related("bundle")
    rows = rows.only(*shown, "bundle__number", "bundle__channel", "bundle__submitted_at", "bundle__matter_version")
    return rows.order_by(
        F("concluded_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "state_since", "id"
    )


LISTS: dict[str, Any] = {
    "all": gettext_lazy("全部办件"),
    "late": gettext_lazy("超期未办结"),
    "unanswered": gettext_lazy("超期未答复是否受理"),
    "slow": gettext_lazy("明显偏慢"),
    "returned": gettext_lazy("多次退回补正"),
    "ordered": gettext_lazy("督办中"),
}
# From how many concluded cases of an item on it is said what is slow.
LEAST_COMPARED = 10
OFTEN = 2


def supervised_list(user: User, department: Department, chosen: str) -> QuerySet[SubItem]:
    """Return one of ``LISTS`` of a department, all but the first of open cases only. The slow one asks once more, for what is usual."""
    rows = supervised_cases(user, department)
    if chosen == "all":
        return rows
    rows = rows.filter(concluded_at__isnull=True)
    today = timezone.localdate()
    if chosen == "late":
        return rows.filter(due_on__lt=today)
    if chosen == "unanswered":
        late = ReviewTask.objects.filter(
            sub_item=OuterRef("pk"), closed_at__isnull=True, stage=ReviewTask.Stage.ACCEPTANCE, due_on__lt=today
        )
        return rows.filter(Exists(late), accepted_at__isnull=True)
    if chosen == "returned":
        times = Count("correction_requests")
        return rows.annotate(times=times).filter(times__gte=OFTEN)
    if chosen == "ordered":
        return rows.filter(Exists(SupervisoryOrder.objects.filter(sub_item=OuterRef("pk"), answered_at__isnull=True)))
    slow = Q(pk__in=[])
    for name, usual in usual_times(department).items():
        slow |= Q(name=name, accepted_at__lt=timezone.now() - usual)
    return rows.filter(slow)


# Nobody counts further: it says "more than".
COUNTED = 999


@dataclass(frozen=True, slots=True)
class SupervisedWork:
    """A department under supervision with how many of its cases are open, and late."""

    department: Department
    open: int = 0
    late: int = 0


def work_of(user: User, departments: Sequence[Department]) -> list[SupervisedWork]:
    """Return departments with what is open and late there, where most is late first, then where most is open; none of the user's own counts. One query."""
    late = Count("pk", filter=Q(due_on__lt=timezone.localdate()))
    rows = SubItem.objects.filter(department__in=departments, concluded_at__isnull=True).order_by()
    rows = rows.exclude(bundle__in=own_bundles(user))
    counted = rows.values_list("department").annotate(open=Count("pk"), late=late)
    counts = {department: (number, overdue) for department, number, overdue in counted}
    found = [SupervisedWork(one, *counts.get(one.pk, (0, 0))) for one in departments]
    return sorted(found, key=lambda one: (-one.late, -one.open))


def counts_of_lists(user: User, department: Department) -> dict[str, str]:
    """Return how many cases stand in each of ``LISTS``, from the query of the list itself; no further than ``COUNTED``. Seven queries."""
    counts = {name: supervised_list(user, department, name).order_by()[: COUNTED + 1].count() for name in LISTS}
    return {name: f"{COUNTED}+" if number > COUNTED else str(number) for name, number in counts.items()}


def usual_times(department: Department) -> dict[str, timedelta]:
    """Return item → the time from acceptance to conclusion within which nine of ten of the last year's cases were concluded.

    Only items with at least ``LEAST_COMPARED`` of them. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT name, percentile_cont(0.9) WITHIN GROUP (ORDER BY concluded_at - accepted_at)
              FROM matters_subitem
             WHERE department_id = %s AND concluded_at > %s AND accepted_at IS NOT NULL
             GROUP BY name HAVING count(*) >= %s
            """,
            [department.pk, timezone.now() - DRAWN_FROM, LEAST_COMPARED],
        )
        return dict(cursor.fetchall())


def most_of(population: int) -> int:
    """Return how many cases a draw may hold: a tenth, at least one, never more than ``MOST``."""
    return min(MOST, -(-population // 10))


@transaction.atomic
def draw_sample(user: User, department: Department, purpose: str, size: int) -> Inspection:
    """Draw cases of the last year at random. Raises ``NotAllowed``, ``InspectionRefused``.

    Never the supervisor's own application; not more than a tenth, and a few times a day only, so that nobody draws until the one
    they look for comes up.
    """
    require_right(user, department, "supervise")
    purpose = " ".join(purpose.split())
    if not PURPOSE_SHORTEST <= len(purpose) <= PURPOSE_LONGEST:
        raise InspectionRefused(
            _("请写明抽查目的，%(least)s 到 %(most)s 个字，申请人看得到。")
            % {"least": PURPOSE_SHORTEST, "most": PURPOSE_LONGEST}
        )
    # One draw at a time: the department's row is the lock.
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    now = timezone.now()
    today = Inspection.objects.filter(inspector=user, department=department, drawn_at__gt=now - timedelta(days=1))
    if today.count() >= DRAWS_A_DAY:
        raise InspectionRefused(_("一天最多抽查 %(most)s 次，请明天再抽。") % {"most": DRAWS_A_DAY})
    recent = SubItem.objects.filter(department=department, bundle__submitted_at__gt=now - DRAWN_FROM)
    theirs = Handler.objects.filter(person__user=user).values("organisation")
    others = recent.exclude(bundle__in=own_bundles(user))
    acted = Q(bundle__begun_under__agent__user=user) | Q(bundle__begun_under__agent_organisation__in=theirs)
    since = ExpressionWrapper(OuterRef("bundle__submitted_at"), DateTimeField())
    between = Mandate.objects.between(user.pk, OuterRef("bundle__applicant"), since, since_day=TruncDate(since))
    others = others.exclude(acted).exclude(Exists(between))
    ids = list(others.values_list("pk", flat=True))
    if not ids:
        raise InspectionRefused(_("这个部门最近一年没有办件。"))
    if not 1 <= size <= most_of(len(ids)):
        raise InspectionRefused(
            _("最近一年有 %(all)s 件，一次可以抽 1 到 %(most)s 件。") % {"all": len(ids), "most": most_of(len(ids))}
        )
    drawn = secrets.SystemRandom().sample(ids, size)
    inspection = Inspection.objects.create(
        inspector=user,
        department=department,
        purpose=purpose,
        population=len(ids),
        drawn_at=now,
        closes_at=now + OPEN_FOR,
    )
    inspection.cases.set(SubItem.objects.filter(pk__in=drawn))
    events: dict[UUID, list[NewEvent]] = {}
    for sub_item in SubItem.objects.filter(pk__in=drawn).select_related("department"):
        one = event("inspection_drawn", sub_item, user, inspection=inspection.pk)
        events.setdefault(sub_item.bundle_id, []).append(one)
    append_events_to_many(events)
    return inspection
