"""Texts of the catalog in the reader's language, for templates."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from catalog.wording.translating import say

register = template.Library()
register.filter("said", say)


@register.filter
def law(basis: Mapping[str, str]) -> str:
    """Return a legal basis as it is cited in Chinese, which is also what its translation is found by: 《…》第…条."""
    return f"《{basis['law']}》{basis.get('article', '')}"
