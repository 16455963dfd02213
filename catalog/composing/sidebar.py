"""What stands beside the forms: what the lints find with the way to the cause, the flow, the figures, what is still open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.composing.confidence import confidence_of_item, confidence_of_matter
from catalog.composing.draft_check import Look, look_at
from catalog.composing.finding_links import cause_address
from catalog.guides.matter import Guide
from catalog.models import Matter, ServiceItem
from catalog.wording.findings import Obstacle


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding: how grave, in which item (empty: the matter), the sentence, and the page that mends it."""

    severity: str
    severity_name: str
    item: str
    message: str
    address: str


def matter_side(matter: Matter) -> dict[str, Any]:
    """Return what stands beside a matter's forms. Cost: the queries of `define` and of `confidence_of_matter`, and one more."""
    look = look_at(matter)
    items = named_items(matter)
    side: dict[str, Any] = {
        "matter": matter,
        "findings": shown_findings(look.findings, matter, items),
        "confidence": confidence_of_matter(matter),
        "effects": _effects(look),
        "picture": None,
        "figures": [],
        "item_count": len(items),
    }
    if look.compiled is not None and items:
        guide = Guide(look.compiled, {}, is_open=matter.standing == Matter.Standing.OPEN)
        side |= {"picture": guide.picture, "figures": guide.figures}
    return side


def item_side(item: ServiceItem) -> dict[str, Any]:
    """Return what stands beside an item's forms. Cost: at most ten queries."""
    matters = list(
        Matter.objects.filter(items__item=item, is_listed=True).order_by("position", "pk").only("name", "slug")
    )
    return {"item": item, "confidence": confidence_of_item(item), "matters": matters}


def named_items(matter: Matter) -> dict[str, tuple[int, str]]:
    """Return slug → (pk, name) of the items of a matter. Cost: one query."""
    rows = ServiceItem.objects.filter(matter_items__matter=matter).values_list("slug", "pk", "short_name", "name")
    return {slug: (pk, short_name or name) for slug, pk, short_name, name in rows}


def shown_findings(
    findings: Iterable[Obstacle], matter: Matter, items: dict[str, tuple[int, str]]
) -> list[ShownFinding]:
    """Return findings in words, each with the page that mends it. ``items``: as of `named_items`."""
    pages = {slug: pk for slug, (pk, _name) in items.items()}
    names = {"error": _("必须改"), "warning": _("请核对"), "note": pgettext("finding", "说明")}
    shown = [
        ShownFinding(
            obstacle.severity,
            names.get(obstacle.severity, obstacle.severity),
            items[obstacle.item][1] if obstacle.item in items else obstacle.item,
            obstacle.message,
            cause_address(obstacle, matter, pages),
        )
        for obstacle in findings
    ]
    return list(dict.fromkeys(shown))  # every line of one missing role says the same


def _effects(look: Look) -> dict[str, list[str]]:
    """Return question's key → what each of its answers changes, in sentences."""
    return {key: [_effect_in_words(effect) for effect in effects] for key, effects in look.effects.items()}


def _effect_in_words(effect: Any) -> str:
    changes = [
        *([_("加办%(names)s") % {"names": "、".join(effect.items)}] if effect.items else []),
        *([_("多交%(names)s") % {"names": "、".join(effect.papers)}] if effect.papers else []),
        *([_("不能网办")] if effect.stops else []),
    ]
    said = _("；").join(changes) if changes else _("不另加事项和材料")
    return _("选“%(label)s” → %(changes)s") % {"label": effect.label, "changes": said}
