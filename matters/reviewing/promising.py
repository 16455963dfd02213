"""Accepting on a promise (容缺受理, 告知承诺): what is promised is written down with the acceptance, and what becomes needless is dropped.

Only papers that the department marked in its published item, and only of whom nothing broken stands on record. The applicant read what they
promise before they submitted; the authority's letter follows from the events.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from matters.calendars.limits import due_after
from matters.cases.promises import Promised, barred_until, promised_by, takes_promises
from matters.core.states import State
from matters.models import PaperPromise, ReviewTask, SubItem, SubmittedMaterial
from matters.reviewing.transitions import event
from matters.wording.refusals import PromisesBarred
from matters.wording.states import day
from portal.accounts.models import User
from portal.ledger.chain import NewEvent

Kind, Outcome = PaperPromise.Kind, PaperPromise.Outcome


def take_promises(user: User | None, sub_item: SubItem, now: datetime) -> list[NewEvent]:
    """Write down what a case is accepted on, inside the acceptance's transaction; return the events.

    Raises ``PromisesBarred`` where an officer accepts something of somebody whose word does not count for now. No query where the item
    takes no promise.
    """
    promised = promised_by(sub_item, timezone.localdate(now))
    if not promised:
        return []
    bundle = sub_item.bundle
    if user is not None:
        until = barred_until(bundle.applicant_id, bundle.organisation_id, timezone.localdate(now))
        if until is not None:
            names = pgettext("between names", "、").join(one.name for one in promised)
            raise PromisesBarred(_refused(names, day(until)))
    PaperPromise.objects.bulk_create(
        PaperPromise(
            sub_item=sub_item,
            material=one.material,
            kind=one.kind,
            result_waits=one.result_waits,
            made_at=now,
            due_on=one.due_on,
        )
        for one in promised
    )
    kinds = {Kind.DEFERRED: "papers_deferred", Kind.COMMITMENT: "commitments_taken"}
    return [
        event(kind, sub_item, user, papers=_days(own))
        for which, kind in kinds.items()
        if (own := [one for one in promised if one.kind == which])
    ]


def _refused(names: str, until: str) -> str:
    words = {"names": names, "until": until}
    return _("申请人有没有履行承诺的记录，%(until)s前不适用容缺受理和告知承诺。请一次告知补交：%(names)s。") % words


def _days(promised: Iterable[Promised]) -> dict[str, str]:
    return {one.material: one.due_on.isoformat() for one in promised}


def note_what_came(sub_item: SubItem, now: datetime) -> None:
    """Note of promised papers that they came with the answer to a correction. No query where the item takes no promise, else one or two."""
    if not takes_promises(sub_item):
        return
    waiting = PaperPromise.objects.awaited().filter(sub_item=sub_item)
    keys = set(waiting.values_list("material", flat=True))
    if keys:
        there = SubmittedMaterial.objects.filter(bundle=sub_item.bundle_id, material__in=keys, replaced_at=None)
        waiting.filter(material__in=there.values("material")).update(handed_in_at=now)


def drop_promises(sub_items: Iterable[SubItem], now: datetime) -> None:
    """Let what was promised for cases that came to nothing not be owed any more. No query where no item takes a promise, else one."""
    ids = [one.pk for one in sub_items if one.accepted_at is not None and takes_promises(one)]
    if ids:
        PaperPromise.objects.open().filter(sub_item__in=ids).update(outcome=Outcome.DROPPED, settled_at=now)


def open_check(sub_item: SubItem, now: datetime) -> bool:
    """Put an approved case into its department's queue where something that was promised is to be checked; return whether it was put there.

    Nothing happens while another task of it stands open: the reconciler comes back. No query where the item takes no promise.
    """
    if sub_item.state != State.APPROVED or not takes_promises(sub_item):
        return False
    rows = list(PaperPromise.objects.to_check().filter(sub_item=sub_item))
    if not rows:
        return False
    came = due_after(timezone.localdate(now), settings.YIJIAN_PROMISE_CHECK_DAYS).date
    due_on = min(came if row.kind == Kind.DEFERRED else row.due_on for row in rows)
    if ReviewTask.objects.filter(sub_item=sub_item, closed_at=None).exists():
        return False
    try:
        with transaction.atomic():
            ReviewTask.objects.create(
                sub_item=sub_item,
                department=sub_item.department,
                opened_at=now,
                stage=ReviewTask.Stage.CHECK,
                due_on=due_on,
            )
    except IntegrityError:
        return False
    return True
