"""More time to decide (延期): asked for by who handles the case, granted or not by the department's head, once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matters.core.clocks import EXTENSION_DAYS
from matters.models.cases import SubItem
from portal.lib.sealed_text import SealedTextField


class Extension(models.Model):
    """More working days for a decision, with the reason that the applicant is told (Administrative Licensing Law art. 42)."""

    class Outcome(models.TextChoices):
        ASKED = "", _("等负责人审批")
        GRANTED = "granted", _("已批准")
        REFUSED = "refused", _("没有批准")

    sub_item = models.OneToOneField(SubItem, on_delete=models.PROTECT, related_name="extension", verbose_name=_("子项"))
    days = models.PositiveSmallIntegerField(_("延长的工作日"))
    reason = SealedTextField(_("理由"), db_column="reason_sealed", max_length=600, bound_to=("sub_item_id",))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("申请延期的人")
    )
    asked_at = models.DateTimeField(_("申请延期的时间"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, blank=True, default=Outcome.ASKED)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("审批人")
    )
    settled_at = models.DateTimeField(_("审批时间"), null=True)

    class Meta:
        verbose_name = _("延期")
        verbose_name_plural = _("延期")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(days__gte=1, days__lte=EXTENSION_DAYS), name="extension_within_the_law"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", settled_at__isnull=True, settled_by__isnull=True)
                | (~models.Q(outcome="") & models.Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="extension_settled_exactly_with_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_by__isnull=True) | ~models.Q(settled_by=models.F("asked_by")),
                name="extension_not_settled_by_who_asked",
            ),
        ]
        indexes = [
            # What heads have to settle.
            models.Index(fields=["sub_item"], name="extension_asked", condition=models.Q(outcome="")),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.days}"

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.ASKED
