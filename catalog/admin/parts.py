"""Definitions' parts as inlines."""

from __future__ import annotations

from typing import Any

from django.contrib import admin


class Part(admin.TabularInline):
    """A definition's parts, listed in their order."""

    extra = 0
    ordering = ("position", "pk")


def inline(part: type[Any], foreign_key: str | None = None) -> type[Part]:
    return type(f"{part.__name__}Inline", (Part,), {"model": part, "fk_name": foreign_key})
