"""Absence (不在岗) and the stand-in: what an absent officer holds, or would be given, goes to whoever stands in for them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Department
from catalog.staff.memberships import held_rights, may, staff_chain, who_may
from catalog.staff.telling import tell_staff
from matters.core.states import TRANSITIONS
from matters.models import OfficerAbsence, ReviewTask, SubItem
from matters.reviewing.holding import NO_CLAIM, claim_of
from matters.reviewing.transitions import event, parties_to
from matters.wording.refusals import AbsenceInvalid, NotAllowed, Refusal
from matters.wording.states import day
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events, append_events_to_many, open_chain

BATCH = 500
LONGEST_DAYS = 366


def absence_of(user: User | int, department: Department | int, on: date) -> OfficerAbsence | None:
    """Return the absence of an officer in a department on a day, with the stand-in at hand. One query."""
    found = OfficerAbsence.objects.on(on).filter(user=user, department=department).select_related("user", "stand_in")
    return found.order_by("pk").first()


def require_present(user: User, department: Department) -> None:
    """Raise `NotAllowed` while the officer is recorded as away: what they took would go to the stand-in at once. One query."""
    found = absence_of(user, department, timezone.localdate())
    if found is not None:
        sentence = _("您登记了%(until)s前不在岗，办件由%(stand_in)s代办。要接着办理，请先结束不在岗。")
        raise NotAllowed(sentence % {"until": day(found.until_on), "stand_in": found.stand_in})


def may_take(user: User, department: Department) -> bool:
    """Return whether somebody may hold what is to be reviewed in a department. One query."""
    return user.is_active and "review" in held_rights(user).get(department.pk, frozenset())


def may_be_given(user: User, sub_item: SubItem) -> bool:
    """Return whether a case may be put into somebody's hands: they review in its department, and nothing bars them from this one."""
    return may_take(user, sub_item.department) and TRANSITIONS["start_review"].bar(parties_to(user, sub_item)) is None


def whose_turn(officer: User, sub_item: SubItem, now: datetime) -> User | None:
    """Return who takes up again what an officer dealt with before: they, or whoever stands in for them; None where neither may.

    Cost: four queries, five while they are away.
    """
    away = absence_of(officer, sub_item.department, timezone.localdate(now))
    chosen = officer if away is None else away.stand_in
    return chosen if may_be_given(chosen, sub_item) else None


@transaction.atomic
def record_absence(
    by: User, user: User, department: Department, stand_in: User | None, from_on: date | None, until_on: date | None
) -> OfficerAbsence:
    """Note that an officer is away from one day until another, both counted; what they hold goes to the stand-in from the first day on.

    For oneself, or as the department's lead for who reviews there. Two that overlap are refused whoever comes first, and
    nobody stands in who is away themselves then. Raises `AbsenceInvalid` (keys ``user``, ``stand_in``, ``from_on``, ``until_on``), `NotAllowed`.
    """
    if by.pk != user.pk and not may(by, "supervise", department):
        raise NotAllowed(_("只能登记自己不在岗；替同事登记的，请找本部门负责人。"))
    if not may_take(user, department):
        raise AbsenceInvalid({"user": _("请选择在本部门审查办件的同事。")})
    # Whoever records about one of the two waits here for the other.
    pks = sorted({user.pk, *([stand_in.pk] if stand_in is not None else [])})
    list(User.objects.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",), no_key=True))
    today = timezone.localdate()
    problems = _problems(user, department, stand_in, from_on, until_on, today)
    if problems:
        raise AbsenceInvalid(problems)
    assert stand_in is not None
    assert from_on is not None
    assert until_on is not None
    absence = OfficerAbsence.objects.create(
        user=user,
        department=department,
        stand_in=stand_in,
        from_on=from_on,
        until_on=until_on,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    _tell(absence, "absence_recorded", by, {"from": str(from_on), "until": str(until_on)})
    data = {
        "name": str(user),
        "department": department.name,
        "from": from_on.isoformat(),
        "to": until_on.isoformat(),
    }
    able = who_may(department, "review")
    for told in {stand_in.pk, user.pk} - {by.pk}:
        kind = "stand_in_asked" if told == stand_in.pk else "absence_recorded"
        link = f"/review/{department.code}/" + ("" if told == stand_in.pk else "absences/")
        said = {**data, "stand_in": str(stand_in)}
        tell_staff(kind, said, key=f"absence:{absence.pk}", link=link, accounts=[told], now_may=able)
    if from_on <= today:
        _move(absence, by)
    return absence


@transaction.atomic
def end_absence(by: User, absence: OfficerAbsence) -> None:
    """Take an absence back: the officer is here again. What went to the stand-in stays there. Raises `NotAllowed`, `Refusal` where it is over."""
    if by.pk != absence.user_id and not may(by, "supervise", absence.department):
        raise NotAllowed(_("只能结束自己的不在岗。"))
    if not OfficerAbsence.objects.standing().filter(pk=absence.pk).update(ended_at=timezone.now()):
        raise Refusal(_("这次不在岗已经结束了。"))
    _tell(absence, "absence_ended", by, {})


def move_held_of_absent() -> int:
    """Give what absent officers hold to their stand-ins; return how many cases. For the reconciler: an absence begins by itself."""
    moved = 0
    for absence in OfficerAbsence.objects.on(timezone.localdate()).select_related("user", "department", "stand_in"):
        moved += _move(absence, None)
    return moved


def _move(absence: OfficerAbsence, by: User | None) -> int:
    """Move the open tasks that the absent officer holds, in batches; see ``transitions`` for the order of the locks.

    A stand-in who lost the right meanwhile gets nothing, and nobody a case that they apply in or are near to: it goes back into the queue.
    """
    held = ReviewTask.objects.filter(
        department=absence.department_id, claimed_by=absence.user_id, closed_at__isnull=True
    )
    takes = may_take(absence.stand_in, absence.department)
    moved = 0
    while True:
        with transaction.atomic():
            candidates = list(held.order_by("sub_item_id").values_list("sub_item_id", flat=True)[:BATCH])
            if not candidates:
                return moved
            found = _lock(held, candidates)
            given = {task.pk for task in found if takes and may_be_given(absence.stand_in, task.sub_item)}
            tasks = ReviewTask.objects.filter(pk__in=[task.pk for task in found])
            tasks.filter(pk__in=given).update(**claim_of(absence.stand_in, absence.department))
            tasks.exclude(pk__in=given).update(**NO_CLAIM)
            events: dict[UUID, list[NewEvent]] = {}
            for task in found:
                data = {"holder": absence.user_id, "absence": absence.pk}
                if task.pk in given:
                    data["given_to"] = absence.stand_in_id
                kind = "reassigned" if task.pk in given else "claim_released"
                events.setdefault(task.sub_item.bundle_id, []).append(event(kind, task.sub_item, by, **data))
            append_events_to_many(events)
        moved += len(found)
        if len(candidates) < BATCH:
            return moved


def _lock(held: QuerySet[ReviewTask], sub_items: list[UUID]) -> list[ReviewTask]:
    """Return those that are still held once their sub-items are locked: their holder may have worked on them while we waited."""
    locked = SubItem.objects.for_case().filter(pk__in=sub_items).order_by("pk")
    by_id = {one.pk: one for one in locked.select_for_update(of=("self",), no_key=True)}
    found = list(held.filter(sub_item__in=list(by_id)).order_by("pk").select_for_update(of=("self",), no_key=True))
    for task in found:
        task.sub_item = by_id[task.sub_item_id]
    return found


def _problems(
    user: User,
    department: Department,
    stand_in: User | None,
    from_on: date | None,
    until_on: date | None,
    today: date,
) -> dict[str, str]:
    problems: dict[str, str] = {}
    if from_on is None or from_on < today:
        problems["from_on"] = _("请填从哪天开始不在岗，最早从今天起。")
    if until_on is None or (from_on is not None and until_on < from_on):
        problems["until_on"] = _("请填到哪天为止，不早于开始的那天。")
    elif from_on is not None and (until_on - from_on).days > LONGEST_DAYS:
        problems["until_on"] = _("一次最多登记一年。")
    if stand_in is None or stand_in.pk == user.pk or not may_take(stand_in, department):
        problems["stand_in"] = _("请选择由哪位同事代办，他要能在本部门审查办件。")
    if problems or from_on is None or until_on is None or stand_in is None:
        return problems
    overlapping = OfficerAbsence.objects.standing().filter(
        department=department, from_on__lte=until_on, until_on__gte=from_on
    )
    known = overlapping.filter(user=user).first()
    if known is not None:
        dates = {"from": day(known.from_on), "until": day(known.until_on)}
        problems["from_on"] = _("%(from)s到%(until)s已经登记过不在岗，请换开日期，或者先结束那一次。") % dates
    away = overlapping.filter(user=stand_in).first()
    if away is not None:
        dates = {"name": str(stand_in), "from": day(away.from_on), "until": day(away.until_on)}
        problems["stand_in"] = _("%(name)s在%(from)s到%(until)s自己也不在岗，请另选一位。") % dates
    return problems


def _tell(absence: OfficerAbsence, kind: str, by: User, data: dict[str, str]) -> None:
    """Write an event about an absence into the history of the department's staff."""
    chain = staff_chain(absence.department)
    open_chain(chain)
    facts = {"user": absence.user_id, "stand_in": absence.stand_in_id, **data}
    append_events(chain, [NewEvent(kind, actor_id=by.pk, department=absence.department.code, data=facts)])
