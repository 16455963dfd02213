"""What a department's system says of a sub-item, applied once, in order, through the one table of transitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import DateField, DateTimeField, F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from matters.cases.department_view import gather_outputs
from matters.handing_over.asking import SystemAway, ask_system
from matters.handing_over.comparing import set_aside
from matters.models import DepartmentSystem, HandedOver, ReviewTask, SubItem, SystemEvent
from matters.reviewing.clock import due_once_accepted
from matters.reviewing.concluding import conclude, hold_bundle
from matters.reviewing.deciding import read_outputs
from matters.reviewing.transitions import (
    applicant_notice,
    apply_transition,
    event,
    require_possible,
    require_reason,
    stale_state_refusal,
)
from matters.wording.refusals import Refusal
from portal.ledger.chain import append_events
from portal.lib.strict_json import is_storable
from portal.outbox.claiming import Claim, Postponed, complete
from portal.outbox.enqueueing import enqueue_many

log = structlog.get_logger(__name__)

KINDS = ("accepted", "approved", "rejected")
MOST_TEXT = 2_000
Outcome = SystemEvent.Outcome


class EventMalformed(ValueError):
    """What was sent is no event of this system. The text says which part."""


@transaction.atomic
def apply_event(system: DepartmentSystem, told: Any) -> str:
    """Apply one event and return what came of it: an `Outcome`, or ``repeated``. Raises `EventMalformed`.

    By its id an event counts once; one that is not newer than the last of its sub-item counts no more, whatever the order they come in; what
    does not fit where the sub-item stands, or was taken back, is kept and changes nothing.
    """
    key, sequence, kind = _read(told)
    handed = HandedOver.objects.select_for_update(of=("self",)).filter(pk=key, system=system).first()
    if handed is None:
        raise EventMalformed("key")
    if SystemEvent.objects.filter(system=system, event=told["event"]).exists():
        return "repeated"
    outcome = Outcome.APPLIED
    if sequence <= handed.last_sequence:
        outcome = Outcome.LATE
    elif handed.taken_back_at is not None:
        outcome = Outcome.REFUSED
    else:
        try:
            with transaction.atomic():
                _step(system, SubItem.objects.for_case().get(pk=handed.sub_item_id), kind, told)
        except Refusal as refusal:
            log.warning("system_event_refused", system=system.code, kind=kind, refusal=refusal.code)
            outcome = Outcome.REFUSED
        HandedOver.objects.filter(pk=handed.pk).update(last_sequence=sequence)
    SystemEvent.objects.create(
        system=system,
        event=told["event"],
        handed_over=handed,
        sequence=sequence,
        kind=kind,
        outcome=outcome,
        at=timezone.now(),
    )
    return str(outcome)


def pull_events(claims: Sequence[Claim]) -> None:
    """Handle ``pull_system``: the subject is the system's code. What a callback brought already counts once.

    What is no event is set aside as a difference, for a person; the others count. Raises ``StaleLease``, ``Postponed``.
    """
    for claim in claims:
        system = DepartmentSystem.objects.filter(code=claim.subject, is_on=True).first()
        try:
            told = ask_system(system, "events", {"after": system.cursor}) if system is not None else {}
        except SystemAway as why:
            raise Postponed(str(why)) from None
        events, cursor = told.get("events"), told.get("cursor")
        with transaction.atomic():
            complete([claim])
            for each in events if isinstance(events, list) else ():
                try:
                    apply_event(system, each)  # type: ignore[arg-type]
                except EventMalformed as part:
                    log.warning("system_event_malformed", system=claim.subject, part=str(part))
                    set_aside(system, each)  # type: ignore[arg-type]
            if isinstance(cursor, str) and cursor and is_storable(cursor):
                DepartmentSystem.objects.filter(code=claim.subject).update(cursor=cursor[:80])


def _read(told: Any) -> tuple[UUID, int, str]:
    if not isinstance(told, dict):
        raise EventMalformed("object")
    if not is_storable(told):
        raise EventMalformed("text")
    if not isinstance(told.get("event"), str) or not 0 < len(told["event"]) <= 80:
        raise EventMalformed("event")
    sequence, kind = told.get("sequence"), told.get("kind")
    if not isinstance(sequence, int) or isinstance(sequence, bool) or not 0 < sequence < 2**31:
        raise EventMalformed("sequence")
    if kind not in KINDS:
        raise EventMalformed("kind")
    outputs, reason = told.get("outputs", {}), told.get("reason", "")
    if not isinstance(outputs, dict) or not isinstance(reason, str) or len(reason) > MOST_TEXT:
        raise EventMalformed("content")
    try:
        return UUID(str(told.get("key"))), sequence, kind
    except ValueError:
        raise EventMalformed("key") from None


def _step(system: DepartmentSystem, sub_item: SubItem, kind: str, told: dict[str, Any]) -> None:
    """Make the transition that an event asks for. Raises `Refusal`."""
    now = timezone.now()
    if kind == "accepted":
        _accept(system, sub_item, now)
        return
    name = "approve_by_system" if kind == "approved" else "reject_by_system"
    hold_bundle(sub_item)
    require_possible(sub_item, name)
    changes = {"accepted_at": Coalesce(F("accepted_at"), Value(now, output_field=DateTimeField()))}
    if kind == "rejected":
        conclude(None, sub_item, name, require_reason(told.get("reason", "")), now, changes=changes, system=system.code)
        return
    earlier = gather_outputs(sub_item.bundle)
    decided = read_outputs(sub_item, told.get("outputs", {}), {}, timezone.localdate(now), earlier)
    conclude(None, sub_item, name, "", now, decided, earlier, changes, system=system.code)


def _accept(system: DepartmentSystem, sub_item: SubItem, now: Any) -> None:
    due_on = due_once_accepted(sub_item, now)
    apply_transition(
        None,
        sub_item,
        "accept_by_system",
        now,
        accepted_at=Coalesce(F("accepted_at"), Value(now, output_field=DateTimeField())),
        due_on=Coalesce(F("due_on"), Value(due_on, output_field=DateField())),
    )
    task = ReviewTask.objects.filter(sub_item=sub_item, closed_at=None).unclaimed()
    if task.update(stage=ReviewTask.Stage.REVIEW, due_on=sub_item.due_on) != 1:
        raise stale_state_refusal(sub_item)
    enqueue_many([applicant_notice(sub_item, "accepted", now)])
    append_events(sub_item.bundle_id, [event("accepted_by_system", sub_item, None, system=system.code)])
