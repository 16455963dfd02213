"""A department's own phrases, for what has to be corrected and for decisions, kept by its lead in the staff console."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Department, ServiceItem
from catalog.staff.memberships import led_departments
from matters.models import DecisionPhrase, DeficiencyPhrase


class OwnPhraseForm(forms.ModelForm):
    """A phrase; ``departments``: those whose phrases whoever fills it in may keep, set by the page."""

    departments: QuerySet[Department]

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


class DeficiencyPhraseForm(OwnPhraseForm):
    """A phrase for what has to be corrected."""

    class Meta:
        model = DeficiencyPhrase
        fields: ClassVar = ["department", "item", "kind", "phrase", "is_offered"]
        widgets: ClassVar = {"phrase": forms.Textarea(attrs={"rows": 2})}


class DecisionPhraseForm(OwnPhraseForm):
    """A phrase for decisions. What a decision was told with is not rewritten: another phrase takes its place under the same code."""

    class Meta:
        model = DecisionPhrase
        fields: ClassVar = ["department", "item", "use", "code", "phrase", "is_offered"]
        widgets: ClassVar = {"phrase": forms.Textarea(attrs={"rows": 3})}

    def clean_phrase(self) -> str:
        return str(self.cleaned_data["phrase"]).strip()

    def clean(self) -> dict[str, Any]:
        cleaned, held = super().clean(), self.instance
        department = held.department if held.pk else cleaned.get("department")
        if department is None:
            return cleaned
        item, use, code, phrase = (cleaned.get(name, getattr(held, name)) for name in ("item", "use", "code", "phrase"))
        others = DecisionPhrase.objects.filter(owner=None, department=department, item=item, use=use)
        others = others.exclude(pk=held.pk)
        if others.filter(phrase=phrase).exists():
            self.add_error(None, _("这句用语已经有了。"))
        if code and cleaned.get("is_offered") and others.filter(code=code, is_offered=True).exists():
            self.add_error(None, _("这个代码已经有可选用的用语，请先停用原来的。"))
        return cleaned


class OfLedDepartments(admin.ModelAdmin):  # type: ignore[type-arg]
    """Phrases that reviewers of a department choose from. Nothing is deleted: what is not offered any more was perhaps told to somebody."""

    list_select_related = ("department",)
    list_per_page = 50
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user: Any = request.user
        led = led_departments(user)
        return bool(led) if obj is None else obj.department_id in led

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        user: Any = request.user
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(department__in=led_departments(user)).select_related("department")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **named: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **named)
        user: Any = request.user
        form.departments = Department.objects.filter(pk__in=led_departments(user)).order_by("code")
        return form

    @admin.display(description=gettext_lazy("部门"))
    def of_department(self, obj: Any) -> str:
        """Return its name: the console links a department itself to a page that its lead may not open."""
        return str(obj.department)


@admin.register(DeficiencyPhrase)
class DeficiencyPhraseAdmin(OfLedDepartments):
    """What reviewers say of what has to be corrected."""

    form = DeficiencyPhraseForm
    list_display = ("phrase", "kind", "item", "department", "is_offered")
    list_filter = ("kind", "is_offered")
    search_fields = ("phrase", "item")
    ordering = ("department__code", "item", "kind", "pk")


@admin.register(DecisionPhrase)
class DecisionPhraseAdmin(OfLedDepartments):
    """What reviewers say in decisions, each with the code it is counted under; what officers have kept for themselves is not shown."""

    form = DecisionPhraseForm
    list_display = ("code", "phrase", "use", "item", "department", "is_offered")
    list_display_links = ("code", "phrase")
    list_filter = ("use", "is_offered")
    search_fields = ("code", "phrase", "item")
    ordering = ("department__code", "item", "use", "code", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(owner=None)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("department" if obj is None else "of_department", "item", "use", "code", "phrase", "is_offered")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Of a phrase that is there only whether it is offered may change: the next version is a row of its own."""
        return () if obj is None else ("of_department", "item", "use", "code", "phrase")
