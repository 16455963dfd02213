"""Special procedures (特别程序): what an examination needs that takes days of its own, begun only where the item lists it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.definitions import PROCEDURE_KINDS
from catalog.wording.procedures import PROCEDURES
from matters.models.cases import SubItem
from portal.lib.sealed_text import SealedTextField


class SpecialProcedure(models.Model):
    """A hearing, an inspection, an expert review, a test or an appraisal of one sub-item.

    Its days do not count towards the limit unless the item says so (``is_counted``), and the applicant is told in writing how long it
    will take (Administrative Licensing Law art. 45). ``joins``: the inspection of another department with which this one goes together.
    """

    class Outcome(models.TextChoices):
        PASSED = "passed", _("符合要求")
        FAILED = "failed", _("不符合要求")
        DROPPED = "dropped", _("没有进行")

    sub_item = models.ForeignKey(SubItem, on_delete=models.PROTECT, related_name="procedures", verbose_name=_("子项"))
    kind = models.CharField(_("种类"), max_length=14, choices=list(PROCEDURES.items()))
    name = models.CharField(_("程序"), max_length=80)
    days = models.PositiveSmallIntegerField(_("需要的工作日"))
    is_counted = models.BooleanField(_("计入时限"), default=False)
    held_on = models.DateField(_("进行的日期"), null=True)
    joins = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="joined_by", verbose_name=_("一起进行的勘验")
    )
    reason = SealedTextField(_("理由"), db_column="reason_sealed", max_length=300, bound_to=("sub_item_id",))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("启动人")
    )
    started_at = models.DateTimeField(_("启动时间"))
    expected_on = models.DateField(_("预计结束"))
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome.choices, blank=True, default="")
    findings = SealedTextField(
        _("记录"), db_column="findings_sealed", max_length=2000, blank=True, bound_to=("sub_item_id",)
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("记录人")
    )
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("特别程序")
        verbose_name_plural = _("特别程序")
        constraints = [
            models.UniqueConstraint(
                fields=["sub_item", "kind"], condition=models.Q(ended_at__isnull=True), name="procedure_one_open"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=PROCEDURE_KINDS), name="procedure_kind_known"),
            models.CheckConstraint(
                condition=models.Q(outcome="", ended_at__isnull=True)
                | (~models.Q(outcome="") & models.Q(ended_at__isnull=False)),
                name="procedure_ended_exactly_with_outcome",
            ),
            # Who presides over a hearing is not who examines the case (Administrative Licensing Law art. 48).
            models.CheckConstraint(
                condition=~models.Q(kind="hearing")
                | models.Q(outcome__in=["", "dropped"])
                | ~models.Q(ended_by=models.F("started_by")),
                name="procedure_hearing_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.name}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None
