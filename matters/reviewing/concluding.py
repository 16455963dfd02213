"""Writing a decision and all that comes with it, whoever decides: a person, or an item's rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog

from catalog.merging.deciding import Decided
from matters.cases.department_view import plan_of, seal_departures, seal_outputs
from matters.core.states import TRANSITIONS
from matters.models import Bundle, Decision, ReviewTask, SubItem
from matters.reviewing.deciding import give_numbers
from matters.reviewing.issuing_results import issue_results
from matters.reviewing.promising import drop_promises, open_check
from matters.reviewing.transitions import (
    applicant_notice,
    apply_transition,
    dispatch_dependents,
    event,
    stale_state_refusal,
    update_own_task,
)
from portal.accounts.models import User
from portal.ledger.chain import append_events
from portal.outbox.enqueueing import enqueue_many

log = structlog.get_logger(__name__)


def hold_bundle(sub_item: SubItem) -> None:
    """Lock the bundle and read its form again: no correction changes what is certified between reading and deciding."""
    rows = Bundle.objects.select_for_update(of=("self",), no_key=True).values_list("form_sealed", "form_revision")
    sub_item.bundle.form_sealed, sub_item.bundle.form_revision = rows.get(pk=sub_item.bundle_id)


def conclude(
    user: User | None,
    sub_item: SubItem,
    name: str,
    reason: str,
    now: datetime,
    decided: Decided | None = None,
    earlier: Mapping[str, Mapping[str, Any]] | None = None,
    changes: Mapping[str, Any] | None = None,
    *,
    by_rule: bool = False,
    reason_code: str = "",
    **data: Any,
) -> Decision:
    """Make the transition and write its decision; the database, too, requires grounds for a rejection.

    ``reason_code``: under which its department counts the grounds. Without a ``user`` the item's rule decides (``by_rule``), or the department's own system, and only what nobody has claimed. ``changes``: further columns of the sub-item; ``data``: what
    the event tells besides.
    """
    transition = TRANSITIONS[name]
    outcome = Decision.Outcome(transition.target.value)
    is_approval = outcome == Decision.Outcome.APPROVED
    in_part = name == "approve_in_part"
    apply_transition(user, sub_item, name, now, concluded_at=now, is_in_part=in_part, **(changes or {}))
    if user is not None:
        update_own_task(user, sub_item, closed_at=now)
    elif ReviewTask.objects.filter(sub_item=sub_item, closed_at=None).unclaimed().update(closed_at=now) != 1:
        raise stale_state_refusal(sub_item)
    decision = Decision.objects.create(
        sub_item=sub_item,
        outcome=outcome,
        reason=reason,
        outputs_sealed=seal_outputs(sub_item, decided.values) if decided else None,
        departures_sealed=seal_departures(sub_item, decided.departures) if decided else None,
        decided_by=user,
        decided_at=now,
        is_automatic=by_rule,
        is_in_part=in_part,
        office_code=sub_item.department.credit_code,
        reason_code=reason_code,
    )
    planned = plan_of(sub_item.bundle).item(sub_item.key)
    if decided is not None:
        give_numbers(decision, planned, decided.values)
    certificates = issue_results(decision, planned, earlier or {}) if is_approval else []
    if not is_approval:
        drop_promises([sub_item], now)
    elif not by_rule:
        open_check(sub_item, now)
    enqueue_many([dispatch_dependents(sub_item), applicant_notice(sub_item, transition.event, now)])
    issued = [event("certificate_issued", sub_item, user, certificate=one.identifier) for one in certificates]
    append_events(sub_item.bundle_id, [event(transition.event, sub_item, user, **data), *issued])
    department = sub_item.department.code
    log.info("sub_item_decided", sub_item=sub_item.number, department=department, outcome=decision.outcome)
    return decision
