"""One transition of a sub-item: the guard, the UPDATE that decides, the task, the event and the jobs.

Lock order, for everything in ``matters``: bundle, sub-items by id, review tasks, then new rows (decisions,
corrections, certificates, jobs), and the bundle's chain last, because it is the most shared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, DateField, DateTimeField, Exists, OuterRef, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.definitions import IMMEDIATE
from catalog.definitions.naming import split_instance
from catalog.models import Department
from catalog.staff.memberships import Right, may, rights_in
from matters.cases.access import is_applicant
from matters.cases.department_view import plan_of
from matters.cases.procedures import listed_procedures
from matters.cases.promises import awaits_paper
from matters.cases.window import window_of
from matters.core.states import (
    AFTER_ACCEPTANCE,
    CONCLUDED,
    STEPS,
    TRANSITIONS,
    Facts,
    Party,
    State,
    Transition,
    can,
    step_of,
    transitions_from,
)
from matters.models import (
    Amendment,
    Channel,
    CorrectionRequest,
    Decision,
    DecisionProposal,
    ReviewTask,
    SigningRule,
    SpecialProcedure,
    SubItem,
)
from matters.wording.refusals import (
    AlreadyDecided,
    NotAllowed,
    ReasonMissing,
    ReasonTooLong,
    StateChanged,
    TakenByAnother,
)
from matters.wording.states import bar_sentence
from portal.accounts.models import IdentityCheck, Mandate, Person, User
from portal.ledger.chain import NewEvent
from portal.ledger.models import Event
from portal.lib.prepared import BuiltOnce, Slot
from portal.outbox.enqueueing import Job

REASON_LENGTH = 2_000


def _ties() -> Any:
    """The applicant, with whether an officer has seen their document and has, or had, a mandate with them."""
    user, person = Slot("user", BigIntegerField()), Slot("person", UUIDField())
    between = Mandate.objects.between(
        user,
        person,
        Slot("since", DateTimeField()),
        since_day=Slot("since_day", DateField()),
        today=Slot("today", DateField()),
        under=Slot("under", UUIDField()),
    )
    vouched = IdentityCheck.objects.filter(person=OuterRef("pk"), officer=user)
    return Person.objects.filter(pk=person).only("pk").annotate(has_vouched=Exists(vouched), is_related=Exists(between))


_TIES: BuiltOnce[Any] = BuiltOnce(_ties)


def require_right(user: User, department: Department, *rights: Right) -> None:
    """Raise ``NotAllowed`` unless the user holds one of ``rights`` in the department."""
    if rights_in(user, department).isdisjoint(rights):
        raise NotAllowed(_("您没有在%(department)s办理这一步的权限。") % {"department": department.name})


def facts_of(sub_item: SubItem) -> Facts:
    """Return what the table of transitions reads of a sub-item."""
    plan = plan_of(sub_item.bundle)
    return Facts(
        State(sub_item.state),
        sub_item.accepted_at is not None,
        bool(plan.item(sub_item.key).results),
        awaits_amendment=_awaits_amendment(sub_item),
        awaits_signatures=awaits_signatures(sub_item),
        in_procedure=is_in_procedure(sub_item),
        awaits_paper=awaits_paper(sub_item),
    )


def open_proposal(sub_item: SubItem) -> DecisionProposal | None:
    """Return the decision that is proposed and waits for others, with its signatures. What came before the case last moved is over.

    No query where its department's rule asks for none, else two.
    """
    if sub_item.signing_id is None or sub_item.state != State.UNDER_REVIEW:
        return None
    rows = DecisionProposal.objects.filter(sub_item=sub_item.pk, outcome=DecisionProposal.Outcome.OPEN)
    found = rows.filter(proposed_at__gte=sub_item.state_since).select_related("proposed_by")
    return found.prefetch_related("signatures__signed_by").first()


def awaits_signatures(sub_item: SubItem) -> bool:
    """Whether others have to sign before it is decided. No query where its department's rule asks for none."""
    if sub_item.signing is None:
        return False
    proposal = open_proposal(sub_item)
    return proposal is None or len(proposal.signatures.all()) < sub_item.signing.needed


def is_in_procedure(sub_item: SubItem) -> bool:
    """Whether a special procedure of it is under way. No query where its item lists none, or before acceptance."""
    if sub_item.state not in AFTER_ACCEPTANCE or not listed_procedures(sub_item):
        return False
    return SpecialProcedure.objects.filter(sub_item=sub_item, ended_at__isnull=True).exists()


def _awaits_amendment(sub_item: SubItem) -> bool:
    """Whether a field of its form was changed after another department decided on it, and that one has not settled it. One query at most."""
    if sub_item.bundle.form_revision == 1:
        return False
    own = {line.field for line in plan_of(sub_item.bundle).own_form(sub_item.key)}
    unsettled = Amendment.objects.open().filter(sub_item__bundle=sub_item.bundle_id).values_list("fields", flat=True)
    return any(not own.isdisjoint(fields) for fields in unsettled)


def offered_transitions(
    user: User,
    sub_item: SubItem,
    held: Collection[str] | None = None,
    requests: Iterable[CorrectionRequest] | None = None,
) -> set[str]:
    """Return the names of the transitions that ``apply_transition`` would let this user make now: the buttons of a page.

    ``held``: the user's rights in the department, ``requests``: the bundle's returns for correction, where the page has read them.
    """
    return offered_steps(user, sub_item, held, requests)[0]


def offered_steps(
    user: User,
    sub_item: SubItem,
    held: Collection[str] | None = None,
    requests: Iterable[CorrectionRequest] | None = None,
) -> tuple[set[str], bool]:
    """Return what `offered_transitions` does, and whether accepting and approving may be one step (`decided_at_once`)."""
    parties = parties_to(user, sub_item, requests)
    facts = facts_of(sub_item)
    held = set(rights_in(user, sub_item.department) if held is None else held)
    possible = [one for one in transitions_from(facts) if one.rights and one.is_for(parties)]
    names = {one.name for one in possible if held.issuperset(one.rights_for(facts))}
    if "accept" not in names or not decided_at_once(sub_item):
        return names, False
    approve, accepted = TRANSITIONS["approve"], replace(facts, state=State.ACCEPTED, was_accepted=True)
    may = approve.is_possible(accepted) and approve.is_for(parties)
    return names, may and held.issuperset({"review", *approve.rights_for(accepted)})


def signing_rule(sub_item: SubItem) -> SigningRule | None:
    """Return by which rule of its department a sub-item is to be decided from its acceptance on: its item's, else that of all. One query."""
    item = split_instance(sub_item.key)[0]
    rows = SigningRule.objects.filter(department=sub_item.department_id, is_active=True, item__in=["", item])
    return rows.order_by("-item").first()


def decided_at_once(sub_item: SubItem) -> bool:
    """Return whether a sub-item may be accepted and approved in one step: what is decided on the spot (即办件), and what was accepted before
    its correction, which only goes on."""
    if sub_item.accepted_at is not None:
        return sub_item.signing_id is None
    return plan_of(sub_item.bundle).item(sub_item.key).handling == IMMEDIATE and signing_rule(sub_item) is None


def parties_to(user: User, sub_item: SubItem, requests: Iterable[CorrectionRequest] | None = None) -> set[Party]:
    """Return what the user is to a sub-item. Cost: two queries (one where ``requests`` of the bundle were read); for a clerk
    of the window their rights and departments, for an organisation's or an intermediary's case one more."""
    bundle = sub_item.bundle
    if is_applicant(user, bundle):
        return {Party.APPLICANT}
    # What somebody answers for one part is read by all that ask for the same field or paper.
    if requests is None:
        requests = CorrectionRequest.objects.filter(sub_item__bundle=bundle.pk)
    found = set()
    for one in requests:
        if one.answered_by_id == user.pk:
            found.add(Party.ANSWERER)
        if (
            one.answered_at is None
            and one.dropped_at is None
            and one.requested_by_id == user.pk
            and one.sub_item_id == sub_item.pk
        ):
            found.add(Party.ASKER)
    if bundle.channel == Channel.COUNTER and user.pk in (bundle.entered_by_id, *bundle.clerks):
        found.add(Party.ENTERER)  # also who serves at no window any more
    [applicant] = _TIES(
        person=bundle.applicant_id,
        user=user.pk,
        since=bundle.submitted_at,
        since_day=timezone.localdate(bundle.submitted_at),
        today=timezone.localdate(),
        under=bundle.begun_under_id,
    )
    if applicant.has_vouched:
        found.add(Party.VOUCHER)  # also of an application that came online
    if (proposal := open_proposal(sub_item)) is not None:
        hands = {proposal.proposed_by_id, *(one.signed_by_id for one in proposal.signatures.all())}
        found |= {Party.PROPOSER} if user.pk in hands else set()
    if sub_item.signing is not None and sub_item.signing.is_acceptor_apart:
        accepted = Event.objects.filter(chain_id=bundle.pk, kind="accepted", sub_item=sub_item.key, actor=user)
        found |= {Party.ACCEPTOR} if accepted.exists() else set()
    if applicant.is_related:
        found.add(Party.RELATED)  # also where the applicant filed it themselves
    if bundle.channel == Channel.COUNTER and window_of(user).entered(bundle):
        found.add(Party.WINDOW)
        if may(user, "review", sub_item.department) or may(user, "decide", sub_item.department):
            found.add(Party.OFFICER)
    return found


def require_possible(sub_item: SubItem, name: str) -> None:
    """Raise ``AlreadyDecided`` or ``StateChanged`` unless the table allows the transition to the sub-item as it was seen."""
    if not can(name, facts_of(sub_item)):
        raise stale_state_refusal(sub_item)


def require_party(user: User, sub_item: SubItem, name: str) -> None:
    """Raise ``NotAllowed`` unless the table lets the user take the step, being what they are to the sub-item."""
    parties, step = parties_to(user, sub_item), STEPS.get(name) or TRANSITIONS[name]
    bar = step.bar(parties)
    if bar is not None:
        raise NotAllowed(bar_sentence(bar))
    if isinstance(step, Transition) and not step.is_for(parties):
        raise NotAllowed(_("只有申请人本人，或者收下这件申请的窗口，可以补正。"))


def require_step(
    user: User, sub_item: SubItem, name: str, facts: Facts | None = None, *, department: Department | None = None
) -> None:
    """Raise ``NotAllowed`` unless the user holds the rights that an officer's step needs here, and is not barred from it.

    The one guard of every step of an officer, of ``STEPS`` and ``TRANSITIONS``. ``department``: in which the rights of a step count, where
    that is another than the sub-item's.
    """
    if name in STEPS:
        groups = STEPS[name].rights
    else:
        groups = tuple(
            (right,) for right in TRANSITIONS[name].rights_for(facts_of(sub_item) if facts is None else facts)
        )
    for rights in groups:
        require_right(user, department or sub_item.department, *rights)  # type: ignore[arg-type]
    require_party(user, sub_item, name)


def require_reason(reason: str) -> str:
    """Return the grounds, trimmed; raise ``ReasonMissing`` when there are none, ``ReasonTooLong`` when they are too many words."""
    if not reason.strip():
        raise ReasonMissing
    return short_enough(reason)


def short_enough(reason: str) -> str:
    """Return the grounds, trimmed. Raises ``ReasonTooLong``."""
    if len(reason.strip()) > REASON_LENGTH:
        raise ReasonTooLong(_("理由最多 %(limit)s 个字，请写短一些，再提交。") % {"limit": REASON_LENGTH})
    return reason.strip()


def apply_transition(user: User | None, sub_item: SubItem, name: str, now: datetime, **changes: Any) -> None:
    """Make the transition by one UPDATE that must change one row, and bring the object at hand up to it.

    The UPDATE is filtered on the state in which ``sub_item`` was read. Raises ``NotAllowed``,
    ``AlreadyDecided`` or ``StateChanged`` (with the new state), and then nothing has happened.
    """
    transition, facts = TRANSITIONS[name], facts_of(sub_item)
    if transition.rights:
        assert user is not None
        require_step(user, sub_item, name, facts)
    require_possible(sub_item, name)
    seen = SubItem.objects.filter(pk=sub_item.pk, state=sub_item.state)
    if seen.update(state=transition.target, state_since=now, **changes) != 1:
        raise stale_state_refusal(sub_item)
    sub_item.came_from, sub_item.state, sub_item.state_since = sub_item.state, transition.target, now
    computed = [name for name, value in changes.items() if hasattr(value, "resolve_expression")]
    for name in changes.keys() - set(computed):
        setattr(sub_item, name, changes[name])
    if computed:
        sub_item.refresh_from_db(fields=computed)


def update_own_task(user: User, sub_item: SubItem, **changes: Any) -> None:
    """Change the sub-item's open task, which must be nobody's or the user's own. Raises ``TakenByAnother``."""
    task = ReviewTask.objects.filter(sub_item=sub_item, closed_at__isnull=True)
    if (task.unclaimed() | task.held_by(user)).update(**changes) == 1:
        return
    holder = task.select_related("claimed_by").first()
    if holder is None:
        raise stale_state_refusal(sub_item)
    raise TakenByAnother(str(holder.claimed_by))


def stale_state_refusal(sub_item: SubItem) -> StateChanged:
    """Return the refusal that tells where the sub-item stands now. Cost: one or two queries."""
    now = SubItem.objects.select_related("department").get(pk=sub_item.pk)
    if now.state not in CONCLUDED:
        return StateChanged(now)
    decision = Decision.objects.filter(sub_item=now).select_related("decided_by").first()
    return AlreadyDecided(now, str(decision.decided_by) if decision is not None and decision.decided_by else "")


def event(kind: str, sub_item: SubItem, user: User | None, **data: Any) -> NewEvent:
    """Return the ledger event of a fact about this sub-item, with from where to where and on what it rests if it moved.

    ``data`` holds no personal data: events are for ever.
    """
    return NewEvent(
        kind,
        actor_id=user.pk if user is not None else None,
        department=sub_item.department.code,
        sub_item=sub_item.key,
        data={**step_of(kind, sub_item.came_from), **data},
    )


def applicant_notice(sub_item: SubItem, kind: str, now: datetime) -> Job:
    """Return the job that tells the applicant, once per fact."""
    return Job(
        "notify",
        f"{sub_item.pk}:{kind}:{int(now.timestamp() * 1_000_000)}",
        {"bundle": str(sub_item.bundle_id), "sub_item": str(sub_item.pk), "event": kind},
    )


def dispatch_dependents(sub_item: SubItem) -> Job:
    """Return the job that gives what waits for this sub-item its turn, or ends it."""
    return Job("fan_out", f"{sub_item.bundle_id}:{sub_item.pk}", {"bundle": str(sub_item.bundle_id)})
