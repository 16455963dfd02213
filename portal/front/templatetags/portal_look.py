"""Template helpers of the look: texts of the catalog in the reader's language, and the current place in the menu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def localized(text: str, source: Any) -> str:
    """Return ``text`` in the active language, from a plan's ``translations`` ({language: {Chinese: translated}}).

    ``source`` is a plan, a version or the translations themselves; a text without translation stays Chinese.
    """
    language = (get_language() or "zh-hans").split("-")[0]
    if language == "zh" or not text:
        return text
    translations = source if isinstance(source, Mapping) else getattr(source, "translations", {})
    if "translations" in translations:
        translations = translations["translations"]
    return str(translations.get(language, {}).get(text, text))


@register.simple_tag(takes_context=True)
def current(context: Mapping[str, Any], *prefixes: str) -> str:
    """Return ``page`` when the request's path starts with one of ``prefixes`` (for ``aria-current``)."""
    request = context.get("request")
    path = request.path if request is not None else ""
    for prefix in prefixes:
        if path == prefix or (prefix != "/" and path.startswith(prefix)):
            return "page"
    return ""
