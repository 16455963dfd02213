"""How a department decides its items (审批设置), kept by its lead in the staff console."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from matters.admin.phrases import OfLedDepartments, OwnPhraseForm
from matters.models import SigningRule


class SigningRuleForm(OwnPhraseForm):
    """A rule: what is there is not rewritten, the next version is a row of its own."""

    class Meta:
        model = SigningRule
        fields: ClassVar = [
            *("department", "item", "levels", "signers", "is_head_last", "is_acceptor_apart", "is_active"),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned, held = super().clean(), self.instance
        department = held.department if held.pk else cleaned.get("department")
        item = held.item if held.pk else cleaned.get("item", "")
        others = SigningRule.objects.filter(department=department, item=item, is_active=True).exclude(pk=held.pk)
        if department is not None and cleaned.get("is_active") and others.exists():
            self.add_error(None, _("这个事项已经有启用的审批设置，请先停用原来的。"))
        return cleaned


@admin.register(SigningRule)
class SigningRuleAdmin(OfLedDepartments):
    """On how many levels an item is decided, how many sign, and who may not."""

    form = SigningRuleForm
    list_display = ("item", "levels", "signers", "is_head_last", "is_acceptor_apart", "department", "is_active")
    list_filter = ("is_active",)
    search_fields = ("item",)
    ordering = ("department__code", "item", "-pk")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        first = "department" if obj is None else "of_department"
        return (first, "item", "levels", "signers", "is_head_last", "is_acceptor_apart", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("of_department", "item", "levels", "signers", "is_head_last", "is_acceptor_apart")
