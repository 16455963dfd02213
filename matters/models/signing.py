"""Decisions that more than one person makes: by which rule of a department, what is proposed, and who has signed."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from matters.models.grounds import DecisionPhrase
from portal.lib.sealed_text import SealedTextField


class SigningRule(models.Model):
    """How a department decides an item, or all of its items (审批设置): on how many levels, and how many sign on the last.

    A row is a version: a case keeps the one that was in force when it was accepted, and only ``is_active`` of a row changes.
    """

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    item = models.CharField(
        _("事项代码"), max_length=60, blank=True, default="", help_text=_("只用于本部门的一个事项；留空用于全部事项。")
    )
    levels = models.PositiveSmallIntegerField(
        _("审批级数"),
        validators=[MinValueValidator(2), MaxValueValidator(3)],
        help_text=_(
            "2：审查人提出，另一人审批；3：审查人提出，另一人复核，再由第三人审批。没有设置的，审查人自己决定。"
        ),
    )
    signers = models.PositiveSmallIntegerField(
        _("最后一级几个人签署"),
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text=_("多于 1 人的，都签署了才算决定。"),
    )
    is_head_last = models.BooleanField(_("最后一级由负责人审批"), default=False, db_default=False)
    is_acceptor_apart = models.BooleanField(
        _("受理人不得审批"), default=False, db_default=False, help_text=_("受理这一件的人，不能复核、审批。")
    )
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("已受理的办件仍按受理时的设置。"))

    class Meta:
        verbose_name = _("审批设置")
        verbose_name_plural = _("审批设置")
        ordering = ("department", "item", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "item"],
                condition=models.Q(is_active=True),
                name="signing_rule_one_active",
                violation_error_message=_("这个事项已经有启用的审批设置，请先停用原来的。"),
            ),
            models.CheckConstraint(
                condition=models.Q(levels__gte=2, levels__lte=3, signers__gte=1, signers__lte=3),
                name="signing_rule_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} · {self.item or '*'}"

    @property
    def needed(self) -> int:
        """How many signatures make a decision of a proposal."""
        return self.levels - 2 + self.signers


class DecisionProposal(models.Model):
    """What a reviewer proposes to decide (拟办意见), for others to sign; each is written once, and ended once."""

    class Outcome(models.TextChoices):
        OPEN = "", _("等审批")
        SIGNED = "signed", _("已签署")
        SENT_BACK = "sent_back", _("退回经办人")
        REPLACED = "replaced", _("已重新提出")

    sub_item = models.ForeignKey(
        "matters.SubItem", on_delete=models.PROTECT, related_name="proposals", verbose_name=_("子项")
    )
    use = models.CharField(_("拟作决定"), max_length=12, choices=DecisionPhrase.Use.choices)
    reason = SealedTextField(
        _("理由"), db_column="reason_sealed", max_length=2_000, blank=True, bound_to=("sub_item_id", "proposed_at")
    )
    reason_code = models.CharField(_("理由代码"), max_length=12, blank=True, default="")
    filled_in_sealed = models.BinaryField(_("决定内容（加密）"), editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("结束人")
    )
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    why_back = SealedTextField(
        _("退回理由"), db_column="why_back_sealed", max_length=500, blank=True, bound_to=("sub_item_id", "proposed_at")
    )

    class Meta:
        verbose_name = _("拟办意见")
        verbose_name_plural = _("拟办意见")
        constraints = [
            models.UniqueConstraint(
                fields=["sub_item"], condition=models.Q(outcome=""), name="decision_proposal_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", ended_at__isnull=True, ended_by__isnull=True)
                | (~models.Q(outcome="") & models.Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="decision_proposal_ended_exactly_with_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="sent_back") | ~models.Q(why_back=b""), name="proposal_sent_back_with_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.get_use_display()}"


class ProposalSignature(models.Model):
    """One signature under a proposal: by whom, when, with what opinion. Nobody signs twice, and a trigger keeps who proposed from signing."""

    proposal = models.ForeignKey(
        DecisionProposal, on_delete=models.PROTECT, related_name="signatures", verbose_name=_("拟办意见")
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("签署人")
    )
    signed_at = models.DateTimeField(_("签署时间"))
    opinion = SealedTextField(
        _("意见"), db_column="opinion_sealed", max_length=500, blank=True, bound_to=("proposal_id", "signed_at")
    )

    class Meta:
        verbose_name = _("审批签署")
        verbose_name_plural = _("审批签署")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "signed_by"], name="proposal_signed_once_by_each"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} · {self.signed_by}"
