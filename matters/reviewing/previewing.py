"""What an approval would issue, before anybody decides: made by the very steps of the decision, and taken back whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from certificates.activities.library import open_face
from certificates.core.face import Face
from certificates.models import Certificate
from matters.core.states import can
from matters.models import SubItem
from matters.reviewing.review import accept_and_approve, decide
from matters.reviewing.transitions import facts_of
from portal.accounts.models import User


class _TakenBackError(Exception):
    """Ends the transaction of a preview, so that nothing of it stays."""


def preview_approval(
    user: User, sub_item: SubItem, reason: str, outputs: Mapping[str, Any], reasons: Mapping[str, str]
) -> list[Face]:
    """Return the faces of what an approval with these outputs would issue. Nothing is kept, sent or signed, and no number is taken.

    Raises what `decide` raises.
    """
    found: list[Face] = []
    try:
        with transaction.atomic():
            if can("accept", facts_of(sub_item)):
                accept_and_approve(user, sub_item, reason, outputs, reasons)
            else:
                decide(user, sub_item, "approved", reason, outputs, reasons)
            issued = Certificate.objects.filter(decision_reference=sub_item.number)
            found = [open_face(one) for one in issued.order_by("pk")]
            raise _TakenBackError
    except _TakenBackError:
        return found
