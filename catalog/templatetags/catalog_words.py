"""Texts of the catalog in the reader's language, for templates."""

from __future__ import annotations

from typing import Any

from django import template

from catalog.wording.translating import cited, translate, translator_for

register = template.Library()
register.filter("law", cited)


@register.filter
def translated(text: str, pinned: Any = None) -> str:
    """Return a text by the version that a bundle or draft is ``pinned`` to; without one, by whatever is published now."""
    return translate(text) if pinned is None else translator_for(pinned.matter_version_id)(text)
