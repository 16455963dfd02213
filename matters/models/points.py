"""What a reviewer found at each review point of a case (审查要点核对结果)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matters.models.cases import SubItem
from portal.lib.sealed_text import SealedTextField
from portal.lib.uuid7 import uuid7


class PointVerdict(models.Model):
    """One point, passed or failed, by whom and when. Only added to: the latest of a point counts.

    ``point`` is the key of a point of the plan that the case is pinned to (``catalog.definitions.ReviewPoint.key``).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sub_item = models.ForeignKey(
        SubItem, on_delete=models.PROTECT, related_name="point_verdicts", verbose_name=_("子项")
    )
    point = models.CharField(_("审查要点"), max_length=200)
    is_passed = models.BooleanField(_("通过"))
    note = SealedTextField(_("哪里不对"), db_column="note_sealed", max_length=300, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("核对人")
    )
    judged_at = models.DateTimeField(_("核对时间"))

    class Meta:
        verbose_name = _("审查要点核对结果")
        verbose_name_plural = _("审查要点核对结果")
        indexes = [
            # A case's points, in the order in which they were judged.
            models.Index(fields=["sub_item", "id"], name="point_verdicts_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.point}"
