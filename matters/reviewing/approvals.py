"""What the signer asks before it seals a certificate: was this granted, and by which department."""

from __future__ import annotations

from collections.abc import Iterable

from matters.core.states import State
from matters.models import Decision


def departments_that_approved(references: Iterable[str]) -> dict[str, int]:
    """Return decision reference → the department that granted it, for those that were granted and stand. One query."""
    granted = Decision.objects.filter(
        sub_item__number__in=list(references),
        outcome=Decision.Outcome.APPROVED,
        sub_item__state=State.APPROVED,
    )
    return dict(granted.values_list("sub_item__number", "sub_item__department_id"))
