"""Template helpers of the look: the current place in the menu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def current(context: Mapping[str, Any], *prefixes: str) -> str:
    """Return ``page`` when the request's path starts with one of ``prefixes`` (for ``aria-current``)."""
    request = context.get("request")
    path = request.path if request is not None else ""
    for prefix in prefixes:
        if path == prefix or (prefix != "/" and path.startswith(prefix)):
            return "page"
    return ""
