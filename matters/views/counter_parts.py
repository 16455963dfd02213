"""The parts of a bundle as its window sees them: where each stands, and whether the clerk accepts it there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from catalog.staff.memberships import department_ids_for
from matters.cases.department_view import read_case
from matters.cases.reading import mark_of
from matters.reviewing.transitions import offered_transitions
from matters.tracking import progress
from portal.accounts.models import User


def part_rows(user: User, steps: Iterable[progress.Step]) -> list[dict[str, Any]]:
    """Return the rows of these steps; ``read``: the mark of what is accepted (`matters.cases.reading`), for those that may be.

    The window's own departments are opened with "accept"; a reviewer's case page is not the counter's.
    """
    accepts = department_ids_for(user, "accept")
    rows = []
    for step in steps:
        part = step.sub_item
        may_open = part.department_id in accepts
        may_accept = may_open and "accept" in offered_transitions(user, part)
        read = mark_of(part, read_case(part)) if may_accept else ""
        rows.append({"step": step, "may_open": may_open, "may_accept": may_accept, "read": read})
    return rows
