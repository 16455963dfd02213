"""Template helpers of the look: the current place in the menu."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


# What the menus above and below every page lead to.
MENU = (
    *("home", "catalog:matter_list", "matters:bundle_list", "certificates:library", "certificates:verify_form"),
    *("dossier:own_file", "accounts:profile"),
)


@register.simple_tag(takes_context=True)
def menu_place(context: Mapping[str, Any]) -> str:
    """Return which entries of the menu the page belongs to: with the language, all that the menus follow from."""
    return "".join("1" if current(context, prefix) else "0" for prefix in _menu())


@cache
def _menu() -> tuple[str, ...]:
    return tuple(map(reverse, MENU))


@register.simple_tag(takes_context=True)
def current(context: Mapping[str, Any], *prefixes: str) -> str:
    """Return ``page`` when the request's path starts with one of ``prefixes`` (for ``aria-current``)."""
    request = context.get("request")
    path = request.path if request is not None else ""
    for prefix in prefixes:
        if path == prefix or (prefix != "/" and path.startswith(prefix)):
            return "page"
    return ""
