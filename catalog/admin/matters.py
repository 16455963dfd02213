"""Matters in the admin: edit drafts, publish. Published versions are for reading only."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.admin.parts import inline
from catalog.models import (
    DeclaredFigure,
    FrequentQuestion,
    GuideOption,
    GuideQuestion,
    Matter,
    MatterDependency,
    MatterItem,
    MatterRole,
    MatterSection,
    MatterVersion,
)
from catalog.publishing import PublishingRefused, publish


@admin.register(Matter)
class MatterAdmin(admin.ModelAdmin):
    list_display = ("slug", "name", "subject", "stage", "standing", "lead_department", "current_version")
    list_select_related = ("lead_department", "current_version__matter")
    list_filter = ("subject", "stage", "standing")
    search_fields = ("slug", "name")
    readonly_fields = ("current_version",)
    actions = ("publish_matters",)
    inlines = tuple(
        inline(part)
        for part in (MatterRole, MatterSection, GuideQuestion, MatterItem, DeclaredFigure, FrequentQuestion)
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
    inlines = (inline(GuideOption),)


@admin.register(MatterItem)
class MatterItemAdmin(admin.ModelAdmin):
    list_display = ("matter", "item", "is_optional", "group", "per", "position")
    list_select_related = ("matter", "item")
    list_filter = ("matter",)
    inlines = (inline(MatterDependency, "matter_item"),)


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
