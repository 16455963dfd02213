"""A department's own phrases for what has to be corrected, kept by its lead in the staff console."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalog.models import Department, ServiceItem
from catalog.staff.memberships import led_departments
from matters.models import DeficiencyPhrase


class DeficiencyPhraseForm(forms.ModelForm):
    """A phrase; ``departments``: those whose phrases whoever fills it in may keep, set by the page."""

    departments: QuerySet[Department]

    class Meta:
        model = DeficiencyPhrase
        fields: ClassVar = ["department", "item", "kind", "phrase", "is_offered"]
        widgets: ClassVar = {"phrase": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if "department" in self.fields:
            self.fields["department"].queryset = self.departments  # type: ignore[attr-defined]

    def clean_phrase(self) -> str:
        return " ".join(str(self.cleaned_data["phrase"]).split())

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        cleaned: dict[str, Any] = self.cleaned_data if given is None else given
        item, department = cleaned.get("item", ""), cleaned.get("department")
        own = ServiceItem.objects.filter(slug=item, department=department)
        if item and department is not None and not own.exists():
            self.add_error(
                "item", _("%(department)s没有代码是“%(item)s”的事项。") % {"department": department, "item": item}
            )
        return cleaned


@admin.register(DeficiencyPhrase)
class DeficiencyPhraseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What reviewers of a department choose from. Nothing is deleted: what is not offered any more was perhaps told to somebody."""

    form = DeficiencyPhraseForm
    list_display = ("phrase", "kind", "item", "department", "is_offered")
    list_filter = ("kind", "is_offered")
    list_select_related = ("department",)
    search_fields = ("phrase", "item")
    ordering = ("department__code", "item", "kind", "pk")
    list_per_page = 50
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: DeficiencyPhrase | None = None) -> bool:
        user: Any = request.user
        led = led_departments(user)
        return bool(led) if obj is None else obj.department_id in led

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: DeficiencyPhrase | None = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: DeficiencyPhrase | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeficiencyPhrase]:
        user: Any = request.user
        rows: QuerySet[DeficiencyPhrase] = super().get_queryset(request)
        return rows.filter(department__in=led_departments(user)).select_related("department")

    def get_form(
        self, request: HttpRequest, obj: DeficiencyPhrase | None = None, change: bool = False, **named: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **named)
        user: Any = request.user
        form.departments = Department.objects.filter(pk__in=led_departments(user)).order_by("code")
        return form
