"""Service items in the admin."""

from __future__ import annotations

from django.contrib import admin

from catalog.admin.parts import inline
from catalog.models import (
    CrossRule,
    FormLine,
    FrequentQuestion,
    ItemConsent,
    ItemMaterial,
    ItemOutput,
    ItemResult,
    MaterialExemption,
    ReviewPoint,
    ServiceItem,
)


@admin.register(ServiceItem)
class ServiceItemAdmin(admin.ModelAdmin):
    list_display = (
        "slug",
        "name",
        "department",
        "item_type",
        "handling",
        "promised_limit_days",
        "statutory_limit_days",
    )
    list_select_related = ("department",)
    list_filter = ("department", "item_type", "handling")
    search_fields = ("slug", "name", "catalog_code", "task_code", "local_code")
    inlines = tuple(
        inline(part)
        for part in (
            FormLine,
            ItemMaterial,
            ItemOutput,
            ItemResult,
            ItemConsent,
            CrossRule,
            ReviewPoint,
            FrequentQuestion,
        )
    )


@admin.register(ItemMaterial)
class ItemMaterialAdmin(admin.ModelAdmin):
    list_display = ("item", "material", "role", "necessity", "form", "copies", "confidence")
    list_select_related = ("item", "material")
    list_filter = ("item", "necessity", "confidence")
    search_fields = ("item__name", "material__name")
    inlines = (inline(MaterialExemption),)
