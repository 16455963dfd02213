"""Supervision of departments (效能监察): samples of cases, drawn by the system for a purpose that was typed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from matters.models.cases import SubItem
from portal.lib.sealed_text import SealedTextField


class Inspection(models.Model):
    """One draw: who drew, why, out of how many. Rows are never updated or deleted (database triggers)."""

    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("监察人员")
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    purpose = SealedTextField(
        _("抽查目的"),
        db_column="purpose_sealed",
        max_length=200,
        bound_to=("inspector_id", "department_id", "drawn_at"),
    )
    population = models.PositiveIntegerField(_("总件数"))
    drawn_at = models.DateTimeField(_("抽取时间"))
    closes_at = models.DateTimeField(_("可查看到"))
    cases = models.ManyToManyField(SubItem, related_name="inspections", verbose_name=_("抽中的办件"))

    class Meta:
        verbose_name = _("抽查")
        verbose_name_plural = _("抽查")
        constraints = [
            models.CheckConstraint(condition=~models.Q(purpose=b""), name="inspection_has_a_purpose"),
        ]
        indexes = [
            # What a supervisor has drawn of a department, by time.
            models.Index(fields=["inspector", "department", "drawn_at"], name="inspection_by_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.department} · {self.drawn_at:%Y-%m-%d}"
