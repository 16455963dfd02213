"""A correction changes what was decided on already (更正): the department that decided agrees and re-issues, or refuses and it is put back.

The new values stand in the form at once, so that everybody handles the same facts; nothing that rests on a changed field is approved
until every department that decided on it has agreed. Then their certificates are replaced together, so that no two valid ones of an
application disagree. One refusal puts the field back for all. Lock order as in ``matters.reviewing.transitions``: the bundle first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.merging.compiled import Plan
from matters.cases.department_view import plan_of
from matters.cases.sealed_form import open_bundle_form, seal_bundle_form
from matters.core.states import AMENDING, Facts, Party, State
from matters.models import Amendment, Bundle, CorrectionRequest, Decision, ReviewTask, SubItem
from matters.reviewing.issuing_results import replace_results
from matters.reviewing.transitions import (
    applicant_notice,
    event,
    parties_to,
    require_reason,
    require_right,
    stale_state_refusal,
    update_own_task,
)
from matters.wording.refusals import NotAllowed, Refusal
from matters.wording.states import bar_sentence
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events
from portal.lib.vault import seal, unseal
from portal.outbox.enqueueing import Job, enqueue_many

Outcome = Amendment.Outcome


def open_amendments(
    bundle: Bundle,
    request: CorrectionRequest,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    user: User,
    now: datetime,
) -> list[SubItem]:
    """Hand what an answer changed of approved sub-items to the departments that approved them; return those now asked.

    Inside the answer's transaction, which holds the bundle. A field that comes back to what was decided on is asked no more. Cost: two
    queries where nothing was approved or changed.
    """
    approved = SubItem.objects.filter(bundle=bundle, state=State.APPROVED).select_related("department").order_by("pk")
    parts = list(approved) if before != after else []
    if not parts:
        return []
    plan = plan_of(bundle)
    pending = {one.sub_item_id: one for one in Amendment.objects.open().of_bundle(bundle.pk)}
    events: list[NewEvent] = []
    asked: list[SubItem] = []
    for part in parts:
        part.bundle = bundle
        known = pending.get(part.pk)
        decided_on = {**before, **{key: was for key, (was, _now) in changes_of(known).items()}} if known else before
        changes = _changes(plan, part.key, decided_on, after)
        if known is None and changes:
            _open(part, request, changes, now)
        elif known is None or changes == changes_of(known):
            continue
        elif changes:
            known.request, known.fields, known.changes_sealed = request, sorted(changes), seal(changes, _context(part))
            known.agreed_at, known.handled_by = None, None
            known.save()
            _open_task(part, now)
        else:
            _close(known, Outcome.DROPPED, now)
            events.append(event("amendment_dropped", part, user))
            continue
        asked.append(part)
        events.append(event("amendment_opened", part, user, items=[f"field:{key}" for key in sorted(changes)]))
    enqueue_many(applicant_notice(part, "amendment_opened", now) for part in asked)
    append_events(bundle.pk, events)
    return asked


@transaction.atomic
def agree_to_amendment(user: User, sub_item: SubItem, *, seen: str | None = None) -> Amendment:
    """Agree that what was decided on becomes what the applicant says now; the certificates follow when all have agreed.

    ``seen``: the `Amendment.version` that was read; other changes are never agreed to in its place. Raises ``StateChanged`` where nothing waits
    for the department, ``Refusal`` where it is another version, ``TakenByAnother``, ``NotAllowed``.
    """
    bundle, amendment, now = _take(user, sub_item, seen)
    amendment.agreed_at, amendment.handled_by = now, user
    amendment.save(update_fields=["agreed_at", "handled_by"])
    _settle(bundle, [event("amendment_agreed", sub_item, user)], now)
    amendment.refresh_from_db()
    return amendment


@transaction.atomic
def refuse_amendment(user: User, sub_item: SubItem, reason: str, *, seen: str | None = None) -> Amendment:
    """Refuse the change, with the grounds: the form holds again what was decided on, for everybody, and the applicant is told.

    Raises ``ReasonMissing``, and as ``agree_to_amendment``.
    """
    reason = require_reason(reason)
    bundle, amendment, now = _take(user, sub_item, seen)
    events = [event("amendment_refused", sub_item, user)]
    jobs = [applicant_notice(sub_item, "amendment_refused", now)]
    amendment.handled_by, amendment.reason = user, reason
    _close(amendment, Outcome.REFUSED, now)
    put_back = changes_of(amendment)
    _put_back(bundle, put_back)
    for other in Amendment.objects.open().of_bundle(bundle.pk):
        left = {key: pair for key, pair in changes_of(other).items() if key not in put_back}
        other.sub_item.bundle = bundle
        if left and len(left) < len(other.fields):
            other.fields, other.changes_sealed = sorted(left), seal(left, _context(other.sub_item))
            other.save(update_fields=["fields", "changes_sealed"])
        elif not left:
            _close(other, Outcome.DROPPED, now)
            events.append(event("amendment_dropped", other.sub_item, user))
    enqueue_many(jobs)
    _settle(bundle, events, now)
    return amendment


def changes_of(amendment: Amendment | None) -> dict[str, tuple[Any, Any]]:
    """Return field → (what was decided on, what the applicant says now)."""
    if amendment is None:
        return {}
    opened: dict[str, Sequence[Any]] = unseal(amendment.changes_sealed, _context(amendment.sub_item))
    return {key: (was, now) for key, (was, now) in opened.items()}


def own_fields(plan: Plan, item_key: str) -> set[str]:
    """Return the merged fields that an item's own form reads from the applicant."""
    return {line.field for line in plan.own_form(item_key) if line.supplied_by is None}


def may_amend(user: User, sub_item: SubItem, held: Collection[str]) -> bool:
    """Return whether the user may agree or refuse. ``held``: their rights in the department."""
    planned = plan_of(sub_item.bundle).item(sub_item.key)
    facts = Facts(State(sub_item.state), True, bool(planned.results))
    return (
        AMENDING.is_possible(facts)
        and AMENDING.is_for(parties_to(user, sub_item))
        and set(held).issuperset(AMENDING.rights_for(facts))
    )


def _take(user: User, sub_item: SubItem, seen: str | None) -> tuple[Bundle, Amendment, datetime]:
    """Lock the bundle, and close the user's task for what waits for this sub-item's department."""
    planned = plan_of(sub_item.bundle).item(sub_item.key)
    for right in AMENDING.rights_for(Facts(State(sub_item.state), True, bool(planned.results))):
        require_right(user, sub_item.department, right)  # type: ignore[arg-type]
    bar = AMENDING.bar(parties_to(user, sub_item))
    if bar is not None:
        raise NotAllowed(bar_sentence(bar))
    bundle = Bundle.objects.select_for_update(of=("self",), no_key=True).get(pk=sub_item.bundle_id)
    waiting = Amendment.objects.open().of_bundle(bundle.pk).filter(sub_item=sub_item, agreed_at=None)
    amendment = waiting.select_related("request").first()
    if amendment is None:
        raise stale_state_refusal(sub_item)
    if seen is not None and seen != amendment.version:
        raise Refusal(_("您打开以后，要更正的内容又有变动。请看过现在的再决定。"))
    if amendment.request.answered_by_id == user.pk:
        raise NotAllowed(bar_sentence(Party.ANSWERER))
    now = timezone.now()
    update_own_task(user, sub_item, closed_at=now)
    sub_item.bundle = bundle
    return bundle, amendment, now


def _settle(bundle: Bundle, events: list[NewEvent], now: datetime) -> None:
    """Replace the certificates of every group of amendments that all have agreed to; write the events."""
    jobs: list[Job] = []
    for group in _groups(list(Amendment.objects.open().of_bundle(bundle.pk))):
        if any(one.agreed_at is None for one in group):
            continue
        for one in group:
            _close(one, Outcome.AGREED, now)
        for one in group:
            one.sub_item.bundle = bundle
            decision = Decision.objects.get(sub_item=one.sub_item)
            decision.sub_item = one.sub_item
            issued = replace_results(decision, set(one.fields), by=one.handled_by, at=now)
            events += [
                event("certificate_issued", one.sub_item, one.handled_by, certificate=certificate.identifier)
                for certificate in issued
            ]
            events.append(event("amended", one.sub_item, one.handled_by))
            jobs.append(applicant_notice(one.sub_item, "amended", now))
    enqueue_many(jobs)
    append_events(bundle.pk, events)


def _groups(amendments: Iterable[Amendment]) -> list[list[Amendment]]:
    """Return the amendments in groups that share fields, directly or through others: what can only be settled together."""
    groups: list[tuple[set[str], list[Amendment]]] = []
    for one in amendments:
        fields, members = set(one.fields), [one]
        for other in [group for group in groups if not group[0].isdisjoint(fields)]:
            groups.remove(other)
            fields |= other[0]
            members = [*other[1], *members]
        groups.append((fields, members))
    return [members for _fields, members in groups]


def _changes(
    plan: Plan, item_key: str, decided_on: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Return field → (decided on, now) for what of the item's own record differs."""
    was, now = plan.project(decided_on, item_key), plan.project(after, item_key)
    lines = [(line.code, line.field) for line in plan.own_form(item_key) if line.supplied_by is None]
    return {field: (was.get(code), now.get(code)) for code, field in lines if was.get(code) != now.get(code)}


def _open(part: SubItem, request: CorrectionRequest, changes: Mapping[str, Any], now: datetime) -> None:
    Amendment.objects.create(
        sub_item=part,
        request=request,
        fields=sorted(changes),
        changes_sealed=seal(dict(changes), _context(part)),
        opened_at=now,
    )
    _open_task(part, now)


def _open_task(part: SubItem, now: datetime) -> None:
    stage = ReviewTask.Stage.AMENDMENT
    # What was to be checked there waits: the check has its task again once this is settled (``matters.reviewing.breaking``).
    if not ReviewTask.objects.filter(sub_item=part, closed_at__isnull=True).update(stage=stage, due_on=None):
        ReviewTask.objects.create(sub_item=part, department=part.department, opened_at=now, stage=stage)


def _close(amendment: Amendment, outcome: str, now: datetime) -> None:
    amendment.outcome, amendment.settled_at = outcome, now
    amendment.save()
    ReviewTask.objects.filter(sub_item=amendment.sub_item, closed_at__isnull=True).update(closed_at=now)


def _put_back(bundle: Bundle, changes: Mapping[str, tuple[Any, Any]]) -> None:
    form, plan = open_bundle_form(bundle), plan_of(bundle)
    values = {**form.values, **{key: was for key, (was, _now) in changes.items()}}
    values = {key: value for key, value in values.items() if value is not None}
    shown = plan.visible(values)
    values = {key: value for key, value in values.items() if key in shown}
    bundle.form_sealed = seal_bundle_form(bundle.pk, replace(form, values=values))
    bundle.form_revision += 1
    bundle.save(update_fields=["form_sealed", "form_revision"])


def _context(part: SubItem) -> str:
    return f"amendment:{part.pk}"
