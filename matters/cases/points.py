"""The review points of a case: what was found at each, what of it still stands, and which gaps a failed one names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import UUIDField

from catalog.definitions import ReviewPoint
from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedItem
from matters.models import CorrectionItem, CorrectionRequest, PointVerdict, SubItem
from portal.lib.prepared import BuiltOnce, Slot

# The event that says that points were judged: without it a case has none, and nobody asks for them.
CHECKED = "points_checked"
_VERDICTS = BuiltOnce(
    lambda: (
        PointVerdict.objects.filter(sub_item=Slot("sub_item", UUIDField())).select_related("judged_by").order_by("pk")
    )
)
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class JudgedPoint:
    """A point with its latest verdict. ``stands``: nothing that it is about was corrected since; ``places``: what it names for correction."""

    point: ReviewPoint
    verdict: PointVerdict | None = None
    stands: bool = False
    places: tuple[Place, ...] = field(default=())

    @property
    def is_passed(self) -> bool:
        return self.stands and self.verdict is not None and self.verdict.is_passed

    @property
    def is_failed(self) -> bool:
        return self.stands and self.verdict is not None and not self.verdict.is_passed

    @property
    def wrong(self) -> str:
        """Return what an applicant is told where it fails: the reviewer's words, else those of the catalog."""
        return (self.verdict.note if self.verdict is not None else "") or self.point.message


def verdicts_of(sub_item: SubItem) -> dict[str, PointVerdict]:
    """Return the latest verdict of each point, by the point's key. One query."""
    return {verdict.point: verdict for verdict in _VERDICTS(sub_item=sub_item.pk)}


def judged_points(
    plan: Plan,
    planned: PlannedItem,
    verdicts: Mapping[str, PointVerdict],
    requests: Iterable[CorrectionRequest],
) -> list[JudgedPoint]:
    """Return the item's points in its order, each with its verdict.

    What failed is looked at again once the department's own correction was answered; what passed once a field or paper that it
    is about was part of an answer, whoever had asked. ``requests``: those of the bundle, with their items.
    """
    if not planned.review_points:
        return []
    answered = [one for one in requests if one.answered_at is not None]
    return [_judged(plan, planned, point, verdicts.get(point.key), answered) for point in planned.review_points]


def _judged(
    plan: Plan,
    planned: PlannedItem,
    point: ReviewPoint,
    verdict: PointVerdict | None,
    answered: Iterable[CorrectionRequest],
) -> JudgedPoint:
    places = _places(plan, planned, point)
    if verdict is None:
        return JudgedPoint(point, places=places)
    later = [one for one in answered if one.answered_at is not None and one.answered_at > verdict.judged_at]
    if verdict.is_passed:
        stands = not any(
            (item.target, item.key) in places for one in later for item in one.items.all() if item.is_asked
        )
    else:
        stands = not any(one.sub_item_id == verdict.sub_item_id for one in later)
    return JudgedPoint(point, verdict, stands, places)


def _places(plan: Plan, planned: PlannedItem, point: ReviewPoint) -> tuple[Place, ...]:
    """Return what the point is about, as corrections name it: (``field`` or ``material``, key)."""
    fields = [(str(CorrectionItem.Target.FIELD), planned.own_key(name)) for name in point.fields]
    papers = [
        (str(CorrectionItem.Target.MATERIAL), paper.key)
        for paper in plan.materials
        if paper.code in point.materials and any(asker.item == planned.key for asker in paper.asked_by)
    ]
    return (*fields, *papers)
