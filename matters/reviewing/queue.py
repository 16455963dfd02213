"""A department's queue: pages by keyset, and counts that equal the lists (``matters.reviewing.queueing.lists``)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from catalog.models import Department
from matters.models import ReviewTask, SavedView, SubItem
from matters.models.querysets import column_of, keyset, order_due
from matters.reviewing.queueing.lists import LISTS, given, rows_of
from portal.accounts.models import User
from portal.lib.prepared import BuiltOnce, filled
from portal.lib.whole_numbers import whole_number

PAGE_SIZE = 50
# Counting stops here: "1,000+" is honest, a full count of a million rows at each look is not quick.
COUNT_CAP = 1000
_MOST = 2**63 - 1  # as a key of the database goes
# The lists by name, in the order in which they are shown.
FILTERS: dict[str, Any] = {name: each.label for name, each in LISTS.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the queue, whatever list it comes from. ``task_id`` is None where nothing waits for an officer."""

    sub_item: SubItem
    since: datetime
    due_on: date | None
    holder: User | None = None
    held_until: datetime | None = None
    task_id: int | None = None
    is_amendment: bool = False
    is_signing: bool = False
    is_returned: bool = False
    answer_by: date | None = None
    order_due: date | None = None  # by when a supervisor's order is to be answered, where one waits for that
    told: tuple[str, ...] = ()  # what the own form says in the columns of a saved view


@dataclass(frozen=True, slots=True)
class Count:
    """How many lines a list has; ``capped`` when there are more than counted."""

    number: int
    capped: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}+" if self.capped else f"{self.number:,}"


@dataclass(frozen=True, slots=True)
class ViewName:
    """One of an officer's own views, as it is offered above a queue."""

    pk: int
    name: str
    is_default: bool


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
    sort: str = "",
    after: str = "",
    before: str = "",
    now: datetime | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """Return a page of one of the department's lists, in one of its orders (its first unless ``sort`` names another that it has).

    ``after`` and ``before`` are cursors of a page given out before; one that cannot be read starts at
    the beginning. Cost: one query, the same at any depth.
    """
    sort, backwards = sort or LISTS[filter].sorts[0], LISTS[filter].newest_first
    values = given(department.pk, user.pk, now)
    place_before = place_after = None
    if after or before:
        rows, key = rows_of(filter, sort, **values)
        place_before = _read_cursor(before, rows, key) if before else None
        place_after = None if place_before else _read_cursor(after, rows, key)
        beyond = keyset(rows, key, after=place_after, before=place_before, newest_first=backwards)
        found = list(beyond[: size + 1])
    else:
        first_page, key = _first_page(filter, sort, size)
        found = first_page(**values)
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


def narrowed_page(view: SavedView, keys: Sequence[Any], after: str, size: int = PAGE_SIZE) -> Page:
    """Return the page of a narrowed view that begins at a place among its rows; its cursors are such places. One query."""
    begin = min(whole_number(after, 5) or 0, len(keys))
    wanted = list(keys[begin : begin + size])
    rows, _key = rows_of(view.list_name, view.sort, **given(view.department_id, view.user_id))
    by_key = {row.pk: row for row in rows.filter(pk__in=wanted)}
    return Page(
        lines=[_line(by_key[key]) for key in wanted if key in by_key],
        next_cursor=str(begin + size) if begin + size < len(keys) else "",
        previous_cursor=str(max(begin - size, 0)) if begin else "",
    )


def found_lines(sub_items: list[SubItem]) -> list[Line]:
    """Return the lines of cases, in their order, with who holds them where they wait for an officer. One query."""
    waiting = ReviewTask.objects.filter(sub_item__in=sub_items, closed_at__isnull=True)
    tasks = waiting.annotate(order_due=order_due("sub_item")).select_related("claimed_by")
    by_sub_item = {task.sub_item_id: task for task in tasks}
    lines = []
    for sub_item in sub_items:
        task = by_sub_item.get(sub_item.pk)
        if task is not None:
            task.sub_item = sub_item
        lines.append(_line(sub_item if task is None else task))
    return lines


def queue_counts(department: Department, *, user: User, now: datetime | None = None) -> dict[str, Count]:
    """Return the count of each list: exactly its length, up to ``COUNT_CAP``. Cost: one query."""
    return counts_of([department], user=user, now=now)[department.pk]


def counts_of(departments: list[Department], *, user: User, now: datetime | None = None) -> dict[int, dict[str, Count]]:
    """Return the counts of several departments by their id. Cost: one query for all."""
    return _counted(departments, user, now)[0]


def counts_and_views(department: Department, *, user: User) -> tuple[dict[str, Count], list[ViewName]]:
    """Return the count of each list and what the officer's own views are called, by name. Cost: one query for both."""
    views = SavedView.objects.filter(user=user, department=department).order_by("name")
    as_json = views.values(one=JSONObject(pk="pk", name="name", is_default="is_default"))
    sql, params = as_json.query.sql_with_params()
    listed = f"(SELECT coalesce(json_agg(one), '[]') FROM ({sql}) AS views)"  # noqa: S608 - the ORM's own SQL and parameters
    counts, told = _counted([department], user, None, (listed, params))
    found = json.loads(told) if isinstance(told, str) else told
    return counts[department.pk], [ViewName(**each) for each in found]


def _counted(
    departments: list[Department],
    user: User,
    now: datetime | None,
    besides: tuple[str, Sequence[Any]] | None = None,
) -> tuple[dict[int, dict[str, Count]], Any]:
    """Return the counts, and what another expression says in the same statement."""
    parts: list[str] = []
    params: list[Any] = []
    places: list[tuple[int, str]] = []
    for department in departments:
        values = given(department.pk, user.pk, now)
        for name in FILTERS:
            sql, filling = _counting(name, COUNT_CAP + 1)
            parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 - the ORM's own SQL and parameters
            params += filled(filling, values)
            places.append((department.pk, name))
    result: dict[int, dict[str, Count]] = {department.pk: {} for department in departments}
    if not parts:
        return result, None
    if besides is not None:
        parts.append(besides[0])
        params += besides[1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), params)
        row = cursor.fetchone()
    for (department_id, name), number in zip(places, row, strict=False):
        result[department_id][name] = Count(min(number, COUNT_CAP), capped=number > COUNT_CAP)
    return result, row[-1]


@cache
def _first_page(filter: str, sort: str, size: int) -> tuple[BuiltOnce[Any], str]:
    """Return what reads the first page of a list, and the column that orders it."""
    rows, key = rows_of(filter, sort)
    return BuiltOnce(lambda: keyset(rows, key, newest_first=LISTS[filter].newest_first)[: size + 1]), key


@cache
def _counting(filter: str, most: int) -> tuple[str, tuple[Any, ...]]:
    """Return the statement whose rows are counted for a list, up to ``most``, and its values and their places."""
    rows, _key = rows_of(filter, LISTS[filter].sorts[0])
    sql, values = rows.order_by().values("pk")[:most].query.sql_with_params()
    return sql, tuple(values)


def _line(row: ReviewTask | SubItem) -> Line:
    if isinstance(row, SubItem):
        answer_by = getattr(row, "answer_by", None)
        since = row.concluded_at or row.state_since
        return Line(
            row,
            since,
            row.due_on,
            is_returned=row.state == "returned",
            answer_by=answer_by,
            order_due=getattr(row, "order_due", None),
        )
    return Line(
        sub_item=row.sub_item,
        since=row.opened_at,
        due_on=row.due_on,
        holder=row.claimed_by,
        held_until=row.claim_lapses_at,
        task_id=row.pk,
        is_amendment=row.stage == ReviewTask.Stage.AMENDMENT,
        is_signing=row.stage == ReviewTask.Stage.SIGNING,
        order_due=getattr(row, "order_due", None),
    )


def _cursor(row: ReviewTask | SubItem, key: str) -> str:
    at = getattr(row, key)
    place = json.dumps([at if isinstance(at, str) else at.isoformat(), str(row.pk)])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _read_cursor(text: str, rows: QuerySet[Any], key: str) -> tuple[datetime | date | str, Any] | None:
    """Return the place that a cursor of this order names, or None for one that was not made here."""
    if not text:
        return None
    kind = column_of(rows.model, key)
    try:
        at, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        place: datetime | date | str
        if isinstance(kind, models.DateTimeField):
            place = timezone.localtime(datetime.fromisoformat(at))  # refuses one without a zone
        elif isinstance(kind, models.DateField):
            place = date.fromisoformat(at)
        else:
            place = str(at)[:40].replace("\x00", "")
        number = UUID(pk) if rows.model is SubItem else int(pk)
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError):
        return None
    return None if isinstance(number, int) and abs(number) > _MOST else (place, number)
