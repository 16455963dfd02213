"""One step for many cases at once: accept, approve what is clean, hand over, remind. A worker does it case by case.

Each case is a transaction of its own that holds both the step and what is noted of it, so that a worker that is killed
neither forgets nor repeats one; one that is refused, or that a colleague was first with, stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

from catalog.merging.deciding import said_on_form
from catalog.models import Department
from matters.cases.amendments import amended_parts
from matters.cases.department_view import plan_of, read_case
from matters.core.states import AFTER_ACCEPTANCE, State
from matters.models import BulkAction, BulkLine, CorrectionRequest, SubItem
from matters.models.querysets import own_bundles
from matters.reviewing import review
from matters.reviewing.checks import checks_of
from matters.reviewing.deciding import default_outputs
from matters.reviewing.reassigning import reassign
from matters.reviewing.signing import Use, propose, sign
from matters.reviewing.transitions import (
    applicant_notice,
    event,
    open_proposal,
    require_right,
    require_step,
    stale_state_refusal,
)
from matters.wording.refusals import Invalid, Refusal
from portal.accounts.models import User
from portal.accounts.organisations.principals import recipients_of
from portal.ledger.chain import append_events
from portal.ledger.models import Event
from portal.outbox.claiming import Claim, complete
from portal.outbox.enqueueing import Job, enqueue_many

MOST = 500
# How many cases a worker does under one lease: an approval takes some tens of milliseconds.
CHUNK = 25


@transaction.atomic
def start_bulk_action(
    user: User, department: Department, kind: str, numbers: Collection[str], to: User | None = None
) -> BulkAction:
    """Note one step for many cases of a department and let a worker do it. Numbers that are not of the department, or the user's own, are left out.

    Raises `Invalid` (keys ``case``, ``to``) where nothing is left, where there are too many, or where nobody is named to hand over to.
    """
    require_right(user, department, "review")
    wanted = BulkAction.Kind(kind)
    problems = {}
    chosen = list(dict.fromkeys(numbers))
    if len(chosen) > MOST:
        problems["case"] = _("一次最多 %(most)s 件，您选了 %(count)s 件。") % {"most": MOST, "count": len(chosen)}
    found = SubItem.objects.filter(department=department, number__in=chosen[:MOST])
    pks = list(found.exclude(bundle__in=own_bundles(user)).order_by("number").values_list("pk", flat=True))
    if not pks:
        problems["case"] = _("请先勾选要办的办件。")
    if wanted == BulkAction.Kind.HAND_OVER and to is None:
        problems["to"] = _("请选择转交给哪位同事。")
    if problems:
        raise Invalid(" ".join(problems.values()), problems)
    action = BulkAction.objects.create(
        kind=wanted,
        department=department,
        asked_by=user,
        asked_at=timezone.now(),
        to=to if wanted == BulkAction.Kind.HAND_OVER else None,
        language=get_language() or "zh-hans",
    )
    BulkLine.objects.bulk_create([BulkLine(action=action, sub_item_id=pk) for pk in pks])
    enqueue_many([_job(action, 0)])
    return action


def run_bulk_actions(claims: Sequence[Claim]) -> None:
    """Handle ``bulk``: payload ``{action, round}``. Does the next cases and enqueues itself for the rest. Raises `StaleLease`."""
    for claim in claims:
        action = BulkAction.objects.select_related("department", "asked_by", "to").get(pk=claim.payload["action"])
        waiting = action.lines.filter(outcome="").order_by("pk")
        for line in waiting.values_list("pk", flat=True)[:CHUNK]:
            _run(action, line)
        with transaction.atomic():
            complete([claim])
            if waiting.exists():
                enqueue_many([_job(action, claim.payload["round"] + 1)])
            else:
                BulkAction.objects.filter(pk=action.pk, finished_at=None).update(finished_at=timezone.now())


def approve_if_clean(user: User, sub_item: SubItem, asked_at: datetime | None = None) -> None:
    """Approve, or where others sign propose or sign, a case about which there is nothing to look at or to fill in; what is not accepted yet is accepted with it.

    ``asked_at``: when it was asked for; what was proposed after that nobody has seen. Raises `Refusal` that says what a person has to see to, and whatever ``accept`` and ``decide`` refuse.
    """
    if sub_item.state in (State.QUEUED, State.RESUBMITTED):
        review.accept(user, sub_item)
    if sub_item.state not in AFTER_ACCEPTANCE:
        raise stale_state_refusal(sub_item)
    if (proposal := open_proposal(sub_item)) is not None:
        if proposal.use != Use.APPROVED or (asked_at is not None and proposal.proposed_at > asked_at):
            raise Refusal(_("经办人提出的不是全部准予，或者刚刚重新提出。请打开看过再审批。"))
        sign(user, sub_item, seen=proposal.pk)
        return
    form, plan = read_case(sub_item), plan_of(sub_item.bundle)
    planned = form.planned
    own = {line.field for line in plan.own_form(sub_item.key)}
    amended = amended_parts(sub_item.bundle, own)
    checks = checks_of(plan, sub_item.key, form.values, form.earlier, form.papers, amended)
    comma = pgettext("between names", "、")
    if open_ones := [each.text for each in checks if each.passed is not True]:
        raise Refusal(_("要人看过再定：%(checks)s。请打开办理。") % {"checks": comma.join(open_ones)})
    known = default_outputs(planned, form.values, timezone.localdate())
    if missing := [each.label for each in planned.outputs if each.required and known.get(each.code) is None]:
        raise Refusal(_("要填写决定内容：%(outputs)s。请打开办理。") % {"outputs": comma.join(missing)})
    unsaid = [each.code for each in planned.outputs if said_on_form(each, planned, form.values) is None]
    filled = {code: known[code] for code in unsaid if code in known}
    if sub_item.signing_id is not None:
        propose(user, sub_item, Use.APPROVED, "", filled)
    else:
        review.decide(user, sub_item, "approved", "", filled)


@transaction.atomic
def remind(user: User, sub_item: SubItem) -> None:
    """Remind the applicant of what waits for them, at most once a day. Raises `StateChanged`, `Refusal` where nobody can be told, `NotAllowed`."""
    require_step(user, sub_item, "remind_applicant")
    locked = SubItem.objects.select_for_update(of=("self",), no_key=True).get(pk=sub_item.pk)
    open_request = CorrectionRequest.objects.filter(sub_item=sub_item, answered_at__isnull=True)
    if locked.state != State.RETURNED or not open_request.exists():
        raise stale_state_refusal(sub_item)
    bundle, now = sub_item.bundle, timezone.now()
    slug = bundle.matter_version.matter.slug
    if not recipients_of(bundle.applicant, bundle.organisation_id, slug, bundle.mandate_id):
        raise Refusal(_("申请人没有账户，收不到消息，请打电话联系。"))
    told = Event.objects.filter(
        chain_id=bundle.pk, kind="correction_reminded", sub_item=sub_item.key, at__gte=_midnight(now)
    )
    if told.exists():
        raise Refusal(_("今天已经提醒过这位申请人。"))
    enqueue_many([applicant_notice(sub_item, "correction_reminded", now)])
    append_events(bundle.pk, [event("correction_reminded", sub_item, user)])


def _run(action: BulkAction, line_pk: int) -> None:
    with transaction.atomic(), override(action.language):
        waiting = BulkLine.objects.filter(pk=line_pk, outcome="").select_for_update(of=("self",), no_key=True)
        line = waiting.first()
        if line is None:
            return
        sub_item = SubItem.objects.for_case().get(pk=line.sub_item_id)
        try:
            with transaction.atomic():
                _ACTS[action.kind](action, sub_item)
        except Refusal as refusal:
            line.outcome, line.sentence = BulkLine.Outcome.REFUSED, refusal.sentence[:600]
        else:
            line.outcome = BulkLine.Outcome.DONE
        line.done_at = timezone.now()
        line.save(update_fields=["outcome", "sentence", "done_at"])


def _hand_over(action: BulkAction, sub_item: SubItem) -> None:
    assert action.to is not None
    reassign(action.asked_by, sub_item, action.to)


_ACTS: Mapping[str, Callable[[BulkAction, SubItem], object]] = {
    BulkAction.Kind.ACCEPT: lambda action, sub_item: review.accept(action.asked_by, sub_item),
    BulkAction.Kind.APPROVE: lambda action, sub_item: approve_if_clean(action.asked_by, sub_item, action.asked_at),
    BulkAction.Kind.HAND_OVER: _hand_over,
    BulkAction.Kind.REMIND: lambda action, sub_item: remind(action.asked_by, sub_item),
}


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _job(action: BulkAction, number: int) -> Job:
    return Job("bulk", f"{action.pk}:{number}", {"action": action.pk, "round": number})
