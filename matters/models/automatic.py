"""Sub-items that a rule decides: what it came to, where it is switched off, and what persons found who looked at it again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from matters.core.evaluation import RuleOutcome
from matters.models.cases import SubItem
from matters.models.reviewing import Decision
from portal.lib.sealed_text import SealedTextField
from portal.lib.vault import seal, unseal


class RuleEvaluation(models.Model):
    """What a rule came to for one sub-item, once, with the trace of every clause. Never changed (database trigger).

    The trace is sealed: it holds what sources said. ``rule_digest``: of the rule as the version froze it; ``draw`` below ``share``: a person
    looks at it afterwards.
    """

    sub_item = models.OneToOneField(
        SubItem, on_delete=models.PROTECT, related_name="rule_evaluation", verbose_name=_("子项")
    )
    why = models.CharField(_("结果"), max_length=16, choices=[(each.value, each.value) for each in RuleOutcome])
    rule_digest = models.CharField(_("规则摘要"), max_length=64)
    trace_sealed = models.BinaryField(editable=False)
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, related_name="rule_evaluation", verbose_name=_("决定")
    )
    share = models.PositiveSmallIntegerField(_("抽查比例（%）"))
    draw = models.PositiveSmallIntegerField(_("抽签号（0–99）"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("规则核对记录")
        verbose_name_plural = _("规则核对记录")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(why="decided", decision__isnull=False)
                | (~models.Q(why="decided") & models.Q(decision__isnull=True)),
                name="rule_evaluation_decides_exactly_when_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.why}"

    def seal_trace(self, trace: dict[str, Any]) -> None:
        """Keep how it came to that, readable through this row alone."""
        self.trace_sealed = seal(trace, self._context)

    @property
    def trace(self) -> dict[str, Any]:
        """How it came to that: ``matters.core.evaluation.Evaluation.trace``."""
        opened: dict[str, Any] = unseal(self.trace_sealed, self._context)
        return opened

    @property
    def _context(self) -> str:
        return f"rule.trace:{self.sub_item_id}"


class RuleSwitch(models.Model):
    """A department switched the rule of one of its items off, or on again, for a reason. The latest row counts; none is ever changed."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    item = models.SlugField(_("事项"), max_length=60)
    is_on = models.BooleanField(_("自动办结"))
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("操作人")
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("自动办结开关")
        verbose_name_plural = _("自动办结开关")
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="rule_switch_states_why"),
        ]
        indexes = [models.Index(fields=["department", "item", "-id"], name="rule_switch_latest")]

    def __str__(self) -> str:
        return f"{self.item} · {self.is_on}"


class PersonCheck(models.Model):
    """A person looks again at what a rule decided: because it was drawn, or because the applicant asked for it."""

    class Cause(models.TextChoices):
        DRAWN = "drawn", _("抽查")
        ASKED = "asked", _("申请人要求")

    evaluation = models.ForeignKey(
        RuleEvaluation, on_delete=models.PROTECT, related_name="checks", verbose_name=_("规则核对记录")
    )
    cause = models.CharField(_("缘由"), max_length=10, choices=Cause.choices)
    opened_at = models.DateTimeField(_("提出时间"))
    is_right = models.BooleanField(_("自动办结正确"), null=True)
    note = SealedTextField(
        _("说明"), db_column="note_sealed", max_length=300, blank=True, bound_to=("evaluation_id", "cause")
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("核查人")
    )
    checked_at = models.DateTimeField(_("核查时间"), null=True)

    class Meta:
        verbose_name = _("人工核查")
        verbose_name_plural = _("人工核查")
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "cause"], name="person_check_once_per_cause"),
            models.CheckConstraint(
                condition=models.Q(is_right__isnull=True, checked_by__isnull=True, checked_at__isnull=True)
                | models.Q(is_right__isnull=False, checked_by__isnull=False, checked_at__isnull=False),
                name="person_check_by_somebody",
            ),
        ]
        indexes = [
            # Those few that wait for a person: a list of each department's queue.
            models.Index(
                fields=["evaluation"],
                name="person_check_asked",
                condition=models.Q(cause="asked", is_right__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation} · {self.get_cause_display()}"
