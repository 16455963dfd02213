"""What rules decide for a department: its items with one, how they stand, what they came to, and what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from catalog.models import Department, Matter
from catalog.versions.matters import compiled
from matters.core.clocks import official_date
from matters.models import BenefitPolicy, PersonCheck, RuleEvaluation, RuleSwitch
from matters.models.querysets import own_sub_items
from portal.accounts.models import User

CHECKS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class RuledItem:
    """An item that a rule may decide. ``switched``: the latest row of its switch; ``decided``, ``left``: how many came to what."""

    slug: str
    name: str
    clauses: tuple[str, ...]
    share: int
    switched: RuleSwitch | None
    decided: int
    left: int

    @property
    def is_on(self) -> bool:
        return self.switched is None or self.switched.is_on


def ruled_items(department: Department) -> list[RuledItem]:
    """Return the department's items with a rule in the current version of a matter that is open, or offered without application. Three queries; the
    versions are kept."""
    offered = BenefitPolicy.objects.in_force(official_date(timezone.now())).values("matter")
    versions = Matter.objects.filter(Q(status=Matter.Status.OPEN) | Q(slug__in=offered), current_version__isnull=False)
    items = {
        item.slug: item
        for pk in versions.values_list("current_version_id", flat=True)
        for item in compiled(pk).items.values()
        if item.department == department.code and item.decision_rule.clauses
    }
    if not items:
        return []
    latest = RuleSwitch.objects.filter(department=department, item__in=list(items)).select_related("by")
    switches = {row.item: row for row in latest.order_by("item", "-id").distinct("item")}
    rows = RuleEvaluation.objects.filter(sub_item__department=department).values_list("sub_item__key")
    counts: dict[str, tuple[int, int]] = {}
    for key, decided, left in rows.annotate(
        decided=Count("pk", filter=Q(decision__isnull=False)), left=Count("pk", filter=Q(decision__isnull=True))
    ):
        slug = key.partition("#")[0]
        before = counts.get(slug, (0, 0))
        counts[slug] = (before[0] + decided, before[1] + left)
    return [
        RuledItem(
            slug,
            item.name,
            tuple(clause.text for clause in item.decision_rule.clauses),
            item.decision_rule.share,
            switches.get(slug),
            *counts.get(slug, (0, 0)),
        )
        for slug, item in sorted(items.items())
    ]


def open_checks(user: User, department: Department) -> list[PersonCheck]:
    """Return what waits for a person of the department, what applicants asked for first; nothing of the user's own. One query."""
    found = PersonCheck.objects.filter(evaluation__sub_item__department=department, is_right=None)
    found = found.exclude(evaluation__sub_item__in=own_sub_items(user))
    found = found.select_related("evaluation__sub_item__bundle__matter_version__matter")
    found = found.defer("evaluation__sub_item__bundle__matter_version__content")
    return list(found.order_by("cause", "opened_at")[:CHECKS_SHOWN])
