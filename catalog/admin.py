"""The catalog in the admin: look, search, edit drafts, publish. Published versions are for reading only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog import search_admin as search_admin
from catalog.memberships import dismiss, enroll
from catalog.models import (
    CertificateType,
    CrossRule,
    DataElement,
    DeclaredFigure,
    Department,
    Division,
    FactSource,
    FormLine,
    FrequentQuestion,
    GuideOption,
    GuideQuestion,
    ItemConsent,
    ItemMaterial,
    ItemOutput,
    ItemResult,
    Material,
    MaterialExemption,
    Matter,
    MatterDependency,
    MatterItem,
    MatterRole,
    MatterSection,
    MatterVersion,
    Membership,
    ReviewPoint,
    ServiceItem,
    Translation,
)
from catalog.publishing import PublishingRefused, publish


class Part(admin.TabularInline):
    """A definition's parts, listed in their order."""

    extra = 0
    ordering = ("position", "pk")


def _part(part: type[Any], foreign_key: str | None = None) -> type[Part]:
    return type(f"{part.__name__}Inline", (Part,), {"model": part, "fk_name": foreign_key})


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "short_name", "division", "phone")
    list_select_related = ("division",)
    search_fields = ("code", "name", "short_name", "credit_code")


@admin.register(Division)
class DivisionAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "level", "parent")
    list_select_related = ("parent",)
    list_filter = ("level",)
    search_fields = ("code", "name")


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Memberships carry grants: adding and deleting go through the one place that keeps both in step."""

    list_display = ("user", "department", "role")
    list_select_related = ("user", "department")
    list_filter = ("department", "role")
    search_fields = ("user__username", "user__name", "department__name")
    autocomplete_fields = ("department",)

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return False if obj is not None else super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        obj.pk = enroll(obj.user, obj.department, obj.role).pk

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        dismiss(obj.user, obj.department, obj.role)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset.select_related("user", "department"):
            dismiss(membership.user, membership.department, membership.role)


@admin.register(DataElement)
class DataElementAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "type", "is_sensitive", "authority", "confidence")
    list_filter = ("type", "is_sensitive", "confidence")
    search_fields = ("code", "name")


@admin.register(Material)
class MaterialAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "standard_code", "issued_by", "confidence")
    list_filter = ("confidence",)
    search_fields = ("code", "name", "standard_code")


@admin.register(CertificateType)
class CertificateTypeAdmin(admin.ModelAdmin):
    list_display = ("slug", "code", "name", "department", "valid_years")
    list_select_related = ("department",)
    search_fields = ("slug", "code", "name")


@admin.register(FactSource)
class FactSourceAdmin(admin.ModelAdmin):
    list_display = ("key", "citation", "package")
    search_fields = ("key", "citation")


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
        _part(part)
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
    inlines = (_part(MaterialExemption),)


@admin.register(Matter)
class MatterAdmin(admin.ModelAdmin):
    list_display = ("slug", "name", "subject", "stage", "standing", "lead_department", "current_version")
    list_select_related = ("lead_department", "current_version__matter")
    list_filter = ("subject", "stage", "standing")
    search_fields = ("slug", "name")
    readonly_fields = ("current_version",)
    actions = ("publish_matters",)
    inlines = tuple(
        _part(part) for part in (MatterRole, MatterSection, GuideQuestion, MatterItem, DeclaredFigure, FrequentQuestion)
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Matter]:
        return super().get_queryset(request).defer("current_version__plan")

    @admin.action(description=gettext_lazy("发布所选的一件事"))
    def publish_matters(self, request: HttpRequest, queryset: QuerySet[Matter]) -> None:
        for matter in queryset:
            try:
                version = publish(matter, by=request.user)  # type: ignore[arg-type]
            except PublishingRefused as refusal:
                for finding in refusal.findings:
                    text = f"{matter}：{finding.item or matter.slug} {finding.part} {finding.message}"
                    self.message_user(request, text, messages.ERROR)
            else:
                self.message_user(request, _("%(version)s 已是现行版本。") % {"version": version}, messages.SUCCESS)


@admin.register(GuideQuestion)
class GuideQuestionAdmin(admin.ModelAdmin):
    list_display = ("matter", "key", "text", "is_multiple", "position")
    list_select_related = ("matter",)
    list_filter = ("matter",)
    inlines = (_part(GuideOption),)


@admin.register(MatterItem)
class MatterItemAdmin(admin.ModelAdmin):
    list_display = ("matter", "item", "is_optional", "group", "per", "position")
    list_select_related = ("matter", "item")
    list_filter = ("matter",)
    inlines = (_part(MatterDependency, "matter_item"),)


@admin.register(Translation)
class TranslationAdmin(admin.ModelAdmin):
    list_display = ("language", "matter", "source", "text")
    list_select_related = ("matter",)
    list_filter = ("language", "matter")
    search_fields = ("source", "text")


@admin.register(MatterVersion)
class MatterVersionAdmin(admin.ModelAdmin):
    """Published versions can be read, never changed: the database would refuse."""

    list_display = ("matter", "number", "content_hash", "published_at", "published_by")
    list_select_related = ("matter", "published_by")
    list_filter = ("matter",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MatterVersion]:
        return super().get_queryset(request).defer("plan")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: MatterVersion | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MatterVersion | None = None) -> bool:
        return False
