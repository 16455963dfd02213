"""What the composing pages look up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def effects_for(side: Mapping[str, Any], form: Any) -> list[str]:
    """Return what the answers of a guide question change, as far as ``side`` knows; nothing for other parts."""
    key = getattr(form.instance, "key", "") if "options" in form.fields else ""
    effects: Mapping[str, list[str]] = side.get("effects", {})
    return effects.get(key, [])


@register.filter
def suggestions(form_context: Any, kind: str) -> list[tuple[str, str]]:
    """Return (code, name) of everything of a kind that a page suggests."""
    found: list[tuple[str, str]] = form_context.choices(kind)
    return found
