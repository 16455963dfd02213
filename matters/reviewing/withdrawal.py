"""The applicant's word that something need not be done any more (撤件)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matters.cases.access import still_represents
from matters.cases.agents import WITHDREW, tell_principal
from matters.cases.procedures import lists_procedures
from matters.core.progress import SubItemPosition, ends_with
from matters.core.states import TRANSITIONS, Party, State
from matters.models import Bundle, ReviewTask, SubItem
from matters.reviewing.procedures import drop_procedures
from matters.reviewing.promising import drop_promises
from matters.reviewing.transitions import dispatch_dependents, event, stale_state_refusal
from matters.wording.refusals import NotAllowed
from portal.accounts.models import User
from portal.ledger.chain import append_events
from portal.outbox.enqueueing import enqueue_many


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was withdrawn, and what ends with it because it waits for its result."""

    parts: list[SubItem]
    followers: list[SubItem]


@transaction.atomic
def withdraw_with_followers(user: User, bundle: Bundle, sub_item: SubItem | None = None) -> Withdrawn:
    """Withdraw as ``withdraw`` does, and say what ends with it. Cost: one query more."""
    parts = withdraw(user, bundle, sub_item)
    rows = {one.key: one for one in SubItem.objects.filter(bundle=bundle).order_by("number")}
    positions = {key: SubItemPosition(State(one.state), one.after) for key, one in rows.items()}
    # As they stood before: what had lost its ground already does not end with this.
    for part in parts:
        positions[part.key] = positions[part.key]._replace(state=State.QUEUED)
    return Withdrawn(parts, [rows[key] for key in ends_with(positions, {part.key for part in parts})])


@transaction.atomic
def withdraw(user: User, bundle: Bundle, sub_item: SubItem | None = None) -> list[SubItem]:
    """Withdraw one sub-item, or all that are still open; return those withdrawn.

    What a department decided meanwhile stays decided. Raises ``NotAllowed`` for anybody but the applicant and
    ``AlreadyDecided`` when nothing is left to withdraw.
    """
    if not TRANSITIONS["withdraw"].is_for({Party.APPLICANT} if still_represents(user, bundle) else ()):
        raise NotAllowed(_("只有申请人本人可以撤回。"))
    if lists_procedures(bundle):  # what is under way ends, and the day of the whole moves: the bundle's row comes first
        Bundle.objects.select_for_update(of=("self",), no_key=True).get(pk=bundle.pk)
        bundle.refresh_from_db(fields=["promised_on"])
    now = timezone.now()
    transition = TRANSITIONS["withdraw"]
    wanted = SubItem.objects.filter(bundle=bundle)
    if sub_item is not None:
        wanted = wanted.filter(pk=sub_item.pk)
    found = list(
        wanted.filter(state__in=sorted(transition.sources))
        .select_related("department")
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    if not found:
        raise stale_state_refusal(sub_item or wanted.latest("concluded_at"))
    ids = [one.pk for one in found]
    SubItem.objects.filter(pk__in=ids).update(state=transition.target, state_since=now, concluded_at=now)
    ReviewTask.objects.filter(sub_item__in=ids, closed_at__isnull=True).update(closed_at=now)
    drop_procedures(bundle, found, now)
    for one in found:
        one.bundle = bundle
    drop_promises(found, now)
    enqueue_many([dispatch_dependents(one) for one in found])
    for one in found:
        one.came_from = one.state
        one.state, one.state_since, one.concluded_at = transition.target, now, now
    append_events(bundle.pk, [event(transition.event, one, user) for one in found])
    tell_principal(bundle, WITHDREW, user, found[0].pk)
    return found
