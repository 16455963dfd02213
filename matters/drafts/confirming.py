"""Whether a draft can be filed by one confirmation (免填报): everything that is asked is known from rows, and no paper is wanted."""

from __future__ import annotations

from datetime import datetime

from catalog.merging.compiled import Plan
from matters.core.clocks import official_date
from matters.core.draft_document import ACCOUNT, DraftDocument
from matters.drafts.profile import acting_under
from matters.drafts.satisfying import substitutes_for
from matters.models import Draft, MaterialSatisfaction


def is_all_known(draft: Draft, plan: Plan, document: DraftDocument, now: datetime) -> bool:
    """Return whether nothing is left to type, choose or hand in: each value was filled in from a row, none is doubted, each paper is met by one.

    What an account says of itself counts once somebody has checked who it is; a commitment is the applicant's own word and does not. Cost: none
    for a draft with anything typed, else what ``substitutes_for`` costs.
    """
    if plan.stops or not plan.items or plan.matter.check_answers(draft.answers):
        return False
    if document.told:  # a source's word that the applicant has to look at
        return False
    visible = plan.visible(document.values)
    filled = [key for key in visible if document.values.get(key) not in (None, "", [])]
    if not filled or not all(_is_from_a_row(draft, document, key) for key in filled):
        return False
    values, problems = plan.clean(document.values, now)
    if problems:
        return False
    asked = [paper for paper in plan.materials_for(values) if paper.is_owed]
    if not asked:
        return True
    found = substitutes_for(
        draft.submission_key,
        draft.applicant,
        plan,
        asked,
        document,
        values,
        official_date(now),
        organisation=draft.organisation,
        mandate=acting_under(draft),
    )
    kinds = {key: each.kind for key, each in found.items()}
    return all(kinds.get(paper.key, "commitment") != MaterialSatisfaction.Kind.COMMITMENT for paper in asked)


def _is_from_a_row(draft: Draft, document: DraftDocument, key: str) -> bool:
    if not document.is_known(key):
        return False
    return document.known[key]["source"] != ACCOUNT or draft.applicant.is_proved
