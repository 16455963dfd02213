"""More time to decide (延期): the handler asks with a reason, the department's head grants it or not, the applicant is told.

Once, of at most ten working days, and before the limit is over: Administrative Licensing Law art. 42.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.staff.memberships import may
from matters.core.clocks import EXTENSION_DAYS
from matters.core.states import AFTER_ACCEPTANCE
from matters.models import Bundle, Extension, ReviewTask, SubItem
from matters.reviewing.clock import count_anew
from matters.reviewing.transitions import applicant_notice, event, require_step, stale_state_refusal
from matters.wording.refusals import ExtensionRefused, Invalid, NotAllowed, TakenByAnother
from portal.accounts.models import User
from portal.ledger.chain import append_events
from portal.lib.whole_numbers import whole_number
from portal.outbox.enqueueing import enqueue_many

REASON_LENGTH = 300


@transaction.atomic
def ask_extension(user: User, sub_item: SubItem, days: str, reason: str) -> Extension:
    """Ask the department's head for more working days to decide.

    Raises ``ExtensionInvalid`` (keys ``days``, ``extension_reason``), ``ExtensionRefused`` where there is no limit, it is over, or it was asked
    before, ``StateChanged``, ``TakenByAnother``, ``NotAllowed``.
    """
    require_step(user, sub_item, "ask_extension")
    locked = _lock(sub_item)
    task = ReviewTask.objects.filter(sub_item=locked, closed_at__isnull=True).select_related("claimed_by").first()
    if locked.state not in AFTER_ACCEPTANCE or task is None:
        raise stale_state_refusal(locked)
    if task.claimed_by_id not in (None, user.pk):
        raise TakenByAnother(str(task.claimed_by))
    if locked.due_on is None:
        raise ExtensionRefused(_("这个事项没有公布承诺时限，不用延期。"))
    now = timezone.now()
    if locked.due_on < timezone.localdate(now):
        raise ExtensionRefused(_("已经超期，不能再延期，请尽快办结。"))
    wanted = _checked(days, reason)
    try:
        with transaction.atomic():
            extension = Extension.objects.create(
                sub_item=locked, days=wanted, reason=reason.strip(), asked_by=user, asked_at=now
            )
    except IntegrityError:
        raise ExtensionRefused(_("这一件已经申请过延期，只能延长一次。")) from None
    append_events(locked.bundle_id, [event("extension_asked", locked, user, days=wanted)])
    return extension


@transaction.atomic
def settle_extension(user: User, sub_item: SubItem, *, granted: bool) -> Extension:
    """Grant what was asked, which puts the day of the decision and of the whole off and tells the applicant, or refuse it.

    Only the department's head, and never who asked. Raises ``ExtensionRefused`` where nothing is asked any more, ``StateChanged``, ``NotAllowed``.
    """
    if not (may(user, "supervise", sub_item.department) and may(user, "decide", sub_item.department)):
        raise NotAllowed(_("只有%(department)s的负责人可以批准延期。") % {"department": sub_item.department.name})
    require_step(user, sub_item, "settle_extension")
    bundle = Bundle.objects.select_for_update(of=("self",), no_key=True).get(pk=sub_item.bundle_id)
    locked = _lock(sub_item)
    extension = Extension.objects.filter(sub_item=locked, outcome=Extension.Outcome.ASKED).first()
    if extension is None:
        raise ExtensionRefused(_("没有等您审批的延期申请，可能已经有人处理。"))
    if extension.asked_by_id == user.pk:
        raise NotAllowed(_("延期要由申请的人以外的负责人批准。"))
    if locked.state not in AFTER_ACCEPTANCE:
        raise stale_state_refusal(locked)
    now = timezone.now()
    if granted and (locked.due_on is None or locked.due_on < timezone.localdate(now)):
        raise ExtensionRefused(_("已经超期，不能再批准延期，请尽快办结。"))
    extension.outcome = Extension.Outcome.GRANTED if granted else Extension.Outcome.REFUSED
    extension.settled_by, extension.settled_at = user, now
    extension.save(update_fields=["outcome", "settled_by", "settled_at"])
    if not granted:
        append_events(bundle.pk, [event("extension_refused", locked, user)])
        return extension
    due_on = count_anew(bundle, locked)
    ReviewTask.objects.filter(sub_item=locked, closed_at__isnull=True).update(due_on=due_on)
    enqueue_many([applicant_notice(locked, "extended", now)])
    append_events(bundle.pk, [event("extended", locked, user, days=extension.days, due_on=str(due_on))])
    return extension


def _lock(sub_item: SubItem) -> SubItem:
    return SubItem.objects.for_case().select_for_update(of=("self",), no_key=True).get(pk=sub_item.pk)


def _checked(days: str, reason: str) -> int:
    """Return the days; raise what is wrong with them or with the reason, each at its place."""
    problems = {}
    wanted = whole_number(days.strip(), 3) or 0
    if not 1 <= wanted <= EXTENSION_DAYS:
        problems["days"] = _("请填写 1 到 %(most)s 之间的工作日数。") % {"most": EXTENSION_DAYS}
    if not reason.strip():
        problems["extension_reason"] = _("请写明为什么不能按时办完，申请人看得到。")
    elif len(reason.strip()) > REASON_LENGTH:
        problems["extension_reason"] = _("理由最多 %(limit)s 个字，请写短一些。") % {"limit": REASON_LENGTH}
    if problems:
        raise Invalid(_("延期申请还不完整，没有提交。"), problems)
    return wanted
