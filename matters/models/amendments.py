"""What a correction changes of a fact that was decided on already (更正): for the department that decided to agree or refuse."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matters.models.cases import SubItem
from matters.models.querysets import AmendmentQuerySet
from matters.models.reviewing import CorrectionRequest
from portal.lib.sealed_text import SealedTextField


class Amendment(models.Model):
    """An applicant's answer to another correction changed what an approval rests on; at most one is open per sub-item.

    ``fields``: the merged fields, ``changes_sealed``: field → (decided on, now). The department agrees or refuses; where the same field
    stands in several decisions, all must agree before any certificate is replaced.
    """

    class Outcome(models.TextChoices):
        OPEN = "", _("待核对")
        AGREED = "agreed", _("已更正")
        REFUSED = "refused", _("没有同意更正")
        DROPPED = "dropped", _("内容已改回")

    sub_item = models.ForeignKey(SubItem, on_delete=models.PROTECT, related_name="amendments", verbose_name=_("子项"))
    request = models.ForeignKey(
        CorrectionRequest, on_delete=models.PROTECT, related_name="amendments", verbose_name=_("补正告知")
    )
    fields = models.JSONField(_("改动的内容"), default=list)
    changes_sealed = models.BinaryField(_("改动（加密）"), editable=False)
    opened_at = models.DateTimeField(_("转来时间"))
    agreed_at = models.DateTimeField(_("同意时间"), null=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    reason = SealedTextField(_("理由"), db_column="reason_sealed", blank=True, bound_to=("sub_item_id",))
    settled_at = models.DateTimeField(_("办结时间"), null=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("更正")
        verbose_name_plural = _("更正")
        constraints = [
            models.UniqueConstraint(fields=["sub_item"], condition=models.Q(outcome=""), name="amendment_one_open"),
            models.CheckConstraint(
                condition=models.Q(outcome="", settled_at__isnull=True)
                | (~models.Q(outcome="") & models.Q(settled_at__isnull=False)),
                name="amendment_settled_exactly_with_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="refused") | ~models.Q(reason=b""), name="amendment_refusal_states_grounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.get_outcome_display()}"

    @property
    def version(self) -> str:
        """Which changes it asks for: those of its answer, fewer where another department's refusal put some of them back. A page names it."""
        return f"{self.request_id}-{len(self.fields)}"
