"""What an approval would issue, before anybody decides: made by the very steps of the decision, and taken back whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction

from certificates.activities.library import open_face
from certificates.core.face import Face
from certificates.models import Certificate
from matters.core.letters import Letter
from matters.core.states import can
from matters.dispatching.drawing_up import draw_up
from matters.models import SubItem
from matters.reviewing.review import accept_and_approve, decide, refuse_acceptance
from matters.reviewing.transitions import facts_of
from portal.accounts.models import User


class _TakenBackError(Exception):
    """Ends the transaction of a preview, so that nothing of it stays."""


@dataclass(frozen=True, slots=True)
class DecisionPreview:
    """What a decision would bring forth: the document that says it, without its number, and the faces of what is issued."""

    letter: Letter | None = None
    faces: list[Face] = field(default_factory=list)


def preview_approval(
    user: User,
    sub_item: SubItem,
    reason: str,
    outputs: Mapping[str, Any],
    reasons: Mapping[str, str],
    *,
    in_part: bool = False,
) -> DecisionPreview:
    """Return what an approval with these outputs would bring forth. Nothing is kept, sent or signed, and no number is taken.

    Raises what `decide` raises.
    """

    def approve() -> None:
        if can("accept", facts_of(sub_item)):
            accept_and_approve(user, sub_item, reason, outputs, reasons, in_part=in_part)
        else:
            decide(user, sub_item, "approved", reason, outputs, reasons, in_part=in_part)

    return _of(sub_item, approve)


def preview_refusal(user: User, sub_item: SubItem, reason: str) -> DecisionPreview:
    """Return what a rejection, or a refusal to accept, would bring forth. Raises what those raise."""

    def refuse() -> None:
        if can("refuse_acceptance", facts_of(sub_item)):
            refuse_acceptance(user, sub_item, reason)
        else:
            decide(user, sub_item, "rejected", reason)

    return _of(sub_item, refuse)


def _of(sub_item: SubItem, decided: Callable[[], None]) -> DecisionPreview:
    letter: Letter | None = None
    found: list[Face] = []
    try:
        with transaction.atomic():
            sub_item.signing = None  # as it will be once all have signed
            decided()
            drawn = [one for one in draw_up([sub_item.bundle_id]) if one.sub_item_id == sub_item.pk and one.is_decision]
            letter = replace(drawn[-1].letter, number="") if drawn else None
            issued = Certificate.objects.filter(decision_reference=sub_item.number)
            found = [open_face(one) for one in issued.order_by("pk")]
            raise _TakenBackError
    except _TakenBackError:
        return DecisionPreview(letter, found)
