"""States, events and days in words, for templates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.wording.limits import limit_words
from catalog.wording.translating import translator_for
from matters.apply_pages.steps import STEPS, ApplyStep, step_before
from matters.calendars.limits import days_left
from matters.models import Draft, SubItem
from matters.wording import states as wording
from matters.wording.sub_items import sub_item_name as name_of_sub_item
from matters.wording.titles import title
from matters.wording.uploads import paper_words
from portal.identifiers.masking import mask_name

register = template.Library()

register.filter("state_label", wording.state_label)
register.filter("state_tone", wording.state_tone)
register.filter("event_label", wording.event_label)
register.filter("purpose_label", wording.purpose_label)
register.filter("mask_name", mask_name)
register.filter("limit_words", limit_words)
register.filter("paper_words", paper_words)
register.filter("title_of", title)


@register.filter
def sub_item_name(sub_item: SubItem, pinned: Any = None) -> str:
    """Return what a sub-item is called, by the version that its bundle is pinned to (the one given, or its own)."""
    return name_of_sub_item(sub_item, translator_for((pinned or sub_item.bundle).matter_version_id))


@register.filter
def standing(sub_item: SubItem) -> str:
    """Return where a sub-item stands, in words."""
    return wording.standing(sub_item)


@register.filter
def day(moment: date | datetime | None) -> str:
    """Return a day in words; nothing for nothing."""
    return wording.day(moment) if moment is not None else ""


@register.filter
def moment(at: datetime | None) -> str:
    """Return a day and a time of these weeks, short; nothing for nothing."""
    # Translators: a date format of Django: month and day, then the time of day.
    return date_format(timezone.localtime(at), pgettext("date format", "m-d H:i")) if at is not None else ""


@register.filter
def left(due_on: date | None) -> str:
    """Return what is left until a day, in working days and in words."""
    return wording.working_days_left(days_left(due_on, timezone.localdate())) if due_on is not None else ""


@register.filter
def left_tone(due_on: date | None) -> str:
    """Return the tag class of what is left: cinnabar today and late, amber within two working days, else jade."""
    if due_on is None:
        return "n"
    days = days_left(due_on, timezone.localdate())
    return "r" if days <= 0 else "a" if days <= 2 else "j"


@register.inclusion_tag("components/steps.html")
def apply_steps(current: str) -> dict[str, Any]:
    """Show the steps of an application. ``current`` is the view of the page's own, without its app."""
    return {"steps": STEPS, "current": STEPS.index(_step(current)) + 1}


@register.simple_tag
def way_back(current: str, draft: Draft) -> str:
    """Link the step before the page's own."""
    before = step_before(_step(current))
    words = _("上一步：%(step)s") % {"step": before.label}
    return format_html('<a href="{}">{}</a>', reverse(before.view, args=[draft.pk]), words)


def _step(name: str) -> ApplyStep:
    return next(step for step in STEPS if step.view == f"matters:{name}")
