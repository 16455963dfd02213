"""Handing a case over to a named colleague (转交), and claiming the next one of a list."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Department, Membership
from catalog.staff.memberships import ROLE_RIGHTS, may, who_may
from catalog.staff.telling import tell_staff
from matters.core.states import STEPS, TRANSITIONS
from matters.models import ReviewTask, SubItem
from matters.models.querysets import keyset
from matters.reviewing.holding import claim_of
from matters.reviewing.queueing.lists import LISTS, given, rows_of
from matters.reviewing.standing_in import absence_of, may_take, require_present
from matters.reviewing.transitions import event, parties_to, require_right, require_step, stale_state_refusal
from matters.wording.refusals import CannotTake, NotAllowed, TakenByAnother
from matters.wording.states import day
from matters.wording.sub_items import sub_item_name
from portal.accounts.models import User
from portal.ledger.chain import append_events

_REVIEWING_ROLES = [role for role, rights in ROLE_RIGHTS.items() if "review" in rights]


def colleagues_of(department: Department) -> QuerySet[User]:
    """Return who reviews in a department, by account name: to whom a case may go."""
    posts = Membership.objects.filter(department=department, role__in=_REVIEWING_ROLES).values("user")
    return User.objects.filter(pk__in=posts, is_active=True).order_by("username")


@transaction.atomic
def claim_next(
    user: User, department: Department, *, filter: str = "all", sort: str = "", among: Sequence[int] | None = None
) -> SubItem | None:
    """Claim what nobody has and stands first in a list, in its order; None when there is none. Never waits for a colleague's claim.

    Of a list that holds nothing to claim, such as my own, the whole queue is taken instead. ``among``: the tasks that a narrowed view
    shows, where one is looked at.
    """
    require_right(user, department, "review")
    require_present(user, department)
    chosen = filter if LISTS[filter].of_tasks and filter != "mine" else "all"
    sort = sort if sort in LISTS[chosen].sorts else LISTS[chosen].sorts[0]
    rows, key = rows_of(chosen, sort, **given(department.pk, user.pk))
    first = keyset(rows, key).filter(claimed_by__isnull=True)
    if among is not None and chosen == filter:
        first = first.filter(pk__in=among)
    barred: list[int] = []
    while True:
        task = first.exclude(pk__in=barred).select_for_update(of=("self",), skip_locked=True, no_key=True).first()
        if task is None:
            return None
        sub_item = SubItem.objects.for_case().get(pk=task.sub_item_id)
        if STEPS["claim"].bar(parties_to(user, sub_item)) is None:
            break
        barred.append(task.pk)  # their own application, or of whom they are near to
    ReviewTask.objects.filter(pk=task.pk).update(**claim_of(user, department))
    append_events(sub_item.bundle_id, [event("claimed", sub_item, user)])
    return sub_item


@transaction.atomic
def reassign(user: User, sub_item: SubItem, to: User) -> ReviewTask:
    """Hand a case over to a colleague: what one holds oneself; a department's lead also what another holds or nobody.

    The colleague is told. Raises `CannotTake` (who may not hold it, and why), `TakenByAnother` to whom it is not to give, or
    where another was first, `StateChanged`, `NotAllowed`.
    """
    require_step(user, sub_item, "reassign")
    task = ReviewTask.objects.filter(sub_item=sub_item, closed_at__isnull=True).select_related("claimed_by").first()
    if task is None:
        raise stale_state_refusal(sub_item)
    if task.claimed_by_id != user.pk and not may(user, "supervise", sub_item.department):
        if task.claimed_by is not None:
            raise TakenByAnother(str(task.claimed_by))
        raise NotAllowed(_("这个办件还没有人认领，请先认领再转交；直接指派的，请找本部门负责人。"))
    require_fit(to, sub_item)
    if task.claimed_by_id == to.pk:
        raise CannotTake(_("这个办件已经由%(name)s办理，不用转交。") % {"name": to})
    seen = ReviewTask.objects.filter(pk=task.pk, closed_at__isnull=True, claimed_by=task.claimed_by_id)
    if task.claimed_by_id is None:
        seen = ReviewTask.objects.filter(pk=task.pk, closed_at__isnull=True, claimed_by__isnull=True)
    if seen.update(**claim_of(to, sub_item.department)) != 1:
        holder = ReviewTask.objects.filter(pk=task.pk, closed_at__isnull=True).select_related("claimed_by").first()
        if holder is None or holder.claimed_by is None:
            raise stale_state_refusal(sub_item)
        raise TakenByAnother(str(holder.claimed_by))
    data = {"given_to": to.pk} | ({} if task.claimed_by_id is None else {"holder": task.claimed_by_id})
    append_events(sub_item.bundle_id, [event("reassigned", sub_item, user, **data)])
    now = timezone.now()
    if to.pk != user.pk:
        said = {"by": str(user), "item": sub_item_name(sub_item), "number": sub_item.number}
        link = f"/review/cases/{sub_item.number}/"
        key = f"reassigned:{task.pk}:{int(now.timestamp() * 1_000_000)}"
        able = who_may(sub_item.department, "review")
        tell_staff("case_reassigned", said, key=key, link=link, accounts=[to.pk], now_may=able)
    return ReviewTask.objects.select_related("claimed_by").get(pk=task.pk)


def require_fit(to: User, sub_item: SubItem) -> None:
    """Raise `CannotTake` unless a colleague may review this case now: by right, by what they are to it, and by being there."""
    if not may_take(to, sub_item.department):
        raise CannotTake(_("%(name)s不能在本部门审查办件，请另选一位。") % {"name": to})
    if TRANSITIONS["start_review"].bar(parties_to(to, sub_item)) is not None:
        raise CannotTake(_("%(name)s与这件申请有关，应当回避，请另选一位。") % {"name": to})
    away = absence_of(to, sub_item.department, timezone.localdate())
    if away is not None:
        said = {"name": to, "until": day(away.until_on), "stand_in": away.stand_in}
        raise CannotTake(_("%(name)s%(until)s前不在岗，由%(stand_in)s代办，请改选。") % said)
