"""Rounds of corrections: everything is told at once, so that what was before a department already is not asked for again.

Administrative Licensing Law art. 32: the applicant is told once of all that has to be corrected. A first round names what it likes. Later ones
may name what has changed since. What the department passed, or was told by the applicant to be right, it decides on; what it overlooked, and
anything in a third round, its head has to allow, and that is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from matters.cases.department_view import correction_context, plan_of
from matters.cases.points import judged_points, verdicts_of
from matters.cases.rows import requests_of
from matters.models import CorrectionItem, CorrectionRequest, SubItem
from portal.lib.vault import unseal

Place = tuple[str, str]
# Up to which round what has changed since is the officer's own to ask for.
OWN_ROUNDS = 2


class AskingAgain(StrEnum):
    """What a point is to a further round."""

    OPEN = "open"  # a first round, or changed since: may be asked
    NEW = "new"  # was there before and was not named, or a third round: the head has to allow it
    PASSED = "passed"  # the department found it right, and it is the same
    CONFIRMED = "confirmed"  # named before, and the applicant says that it is right as it is


def standings(sub_item: SubItem, places: Iterable[Place]) -> tuple[int, dict[Place, AskingAgain]]:
    """Return which round of corrections would be the next one of a sub-item, and what each place is to it. Cost: three queries at most."""
    requests = requests_of(sub_item.bundle)
    earlier = [one for one in requests if one.sub_item_id == sub_item.pk and one.answered_at is not None]
    told = [one.told_at for one in earlier if one.told_at is not None]
    if not told:
        return 1, dict.fromkeys(places, AskingAgain.OPEN)
    changed = _changed_since(requests, max(told))
    named = {(item.target, item.key) for one in earlier for item in one.items.all() if item.origin == item.Origin.NAMED}
    passed = passed_places(sub_item, requests)
    return len(told) + 1, {place: _standing(place, len(told) + 1, changed, named, passed) for place in places}


def _standing(place: Place, turn: int, changed: set[Place], named: set[Place], passed: set[Place]) -> AskingAgain:
    if place in passed:
        return AskingAgain.PASSED
    if place in changed:
        return AskingAgain.OPEN if turn <= OWN_ROUNDS else AskingAgain.NEW
    return AskingAgain.CONFIRMED if place in named else AskingAgain.NEW


def _changed_since(requests: Iterable[CorrectionRequest], moment: datetime) -> set[Place]:
    """Return what answers have changed since then, whoever had asked."""
    answered = [one for one in requests if one.answered_at is not None and one.answered_at > moment]
    return {(item.target, item.key) for one in answered for item in one.items.all() if _is_changed(one, item)}


def _is_changed(request: CorrectionRequest, item: CorrectionItem) -> bool:
    context = correction_context(request.sub_item, item.target, item.key)
    was, now = (unseal(sealed, context) if sealed else None for sealed in (item.before_sealed, item.after_sealed))
    return bool(now) if item.target == CorrectionItem.Target.MATERIAL else was != now


def passed_places(sub_item: SubItem, requests: Iterable[CorrectionRequest]) -> set[Place]:
    """Return what a review point that passed, and still stands, is about; not where another point about the same failed."""
    plan = plan_of(sub_item.bundle)
    planned = plan.item(sub_item.key)
    if not planned.review_points:
        return set()
    judged = judged_points(plan, planned, verdicts_of(sub_item), requests)
    failed = {place for one in judged if one.is_failed for place in one.places}
    return {place for one in judged if one.is_passed for place in one.places} - failed


def needs_head(found: Mapping[Place, AskingAgain]) -> list[Place]:
    """Return what the head has to allow."""
    return [place for place, standing in found.items() if standing is AskingAgain.NEW]
