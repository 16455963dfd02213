"""A department's queue: pages by keyset, filters, and counts that equal the lists."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, DateField, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from matters.models import CorrectionRequest, ReviewTask, SubItem
from matters.models.querysets import LINE_FIELDS, QUEUE_ORDER, keyset
from portal.accounts.models import User
from portal.lib.prepared import BuiltOnce, Slot, filled

PAGE_SIZE = 50
# Counting stops here: "1,000+" is honest, a full count of a million rows at each look is not quick.
COUNT_CAP = 1000

_DEPARTMENT, _USER = Slot("department", BigIntegerField()), Slot("user", BigIntegerField())
_TODAY = Slot("today", DateField())

FILTERS: dict[str, Any] = {
    "all": _("全部待办"),
    **dict(ReviewTask.Stage.choices),
    "returned": _("补正中"),
    "due": _("今日到期和超期"),
    "mine": _("我认领的"),
    "extension": _("申请延期"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the queue, whatever list it comes from. ``task`` is None while the applicant corrects."""

    sub_item: SubItem
    since: datetime
    due_on: date | None
    holder: User | None = None
    held_until: datetime | None = None
    days_left: int | None = None
    is_amendment: bool = False
    is_returned: bool = False
    answer_by: date | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many lines a filter has; ``capped`` when there are more than counted."""

    number: int
    capped: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}+" if self.capped else f"{self.number:,}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue. ``next_cursor`` and ``previous_cursor`` are empty at the ends."""

    lines: list[Line] = field(default_factory=list)
    next_cursor: str = ""
    previous_cursor: str = ""


def queue_page(
    department: Department,
    *,
    filter: str,
    user: User,
    after: str = "",
    before: str = "",
    on: date | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """Return a page of the department's queue, oldest (or soonest due) first.

    ``after`` and ``before`` are cursors of a page given out before; one that cannot be read starts at
    the beginning. Cost: one query, the same at any depth.
    """
    given = {"department": department.pk, "user": user.pk, "today": on or timezone.localdate()}
    place_before = place_after = None
    if after or before:
        rows, key = _ordered_rows(filter, **given)
        place_before = _read_cursor(before, rows) if before else None
        place_after = None if place_before else _read_cursor(after, rows)
        found = list(keyset(rows, key, after=place_after, before=place_before)[: size + 1])
    else:
        first_page, key = _first_page(filter, size)
        found = first_page(**given)
    has_more, found = len(found) > size, found[:size]
    if place_before is not None:
        found.reverse()
    if not found:
        return Page()
    has_next = has_more if place_before is None else True
    has_previous = has_more if place_before is not None else place_after is not None
    return Page(
        lines=[_line(row) for row in found],
        next_cursor=_cursor(found[-1], key) if has_next else "",
        previous_cursor=_cursor(found[0], key) if has_previous else "",
    )


def queue_counts(department: Department, *, user: User, on: date | None = None) -> dict[str, Count]:
    """Return the count of each filter: exactly the length of its list, up to ``COUNT_CAP``. Cost: one query."""
    return counts_of([department], user=user, on=on)[department.pk]


def counts_of(departments: list[Department], *, user: User, on: date | None = None) -> dict[int, dict[str, Count]]:
    """Return the counts of several departments by their id. Cost: one query for all."""
    today = on or timezone.localdate()
    parts: list[str] = []
    params: list[Any] = []
    places: list[tuple[int, str]] = []
    for department in departments:
        given = {"department": department.pk, "user": user.pk, "today": today}
        for name in FILTERS:
            sql, values = _counting(name, COUNT_CAP + 1)
            parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 - the ORM's own SQL and parameters
            params += filled(values, given)
            places.append((department.pk, name))
    result: dict[int, dict[str, Count]] = {department.pk: {} for department in departments}
    if not parts:
        return result
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), params)
        row = cursor.fetchone()
    for (department_id, name), number in zip(places, row, strict=True):
        result[department_id][name] = Count(min(number, COUNT_CAP), capped=number > COUNT_CAP)
    return result


@cache
def _first_page(filter: str, size: int) -> tuple[BuiltOnce[Any], str]:
    """Return what reads the first page of a filter, and the column that orders it."""
    rows, key = _ordered_rows(filter)
    return BuiltOnce(lambda: keyset(rows, key)[: size + 1]), key


@cache
def _counting(filter: str, most: int) -> tuple[str, tuple[Any, ...]]:
    """Return the statement whose rows are counted for a filter, up to ``most``, and its values and their places."""
    rows, _key = _ordered_rows(filter)
    sql, values = rows.order_by().values("pk")[:most].query.sql_with_params()
    return sql, tuple(values)


def _ordered_rows(
    filter: str,
    department: Any = _DEPARTMENT,
    user: Any = _USER,
    today: Any = _TODAY,
) -> tuple[QuerySet[Any], str]:
    """Return the rows of a filter and the column that orders them. The one definition for list and count.

    ``department`` and ``user``: their keys; left out where the statement is prepared.
    """
    if filter == "returned":
        returned = SubItem.objects.returned(department).select_related("bundle__applicant").only(*LINE_FIELDS)
        asked = CorrectionRequest.objects.filter(sub_item=OuterRef("pk"), answered_at__isnull=True)
        return returned.annotate(answer_by=Subquery(asked.values("answer_by")[:1])), "state_since"
    tasks = ReviewTask.objects.awaiting(department).for_queue_page()
    match filter:
        case ReviewTask.Stage.ACCEPTANCE | ReviewTask.Stage.REVIEW | ReviewTask.Stage.AMENDMENT:
            return tasks.filter(stage=filter), QUEUE_ORDER
        case "due":
            return tasks.due_by(today), "due_on"
        case "extension":
            return tasks.filter(sub_item__extension__outcome=""), QUEUE_ORDER
        case "mine":
            return tasks.held_by(user), QUEUE_ORDER
        case _:
            return tasks, QUEUE_ORDER


def _line(row: ReviewTask | SubItem) -> Line:
    if isinstance(row, SubItem):
        answer_by = getattr(row, "answer_by", None)
        return Line(sub_item=row, since=row.state_since, due_on=row.due_on, is_returned=True, answer_by=answer_by)
    return Line(
        sub_item=row.sub_item,
        since=row.opened_at,
        due_on=row.due_on,
        holder=row.claimed_by,
        held_until=row.claim_lapses_at,
        is_amendment=row.stage == ReviewTask.Stage.AMENDMENT,
    )


def _cursor(row: ReviewTask | SubItem, key: str) -> str:
    place = json.dumps([getattr(row, key).isoformat(), str(row.pk)])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _read_cursor(text: str, rows: QuerySet[Any]) -> tuple[datetime | date, Any] | None:
    """Return the place that a cursor names, or None for one that was not made here."""
    if not text:
        return None
    try:
        moment, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        place: datetime | date = datetime.fromisoformat(moment) if "T" in moment else date.fromisoformat(moment)
        return place, UUID(pk) if rows.model is SubItem else int(pk)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return None
