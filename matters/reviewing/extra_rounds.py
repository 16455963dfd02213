"""A further round of corrections that an officer may not begin alone: asked with a reason, allowed by the head with one, counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.staff.memberships import may
from matters.core.states import can
from matters.models import CorrectionRequest, ExtraRound, SubItem
from matters.reviewing.corrections import Gap, check_gaps, mark_gaps, request_correction
from matters.reviewing.gathering import hold_parts
from matters.reviewing.rounds import needs_head, standings
from matters.reviewing.transitions import (
    event,
    facts_of,
    require_possible,
    require_reason,
    require_step,
    stale_state_refusal,
)
from matters.wording.refusals import CorrectionInvalid, NotAllowed, Refusal
from portal.accounts.models import User
from portal.ledger.chain import append_events
from portal.lib.vault import seal, unseal

WHY_LENGTH = 300
WHY = "why_again"
Outcome = ExtraRound.Outcome


@transaction.atomic
def correct_or_ask(
    user: User, sub_item: SubItem, gaps: Iterable[Gap], *, answer_by: date | str | None = None, why: str = ""
) -> CorrectionRequest | ExtraRound:
    """Request a correction; where it names what only the head allows, and ``why`` says why, ask the head for it instead.

    Raises as ``request_correction``, and ``Refusal`` where the head was asked already.
    """
    named = list(gaps)
    turn, found = standings(sub_item, [(gap.target, gap.key) for gap in named])
    points = needs_head(found)
    if not points or not why.strip():
        return request_correction(user, sub_item, named, answer_by=answer_by)
    require_possible(sub_item, "request_correction")
    checked, until = check_gaps(sub_item, named, answer_by, is_allowed=True)
    if len(why.strip()) > WHY_LENGTH:
        sentence = _("理由最多 %(limit)s 个字，请写短一些。") % {"limit": WHY_LENGTH}
        raise CorrectionInvalid(sentence, {WHY: sentence})
    require_step(user, sub_item, "request_correction")
    try:
        with transaction.atomic():
            asked = ExtraRound.objects.create(
                sub_item=sub_item,
                round=turn,
                points=len(points),
                gaps_sealed=seal(
                    [[one.target, one.key, one.reason, one.choice] for one in checked], _context(sub_item)
                ),
                answer_by=until,
                why=why.strip(),
                asked_by=user,
                asked_at=timezone.now(),
            )
    except IntegrityError:
        raise Refusal(_("这一件已经报负责人批准再次补正，请等负责人答复。")) from None
    append_events(sub_item.bundle_id, [event("extra_round_asked", sub_item, user, round=turn, points=len(points))])
    return asked


@transaction.atomic
def settle_extra_round(user: User, sub_item: SubItem, *, granted: bool, reason: str) -> ExtraRound:
    """Allow a further round, which marks what was asked in the asker's name, or refuse it; both with a reason.

    Only the department's head, and never who asked. Raises ``ReasonMissing``, ``StateChanged``, ``NotAllowed``, ``Refusal`` where nothing is asked
    any more.
    """
    if not (may(user, "supervise", sub_item.department) and may(user, "decide", sub_item.department)):
        raise NotAllowed(_("只有%(department)s的负责人可以批准再次补正。") % {"department": sub_item.department.name})
    require_step(user, sub_item, "settle_extra_round")
    reason = require_reason(reason)
    bundle, parts = hold_parts(sub_item.bundle_id)
    own = next(part for part in parts if part.pk == sub_item.pk)
    asked = ExtraRound.objects.filter(sub_item=own, outcome=Outcome.ASKED).select_related("asked_by").first()
    if asked is None:
        raise Refusal(_("没有等您批准的再次补正，可能已经有人处理。"))
    if asked.asked_by_id == user.pk:
        raise NotAllowed(_("再次补正要由申请的人以外的负责人批准。"))
    now = timezone.now()
    if granted:
        if not can("request_correction", facts_of(own)):
            raise stale_state_refusal(own)
        named = [Gap(*one) for one in unseal(asked.gaps_sealed, _context(own))]
        asked.request = mark_gaps(asked.asked_by, bundle, parts, own, named, asked.answer_by, now)
    asked.outcome = Outcome.GRANTED if granted else Outcome.REFUSED
    asked.reason, asked.settled_by, asked.settled_at = reason, user, now
    asked.save(update_fields=["outcome", "reason", "settled_by", "settled_at", "request"])
    kind = "extra_round_granted" if granted else "extra_round_refused"
    append_events(bundle.pk, [event(kind, own, user, round=asked.round, points=asked.points)])
    return asked


def open_extra_round(sub_item: SubItem) -> ExtraRound | None:
    """Return the further round that waits for the head, if any. One query."""
    return ExtraRound.objects.filter(sub_item=sub_item, outcome=Outcome.ASKED).select_related("asked_by").first()


def gaps_in(asked: ExtraRound) -> list[Gap]:
    """Return what is asked for."""
    return [Gap(*one) for one in unseal(asked.gaps_sealed, _context(asked.sub_item))]


def _context(sub_item: SubItem) -> str:
    return f"correction.extra_round:{sub_item.pk}"
