"""Widgets drawn with the project's own templates."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe


class OwnTemplate:
    """Mixin for widgets: ``template_name`` is a template of the project, not of Django's form renderer."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        return mark_safe(render_to_string(template_name, context))  # noqa: S308 - an autoescaped template
