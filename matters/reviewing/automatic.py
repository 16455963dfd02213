"""Approved by an item's rule, without a person (免批秒办): evaluated once, when the sub-item enters its queue.

The transition is a row of the one table, the decision says that it was automatic, the trace is kept (``RuleEvaluation``). Whatever is false,
missing, told otherwise or unclear stays in the queue for a person, who sees the trace. An application by somebody whom nobody has checked is
never decided so. (Personal Information Protection Law art. 24: whoever is decided about may ask for a person.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone

from catalog.definitions.codec import to_json
from catalog.definitions.hashing import content_hash
from catalog.merging.planned import PlannedItem
from catalog.versions.matters import compiled
from matters.cases.department_view import gather_outputs, plan_of, with_supplied
from matters.cases.sealed_form import open_bundle_form
from matters.core.evaluation import Evaluation, RuleOutcome, draw_of, evaluate_rule
from matters.core.states import State, can
from matters.models import Decision, PersonCheck, RuleEvaluation, RuleSwitch, SubItem
from matters.reviewing.clock import due_once_accepted
from matters.reviewing.concluding import conclude, hold_bundle
from matters.reviewing.deciding import read_outputs
from matters.reviewing.promising import open_check, take_promises
from matters.reviewing.told_facts import told_facts
from matters.reviewing.transitions import event, facts_of
from matters.wording.refusals import Refusal, StateChanged
from portal.ledger.chain import append_events
from portal.lib.vault import blind_index
from portal.outbox.claiming import Claim, complete

log = structlog.get_logger(__name__)


def decide_by_rules(claims: Sequence[Claim]) -> None:
    """Handle ``decide_by_rule``: payload ``{sub_item}``. Each in a transaction of its own; a second time nothing happens. Raises ``StaleLease``."""
    for claim in claims:
        with transaction.atomic():
            complete([claim])
            sub_item = SubItem.objects.for_case().filter(pk=claim.payload["sub_item"]).first()
            if sub_item is not None:
                decide_by_rule(sub_item)


@transaction.atomic
def decide_by_rule(sub_item: SubItem) -> RuleEvaluation | None:
    """Let the item's rule decide a sub-item that nobody has begun; None where there is nothing to evaluate (any more).

    Holds the rule's switch while it runs: who switched it off before is obeyed, and who does so now waits and finds every decision made.
    """
    planned = plan_of(sub_item.bundle).item(sub_item.key)
    rule = planned.decision_rule
    if not rule.clauses or RuleEvaluation.objects.filter(sub_item=sub_item).exists():
        return None
    hold_switch(sub_item.department_id, planned.slug, shared=True)
    hold_bundle(sub_item)
    sub_item.refresh_from_db(fields=["state", "accepted_at"])
    if not can("decide_by_rule", facts_of(sub_item)):
        return None
    now = timezone.now()
    earlier = gather_outputs(sub_item.bundle)
    found = _evaluate(sub_item, planned, earlier, now)
    why, decision = found.why, None
    if why is RuleOutcome.DECIDED and not is_switched_on(sub_item.department_id, planned.slug):
        why = RuleOutcome.OFF
    elif why is RuleOutcome.DECIDED and not sub_item.bundle.applicant.is_proved:
        why = RuleOutcome.IDENTITY
    digest = content_hash(to_json(rule))
    if why is RuleOutcome.DECIDED:
        why, decision = _decide(sub_item, planned, found, earlier, now, digest)
    evaluation = RuleEvaluation(
        sub_item=sub_item,
        why=why,
        rule_digest=digest,
        decision=decision,
        share=rule.share,
        draw=draw_of(blind_index("rule.draw", sub_item.number)),
        at=now,
    )
    evaluation.seal_trace(found.trace())
    evaluation.save()
    if decision is None:
        append_events(sub_item.bundle_id, [event("left_to_person", sub_item, None, why=str(why), rule=digest)])
    elif evaluation.draw < evaluation.share:
        PersonCheck.objects.create(evaluation=evaluation, cause=PersonCheck.Cause.DRAWN, opened_at=now)
    log.info("rule_evaluated", sub_item=sub_item.number, why=str(why))
    return evaluation


def hold_switch(department_id: int, item: str, *, shared: bool) -> None:
    """Hold the switch of an item's rule until the transaction ends: those who decide together, who switches alone."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [f"rule:{department_id}:{item}"])


def is_switched_on(department_id: int, item: str) -> bool:
    """Return whether the department lets the rule of its item decide: it does until somebody switches it off."""
    latest = RuleSwitch.objects.filter(department_id=department_id, item=item).order_by("-id")
    return latest.values_list("is_on", flat=True).first() is not False


def _evaluate(
    sub_item: SubItem, planned: PlannedItem, earlier: Mapping[str, Mapping[str, Any]], now: datetime
) -> Evaluation:
    bundle = sub_item.bundle
    plan = plan_of(bundle)
    values = with_supplied(plan, open_bundle_form(bundle).values, earlier)
    answers = compiled(bundle.matter_version_id).clean_answers(bundle.answers)
    told = told_facts(bundle, plan, planned, values)
    return evaluate_rule(planned.decision_rule, planned.own_key, values, answers, _today(now), told)


def _decide(
    sub_item: SubItem,
    planned: PlannedItem,
    found: Evaluation,
    earlier: Mapping[str, Mapping[str, Any]],
    now: datetime,
    digest: str,
) -> tuple[RuleOutcome, Decision | None]:
    """Approve, with what the rule says of the outputs; where that cannot be made, nothing has happened and the reason is returned."""
    values = with_supplied(plan_of(sub_item.bundle), open_bundle_form(sub_item.bundle).values, earlier)
    try:
        with transaction.atomic():
            given = _outputs(planned, found, values, now)
            decided = read_outputs(sub_item, given, {}, timezone.localdate(now), earlier)
            changes = {"accepted_at": now, "due_on": due_once_accepted(sub_item, now)}
            decision = conclude(
                None, sub_item, "decide_by_rule", "", now, decided, earlier, changes, by_rule=True, rule=digest
            )
            append_events(sub_item.bundle_id, take_promises(None, sub_item, now))
            open_check(sub_item, now)
            return RuleOutcome.DECIDED, decision
    except StateChanged:
        sub_item.state = State.QUEUED
        return RuleOutcome.TAKEN, None
    except Refusal as refusal:
        sub_item.state = State.QUEUED
        log.warning("rule_not_issuable", sub_item=sub_item.number, refusal=refusal.code)
        return RuleOutcome.NOT_ISSUABLE, None


def _outputs(planned: PlannedItem, found: Evaluation, values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return output → its value, from where the rule says."""
    given: dict[str, Any] = {}
    for code, source in planned.decision_rule.outputs.items():
        kind, _colon, name = source.partition(":")
        if kind == "field":
            given[code] = values.get(planned.own_key(name))
        elif kind == "fact":
            given[code] = found.facts.get(name)
        elif kind == "today":
            given[code] = _today(now)
        elif kind == "const":
            given[code] = name
        else:
            given[code] = f"{name}{_serial():012d}"
    return given


def _serial() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('matters_rule_serial')")
        return int(cursor.fetchone()[0])


def _today(now: datetime) -> str:
    return timezone.localdate(now).isoformat()
