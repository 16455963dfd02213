"""Each day's comparison with a department's system (业务对账): every difference is a row with an owner, until both say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from catalog.models import Membership
from matters.core.clocks import official_date
from matters.core.states import State
from matters.handing_over.asking import SystemAway, ask_system
from matters.models import DepartmentSystem, HandedOver, SystemDifference
from portal.lib.strict_json import storable_text
from portal.outbox.claiming import Claim, Postponed, complete
from portal.outbox.enqueueing import Job, enqueue_again

DAYS = 90
# What moved just now may be on its way to the other side.
UNDER_WAY = timedelta(minutes=15)
Kind = SystemDifference.Kind
# What a system calls where a case stands.
STANDS = {
    State.QUEUED: "received",
    State.ACCEPTED: "accepted",
    State.UNDER_REVIEW: "accepted",
    State.APPROVED: "approved",
    State.REJECTED: "rejected",
    State.NOT_ACCEPTED: "rejected",
}


def ask_systems() -> int:
    """Have every system that is on asked for its events, and once a day for all of its cases. For the reconciler."""
    today = official_date(timezone.now())
    systems = list(DepartmentSystem.objects.filter(is_on=True))
    jobs = [Job("pull_system", system.code, {}) for system in systems]
    jobs += [Job("compare_system", system.code, {}) for system in systems if system.compared_on != today]
    if jobs:
        enqueue_again(jobs)
    return 0


def compare(claims: Sequence[Claim]) -> None:
    """Handle ``compare_system``: the subject is the system's code. Raises ``StaleLease``, ``Postponed``."""
    for claim in claims:
        system = DepartmentSystem.objects.filter(code=claim.subject, is_on=True).first()
        try:
            told = ask_system(system, "list", {"days": DAYS}) if system is not None else {}
        except SystemAway as why:
            raise Postponed(str(why)) from None
        with transaction.atomic():
            complete([claim])
            if system is not None and isinstance(told.get("cases"), list):
                write_differences(system, told["cases"])


def write_differences(system: DepartmentSystem, cases: list[Any]) -> int:
    """Write what differs, and settle what does no more; return how many are open. ``cases``: ``[{key, number, state}]`` as the system says."""
    now = timezone.now()
    rows = HandedOver.objects.filter(system=system, at__gt=now - timedelta(days=DAYS))
    settled = rows.filter(taken_back_at=None, sent_at__lt=now - UNDER_WAY, sub_item__state_since__lt=now - UNDER_WAY)
    ours = {str(row.pk): row for row in settled.select_related("sub_item")}
    known = {str(pk) for pk in rows.values_list("pk", flat=True)}
    theirs = {str(each["key"]): each for each in cases if isinstance(each, dict) and isinstance(each.get("key"), str)}
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for key, row in ours.items():
        here = STANDS.get(State(row.sub_item.state), row.sub_item.state)
        there = _said(theirs[key].get("state", ""), 20) if key in theirs else ""
        if key not in theirs:
            found[row.sub_item.number, Kind.MISSING_THERE] = here, ""
        elif here != there:
            found[row.sub_item.number, Kind.STATE] = here, there
    for key, each in theirs.items():
        if key not in known:
            found[_said(each.get("number", key), 80), Kind.MISSING_HERE] = "", _said(each.get("state", ""), 20)
    compared = system.differences.filter(settled_at=None).exclude(kind=Kind.UNREADABLE)
    open_rows = {(row.number, row.kind): row for row in compared}
    gone = [row.pk for place, row in open_rows.items() if place not in found]
    SystemDifference.objects.filter(pk__in=gone).update(settled_at=now)
    owner = _owner(system)
    for (number, kind), (here, there) in found.items():
        if (number, kind) in open_rows:
            SystemDifference.objects.filter(pk=open_rows[number, kind].pk).update(here=here, there=there)
        else:
            SystemDifference.objects.create(
                system=system, number=number, kind=kind, here=here, there=there, found_at=now, owner_id=owner
            )
    DepartmentSystem.objects.filter(pk=system.pk).update(compared_on=official_date(now))
    return len(found)


def set_aside(system: DepartmentSystem, told: Any) -> None:
    """Write that the system sent an event nobody can read, with who looks after it until somebody has. Named by its case, else by its own id."""
    told = told if isinstance(told, dict) else {}
    number = _said(told.get("event") or "—", 80)
    try:
        row = HandedOver.objects.select_related("sub_item").get(pk=UUID(str(told.get("key"))), system=system)
        number = row.sub_item.number
    except (ValueError, HandedOver.DoesNotExist):
        pass  # of no case that this system has
    SystemDifference.objects.get_or_create(
        system=system,
        number=number,
        kind=Kind.UNREADABLE,
        settled_at=None,
        defaults={"found_at": timezone.now(), "owner_id": _owner(system)},
    )


def _said(told: Any, longest: int) -> str:
    return storable_text(str(told))[:longest]


def _owner(system: DepartmentSystem) -> int | None:
    """Return who answers for a difference: the department's lead, else a reviewer of it."""
    posts = Membership.objects.filter(department=system.department, user__is_active=True)
    for role in (Membership.Role.LEAD, Membership.Role.REVIEWER):
        if (found := posts.filter(role=role).order_by("pk").values_list("user_id", flat=True).first()) is not None:
            return int(found)
    return None
