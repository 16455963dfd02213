"""A department's work by person (人员负荷): what each of its people holds, how much of it is due or late, who is away; and moving it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from catalog.models import Department
from matters.models import OfficerAbsence, ReviewTask, SubItem
from matters.models.querysets import own_sub_items
from matters.reviewing.reassigning import colleagues_of, reassign
from matters.wording.refusals import CannotTake, Refusal
from portal.accounts.models import User

# How many cases are moved in one step: each is a step of its own, with its event and its message.
MOST_MOVED = 100


@dataclass(frozen=True, slots=True)
class Load:
    """What one person holds. ``user``: None for what nobody holds; ``away``: their absence today."""

    user: User | None
    held: int
    today: int
    late: int
    away: OfficerAbsence | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """One case that was to be moved, and why it was not; nothing where it was."""

    number: str
    refusal: str = ""


def loads_of(user: User, department: Department, today: date) -> list[Load]:
    """Return what nobody holds, then each of a department's people, who has most late first; none of the user's own counts. Three queries, however many cases."""
    tasks = ReviewTask.objects.awaiting(department.pk).exclude(sub_item__in=own_sub_items(user))
    counted = tasks.order_by().values_list("claimed_by").annotate(
        held=Count("pk"), today=Count("pk", filter=Q(due_on=today)), late=Count("pk", filter=Q(due_on__lt=today))
    )  # fmt: skip
    counts = {holder: (held, due, late) for holder, held, due, late in counted}
    away = OfficerAbsence.objects.on(today).filter(department=department).select_related("stand_in")
    absences = {one.user_id: one for one in away}
    people = [Load(one, *counts.get(one.pk, (0, 0, 0)), absences.get(one.pk)) for one in colleagues_of(department)]
    people.sort(key=lambda one: (-one.late, -one.today, -one.held))
    return [Load(None, *counts.get(None, (0, 0, 0))), *people]


def held_tasks(user: User, department: Department, holder: User | None) -> list[ReviewTask]:
    """Return what a person holds in a department, or nobody does: the soonest due first, at most ``MOST_MOVED``. One query."""
    tasks = ReviewTask.objects.awaiting(department.pk).exclude(sub_item__in=own_sub_items(user)).for_queue_page()
    tasks = tasks.unclaimed() if holder is None else tasks.held_by(holder)
    return list(tasks.order_by("due_order", "pk")[:MOST_MOVED])


def move_work(user: User, department: Department, numbers: Sequence[str], to: User) -> list[Moved]:
    """Hand cases of a department over to one of its people; return of each what became of it.

    Each is `reassign`ed by itself: one that somebody has finished or taken meanwhile, or that its new handler is near to, stays where it is
    and says why. Raises ``CannotTake`` where nothing was chosen.
    """
    wanted = SubItem.objects.for_case().filter(department=department, number__in=list(numbers)[:MOST_MOVED])
    parts = list(wanted.order_by("number"))
    if not parts:
        raise CannotTake
    found = []
    for part in parts:
        try:
            reassign(user, part, to)
        except Refusal as refusal:
            found.append(Moved(part.number, refusal.sentence))
        else:
            found.append(Moved(part.number))
    return found
