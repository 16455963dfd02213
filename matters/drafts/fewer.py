"""Leaving one of several persons out of a draft: the second of three children, not always the last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from catalog.merging.fewer import answers_with_one_less, moved_up
from matters.core.draft_document import DraftDocument
from matters.drafts.saving import change_draft, fill_in, plan_of
from matters.drafts.uploads import papers_on
from matters.models import Draft, SubmittedMaterial


@transaction.atomic
def leave_out(draft: Draft, role: str, gone: int, *, of: int, profile: Mapping[str, Any]) -> bool:
    """Leave out one person of a role, of whom a page showed ``of``; return whether it was done.

    Those after them move up with everything typed and handed in for them. What was filled in for the one who is left out stays on the draft
    as the last one's, whom nobody asks for, and comes back with their number. Nothing happens where there are not as many any more. Raises
    as ``save_values`` does.
    """
    columns: dict[str, Any] = {}

    def change(document: DraftDocument, revision: int) -> bool:
        plan = plan_of(draft)
        answers = answers_with_one_less(plan, role)
        if answers is None or not 1 <= gone <= of or next(each.count for each in plan.roles if each.key == role) != of:
            return False
        draft.answers = columns["answers"] = answers
        document.rename(lambda key: moved_up(key, role, gone, of), revision)
        fill_in(draft, document, profile, revision)
        return True

    change_draft(draft, change, columns)
    if not columns:
        return False
    for paper in papers_on(draft):
        if (material := moved_up(paper.material, role, gone, of)) != paper.material:
            SubmittedMaterial.objects.filter(pk=paper.pk).update(material=material)
    return True
