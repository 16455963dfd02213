"""Reports of mistakes in the admin: a department's own, to answer once each. Nobody else's can be seen or guessed at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from catalog.models import MistakeReport
from catalog.reports.reporting import (
    RIGHTS,
    AlreadyHandled,
    contact_of,
    handle,
    may_answer,
    reports_for,
    writes_catalog,
)
from catalog.staff.memberships import department_ids_for
from portal.lib.admin_lists import BoundedPaginator


class HandlingForm(forms.ModelForm):
    """An answer says something: the state alone would leave the reader guessing."""

    class Meta:
        model = MistakeReport
        fields = ("state", "answer")
        widgets = {"answer": forms.Textarea(attrs={"rows": 4, "maxlength": 500})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("state") == MistakeReport.State.OPEN:
            self.add_error("state", ValidationError(_("请选“已答复”或“已更正”。"), code="still_open"))
        if not str(cleaned.get("answer", "")).strip():
            self.add_error("answer", ValidationError(_("请写一句答复，报错人看得到。"), code="required"))
        return cleaned


@admin.register(MistakeReport)
class MistakeReportAdmin(admin.ModelAdmin):
    """Open reports first; an answered one can be read, not rewritten."""

    form = HandlingForm
    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_display = ("about", "kind", "short_text", "state", "department", "reported_at")
    list_select_related = ("matter", "item", "department")
    list_filter = ("state", "kind")
    search_fields = ("text", "matter__name", "item__name")
    ordering = ("-state", "-reported_at", "-pk")
    fields = ("about", "department", "kind", "text", "contact_words", "reported_at", "state", "answer", "handled_by", "handled_at")  # fmt: skip
    _told = ("about", "department", "kind", "text", "contact_words", "reported_at", "handled_by", "handled_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MistakeReport]:
        rows = reports_for(request.user)  # type: ignore[arg-type]
        return rows.select_related("matter", "item", "department", "handled_by").order_by(*self.ordering)

    def get_readonly_fields(self, request: HttpRequest, obj: MistakeReport | None = None) -> tuple[str, ...]:
        is_open = obj is not None and obj.state == MistakeReport.State.OPEN and may_answer(request.user, obj)
        return self._told if is_open else (*self._told, "state", "answer")

    def has_module_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(department_ids_for(user, *RIGHTS)) or writes_catalog(user)

    def get_fields(self, request: HttpRequest, obj: MistakeReport | None = None) -> Any:
        """How a reader may be reached is for the department that answers, not for whoever writes the catalog."""
        hidden = obj is not None and not may_answer(request.user, obj)
        return [name for name in self.fields if not (hidden and name == "contact_words")]

    def has_view_permission(self, request: HttpRequest, obj: MistakeReport | None = None) -> bool:
        if obj is None:
            return self.has_module_permission(request)
        return reports_for(request.user).filter(pk=obj.pk).exists()  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: MistakeReport | None = None) -> bool:
        if obj is None:
            return self.has_view_permission(request)
        return may_answer(request.user, obj) and obj.state == MistakeReport.State.OPEN

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MistakeReport | None = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Another department's report is not there: 404, as for one that never was."""
        if object_id is not None and self.get_object(request, object_id) is None:
            raise Http404
        return super().changeform_view(request, object_id, form_url, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self.get_object(request, object_id) is None:
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def save_model(self, request: HttpRequest, obj: MistakeReport, form: Any, change: bool) -> None:
        try:
            handle(obj, state=obj.state, answer=obj.answer.strip(), by=request.user)  # type: ignore[arg-type]
        except AlreadyHandled:
            obj.refresh_from_db()
            messages.warning(request, _("同事刚刚答复了这一条，您的答复没有保存。"))

    @admin.display(description=_("指南"))
    def about(self, report: MistakeReport) -> str:
        names = [str(each) for each in (report.matter, report.item) if each is not None]
        return " · ".join(names)

    @admin.display(description=_("说明"))
    def short_text(self, report: MistakeReport) -> str:
        return report.text if len(report.text) <= 40 else f"{report.text[:40]}…"

    @admin.display(description=_("联系方式"))
    def contact_words(self, report: MistakeReport) -> str:
        return contact_of(report) or "—"
