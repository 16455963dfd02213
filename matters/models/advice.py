"""Advice (征求意见): what a department asks another one about a case, with the few fields that it needs to see."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from matters.models.cases import SubItem
from portal.lib.sealed_text import SealedTextField


class Advice(models.Model):
    """One question to one department about one sub-item. ``fields``: the keys of the own form that it may see, and no more.

    ``is_confidential``: other departments that are asked about the same sub-item do not read the answer.
    """

    class Verdict(models.TextChoices):
        NONE = "", "—"
        YES = "yes", _("同意")
        NO = "no", _("不同意")

    sub_item = models.ForeignKey(SubItem, on_delete=models.PROTECT, related_name="advice", verbose_name=_("子项"))
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("征求意见的部门")
    )
    question = SealedTextField(
        _("问题"), db_column="question_sealed", max_length=500, bound_to=("sub_item_id", "department_id")
    )
    fields = ArrayField(models.CharField(max_length=120), default=list, verbose_name=_("给对方看的内容"))
    is_yes_no = models.BooleanField(_("要回答同意或者不同意"), default=False)
    is_confidential = models.BooleanField(_("不给其他被征求的部门看"), default=False)
    due_on = models.DateField(_("答复期限"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("征求意见的人")
    )
    asked_at = models.DateTimeField(_("征求意见的时间"))
    reminded_at = models.DateTimeField(_("催办时间"), null=True)
    verdict = models.CharField(_("是否同意"), max_length=3, choices=Verdict.choices, blank=True, default=Verdict.NONE)
    answer = SealedTextField(
        _("答复"), db_column="answer_sealed", max_length=2000, blank=True, bound_to=("sub_item_id", "department_id")
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    revoked_at = models.DateTimeField(_("收回时间"), null=True)

    class Meta:
        verbose_name = _("征求意见")
        verbose_name_plural = _("征求意见")
        constraints = [
            models.UniqueConstraint(
                fields=["sub_item", "department"],
                condition=Q(answered_at__isnull=True, revoked_at__isnull=True),
                name="advice_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer=b"", verdict="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=b""),
                name="advice_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(revoked_at__isnull=True), name="advice_answered_or_revoked"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True)
                | (Q(is_yes_no=True) & ~Q(verdict=""))
                | Q(is_yes_no=False, verdict=""),
                name="advice_verdict_where_asked",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=models.F("asked_by")),
                name="advice_not_answered_by_who_asked",
            ),
        ]
        indexes = [
            # What a department has to answer, soonest due first.
            models.Index(
                fields=["department", "due_on", "id"],
                name="advice_to_answer",
                condition=Q(answered_at__isnull=True, revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.department}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.revoked_at is None
