"""Departments' own systems in the staff console, for the department's lead: how each stands. Nothing is changed and nothing secret is shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from catalog.staff.memberships import led_departments
from matters.models import DepartmentSystem
from portal.lib.admin_lists import LookOnly


@admin.register(DepartmentSystem)
class DepartmentSystemAdmin(LookOnly):
    """Whether a system is on and since when, whether it answers, and what differs; an operator switches it (``manage.py department_system``)."""

    list_display = ("name", "department", "switched", "health", "compared_on", "differing")
    list_select_related = ("department",)
    ordering = ("code",)
    fields = readonly_fields = (
        *("name", "code", "department", "items", "answer_minutes", "switched"),
        *("health", "answered_at", "failed_at", "compared_on", "differing"),
    )
    empty_value_display = "—"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: DepartmentSystem | None = None) -> bool:
        user: Any = request.user
        led = led_departments(user)
        return bool(led) if obj is None else obj.department_id in led

    def get_queryset(self, request: HttpRequest) -> QuerySet[DepartmentSystem]:
        user: Any = request.user
        rows: QuerySet[DepartmentSystem] = super().get_queryset(request)
        rows = rows.filter(department__in=led_departments(user)).select_related("department")
        return rows.annotate(open_differences=Count("differences", filter=Q(differences__settled_at=None)))

    @admin.display(description=gettext_lazy("启用"), ordering="is_on")
    def switched(self, system: DepartmentSystem) -> str:
        if system.switched_at is None:
            return pgettext("system", "启用") if system.is_on else pgettext("system", "停用")
        since = date_format(timezone.localtime(system.switched_at), "DATETIME_FORMAT")
        return (_("启用，自%(since)s起") if system.is_on else _("停用，自%(since)s起")) % {"since": since}

    @admin.display(description=pgettext_lazy("system", "最近一次往来"))
    def health(self, system: DepartmentSystem) -> str:
        if system.answered_at is None and system.failed_at is None:
            return _("还没有往来")
        return _("有应答") if system.is_well else _("没有应答")

    @admin.display(description=gettext_lazy("对账差异"), ordering="open_differences")
    def differing(self, system: DepartmentSystem) -> SafeString:
        """Count what differs and is not settled, with the page of the department on which it is looked after."""
        place = reverse("matters:department_system", args=[system.department.code])
        count: int = system.open_differences  # type: ignore[attr-defined]
        return format_html('{} · <a href="{}">{}</a>', count, place, _("到审批台查看"))
