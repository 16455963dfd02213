"""Matters in the admin: composed on one page, looked at before publishing. Published versions are for reading only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.admin.packages import export_matters
from catalog.admin.parts import ComposingAdmin, cards
from catalog.composing.form_context import FormContext
from catalog.composing.matter_forms import (
    FigureForm,
    GuideQuestionForm,
    MatterForm,
    MatterItemForm,
    MatterItemFormSet,
    RoleForm,
    SectionForm,
)
from catalog.composing.part_forms import FaqForm
from catalog.composing.previewing import open_preview
from catalog.composing.sidebar import matter_side
from catalog.models import (
    DeclaredFigure,
    FrequentQuestion,
    GuideQuestion,
    Matter,
    MatterItem,
    MatterRole,
    MatterSection,
    MatterVersion,
    ServiceItem,
)
from catalog.staff.managers import PROPOSE
from portal.lib.admin_lists import LookOnly

SUGGESTED = 20


@admin.register(Matter)
class MatterAdmin(ComposingAdmin):
    form = MatterForm
    change_form_template = "admin/catalog/compose/matter.html"
    list_display = (
        *("name", "slug", "subject", "stage", "theme", "status", "lead_department", "current_version"),
        "preview_link",
    )
    list_select_related = ("lead_department", "current_version__matter")
    list_filter = ("subject", "status", "is_listed", "stage", "theme")
    search_fields = ("slug", "name")
    actions = ("propose_matter", export_matters)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *(("name", "slug"), ("subject", "stage", "theme"), ("lead_department", "division")),
                    *(("status", "position", "is_listed"), "summary", "conditions"),
                )
            },
        ),
        (gettext_lazy("字段改称与归位"), {"fields": ("labels", "placement"), "classes": ("collapse",)}),
        (gettext_lazy("各要素的出处"), {"fields": ("facts",), "classes": ("collapse",)}),
    )
    inlines = (
        cards(
            MatterItem,
            MatterItemForm,
            MatterItemFormSet,
            fk_name="matter",
            joined=("item__department",),
            explained=gettext_lazy("按阶段排列：阶段由“等谁办完”算出。点开一个事项就能改。"),
            add_label=gettext_lazy("加一个事项"),
        ),
        cards(
            GuideQuestion,
            GuideQuestionForm,
            explained=gettext_lazy("申请人先回答这些问题，答案决定办哪些事项、填什么、交什么。"),
            add_label=gettext_lazy("加一个问题"),
        ),
        cards(
            MatterRole,
            RoleForm,
            explained=gettext_lazy("表单里的内容是谁的；同一个人可以有几位（双胞胎、几名员工）。"),
            add_label=gettext_lazy("加一个角色"),
        ),
        cards(
            MatterSection,
            SectionForm,
            explained=gettext_lazy("合并后的表单分成哪几部分，按先后。"),
            add_label=gettext_lazy("加一部分"),
        ),
        cards(DeclaredFigure, FigureForm, explained=gettext_lazy("别处公布的数，只作对照。")),
        cards(FrequentQuestion, FaqForm, add_label=gettext_lazy("加一问")),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Matter]:
        return super().get_queryset(request).defer("current_version__content")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/preview/", self.admin_site.admin_view(self.preview_view), name="catalog_preview"),
            path("items/", self.admin_site.admin_view(self.suggest_items), name="catalog_suggest_items"),
        ]
        return [*own, *super().get_urls()]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a matter as the applicant will see it, under the answers of the query string, before it is published: the draft, what a
        ``proposal`` froze, or as a ``division`` implements it."""
        matter = get_object_or_404(Matter.objects.select_related("lead_department", "division"), pk=pk)
        if not self.has_view_permission(request, matter):
            raise PermissionDenied
        shown = open_preview(matter, request.GET)
        if shown is None:
            raise Http404
        return render(request, "admin/catalog/preview/preview.html", {"matter": matter, "preview": shown})

    def suggest_items(self, request: HttpRequest) -> JsonResponse:
        """Answer with service items whose name or code holds ``q``: ``[{value, label}]``, at most twenty."""
        if not self.has_view_permission(request):
            return JsonResponse([], safe=False, status=403)
        asked = request.GET.get("q", "").strip()[:60]
        rows = ServiceItem.objects.select_related("department").order_by("slug")
        found = rows.filter(name__icontains=asked) | rows.filter(slug__icontains=asked)
        named = found.values_list("slug", "name", "department__short_name")[:SUGGESTED]
        suggestions = [{"value": f"{name}（{slug}）", "label": department} for slug, name, department in named]
        return JsonResponse(suggestions, safe=False)

    def form_context_of(self, obj: Matter | None) -> FormContext:
        return FormContext(matter=obj)

    def side(self, request: HttpRequest, obj: Matter) -> dict[str, Any]:
        return matter_side(obj)

    @admin.display(description=gettext_lazy("预览"))
    def preview_link(self, obj: Matter) -> str:
        return format_html('<a href="{}">{}</a>', reverse("admin:catalog_preview", args=[obj.pk]), _("预览"))

    @admin.action(description=gettext_lazy("提出发布"), permissions=["propose"])
    def propose_matter(self, request: HttpRequest, queryset: QuerySet[Matter]) -> HttpResponse | None:
        """Lead to where one matter is proposed; another person publishes it."""
        chosen = list(queryset.values_list("pk", flat=True)[:2])
        if len(chosen) == 1:
            return HttpResponseRedirect(reverse("admin:catalog_propose", args=["matter", chosen[0]]))
        self.message_user(request, _("请一次选一件：每件事的改动要分别说明、分别审核。"), messages.WARNING)
        return None

    def has_propose_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PROPOSE)


@admin.register(MatterVersion)
class MatterVersionAdmin(LookOnly):
    """Published versions can be read, never changed: the database would refuse."""

    list_display = ("matter", "number", "division", "content_hash", "published_at", "published_by")
    list_select_related = ("matter", "published_by", "division")
    list_filter = ("matter",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MatterVersion]:
        return super().get_queryset(request).defer("content")
