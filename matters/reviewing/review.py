"""What officers do with a sub-item: claim it, accept it, review it, decide it.

Each transition is one UPDATE filtered on the state it was seen in; the row it changes is the proof that nobody was
first. Event, decision and jobs stand in the same transaction (lock order: ``matters.reviewing.transitions``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import DateField, DateTimeField, F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.merging.deciding import can_be_divided
from catalog.staff.memberships import may
from matters.cases.department_view import gather_outputs, plan_of
from matters.core.states import TRANSITIONS
from matters.models import Decision, ReviewTask, SubItem
from matters.reviewing.clock import due_once_accepted
from matters.reviewing.concluding import conclude, hold_bundle
from matters.reviewing.deciding import read_outputs
from matters.reviewing.holding import NO_CLAIM, claim_of
from matters.reviewing.points import require_points
from matters.reviewing.promising import note_what_came, take_promises
from matters.reviewing.standing_in import require_present
from matters.reviewing.transitions import (
    applicant_notice,
    apply_transition,
    decided_at_once,
    event,
    facts_of,
    require_party,
    require_possible,
    require_reason,
    require_right,
    require_step,
    short_enough,
    signing_rule,
    stale_state_refusal,
    update_own_task,
)
from matters.wording.refusals import (
    AmendmentAwaited,
    NotDivisible,
    PaperAwaited,
    ProcedureUnderWay,
    SignaturesAwaited,
    TakenByAnother,
)
from portal.accounts.models import User
from portal.ledger.chain import append_events
from portal.outbox.enqueueing import enqueue_many


@transaction.atomic
def claim(user: User, sub_item: SubItem) -> ReviewTask:
    """Take the sub-item's task for oneself. Claiming one's own again changes nothing.

    Raises ``TakenByAnother`` (who has it), ``StateChanged``, ``NotAllowed``.
    """
    require_step(user, sub_item, "claim")
    require_present(user, sub_item.department)
    open_task = ReviewTask.objects.filter(sub_item=sub_item, closed_at__isnull=True)
    if open_task.unclaimed().update(**claim_of(user, sub_item.department)):
        append_events(sub_item.bundle_id, [event("claimed", sub_item, user)])
        return open_task.get()
    task = open_task.select_related("claimed_by").first()
    if task is None:
        raise stale_state_refusal(sub_item)
    if task.claimed_by_id != user.pk:
        raise TakenByAnother(str(task.claimed_by))
    return task


@transaction.atomic
def hand_back(user: User, sub_item: SubItem) -> None:
    """Give a claimed task back to the queue. A department's lead may hand back what a colleague holds, of an application not near to them."""
    require_right(user, sub_item.department, "review", "accept")
    held = ReviewTask.objects.filter(sub_item=sub_item, closed_at__isnull=True, claimed_by__isnull=False)
    if not may(user, "supervise", sub_item.department):
        held = held.held_by(user)
    elif not held.held_by(user).exists():
        require_step(user, sub_item, "hand_back")
    if not held.update(**NO_CLAIM):
        raise stale_state_refusal(sub_item)
    append_events(sub_item.bundle_id, [event("handed_back", sub_item, user)])


@transaction.atomic
def accept(user: User, sub_item: SubItem) -> SubItem:
    """Accept (受理): the clock starts, and the day it is due follows from the promised limit, in working or calendar days.

    Where no limit was published there is no such day: nobody is told one, and the queue keeps it by the day it came.

    A sub-item accepted before its correction keeps its clock: what was promised stands.
    (Administrative Licensing Law art. 32, 42.)
    """
    now = timezone.now()
    due_on = due_once_accepted(sub_item, now)
    apply_transition(
        user,
        sub_item,
        "accept",
        now,
        accepted_at=Coalesce(F("accepted_at"), Value(now, output_field=DateTimeField())),
        **({"signing": signing_rule(sub_item)} if sub_item.accepted_at is None else {}),
        due_on=Coalesce(F("due_on"), Value(due_on, output_field=DateField())),
    )
    # A window clerk accepts for the department; only who may review keeps the task.
    keeps = may(user, "review", sub_item.department)
    claim = claim_of(user, sub_item.department) if keeps else NO_CLAIM
    update_own_task(user, sub_item, stage=ReviewTask.Stage.REVIEW, due_on=sub_item.due_on, **claim)
    if sub_item.accepted_at == now:  # what goes on after its correction was told to be accepted before
        enqueue_many([applicant_notice(sub_item, "accepted", now)])
        promised = take_promises(user, sub_item, now)
    else:
        note_what_came(sub_item, now)
        promised = []
    due = {} if sub_item.due_on is None else {"due_on": str(sub_item.due_on)}
    append_events(sub_item.bundle_id, [event("accepted", sub_item, user, **due), *promised])
    return sub_item


@transaction.atomic
def start_review(user: User, sub_item: SubItem) -> SubItem:
    """Begin the review of an accepted sub-item; the task is then one's own."""
    now = timezone.now()
    apply_transition(user, sub_item, "start_review", now)
    claim = claim_of(user, sub_item.department)
    claim["claimed_at"] = Coalesce(F("claimed_at"), Value(now, output_field=DateTimeField()))
    update_own_task(user, sub_item, **claim)
    append_events(sub_item.bundle_id, [event("review_started", sub_item, user)])
    return sub_item


@transaction.atomic
def decide(
    user: User,
    sub_item: SubItem,
    outcome: str,
    reason: str = "",
    outputs: Mapping[str, Any] | None = None,
    reasons: Mapping[str, str] | None = None,
    *,
    in_part: bool = False,
    reason_code: str = "",
) -> Decision:
    """Decide once and for good. ``outcome``: ``approved`` or ``rejected``; ``outputs``: what the department fills in when it approves,
    ``reasons``: why it fills in otherwise than the form says, by output code. ``in_part``: only some of it is granted; the reason says what not and why.
    ``reason_code``: of the phrase that was chosen (`matters.reviewing.grounds`).

    With an approval the certificates are issued in the same transaction, and what waits for this sub-item is promised
    its turn. Raises ``AlreadyDecided``, ``StateChanged``, ``TakenByAnother``, ``ReasonMissing``, ``PointsInvalid``, ``OutputsInvalid``, ``NotAllowed``,
    ``NotDivisible`` where ``in_part`` is said of what is granted whole or not at all,
    ``PaperAwaited`` before a promised paper that the result waits for was looked at,
    ``AmendmentAwaited`` while a field that it reads was changed and a department that decided on it before has not settled that, and
    ``ProcedureUnderWay`` before the result of a hearing or an inspection is on record.
    """
    name = "approve" if Decision.Outcome(outcome) == Decision.Outcome.APPROVED else "reject"
    hold_bundle(sub_item)
    _require_settled(user, sub_item, name)
    require_possible(sub_item, name)
    if in_part and not can_be_divided(plan_of(sub_item.bundle).item(sub_item.key).outputs):
        raise NotDivisible
    require_points(sub_item, passed=name == "approve")
    now = timezone.now()
    if name == "reject":
        return conclude(user, sub_item, name, require_reason(reason), now, reason_code=reason_code)
    for why in (reasons or {}).values():
        short_enough(why)
    earlier = gather_outputs(sub_item.bundle)
    decided = read_outputs(sub_item, outputs or {}, reasons or {}, timezone.localdate(now), earlier)
    if in_part:
        return conclude(
            user, sub_item, "approve_in_part", require_reason(reason), now, decided, earlier, reason_code=reason_code
        )
    return conclude(user, sub_item, name, short_enough(reason), now, decided, earlier, reason_code=reason_code)


@transaction.atomic
def accept_and_approve(
    user: User,
    sub_item: SubItem,
    reason: str = "",
    outputs: Mapping[str, Any] | None = None,
    reasons: Mapping[str, str] | None = None,
    *,
    in_part: bool = False,
    reason_code: str = "",
) -> Decision:
    """Accept and approve, both or neither; as `accept` and `decide`: what is decided on the spot (即办件), and what comes back corrected.

    Raises ``StateChanged`` also for what has a limit to be decided in and was not accepted yet: that is accepted first.
    """
    if not decided_at_once(sub_item):
        raise stale_state_refusal(sub_item)
    hold_bundle(sub_item)
    accept(user, sub_item)
    return decide(
        user, sub_item, Decision.Outcome.APPROVED, reason, outputs, reasons, in_part=in_part, reason_code=reason_code
    )


@transaction.atomic
def refuse_acceptance(user: User, sub_item: SubItem, reason: str, *, reason_code: str = "") -> Decision:
    """Refuse to accept (不予受理), with the grounds. Not possible for what was accepted once."""
    require_possible(sub_item, "refuse_acceptance")
    now = timezone.now()
    return conclude(user, sub_item, "refuse_acceptance", require_reason(reason), now, reason_code=reason_code)


def _require_settled(user: User, sub_item: SubItem, name: str) -> None:
    """Raise ``ProcedureUnderWay``, ``AmendmentAwaited``, ``PaperAwaited`` or ``SignaturesAwaited`` to who might decide if nothing was
    unsettled, else ``NotAllowed``."""
    facts = facts_of(sub_item)
    stops = [fact for fact in TRANSITIONS[name].unless if getattr(facts, fact)]
    if stops:
        for right in TRANSITIONS[name].rights_for(facts):
            require_right(user, sub_item.department, right)  # type: ignore[arg-type]
        require_party(user, sub_item, name)
        if "in_procedure" in stops:
            raise ProcedureUnderWay
        if "awaits_amendment" in stops:
            raise AmendmentAwaited
        raise PaperAwaited if "awaits_paper" in stops else SignaturesAwaited
