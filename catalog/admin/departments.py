"""Divisions, departments and their staff in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.admin.history import WithHistory
from catalog.composing.choosing import CarefulChoices
from catalog.models import Department, Division, Membership
from catalog.staff.memberships import dismiss, enroll


@admin.register(Department)
class DepartmentAdmin(WithHistory):
    list_display = ("code", "name", "short_name", "level", "division", "parent", "phone")
    list_select_related = ("division", "parent")
    list_filter = ("level",)
    search_fields = ("code", "name", "short_name", "credit_code")
    autocomplete_fields = ("division", "parent")


@admin.register(Division)
class DivisionAdmin(WithHistory):
    list_display = ("code", "name", "level", "parent")
    list_select_related = ("parent",)
    list_filter = ("level",)
    search_fields = ("code", "name")
    autocomplete_fields = ("parent",)


@admin.register(Membership)
class MembershipAdmin(CarefulChoices):
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
        dismiss(obj.user, obj.department, obj.role, by=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset.select_related("user", "department"):
            dismiss(membership.user, membership.department, membership.role, by=request.user)  # type: ignore[arg-type]
