"""What stood in a draft before it was written over, while its owner is under a legal hold."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matters.models.cases import Draft


class HeldValues(models.Model):
    """The values that one save took out of a draft's form under a hold: both are kept. Added to only; goes once no hold is on its owner."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="held_values", verbose_name=_("草稿"))
    revision = models.PositiveIntegerField(_("保存次数"))  # the save that took them out
    values_sealed = models.BinaryField(_("原来的内容（加密）"), editable=False)
    saved_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = _("保全期间改动前的内容")
        verbose_name_plural = _("保全期间改动前的内容")
        constraints = [
            models.UniqueConstraint(fields=["draft", "revision"], name="held_values_once_a_save"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.revision}"
