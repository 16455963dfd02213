"""Acceptance by silence (视为受理): a licensing authority that did not answer within five working days has accepted.

Administrative Licensing Law art. 32: whoever is not told in time what is missing counts as accepted from the day on which the authority received
the application. Only licences (行政许可) have it; what else is late stands late in its queue. The days are those of the database's
clock, and of years whose holidays are announced: a clock that jumped, or workers that stood still for days, may not change what hundreds of
departments are held to, so that more than a few at once wait for a person (``manage.py deem_accepted``).
"""

from __future__ import annotations

from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now, TruncDate
from django.utils import timezone

from matters.calendars.limits import is_provisional
from matters.core.clocks import SHANGHAI
from matters.core.states import can
from matters.models import ReviewTask, SubItem
from matters.reviewing.clock import due_once_accepted
from matters.reviewing.promising import take_promises
from matters.reviewing.transitions import applicant_notice, apply_transition, event, facts_of, signing_rule
from portal.ledger.chain import append_events
from portal.outbox.enqueueing import enqueue_many

log = structlog.get_logger(__name__)


def unanswered() -> QuerySet[ReviewTask]:
    """Return the tasks of licences whose last day to answer has passed by the database's clock, the longest first."""
    late = ReviewTask.objects.filter(
        closed_at__isnull=True, stage=ReviewTask.Stage.ACCEPTANCE, is_deemed_when_late=True
    )
    return late.filter(due_on__lt=TruncDate(Now(), tzinfo=SHANGHAI)).order_by("due_on", "pk")


def deem_accepted(at_most: int | None = None) -> int:
    """Accept what was not answered in time; return how many. For the reconciler, and the command with its own ``at_most``.

    More than ``at_most`` (``YIJIAN_DEEMED_AT_ONCE``) at once are left as they are, and said in the log. What an officer or the
    applicant works on at this moment is left for the next round.
    """
    at_most = settings.YIJIAN_DEEMED_AT_ONCE if at_most is None else at_most
    rows = unanswered().values_list("sub_item", "due_on")[: at_most + 1]
    late = [sub_item for sub_item, due_on in rows if due_on is not None and not is_provisional(due_on)]
    if len(late) > at_most:
        log.error("deemed_acceptance_held", more_than=at_most, remedy="manage.py deem_accepted")
        return 0
    return sum(_deem(sub_item) for sub_item in late)


@transaction.atomic
def _deem(sub_item_id: UUID) -> bool:
    locked = SubItem.objects.for_case().select_for_update(of=("self",), no_key=True, skip_locked=True)
    sub_item = locked.filter(pk=sub_item_id).first()
    if sub_item is None or not can("deem_accepted", facts_of(sub_item)):
        return False
    task = unanswered().filter(sub_item=sub_item).first()
    if task is None:
        return False
    now, received = timezone.now(), sub_item.state_since
    due_on = due_once_accepted(sub_item, received)
    rule = signing_rule(sub_item)
    apply_transition(None, sub_item, "deem_accepted", now, accepted_at=received, due_on=due_on, signing=rule)
    ReviewTask.objects.filter(pk=task.pk).update(stage=ReviewTask.Stage.REVIEW, due_on=due_on)
    enqueue_many([applicant_notice(sub_item, "deemed_accepted", now)])
    promised = take_promises(None, sub_item, now)
    deemed = event("deemed_accepted", sub_item, None, answer_by=str(task.due_on))
    append_events(sub_item.bundle_id, [deemed, *promised])
    log.warning("deemed_accepted", sub_item=sub_item.number, department=sub_item.department.code)
    return True
