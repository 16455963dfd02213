"""What stands beside the forms: what the lints find with the way to the cause, the flow, the figures, what is still open."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from catalog.composing.confidence import confidence_of_item, confidence_of_matter
from catalog.composing.draft_check import DraftCheck, check_draft
from catalog.composing.finding_links import linked, named_items
from catalog.guides.matter import Guide
from catalog.models import Matter, ServiceItem


def matter_side(matter: Matter) -> dict[str, Any]:
    """Return what stands beside a matter's forms. Cost: the queries of `define` and of `confidence_of_matter`, and one more."""
    check = check_draft(matter)
    items = named_items(matter)
    side: dict[str, Any] = {
        "matter": matter,
        "findings": linked(check.findings, matter, items),
        "confidence": confidence_of_matter(matter),
        "effects": _effects(check),
        "picture": None,
        "figures": [],
        "item_count": len(items),
    }
    if check.compiled is not None and items:
        guide = Guide(check.compiled, {}, is_open=matter.status == Matter.Status.OPEN)
        side |= {"picture": guide.picture, "figures": guide.figures}
    return side


def item_side(item: ServiceItem) -> dict[str, Any]:
    """Return what stands beside an item's forms. Cost: at most ten queries."""
    matters = list(
        Matter.objects.filter(items__item=item, is_listed=True).order_by("position", "pk").only("name", "slug")
    )
    return {"item": item, "confidence": confidence_of_item(item), "matters": matters}


def _effects(check: DraftCheck) -> dict[str, list[str]]:
    """Return question's key → what each of its answers changes, in sentences."""
    return {key: [_effect_in_words(effect) for effect in effects] for key, effects in check.effects.items()}


def _effect_in_words(effect: Any) -> str:
    changes = [
        *([_("加办%(names)s") % {"names": "、".join(effect.items)}] if effect.items else []),
        *([_("多交%(names)s") % {"names": "、".join(effect.papers)}] if effect.papers else []),
        *([_("不能网办")] if effect.stops else []),
    ]
    said = _("；").join(changes) if changes else _("不另加事项和材料")
    return _("选“%(label)s” → %(changes)s") % {"label": effect.label, "changes": said}
