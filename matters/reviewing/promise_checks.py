"""Checking what was promised: a paper that came, or a commitment (事中事后核查). In the case while it is under way, as a task of its own afterwards."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matters.calendars.limits import due_after
from matters.core.states import AFTER_ACCEPTANCE, State
from matters.models import PaperPromise, ReviewTask, SubItem
from matters.reviewing.breaking import break_promise
from matters.reviewing.concluding import hold_bundle
from matters.reviewing.holding import claim_of
from matters.reviewing.signing import propose_end
from matters.reviewing.transitions import (
    applicant_notice,
    event,
    require_step,
    stale_state_refusal,
    update_own_task,
)
from matters.wording.refusals import Invalid, PromiseRefused
from portal.accounts.models import User
from portal.ledger.chain import append_events
from portal.lib.whole_numbers import whole_number
from portal.outbox.enqueueing import enqueue_many

FINDINGS_LENGTH = 500
KEPT, AGAIN, BROKEN = "kept", "again", "broken"
Kind, Outcome = PaperPromise.Kind, PaperPromise.Outcome


@transaction.atomic
def check_promise(user: User, sub_item: SubItem, number: str, verdict: str, findings: str) -> PaperPromise:
    """Say what a check came to. ``number``: the key of the promise; ``verdict``: ``kept``, of a paper ``again``, of a commitment ``broken``.

    ``again``: the applicant hands it in anew, with the reason and at least five working days. ``broken``: what is under way ends, what was
    granted is told to the department's leads, and it stands on the applicant's record; where several sign a decision, they sign this as well
    before any of it (`propose_end`). Raises ``Invalid`` (keys ``verdict``, ``promise_findings``),
    ``PromiseRefused``, ``StateChanged``, ``TakenByAnother``, ``NotAllowed``.
    """
    require_step(user, sub_item, "check_promise")
    hold_bundle(sub_item)
    part = SubItem.objects.for_case().select_for_update(of=("self",), no_key=True).get(pk=sub_item.pk)
    if part.state not in AFTER_ACCEPTANCE and part.state != State.APPROVED:
        raise stale_state_refusal(part)
    rows = PaperPromise.objects.to_check().filter(sub_item=part, pk=whole_number(number) or 0)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise PromiseRefused(_("这项承诺已经核对过，或者材料还没有补交。"))
    text = _checked(row, verdict, findings)
    update_own_task(user, part, **claim_of(user, part.department))
    now = timezone.now()
    if verdict == BROKEN and part.signing_id is not None and part.state in AFTER_ACCEPTANCE:
        propose_end(user, part, row, text)
    elif verdict == BROKEN:
        break_promise(row, part, PaperPromise.Breach.UNTRUE, user, now, text)
    elif verdict == KEPT:
        row.outcome, row.settled_at, row.settled_by, row.findings = Outcome.KEPT, now, user, text
        row.save(update_fields=["outcome", "settled_at", "settled_by", "findings"])
        append_events(part.bundle_id, [event("promise_kept", part, user, material=row.material)])
    else:
        anew = due_after(timezone.localdate(now), settings.YIJIAN_PROMISE_CHECK_DAYS).date
        row.handed_in_at, row.reminded_at, row.due_on, row.findings = None, None, max(row.due_on, anew), text
        row.save(update_fields=["handed_in_at", "reminded_at", "due_on", "findings"])
        enqueue_many([applicant_notice(part, "paper_asked_again", now)])
        data = {"material": row.material, "due_on": str(row.due_on)}
        append_events(part.bundle_id, [event("paper_asked_again", part, user, **data)])
    if part.state == State.APPROVED and not PaperPromise.objects.to_check().filter(sub_item=part).exists():
        task = ReviewTask.objects.filter(sub_item=part, closed_at=None, stage=ReviewTask.Stage.CHECK)
        task.update(closed_at=now)
    return row


def _checked(row: PaperPromise, verdict: str, findings: str) -> str:
    """Return the record, trimmed; raise what is wrong, each at its place."""
    text, problems = findings.strip(), {}
    if verdict not in ((KEPT, AGAIN) if row.kind == Kind.DEFERRED else (KEPT, BROKEN)):
        problems["verdict"] = _("请选择核对结果。")
    if verdict != KEPT and not text:
        problems["promise_findings"] = _("请写明哪里不符合，申请人看得到。")
    elif len(text) > FINDINGS_LENGTH:
        problems["promise_findings"] = _("最多 %(limit)s 个字，请写短一些。") % {"limit": FINDINGS_LENGTH}
    if problems:
        raise Invalid(_("核对结果还不完整，没有保存。"), problems)
    return text
