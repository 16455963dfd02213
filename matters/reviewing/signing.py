"""Decisions that more than one person makes: a reviewer proposes one, others sign it, and with the last signature it is decided.

Of a case only the task's place in the queue moves meanwhile: to its applicant it is under review. What was proposed before the case last moved
(a correction, say) is over. Who may do what is said in ``matters.core.states``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.staff.memberships import who_may
from catalog.staff.telling import tell_staff
from matters.cases.department_view import gather_outputs
from matters.core.states import TRANSITIONS, State
from matters.models import Decision, DecisionProposal, PaperPromise, ProposalSignature, ReviewTask, SubItem
from matters.models.grounds import DecisionPhrase
from matters.reviewing.breaking import break_promise
from matters.reviewing.concluding import hold_bundle
from matters.reviewing.deciding import read_outputs
from matters.reviewing.holding import NO_CLAIM, claim_of
from matters.reviewing.points import require_points
from matters.reviewing.review import decide, start_review
from matters.reviewing.standing_in import whose_turn
from matters.reviewing.transitions import (
    event,
    facts_of,
    open_proposal,
    require_reason,
    require_right,
    require_step,
    short_enough,
    stale_state_refusal,
    update_own_task,
)
from matters.wording.refusals import (
    AmendmentAwaited,
    NotAllowed,
    PaperAwaited,
    ProcedureUnderWay,
    ReasonTooLong,
    Refusal,
)
from portal.accounts.models import User
from portal.ledger.chain import append_events
from portal.lib.vault import seal, unseal

Use = DecisionPhrase.Use
Outcome = DecisionProposal.Outcome
OPINION_LENGTH = 500


@transaction.atomic
def propose(
    user: User,
    sub_item: SubItem,
    use: str,
    reason: str = "",
    outputs: Mapping[str, Any] | None = None,
    reasons: Mapping[str, str] | None = None,
    *,
    reason_code: str = "",
) -> DecisionProposal:
    """Propose a decision (``use``: approved, in_part, rejected), with all that `decide` takes; the task goes to those who sign.

    What could not be decided so is refused now: raises what `decide` raises, and ``Refusal`` where a proposal waits already.
    """
    require_step(user, sub_item, "propose")
    hold_bundle(sub_item)
    if sub_item.signing_id is None or sub_item.state not in {State.ACCEPTED, State.UNDER_REVIEW}:
        raise stale_state_refusal(sub_item)
    if open_proposal(sub_item) is not None:
        raise Refusal(_("这一件已经提出拟办意见，正在等审批。"))
    _require_settled(sub_item, refuses=use == Use.REJECTED)
    if sub_item.state == State.ACCEPTED:
        start_review(user, sub_item)
    now = timezone.now()
    is_approval = use != Use.REJECTED
    require_points(sub_item, passed=is_approval)
    said = short_enough(reason) if use == Use.APPROVED else require_reason(reason)
    if is_approval:
        read_outputs(sub_item, outputs or {}, reasons or {}, timezone.localdate(now), gather_outputs(sub_item.bundle))
    filled = {"outputs": dict(outputs or {}), "reasons": dict(reasons or {})}
    return _put_forward(user, sub_item, use, said, filled, now, reason_code=reason_code)


def propose_end(user: User, sub_item: SubItem, promise: PaperPromise, findings: str) -> DecisionProposal:
    """Propose that a commitment is not so, which ends the case with the last signature; ``findings`` are what its applicant reads then.

    Inside the check's transaction, which holds the bundle and its part. Raises ``Refusal`` where a proposal waits already.
    """
    if open_proposal(sub_item) is not None:
        raise Refusal(_("这一件已经提出拟办意见，正在等审批。"))
    _require_settled(sub_item, refuses=True)
    if sub_item.state == State.ACCEPTED:
        start_review(user, sub_item)
    filled = {"outputs": {}, "reasons": {}, "promise": promise.pk}
    return _put_forward(user, sub_item, Use.REJECTED, findings, filled, timezone.now())


def _put_forward(
    user: User,
    sub_item: SubItem,
    use: str,
    said: str,
    filled: Mapping[str, Any],
    now: datetime,
    *,
    reason_code: str = "",
) -> DecisionProposal:
    DecisionProposal.objects.filter(sub_item=sub_item, outcome=Outcome.OPEN).update(
        outcome=Outcome.REPLACED, ended_by=user, ended_at=now
    )
    proposal = DecisionProposal.objects.create(
        sub_item=sub_item,
        use=use,
        reason=said,
        reason_code=reason_code,
        filled_in_sealed=seal(dict(filled), _context(sub_item)),
        proposed_by=user,
        proposed_at=now,
    )
    update_own_task(user, sub_item, stage=ReviewTask.Stage.SIGNING, **NO_CLAIM)
    append_events(sub_item.bundle_id, [event("decision_proposed", sub_item, user, proposal=proposal.pk, use=use)])
    return proposal


@transaction.atomic
def sign(user: User, sub_item: SubItem, opinion: str = "", *, seen: int | None = None) -> Decision | None:
    """Sign what is proposed; with the last signature it is decided, in this transaction, by whoever signed last. None until then, and
    where a case ends without a decision (`propose_end`).

    Who signs on the last level needs the rights of the decision itself, and is the department's head where its rule says so. ``seen``: the key
    of the proposal that was read; another one is never signed in its place. Raises ``Refusal`` where nothing waits (any more),
    ``TakenByAnother``, ``NotAllowed``, and what `decide` raises.
    """
    sub_item, proposal = _held(user, sub_item, "sign", seen)
    signed, rule = list(proposal.signatures.all()), sub_item.signing
    assert rule is not None
    if len(signed) >= rule.levels - 2:
        _require_last(user, sub_item, proposal)
    said = _short(opinion)
    now = timezone.now()
    ProposalSignature.objects.create(proposal=proposal, signed_by=user, signed_at=now, opinion=said)
    told = event("proposal_signed", sub_item, user, proposal=proposal.pk, signature=len(signed) + 1)
    append_events(sub_item.bundle_id, [told])
    if len(signed) + 1 < rule.needed:
        update_own_task(user, sub_item, **NO_CLAIM)
        return None
    filled = filled_in(proposal)
    if "promise" in filled:
        _break(user, sub_item, filled["promise"], proposal.reason)
        _end(proposal, Outcome.SIGNED, user)
        return None
    decision = decide(
        user,
        sub_item,
        "rejected" if proposal.use == Use.REJECTED else "approved",
        proposal.reason,
        filled["outputs"],
        filled["reasons"],
        in_part=proposal.use == Use.IN_PART,
        reason_code=proposal.reason_code,
    )
    _end(proposal, Outcome.SIGNED, user)
    return decision


@transaction.atomic
def send_back(user: User, sub_item: SubItem, why: str, *, seen: int | None = None) -> None:
    """Send what is proposed back to whoever proposed it, with the reason. ``seen`` and what it raises as in `sign`, and ``ReasonMissing``."""
    sub_item, proposal = _held(user, sub_item, "send_back", seen)
    proposal.why_back = _short(require_reason(why))
    proposal.save(update_fields=["why_back"])
    _end(proposal, Outcome.SENT_BACK, user)
    now = timezone.now()
    back_to = whose_turn(proposal.proposed_by, sub_item, now)
    claim = NO_CLAIM if back_to is None else claim_of(back_to, sub_item.department)
    update_own_task(user, sub_item, stage=ReviewTask.Stage.REVIEW, **claim)
    append_events(sub_item.bundle_id, [event("proposal_sent_back", sub_item, user, proposal=proposal.pk)])
    tell_staff(
        "proposal_sent_back",
        {"by": str(user), "item": sub_item.name, "number": sub_item.number},
        key=f"proposal_sent_back:{proposal.pk}",
        link=reverse("matters:case", args=[sub_item.number]),
        accounts=[(back_to or proposal.proposed_by).pk],
        now_may=who_may(sub_item.department, "review"),
    )


@transaction.atomic
def take_back_proposal(user: User, sub_item: SubItem) -> None:
    """Take one's own proposal back, before anybody has signed. Raises ``Refusal`` where somebody has, or nothing waits, ``NotAllowed``."""
    require_step(user, sub_item, "propose")
    hold_bundle(sub_item)
    proposal = open_proposal(SubItem.objects.for_case().get(pk=sub_item.pk))
    if proposal is None or proposal.proposed_by_id != user.pk or proposal.signatures.all():
        raise Refusal(_("不能收回了：已经有人签署，或者已经办结、退回。"))
    _end(proposal, Outcome.REPLACED, user)
    update_own_task(user, sub_item, stage=ReviewTask.Stage.REVIEW, **claim_of(user, sub_item.department))
    append_events(sub_item.bundle_id, [event("proposal_taken_back", sub_item, user, proposal=proposal.pk)])


def filled_in(proposal: DecisionProposal) -> dict[str, Any]:
    """Return what is proposed to be filled in: ``outputs``, and ``reasons`` where they say otherwise than the form."""
    found: dict[str, Any] = unseal(bytes(proposal.filled_in_sealed), _context(proposal.sub_item))
    return found


def may_sign_now(user: User, sub_item: SubItem, proposal: DecisionProposal) -> bool:
    """Return whether the user may sign what is proposed at this moment: the same guards as `sign`, asked."""
    try:
        require_step(user, sub_item, "sign")
        if sub_item.signing is None or len(proposal.signatures.all()) >= sub_item.signing.levels - 2:
            _require_last(user, sub_item, proposal)
    except NotAllowed:
        return False
    return True


def _held(user: User, sub_item: SubItem, step: str, seen: int | None) -> tuple[SubItem, DecisionProposal]:
    """Return the case and what is proposed in it, the bundle held, so that signatures are counted one after the other."""
    hold_bundle(sub_item)
    now = SubItem.objects.for_case().get(pk=sub_item.pk)
    proposal = open_proposal(now)
    if proposal is None:
        raise Refusal(_("没有等审批的拟办意见，可能已经有人签署、退回或者收回。"))
    if seen is not None and seen != proposal.pk:
        raise Refusal(_("您打开以后，经办人重新提出了拟办意见。请看过现在的再审批。"))
    require_step(user, now, step)
    update_own_task(user, now, stage=ReviewTask.Stage.SIGNING)
    proposal.sub_item = now
    return now, proposal


def _break(user: User, sub_item: SubItem, promise: int, findings: str) -> None:
    row = PaperPromise.objects.to_check().filter(sub_item=sub_item, pk=promise).select_for_update(of=("self",)).first()
    if row is None:
        raise Refusal(_("这项承诺已经核对过，不能再按它终止办理。请退回经办人。"))
    break_promise(row, sub_item, PaperPromise.Breach.UNTRUE, user, timezone.now(), findings)


def _require_last(user: User, sub_item: SubItem, proposal: DecisionProposal) -> None:
    name = "reject" if proposal.use == Use.REJECTED else "approve"
    for right in TRANSITIONS[name].rights_for(facts_of(sub_item)):
        require_right(user, sub_item.department, right)  # type: ignore[arg-type]
    if sub_item.signing is not None and sub_item.signing.is_head_last:
        require_right(user, sub_item.department, "supervise")


def _require_settled(sub_item: SubItem, *, refuses: bool) -> None:
    facts = facts_of(sub_item)
    if facts.in_procedure:
        raise ProcedureUnderWay
    if facts.awaits_amendment and not refuses:
        raise AmendmentAwaited
    if facts.awaits_paper and not refuses:
        raise PaperAwaited


def _end(proposal: DecisionProposal, outcome: str, user: User) -> None:
    open_one = DecisionProposal.objects.filter(pk=proposal.pk, outcome=Outcome.OPEN)
    if open_one.update(outcome=outcome, ended_by=user, ended_at=timezone.now()) != 1:
        raise Refusal(_("没有等审批的拟办意见，可能已经有人签署、退回或者收回。"))


def _short(text: str) -> str:
    said = text.replace("\0", "").strip()
    if len(said) > OPINION_LENGTH:
        raise ReasonTooLong(_("理由最多 %(limit)s 个字，请写短一些，再提交。") % {"limit": OPINION_LENGTH})
    return said


def _context(sub_item: SubItem) -> str:
    return f"decision.proposal:{sub_item.pk}"
