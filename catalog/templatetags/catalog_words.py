"""Texts of the catalog in the reader's language, for templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from catalog.wording.translating import cited, translate, translator_for
from portal.accounts.people import person_of

register = template.Library()
register.filter("law", cited)


@register.filter
def translated(text: str, pinned: Any = None) -> str:
    """Return a text by the version that a bundle or draft is ``pinned`` to; without one, by whatever is published now."""
    return translate(text) if pinned is None else translator_for(pinned.matter_version_id)(text)


@register.filter
def not_counted(procedures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the special procedures whose days do not count towards the limit."""
    return [each for each in procedures or () if not each.get("counted")]


@register.simple_tag(takes_context=True)
def stands_for_a_person(context: Context) -> bool:
    """Return whether the reader could apply in their own name: a visitor, who logs in first, or an account of a person.

    Cost: none for visitors, else one query a page.
    """
    user: Any = context.get("user")
    if user is None or not user.is_authenticated:
        return True
    if not hasattr(user, "_stands_for_a_person"):
        user._stands_for_a_person = person_of(user) is not None
    return bool(user._stands_for_a_person)
