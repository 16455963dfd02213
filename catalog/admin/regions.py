"""Regional implementations and guides of other places in the admin, and what differs between all copies of a definition."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.composing.choosing import CarefulChoices
from catalog.composing.regional_forms import ImplementationForm
from catalog.inspecting.copies import compare_item, compare_matter
from catalog.inspecting.runs import counts, findings_of
from catalog.inspecting.tables import tables_of
from catalog.models import ItemImplementation, Matter, RegionalGuide, ServiceItem
from catalog.staff.managers import PROPOSE
from catalog.staff.memberships import department_ids_for
from catalog.wording.copies import KINDS, PARTS, element_in_words, value_in_words
from catalog.wording.overrides import element_name
from portal.lib.admin_lists import LookOnly, console_page

VIEW = "catalog.view_regionalguide"


@admin.register(ItemImplementation)
class ItemImplementationAdmin(CarefulChoices):
    """Only what the standard leaves open can be edited; the rest of the item is shown beside it."""

    form = ImplementationForm
    list_display = ("item", "division", "department", "says", "to_propose")
    list_select_related = ("item", "division", "department")
    list_filter = ("division",)
    search_fields = ("item__name", "item__slug", "division__name", "division__code")
    autocomplete_fields = ("item", "division", "department")
    fieldsets = (
        (gettext_lazy("谁在哪里实施"), {"fields": ("item", "division", "department", "to_propose")}),
        (
            gettext_lazy("与标准不同的要素（空着：照标准）"),
            {
                "fields": (
                    *("promised_limit_days", "immediate", "limit_note", "visits", "visits_together", "visit_reason"),
                    *("places", "consulting", "complaints", "fees", "extra_materials"),
                ),
                "description": gettext_lazy(
                    "名称、类型、编码、设定依据、法定时限、条件、流程、表单和标准材料由标准锁定，地方不能改动。"
                ),
            },
        ),
        (gettext_lazy("出处"), {"fields": ("sources", "confidence"), "classes": ("collapse",)}),
    )

    @admin.display(description=gettext_lazy("与标准的不同"))
    def says(self, obj: ItemImplementation) -> str:
        return "、".join(element_name(name) for name in obj.overrides) or _("照标准")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ItemImplementation]:
        return super().get_queryset(request).prefetch_related("item__matter_items__matter")

    @admin.display(description=gettext_lazy("提出发布"))
    def to_propose(self, obj: ItemImplementation) -> str:
        """Link to where what was changed here is proposed, for each matter that the item is part of."""
        if obj._state.adding:
            return _("先保存，再提出发布。")
        matters = [entry.matter for entry in obj.item.matter_items.all() if entry.matter.is_listed]
        addresses = [
            (f"{reverse('admin:catalog_propose', args=['matter', matter.pk])}?division={obj.division_id}", matter.name)
            for matter in matters
        ]
        return format_html_join("、", '<a href="{}">{}</a>', addresses) if addresses else "—"

    def get_list_display(self, request: HttpRequest) -> Any:
        return [name for name in self.list_display if name != "to_propose" or request.user.has_perm(PROPOSE)]

    def get_fieldsets(self, request: HttpRequest, obj: ItemImplementation | None = None) -> Any:
        """Leave the way to propose to those who may."""
        (title, where), *others = super().get_fieldsets(request, obj)
        shown = [name for name in where["fields"] if name != "to_propose" or request.user.has_perm(PROPOSE)]
        return [(title, {**where, "fields": shown}), *others]

    def get_readonly_fields(self, request: HttpRequest, obj: ItemImplementation | None = None) -> tuple[str, ...]:
        return ("item", "division", "to_propose") if obj is not None else ("to_propose",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().get_changeform_initial_data(request), "confidence": "general"}


@admin.register(RegionalGuide)
class RegionalGuideAdmin(LookOnly):
    """A guide as it was read, with what the lints find beside its cause. It is changed in its package."""

    change_list_template = "admin/catalog/regions/guides.html"
    list_display = ("name", "place", "key", "matter", "item")
    list_select_related = ("matter", "item")
    list_filter = ("matter",)
    search_fields = ("key", "name", "place")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.compare_view)
        return [
            path("compare/", self.admin_site.admin_view(self.choose_view), name="catalog_compare_regions"),
            path("compare/<str:kind>/<slug:slug>/", view, name="catalog_compare_regions_of"),
            *super().get_urls(),
        ]

    def has_view_permission(self, request: HttpRequest, obj: RegionalGuide | None = None) -> bool:
        return super().has_view_permission(request, obj) or may_compare(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        guide = self.get_object(request, object_id)
        if guide is None:
            raise Http404
        if not self.has_view_permission(request, guide):
            raise PermissionDenied
        findings = findings_of(guide)
        context = {
            "title": str(guide),
            "guide": guide,
            "tables": tables_of(guide.facts, findings),
            "findings": findings,
            "tally": counts(findings),
        }
        return console_page(request, "admin/catalog/regions/guide.html", RegionalGuide, context)

    def choose_view(self, request: HttpRequest) -> HttpResponse:
        """List the matters and items of which there is more than one copy."""
        self._refuse_strangers(request)
        guided = RegionalGuide.objects.values("matter")
        local = ItemImplementation.objects.values("item")
        matters = Matter.objects.filter(pk__in=guided) | Matter.objects.filter(items__item__in=local, is_listed=True)
        items = ServiceItem.objects.filter(pk__in=RegionalGuide.objects.values("item")) | ServiceItem.objects.filter(
            pk__in=local
        )
        context = {
            "title": _("各地差异"),
            "matters": matters.distinct().order_by("position", "slug"),
            "items": items.distinct().order_by("name"),
        }
        return console_page(request, "admin/catalog/regions/choose.html", RegionalGuide, context)

    def compare_view(self, request: HttpRequest, kind: str, slug: str) -> HttpResponse:
        """Show every difference between the copies of one matter or item."""
        self._refuse_strangers(request)
        definition: Matter | ServiceItem | None = None
        if kind == "matter":
            definition = Matter.objects.filter(slug=slug).select_related("division", "lead_department").first()
        elif kind == "item":
            definition = ServiceItem.objects.filter(slug=slug).select_related("department").first()
        if definition is None:
            raise Http404
        found = compare_matter(definition) if isinstance(definition, Matter) else compare_item(definition)
        parts = [
            (
                PARTS[part],
                [
                    (
                        row.name,
                        element_in_words(row.element),
                        [(value_in_words(row.element, value), value == row.values[0]) for value in row.values],
                    )
                    for row in found.differences
                    if row.part == part
                ],
            )
            for part in PARTS
        ]
        context = {
            "title": _("各地差异：%(name)s") % {"name": definition.name},
            "columns": [(place, KINDS[each]) for place, each in zip(found.places, found.kinds, strict=True)],
            "parts": [(title, rows) for title, rows in parts if rows],
            "differences": len(found.differences),
            "agreed": found.agreed,
        }
        return console_page(request, "admin/catalog/regions/compare.html", RegionalGuide, context)

    def _refuse_strangers(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def may_compare(request: HttpRequest) -> bool:
    """Whether somebody supervises a department, or may see guides anyway."""
    user: Any = request.user
    return bool(user.is_active and user.is_staff and (user.has_perm(VIEW) or department_ids_for(user, "supervise")))
