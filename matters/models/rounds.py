"""A further round of corrections (再次补正): what a department may not ask for by itself, with its head's word on it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matters.models.cases import SubItem
from matters.models.reviewing import CorrectionRequest
from portal.lib.sealed_text import SealedTextField


class ExtraRound(models.Model):
    """Points that an officer wants corrected although the applicant was told everything before, for the head to allow or not.

    ``points``: how many of them are new, which the barometer counts; ``gaps_sealed``: all that is named, as it was typed. ``round``: which
    round of this part it would be. What is allowed becomes a ``CorrectionRequest`` in the asker's name.
    """

    class Outcome(models.TextChoices):
        ASKED = "", _("等负责人批准")
        GRANTED = "granted", _("已批准")
        REFUSED = "refused", _("没有批准")

    sub_item = models.ForeignKey(SubItem, on_delete=models.PROTECT, related_name="extra_rounds", verbose_name=_("子项"))
    round = models.PositiveSmallIntegerField(_("第几次补正"))
    points = models.PositiveSmallIntegerField(_("新增的内容"))
    gaps_sealed = models.BinaryField(editable=False)
    answer_by = models.DateField(_("补正期限"), null=True)
    why = SealedTextField(_("申请理由"), db_column="why_sealed", max_length=600, bound_to=("sub_item_id", "round"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    asked_at = models.DateTimeField(_("申请时间"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, blank=True, default=Outcome.ASKED)
    reason = SealedTextField(
        _("审批意见"), db_column="reason_sealed", max_length=600, blank=True, bound_to=("sub_item_id", "round")
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("审批人")
    )
    settled_at = models.DateTimeField(_("审批时间"), null=True)
    request = models.OneToOneField(
        CorrectionRequest, on_delete=models.PROTECT, null=True, related_name="extra_round", verbose_name=_("补正告知")
    )

    class Meta:
        verbose_name = _("再次补正")
        verbose_name_plural = _("再次补正")
        constraints = [
            models.UniqueConstraint(fields=["sub_item"], condition=models.Q(outcome=""), name="extra_round_one_open"),
            models.CheckConstraint(
                condition=models.Q(outcome="", settled_at__isnull=True, settled_by__isnull=True)
                | (~models.Q(outcome="") & models.Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="extra_round_settled_exactly_with_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_by__isnull=True) | ~models.Q(settled_by=models.F("asked_by")),
                name="extra_round_not_settled_by_who_asked",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="granted", request__isnull=False)
                | (~models.Q(outcome="granted") & models.Q(request__isnull=True)),
                name="extra_round_granted_makes_a_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.round}"

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.ASKED
