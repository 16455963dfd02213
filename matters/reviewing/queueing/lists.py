"""Which lists a department's queue has, and in which orders each may be read.

Every list × order that is offered here is a range of one index (``matters.models.reviewing``, ``matters.models.cases``);
what is not offered is refused with a sentence, never sorted by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, DateField, DateTimeField, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matters.models import Advice, CorrectionRequest, ReviewTask, SubItem, SupervisoryOrder
from matters.models.querysets import LINE_FIELDS, LINE_RELATED, QUEUE_ORDER, order_due, own_bundles, own_sub_items
from portal.lib.prepared import Slot

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DECIDED_DAYS = 30
SINCE, LEFT, NUMBER = "since", "left", "number"
SORTS: dict[str, StrOrPromise] = {
    SINCE: gettext_lazy("进入时间"),
    LEFT: gettext_lazy("剩余时间"),
    NUMBER: gettext_lazy("编号"),
}
# A task's columns by which it is sorted; those of a sub-item's lists are said with the list.
_TASK_KEYS = {SINCE: QUEUE_ORDER, LEFT: "due_order", NUMBER: "number"}

_DEPARTMENT, _USER = Slot("department", BigIntegerField()), Slot("user", BigIntegerField())
_TODAY, _DECIDED_SINCE = Slot("today", DateField()), Slot("decided_since", DateTimeField())


@dataclass(frozen=True, slots=True)
class QueueList:
    """One list. ``sorts``: the orders it is offered in, the first unless another is asked for; ``of_tasks``: whether what is in it
    stands in the queue, so that it can be claimed; ``rare``: shown where something is in it; ``newest_first``: read backwards."""

    label: StrOrPromise
    sorts: tuple[str, ...] = (SINCE,)
    of_tasks: bool = True
    rare: bool = False
    newest_first: bool = False


LISTS: dict[str, QueueList] = {
    "all": QueueList(gettext_lazy("全部待办"), (SINCE, LEFT, NUMBER)),
    "unclaimed": QueueList(gettext_lazy("待认领"), (SINCE, LEFT)),
    "mine": QueueList(gettext_lazy("我认领的"), (SINCE, LEFT)),
    "today": QueueList(gettext_lazy("今日到期"), (LEFT,)),
    "overdue": QueueList(gettext_lazy("已超期"), (LEFT,)),
    ReviewTask.Stage.ACCEPTANCE: QueueList(gettext_lazy("待受理"), (SINCE, LEFT)),
    ReviewTask.Stage.REVIEW: QueueList(gettext_lazy("审查中"), (SINCE, LEFT)),
    ReviewTask.Stage.AMENDMENT: QueueList(gettext_lazy("待更正"), rare=True),
    ReviewTask.Stage.CHECK: QueueList(gettext_lazy("待核查"), (SINCE, LEFT), rare=True),
    ReviewTask.Stage.SIGNING: QueueList(gettext_lazy("待审批"), (SINCE, LEFT), rare=True),
    "returned": QueueList(gettext_lazy("等申请人补正"), of_tasks=False),
    "others": QueueList(gettext_lazy("等其他部门"), of_tasks=False),
    "advice": QueueList(gettext_lazy("等其他部门答复"), rare=True),
    "extension": QueueList(gettext_lazy("申请延期"), rare=True),
    "ordered": QueueList(gettext_lazy("督办中"), rare=True),
    "person_check": QueueList(gettext_lazy("申请人要求人工复核"), of_tasks=False, rare=True),
    "decided": QueueList(gettext_lazy("近 30 天办结"), of_tasks=False, newest_first=True),
}


def given(department: int, user: int, now: datetime | None = None) -> dict[str, Any]:
    """Return what fills the places of a prepared list, at a moment."""
    at = now or timezone.now()
    return {
        "department": department,
        "user": user,
        "today": timezone.localdate(at),
        "decided_since": at - timedelta(days=DECIDED_DAYS),
    }


def sort_of(name: str, asked: str) -> tuple[str, str]:
    """Return the order in which a list is read, and why it is not the one asked for; nothing where it is."""
    offered = LISTS[name].sorts
    if not asked or asked in offered:
        return asked or offered[0], ""
    sentence = _("“%(list)s”不能按%(asked)s排列，现在按%(sort)s排列。")
    if asked not in SORTS:
        return offered[0], ""
    return offered[0], sentence % {"list": LISTS[name].label, "asked": SORTS[asked], "sort": SORTS[offered[0]]}


def rows_of(
    name: str,
    sort: str = SINCE,
    department: Any = _DEPARTMENT,
    user: Any = _USER,
    today: Any = _TODAY,
    decided_since: Any = _DECIDED_SINCE,
) -> tuple[QuerySet[Any], str]:
    """Return the rows of a list and the column that orders them: the one definition for page, count and "claim next".

    Nobody's own application is in their list. The values are left out where the statement is prepared (``given``).
    """
    match name:
        case "returned":
            asked = CorrectionRequest.objects.told().filter(sub_item=OuterRef("pk"), answered_at__isnull=True)
            returned = _lines(SubItem.objects.returned(department), user)
            return returned.annotate(answer_by=Subquery(asked.values("answer_by")[:1])), "state_since"
        case "others":
            return _lines(SubItem.objects.waiting_for_others(department), user), "state_since"
        case "person_check":
            return _lines(SubItem.objects.with_person_asked_for(department), user), "concluded_at"
        case "decided":
            return _lines(SubItem.objects.concluded_since(department, decided_since), user), "concluded_at"
    others = ReviewTask.objects.awaiting(department).exclude(sub_item__in=own_sub_items(user))
    tasks, key = others.for_queue_page(), _TASK_KEYS[sort]
    match name:
        case (
            ReviewTask.Stage.ACCEPTANCE
            | ReviewTask.Stage.REVIEW
            | ReviewTask.Stage.AMENDMENT
            | ReviewTask.Stage.SIGNING
            | ReviewTask.Stage.CHECK
        ):
            return tasks.filter(stage=name), key
        case "unclaimed":
            return tasks.unclaimed(), key
        case "mine":
            return tasks.held_by(user), key
        case "today":
            return tasks.filter(due_order=today), key
        case "overdue":
            return tasks.filter(due_order__lt=today), key
        case "advice":
            advice = Advice.objects.filter(sub_item__department=department, answered_at=None, revoked_at=None)
            return tasks.filter(sub_item__in=advice.values("sub_item")), key
        case "extension":
            return tasks.filter(sub_item__extension__outcome=""), key
        case "ordered":
            waiting = SupervisoryOrder.objects.filter(department=department, answered_at__isnull=True)
            return tasks.filter(sub_item__in=waiting.values("sub_item")), key
        case _:
            return tasks, key


def _lines(sub_items: QuerySet[SubItem], user: Any) -> QuerySet[SubItem]:
    rows = sub_items.exclude(bundle__in=own_bundles(user)).annotate(order_due=order_due("pk"))
    return rows.select_related(*LINE_RELATED).only(*LINE_FIELDS)
