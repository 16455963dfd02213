"""Contradictory demands (互相矛盾的要求): one department finds wrong what another has passed; the lead department settles it before anybody is told."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from matters.core.states import IN_QUEUE
from matters.models.noticing import CorrectionNotice
from matters.models.reviewing import CorrectionItem
from portal.lib.sealed_text import SealedTextField


class ContradictionQuerySet(models.QuerySet["Contradiction"]):
    """What departments disagree on."""

    def waiting(self, now: datetime) -> ContradictionQuerySet:
        """What the lead department may still settle: in time, and still asked for by a part that has neither moved on nor taken it back."""
        named = CorrectionItem.objects.filter(
            target=models.OuterRef("target"),
            key=models.OuterRef("key"),
            request__notice=models.OuterRef("notice"),
            request__dropped_at=None,
            request__sub_item__state__in=sorted(IN_QUEUE),
        ).exclude(request__sub_item__accepted_at__gt=models.F("request__requested_at"))
        return self.filter(models.Exists(named), outcome="", settle_by__gt=now)


class Contradiction(models.Model):
    """A field or paper of a notice on which departments disagree. Unsettled by ``settle_by``, the applicant is not asked for it."""

    class Outcome(models.TextChoices):
        OPEN = "", _("等牵头部门裁定")
        ASKED = "asked", _("要求补正")
        LEFT_OUT = "left_out", _("不要求补正")
        LAPSED = "lapsed", _("牵头部门没有按时裁定，不要求补正")
        # Whoever had asked for it has taken it back, accepted or decided, or the application was withdrawn.
        MOOT = "moot", _("不再需要裁定")

    notice = models.ForeignKey(
        CorrectionNotice, on_delete=models.PROTECT, related_name="contradictions", verbose_name=_("一次性告知")
    )
    target = models.CharField(_("类别"), max_length=10, choices=CorrectionItem.Target.choices)
    key = models.CharField(_("所指"), max_length=120)
    passed_by = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("核对通过的部门")
    )
    lead = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("牵头部门"))
    found_at = models.DateTimeField(_("发现时间"))
    settle_by = models.DateTimeField(_("最晚裁定时间"))
    reminded_at = models.DateTimeField(_("催办时间"), null=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    reason = SealedTextField(
        _("裁定理由"), db_column="reason_sealed", max_length=600, blank=True, bound_to=("notice_id", "target", "key")
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("裁定人")
    )
    settled_at = models.DateTimeField(_("裁定时间"), null=True)

    objects = ContradictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("互相矛盾的要求")
        verbose_name_plural = _("互相矛盾的要求")
        constraints = [
            models.UniqueConstraint(fields=["notice", "target", "key"], name="contradiction_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="", settled_at__isnull=True)
                | (~models.Q(outcome="") & models.Q(settled_at__isnull=False)),
                name="contradiction_settled_exactly_with_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["asked", "left_out"], settled_by__isnull=False)
                | (~models.Q(outcome__in=["asked", "left_out"]) & models.Q(settled_by__isnull=True)),
                name="contradiction_settled_by_somebody",
            ),
        ]
        indexes = [
            # What waits for a lead department.
            models.Index(fields=["lead", "settle_by"], name="contradiction_open", condition=models.Q(outcome="")),
        ]

    def __str__(self) -> str:
        return f"{self.notice} · {self.get_target_display()}"
