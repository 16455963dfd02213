"""Judging the review points of a case (审查要点): each passed or failed, by whom and when; none may be left out before deciding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from matters.cases.department_view import plan_of
from matters.cases.points import CHECKED, JudgedPoint, judged_points, verdicts_of
from matters.cases.rows import requests_of
from matters.core.states import IN_QUEUE, State
from matters.models import PointVerdict, SubItem
from matters.reviewing.holding import claim_of
from matters.reviewing.transitions import event, require_step, stale_state_refusal, update_own_task
from matters.wording.refusals import PointsInvalid
from portal.accounts.models import User
from portal.ledger.chain import append_events

NOTE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody says of one point. ``note``: what is wrong, in words for the applicant."""

    is_passed: bool
    note: str = ""


@transaction.atomic
def check_points(user: User, sub_item: SubItem, given: Mapping[str, Judgement]) -> int:
    """Keep what was found at points, by their keys; return how many were judged anew. The case is then one's own.

    Raises ``PointsInvalid`` (keys ``point.<key>``), ``AlreadyDecided``, ``StateChanged``, ``TakenByAnother``, ``NotAllowed``.
    """
    require_step(user, sub_item, "check_points")
    if State(sub_item.state) not in IN_QUEUE:
        raise stale_state_refusal(sub_item)
    points = {point.key for point in plan_of(sub_item.bundle).item(sub_item.key).review_points}
    too_long = {
        f"point.{key}": _("说明最多 %(limit)s 个字，请写短一些。") % {"limit": NOTE_LENGTH}
        for key, each in given.items()
        if len(each.note.strip()) > NOTE_LENGTH
    }
    if too_long:
        raise PointsInvalid(too_long)
    now = timezone.now()
    claim = claim_of(user, sub_item.department)
    claim["claimed_at"] = Coalesce("claimed_at", Value(now, output_field=DateTimeField()))
    update_own_task(user, sub_item, **claim)
    if SubItem.objects.filter(pk=sub_item.pk, state=sub_item.state).count() != 1:
        raise stale_state_refusal(sub_item)
    held = {one.point.key: one for one in points_of(sub_item)}
    rows = [
        PointVerdict(
            sub_item=sub_item,
            point=key,
            is_passed=each.is_passed,
            note="" if each.is_passed else each.note.strip(),
            judged_by=user,
            judged_at=now,
        )
        for key, each in given.items()
        if key in points and not _is_said(held[key], each)
    ]
    if rows:
        PointVerdict.objects.bulk_create(rows)
        passed = {row.point: row.is_passed for row in rows}
        append_events(sub_item.bundle_id, [event(CHECKED, sub_item, user, points=passed)])
    return len(rows)


def points_of(sub_item: SubItem) -> list[JudgedPoint]:
    """Return the points of a case with what was found. None are asked for where its item has none; else two queries, three after a correction."""
    plan = plan_of(sub_item.bundle)
    planned = plan.item(sub_item.key)
    if not planned.review_points:
        return []
    return judged_points(plan, planned, verdicts_of(sub_item), requests_of(sub_item.bundle))


def require_points(sub_item: SubItem, *, passed: bool) -> None:
    """Raise ``PointsInvalid`` where a point is not judged, or (``passed``) is not passed."""
    problems = {}
    for one in points_of(sub_item):
        if not one.stands:
            problems[f"point.{one.point.key}"] = (
                _("补正后请再核对：%(point)s") if one.verdict is not None else _("还没有核对：%(point)s")
            ) % {"point": one.point.text}
        elif passed and one.is_failed:
            problems[f"point.{one.point.key}"] = _("没有通过，不能准予：%(point)s") % {"point": one.point.text}
    if problems:
        raise PointsInvalid(problems)


def _is_said(held: JudgedPoint, given: Judgement) -> bool:
    verdict = held.verdict
    if verdict is None or not held.stands or verdict.is_passed != given.is_passed:
        return False
    return given.is_passed or verdict.note == given.note.strip()
